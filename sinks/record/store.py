"""The record's agent sinks (store a batch, then count what was stored), and its offset store."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from schemas.records import ClassifiedBatch, Partition, Position, Recorded, Unavailable
from sinks.metrics import Metrics
from sinks.record.database import Database

T = TypeVar("T")


class UntilAnswered(Protocol):
    """Asks again until a part answers, and shows meanwhile that it waits. Implemented by `streams.patience`."""

    async def __call__(self, ask: Callable[[], Awaitable[T]], *, part: str | None = None) -> T:
        """Ask, again each time `Unavailable` is raised, and return the answer."""


class Store:
    """The database on a thread of its own, so that the event loop's heartbeats go on while it works."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        *,
        now: Callable[[], float],
        patience: UntilAnswered,
        timeout_s: float = 5.0,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._now = now
        self._patience = patience
        self._timeout_s = timeout_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._recorded = Recorded()

    async def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> Mapping[Partition, Position]:
        """The record's positions in a log. Raises `Unavailable`."""
        asked = self._thread.submit(self._database.positions, log, beginnings)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asked), self._timeout_s)
        except TimeoutError:
            raise Unavailable("database", f"no answer within {self._timeout_s:g} s") from None

    async def write(self, batch: ClassifiedBatch) -> None:
        """Store a batch in one transaction; wait for a database that does not answer. Raises `StalePosition`."""
        self._recorded = await self._patience(
            lambda: asyncio.wrap_future(self._thread.submit(self._database.record, batch)), part="database"
        )

    async def count(self, batch: ClassifiedBatch) -> None:
        """Count in the metrics what the last write really inserted."""
        self._metrics.recorded(self._recorded)
        if batch.events and self._recorded.events:
            oldest = min(event.origin.timestamp for event in batch.events)
            self._metrics.end_to_end(max(0.0, self._now() - oldest / 1000))

    @property
    def last(self) -> Recorded:
        """What the last write changed."""
        return self._recorded
