"""How the report job has fared, as gauges of the record worker: the job itself lives too briefly to be scraped."""

from typing import Any

from mocgioi.service.record_watch import RecordWatch
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.record.report_runs import LastRuns, last_runs


class ReportWatch(RecordWatch):
    """Asks the record every minute."""

    watch = "reports"

    def __init__(self, url: str, metrics: Metrics, *, every_s: float = 60.0, **options: Any) -> None:
        super().__init__(url, metrics, every_s=every_s, **options)

    def look(self, engine: Engine) -> None:
        """Set the gauges."""
        show(last_runs(engine), self._metrics)


def show(runs: LastRuns | None, metrics: Metrics) -> None:
    """Set how the newest runs of the job ended. A job that was never used is well."""
    metrics.set("border_reports_last_run_timestamp_seconds", runs.last if runs else None)
    metrics.set("border_reports_last_success_timestamp_seconds", runs.succeeded if runs else None)
    metrics.set("border_reports_last_run_ok", runs is None or runs.ok)
