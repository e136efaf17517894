"""The record's agent sinks: store a delivery, then count what was stored. And the ledger that says where a log stands."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from schemas.records import Delivery, Partition, Recorded, Unavailable
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
        on_waiting: Callable[[str, bool], None] = lambda part, waiting: None,  # noqa: ARG005  # named for its callers
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._now = now
        self._retry_delay_s = retry_delay_s
        self._on_waiting = on_waiting
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._recorded = Recorded()

    async def positions(self, log_id: str, beginnings: Mapping[Partition, int]) -> Mapping[Partition, int]:
        """Where the record of a log stands. Raises `Unavailable`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._database.positions, log_id, beginnings)

    async def write(self, delivery: Delivery) -> None:
        """Store a delivery in one transaction; wait for a database that does not answer. Raises `StalePosition`."""
        loop = asyncio.get_running_loop()
        waiting = False
        while True:
            try:
                self._recorded = await loop.run_in_executor(self._thread, self._database.record, delivery)
            except Unavailable as away:
                if not waiting:
                    log.warning("waiting", part="database", error=str(away))
                waiting = True
                self._on_waiting("database", True)
                await asyncio.sleep(self._retry_delay_s)
            else:
                if waiting:
                    log.info("answered", part="database")
                    self._on_waiting("database", False)
                return

    async def count(self, delivery: Delivery) -> None:
        """Move the metrics by what the last write really inserted."""
        self._metrics.recorded(self._recorded)
        if delivery.judged and self._recorded.events:
            oldest = min(judged.origin.timestamp for judged in delivery.judged)
            self._metrics.end_to_end(max(0.0, self._now() - oldest / 1000))

    @property
    def last(self) -> Recorded:
        """What the last write changed."""
        return self._recorded
