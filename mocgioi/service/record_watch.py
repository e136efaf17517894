"""What a process that records does with its record now and then, beside its stream."""

import asyncio
from abc import abstractmethod
from typing import Any, ClassVar

import structlog
from mode import Service

from sinks.postgres.engine import Engine, connect

log = structlog.get_logger(__name__)


class RecordWatch(Service):
    """Looks at the record at intervals, on a thread and through a connection of its own."""

    abstract = True
    mundane_level = "debug"
    failed: ClassVar[str]
    """The event that is logged where looking failed."""

    def __init__(self, url: str, *, every_s: float, again_s: float | None = None, **options: Any) -> None:
        """`again_s`: the seconds to the next look after one that failed, where they are not `every_s`."""
        super().__init__(**options)
        self._engine = connect(url, pool_size=1, application="mocgioi watch")
        self._every_s = every_s
        self._again_s = every_s if again_s is None else again_s

    @abstractmethod
    def look(self, engine: Engine) -> None:
        """Look once."""

    async def on_stop(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            try:
                await asyncio.to_thread(self.look, self._engine)
            except Exception as error:  # noqa: BLE001  # not migrated yet, or away: the worker says so itself, and goes on recording
                log.debug(self.failed, error=str(error))
                await self.sleep(self._again_s)
            else:
                await self.sleep(self._every_s)
