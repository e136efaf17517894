"""How the report job has fared, as gauges of the record worker: the job itself lives too briefly to be scraped."""

import asyncio
from typing import Any

import structlog
from mode import Service

from sinks.metrics import Metrics
from sinks.postgres.engine import connect
from sinks.record.report_runs import last_runs

log = structlog.get_logger(__name__)


class ReportWatch(Service):
    """Asks the record every minute."""

    mundane_level = "debug"

    def __init__(self, url: str, metrics: Metrics, *, every_s: float = 60.0, **options: Any) -> None:
        super().__init__(**options)
        self._engine = connect(url, pool_size=1, application="mocgioi report watch")
        self._metrics = metrics
        self._every_s = every_s

    async def on_stop(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            try:
                self._metrics.reports(await asyncio.to_thread(last_runs, self._engine))
            except Exception as error:  # noqa: BLE001  # away, or not migrated yet: the worker says so itself, and a gauge is not worth it
                log.debug("report_runs_unknown", error=str(error))
            await self.sleep(self._every_s)
