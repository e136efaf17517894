"""What the requests of one door share."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from starlette.requests import Request

from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from web.api.audit import Audit
from web.api.keys import KeyRing
from web.api.publishing import GroupPublisher, Publisher
from web.api.rates import Rate
from web.api.record import Record

_EVENTS_A_SECOND = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorConfig:
    """What a door is told."""

    codebook: bytes
    """The codebook as JSON."""
    clock: Callable[[], float] = time.monotonic
    """The seconds that rates are counted by."""
    publish_timeout_s: float = 6.0
    """A request is answered 503 after so long."""
    alerts_token: str | None = None
    """The token with which Alertmanager reports what it sent; None: it may not."""
    stopped: Callable[[], str | None] = lambda: None
    """Why what comes in is not recorded in this process; None where it is, or another process records it."""
    refresh: Callable[[], None] = lambda: None
    """Sets the gauges that are asked for when metrics are read."""


class Door:
    """The parts of one door, which run between `open` and its end."""

    def __init__(self, config: DoorConfig, publisher: Publisher, engine: Engine, metrics: Metrics) -> None:
        self.config = config
        self.metrics = metrics
        self.record = Record(engine)
        self.keys = KeyRing(self.record, config.clock)
        self.audit = Audit(self.record)
        self.events_a_second = Rate(per_second=_EVENTS_A_SECOND, burst=_EVENTS_A_SECOND, clock=config.clock)
        self.publisher = GroupPublisher(publisher, timeout_s=config.publish_timeout_s)
        self.checks: Sequence[Callable[[], Awaitable[None]]] = (publisher.check, self.record.check)
        """Each raises `Unavailable` while its part does not answer."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Refresh keys, write and note what is refused, for as long as the context lasts."""
        tasks = [asyncio.create_task(work) for work in (self.keys.refresh_for_ever(), self.publisher.run(), self.audit.write_for_ever())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            self.record.close()


def door_of(request: Request) -> Door:
    """The door that a request came to."""
    door: Door = request.app.state.door
    return door
