"""What the record holds and what of it waits for a person, as gauges of the process that records."""

from datetime import UTC, datetime
from typing import Any

from mocgioi.service.record_watch import RecordWatch
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.query.gauges import RecordGauges, Waiting, WakeConfig, record_gauges


class RecordGaugesWatch(RecordWatch):
    """Asks the record twice a minute: half a second's work with 20,000 incidents. The notifier, which wakes people, asks for itself."""

    watch = "record"

    def __init__(self, url: str, metrics: Metrics, *, wake: WakeConfig, every_s: float = 30.0, **options: Any) -> None:
        super().__init__(url, metrics, every_s=every_s, **options)
        self._wake = wake

    def look(self, engine: Engine) -> None:
        """Set the gauges."""
        show(record_gauges(engine, datetime.now(UTC), self._wake), self._metrics)


def show(record: RecordGauges, metrics: Metrics) -> None:
    """Set the gauges."""
    flash, needs_facts = (record.attention.get(name, Waiting()) for name in ("flash", "needs_facts"))
    metrics.set_all("border_breaches", record.breaches)
    metrics.set_all("border_unacknowledged", {name: waiting.unacknowledged for name, waiting in record.attention.items()})
    metrics.set("border_flash_oldest_timestamp_seconds", flash.oldest_waking)
    metrics.set("border_needs_facts", needs_facts.incidents)
    metrics.set("border_needs_facts_oldest_timestamp_seconds", needs_facts.oldest)
    metrics.set("border_dead_letters_waiting", record.backlog.dead_letters)
    metrics.set("border_conflicts_waiting", record.backlog.conflicts)
    metrics.set("border_judge_failed", record.backlog.judge_failed)
    metrics.set("border_other_ratio", record.other_ratio)
    metrics.set_all("border_spool_waiting", record.spools)
    if record.probe is not None:
        metrics.set("border_probe_recorded_timestamp_seconds", record.probe.recorded_at)
        metrics.set("border_probe_delay_seconds", (record.probe.recorded_at - record.probe.sent_at).total_seconds())
