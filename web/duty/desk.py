"""What the officers' pages share: the record, what they are handed, and the news that the record changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from starlette.requests import Request

from duty.users import User
from sinks.postgres.engine import Engine
from sinks.query.shown import Shown
from web.api.rates import Rate
from web.api.record import Record
from web.duty.changes import Changes

_LOGINS_A_MINUTE = 20


Act = Literal["acknowledged", "assigned", "noted"]


class Acted(Protocol):
    """What became of an act."""

    @property
    def event_id(self) -> str | None:
        """The event that says it; None where nothing was left to say."""

    @property
    def already(self) -> tuple[str, datetime] | None:
        """Who had acknowledged the incident before, and when."""

    @property
    def is_recorded(self) -> bool:
        """Whether the record has the event, too; else it is on its way."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyConfig:
    """What the pages are handed."""

    act: Callable[[User, Act, str, Mapping[str, Any]], Acted]
    """Does what a user decides: the user, the kind of the act, the incident, and `to`, `due`, `note`, `seen_as`. Raises a `Failure` that says why not."""
    incident: Callable[[Engine, str], Shown | None]
    """All there is about an incident, as `mocgioi incidents show --json` prints it."""
    known: timedelta = timedelta(days=7)
    """What a post had known for longer when it reported it is history: it is listed, and is no alarm."""
    clock: Callable[[], datetime] = _now
    """The time that sessions are counted by."""


class Desk:
    """The parts of the pages, which run between `open` and its end."""

    def __init__(self, config: DutyConfig, engine: Engine, clock: Callable[[], float]) -> None:
        self.config = config
        self.record = Record(engine)
        self.changes = Changes(self.record)
        self.logins = Rate(per_second=_LOGINS_A_MINUTE / 60, burst=_LOGINS_A_MINUTE, clock=clock)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Watch the record for as long as the context lasts."""
        watching = asyncio.create_task(self.changes.watch_for_ever())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            self.record.close()


def desk_of(request: Request) -> Desk:
    """The desk that a request came to."""
    desk: Desk = request.app.state.desk
    return desk
