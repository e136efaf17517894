"""How the report job has fared, as gauges of the record worker: the job itself lives too briefly to be scraped."""

from typing import Any

from mocgioi.service.record_watch import RecordWatch
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.record.report_runs import last_runs


class ReportWatch(RecordWatch):
    """Asks the record every minute."""

    failed = "report_runs_unknown"

    def __init__(self, url: str, metrics: Metrics, *, every_s: float = 60.0, **options: Any) -> None:
        super().__init__(url, every_s=every_s, **options)
        self._metrics = metrics

    def look(self, engine: Engine) -> None:
        """Set the gauges."""
        self._metrics.reports(last_runs(engine))
