"""What a process that records does with its record now and then, beside its stream."""

import asyncio
import time
from abc import abstractmethod
from typing import Any, ClassVar

import structlog
from mode import Service

from schemas.records import Unavailable
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine, connect

log = structlog.get_logger(__name__)


class RecordWatch(Service):
    """Looks at the record at intervals, on a thread and through a connection of its own."""

    abstract = True
    mundane_level = "debug"
    watch: ClassVar[str]
    """Its name in the metric `border_watched_timestamp_seconds`, which tells gauges that are read from those that stay what they were."""

    def __init__(
        self, url: str, metrics: Metrics, *, every_s: float, first_s: float = 0.0, again_s: float | None = None, **options: Any
    ) -> None:
        """`first_s`: the seconds to the first look. `again_s`: those to the next one after one that failed, where they are not `every_s`."""
        super().__init__(**options)
        self._metrics = metrics
        self._engine = connect(url, pool_size=1, application="mocgioi watch")
        self._every_s = every_s
        self._first_s = first_s
        self._again_s = every_s if again_s is None else again_s

    @abstractmethod
    def look(self, engine: Engine) -> None:
        """Look once."""

    def next_s(self) -> float:
        """The seconds from a look that succeeded to the next."""
        return self._every_s

    async def on_stop(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    @Service.task
    async def _watch(self) -> None:
        await self.sleep(self._first_s)
        failures = 0
        while not self.should_stop:
            try:
                await asyncio.to_thread(self.look, self._engine)
            except Exception as error:  # noqa: BLE001  # the worker goes on recording
                failures += 1
                # Of a database that is away, or not migrated yet when this begins, the worker speaks itself.
                log_it = log.debug if failures == 1 or isinstance(error, Unavailable) else log.warning
                log_it("watch_failed", watch=self.watch, error=str(error))
                await self.sleep(self._again_s)
            else:
                failures = 0
                self._metrics.set("border_watched_timestamp_seconds", time.time(), self.watch)
                await self.sleep(self.next_s())
