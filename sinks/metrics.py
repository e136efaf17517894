"""The process's metrics, from the list in `schemas.metrics`. Series of closed label sets start at 0, so that their first rate is right."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import product
from typing import Any, get_args

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from agreement.figure_families import SIDES
from agreement.figures import NO_UNIT
from border.places import posts
from border.provinces import Province
from schemas.codebook import Outcome, Side
from schemas.dead_letters import DeadLetterCode
from schemas.events import AnyEvent, Probe
from schemas.metrics import METRICS
from schemas.records import Recorded
from schemas.topics import RESULTS as RESULT_TOPICS
from schemas.topics import SOURCES
from sinks.histogram import BatchHistogram

STAGES = ("classify", "record")
RESULTS = ("done", "failed")
DISPOSITIONS = ("recorded", "duplicate", "conflict")
PARTS = ("broker", "database")
STATUSES = ("2xx", "3xx", "4xx", "5xx")
DOOR_CODES = ("not_yours", *DeadLetterCode)
CLASSES = ("flash", "breach", "needs_facts")
WATCHES = ("record", "posts", "reports", "recount", "payloads")
CERTIFICATES = ("door", "kafka_ca")
NOTIFICATIONS = ("posted", "failed")
OTHER = "other"
"""The label of a value outside its closed set, which only a message that we did not write can bring."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_BUCKETS = {
    "border_batch_seconds": (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60),
    "border_door_seconds": (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    "border_lateness_seconds": (10, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 30 * _DAY),
    "border_end_to_end_seconds": (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
}
_OF_BATCHES = {"border_event_age_seconds": (1, 2, 5, 10, 30, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 7 * _DAY)}


class Metrics:
    """All metrics of one process, in a registry of their own. Labels are closed sets, so there are fewer than 500 series."""

    def __init__(self) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # half of the series would be dates nobody reads
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        self._of_batches: dict[str, BatchHistogram] = {}
        for name, kind, labels, meaning in METRICS:
            match kind:
                case "counter":
                    self._counters[name] = Counter(name, meaning, labels, registry=self.registry)
                case "gauge":
                    self._gauges[name] = Gauge(name, meaning, labels, registry=self.registry)
                case "histogram" if name in _OF_BATCHES:
                    self._of_batches[name] = BatchHistogram(name, meaning, _OF_BATCHES[name])
                    self.registry.register(self._of_batches[name])
                case "histogram":
                    self._histograms[name] = Histogram(name, meaning, labels, registry=self.registry, buckets=_BUCKETS[name])
        self._closed: dict[str, frozenset[tuple[str, ...]]] = {}
        """The label values each metric may have besides `OTHER`."""
        self._start_at_zero()

    def _start_at_zero(self) -> None:
        starts: dict[str, Iterable[tuple[str, ...]]] = {
            "border_classified_total": product(Outcome),
            "border_events_total": product(event_types(), DISPOSITIONS),
            "border_verdicts_total": product(Outcome, Side),
            "border_dead_letters_total": product(DeadLetterCode),
            "border_batches_total": product(STAGES, RESULTS),
            "border_batch_seconds": product(STAGES),
            "border_lag": product(SOURCES + RESULT_TOPICS),
            "border_waiting": product(PARTS),
            "border_door_requests_total": product(STATUSES),
            "border_door_refused_total": product(DOOR_CODES),
            "border_breaches": product((*Province, NO_UNIT), SIDES),
            "border_unacknowledged": product(CLASSES),
            "border_spool_waiting": product(posts()),
            "border_post_last_seen_timestamp_seconds": product(posts()),
            "border_watched_timestamp_seconds": product(WATCHES),
            "border_certificate_expiry_timestamp_seconds": product(CERTIFICATES),
            "border_notifications_total": product(NOTIFICATIONS),
        }
        for name, combinations in starts.items():
            metric = (self._counters | self._gauges | self._histograms)[name]
            self._closed[name] = frozenset(combinations)
            for values in self._closed[name]:
                metric.labels(*values)
        self.set("border_reports_last_run_ok", 1)

    def classified(self, outcome: Outcome, count: int = 1) -> None:
        """Count events that were classified and published."""
        self._counters["border_classified_total"].labels(outcome).inc(count)

    def recorded(self, recorded: Recorded) -> None:
        """Count what a committed batch really changed."""
        for disposition, types in zip(DISPOSITIONS, (recorded.events, recorded.duplicates, recorded.conflicts), strict=True):
            for event_type, count in types.items():
                self._count("border_events_total", count, event_type, disposition)
        for (outcome, side), count in recorded.verdicts.items():
            self._count("border_verdicts_total", count, outcome, side)
        for code, count in recorded.dead_letters.items():
            self._count("border_dead_letters_total", count, code)
        self._counters["border_judge_failures_total"].inc(recorded.judge_failures)
        self._of_batches["border_event_age_seconds"].observe(recorded.ages_s)

    def _count(self, name: str, count: int, *labels: str) -> None:
        if labels not in self._closed[name]:
            labels = (OTHER,) * len(labels)
        self._counters[name].labels(*labels).inc(count)

    def batch(self, stage: str, result: str, seconds: float) -> None:
        """Count a batch of a stage that ended `done` or `failed`, so many seconds after its poll."""
        self._counters["border_batches_total"].labels(stage, result).inc()
        if result == "done":
            self._histograms["border_batch_seconds"].labels(stage).observe(seconds)

    def end_to_end(self, seconds: float) -> None:
        """Observe how many seconds after the log took it the oldest event of a batch was committed."""
        self._histograms["border_end_to_end_seconds"].observe(seconds)

    def answered(self, status: int, seconds: float) -> None:
        """Count a request that the door answered."""
        self._count("border_door_requests_total", 1, f"{status // 100}xx")
        self._histograms["border_door_seconds"].observe(seconds)

    def door_accepted(self, late_s: float) -> None:
        """Count an event that the door accepted so many seconds after its device minted it."""
        self._counters["border_door_accepted_total"].inc()
        self._histograms["border_lateness_seconds"].observe(max(0.0, late_s))

    def door_refused(self, code: str) -> None:
        """Count an event that the door refused."""
        self._count("border_door_refused_total", 1, code)

    def lag(self, topic: str, records: int) -> None:
        """Set how many records of the assigned partitions are not read yet."""
        self._gauges["border_lag"].labels(topic).set(records)

    def waiting(self, part: str, waits: bool) -> None:
        """Set whether the worker waits for a part (`broker`, `database`)."""
        self._gauges["border_waiting"].labels(part).set(waits)

    def stopped(self, stopped: bool) -> None:
        """Set whether the worker has stopped itself and waits for a person."""
        self._gauges["border_stopped"].set(stopped)

    def notified(self, result: str, count: int = 1) -> None:
        """Count alerts that were handed to Alertmanager: `posted` or `failed`."""
        self._counters["border_notifications_total"].labels(result).inc(count)

    def set(self, name: str, value: float | datetime | None, *labels: str) -> None:
        """Set a gauge. Moments become seconds since the epoch, and None becomes 0."""
        gauge = self._gauges[name].labels(*labels) if labels else self._gauges[name]
        gauge.set(value.timestamp() if isinstance(value, datetime) else value or 0)

    def set_all(self, name: str, values: Mapping[Any, float]) -> None:
        """Set every series of a gauge, 0 where `values`, by label or tuple of labels, has none. Labels outside the closed set are passed over."""
        by_labels = {labels if isinstance(labels, tuple) else (labels,): value for labels, value in values.items()}
        for labels in self._closed[name]:
            self._gauges[name].labels(*labels).set(by_labels.get(labels, 0))

    def render(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def event_types() -> list[str]:
    """The types of event that the record counts: all but the probe."""
    models = [model for model in get_args(AnyEvent) if model is not Probe]
    return [event_type for model in models for event_type in get_args(model.model_fields["type"].annotation)]
