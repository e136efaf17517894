"""The record's agent sinks: store a delivery, then count what was stored. And the ledger that says where a log stands."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from schemas.records import ClassifiedBatch, Partition, Recorded, Unavailable
from sinks.metrics import Metrics
from sinks.record import Database

log = structlog.get_logger(__name__)


class Store:
    """The database behind the event loop: one thread of its own, so that heartbeats go on while it works."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        *,
        now: Callable[[], float],
        retry_delay_s: float = 1.0,
        patience_s: float = 5.0,
        on_waiting: Callable[[str, bool], None] = lambda part, waiting: None,  # noqa: ARG005  # named for its callers
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._now = now
        self._retry_delay_s = retry_delay_s
        self._patience_s = patience_s
        self._on_waiting = on_waiting
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._recorded = Recorded()

    async def positions(self, log_id: str, beginnings: Mapping[Partition, int]) -> Mapping[Partition, int]:
        """Where the record of a log stands. Raises `Unavailable`."""
        asked = self._thread.submit(self._database.positions, log_id, beginnings)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asked), self._patience_s)
        except TimeoutError:
            raise Unavailable("database", f"no answer within {self._patience_s:g} s") from None

    async def write(self, delivery: ClassifiedBatch) -> None:
        """Store a delivery in one transaction; wait for a database that does not answer. Raises `StalePosition`."""
        waiting = False

        def wait_for(why: object) -> None:
            nonlocal waiting
            if not waiting:
                log.warning("waiting", part="database", error=str(why))
            waiting = True
            self._on_waiting("database", True)

        try:
            while True:
                stored = asyncio.wrap_future(self._thread.submit(self._database.record, delivery))
                await asyncio.wait({stored}, timeout=self._patience_s)
                if not stored.done():
                    wait_for(f"no answer within {self._patience_s:g} s")
                try:
                    self._recorded = await stored
                except Unavailable as away:
                    wait_for(away)
                    await asyncio.sleep(self._retry_delay_s)
                else:
                    return
        finally:
            if waiting:
                log.info("answered", part="database")
                self._on_waiting("database", False)

    async def count(self, delivery: ClassifiedBatch) -> None:
        """Move the metrics by what the last write really inserted."""
        self._metrics.recorded(self._recorded)
        if delivery.events and self._recorded.events:
            oldest = min(judged.origin.timestamp for judged in delivery.events)
            self._metrics.end_to_end(max(0.0, self._now() - oldest / 1000))

    @property
    def last(self) -> Recorded:
        """What the last write changed."""
        return self._recorded
