"""The process's metrics, from the list in `schemas.metrics`. Series of closed label sets start at 0, so that their first rate is right."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import TYPE_CHECKING, get_args

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from border.places import posts
from schemas.codebook import Kind, Outcome
from schemas.dead_letters import DeadLetterCode
from schemas.events import AnyEvent, Assessed, Crossed, CrossingFixed, Duty, PostSaid, Reinstated, Reported, Retracted, Settled, Updated
from schemas.metrics import METRICS
from schemas.records import Recorded
from schemas.topics import RESULTS as RESULT_TOPICS
from schemas.topics import SOURCES

if TYPE_CHECKING:  # a worker without a database need not carry its libraries
    from sinks.record.report_runs import LastRuns

STAGES = ("classify", "record")
RESULTS = ("done", "failed")
PARTS = ("broker", "database")
STATUSES = ("2xx", "3xx", "4xx", "5xx")
DOOR_CODES = ("not_yours", *DeadLetterCode)
OTHER = "other"
"""The label of a value outside its closed set, which only a message that we did not write can bring."""

_BUCKETS = {
    "border_batch_seconds": (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60),
    "border_door_seconds": (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    "border_lateness_seconds": (10, 60, 300, 900, 3600, 6 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400),
    "border_end_to_end_seconds": (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
}


class Metrics:
    """All metrics of one process, in a registry of their own. Labels are closed sets, so there are fewer than 500 series."""

    def __init__(self) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # half of the series would be dates nobody reads
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        for name, kind, labels, meaning in METRICS:
            match kind:
                case "counter":
                    self._counters[name] = Counter(name, meaning, labels, registry=self.registry)
                case "gauge":
                    self._gauges[name] = Gauge(name, meaning, labels, registry=self.registry)
                case "histogram":
                    self._histograms[name] = Histogram(name, meaning, labels, registry=self.registry, buckets=_BUCKETS[name])
        self._closed: dict[str, frozenset[tuple[str, ...]]] = {}
        """The label values each metric may have besides `OTHER`."""
        self._start_at_zero()

    def _start_at_zero(self) -> None:
        starts: dict[str, Iterable[tuple[str, ...]]] = {
            "border_classified_total": product(Outcome),
            "border_events_recorded_total": _types_and_outcomes(),
            "border_incident_versions_total": product(Kind, Outcome),
            "border_dead_letters_total": product(DeadLetterCode),
            "border_batches_total": product(STAGES, RESULTS),
            "border_batch_seconds": product(STAGES),
            "border_lag": product(SOURCES + RESULT_TOPICS),
            "border_waiting": product(PARTS),
            "border_door_requests_total": product(STATUSES),
            "border_door_refused_total": product(DOOR_CODES),
            "border_post_last_seen_timestamp_seconds": product(posts()),
        }
        for name, combinations in starts.items():
            metric = (self._counters | self._gauges | self._histograms)[name]
            self._closed[name] = frozenset(combinations)
            for values in self._closed[name]:
                metric.labels(*values)
        self.reports(None)

    def classified(self, outcome: Outcome, count: int = 1) -> None:
        """Count events that were classified and published."""
        self._counters["border_classified_total"].labels(outcome).inc(count)

    def recorded(self, recorded: Recorded) -> None:
        """Count what a committed batch really changed."""
        for (event_type, outcome), count in recorded.events.items():
            self._count("border_events_recorded_total", count, event_type, outcome)
        for (kind, outcome), count in recorded.incidents.items():
            self._count("border_incident_versions_total", count, kind, outcome)
        for code, count in recorded.dead_letters.items():
            self._count("border_dead_letters_total", count, code)
        self._counters["border_duplicates_total"].inc(recorded.duplicates)
        self._counters["border_conflicts_total"].inc(recorded.conflicts_kept)
        self._counters["border_judge_failures_total"].inc(recorded.judge_failures)

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

    def posts(self, missing: int, last_seen: Mapping[str, float]) -> None:
        """Set how many events of devices are missing, and when posts were heard last. Of others than the register's nothing is set."""
        self._gauges["border_sequence_missing"].set(missing)
        for post in posts().keys() & last_seen.keys():
            self._gauges["border_post_last_seen_timestamp_seconds"].labels(post).set(last_seen[post])

    def lag(self, topic: str, records: int) -> None:
        """Set how many records of the assigned partitions are not read yet."""
        self._gauges["border_lag"].labels(topic).set(records)

    def waiting(self, part: str, waits: bool) -> None:
        """Set whether the worker waits for a part (`broker`, `database`)."""
        self._gauges["border_waiting"].labels(part).set(waits)

    def stopped(self, stopped: bool) -> None:
        """Set whether the worker has stopped itself and waits for a person."""
        self._gauges["border_stopped"].set(stopped)

    def reports(self, runs: "LastRuns | None") -> None:
        """Set how the newest runs of the report job ended; None: it has never run."""
        succeeded = runs.succeeded.timestamp() if runs and runs.succeeded else 0
        self._gauges["border_reports_last_run_timestamp_seconds"].set(runs.last.timestamp() if runs else 0)
        self._gauges["border_reports_last_success_timestamp_seconds"].set(succeeded)
        self._gauges["border_reports_last_run_ok"].set(runs is None or runs.ok)

    def render(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def _types_and_outcomes() -> Iterable[tuple[str, str]]:
    """Only a first report is judged alone; every other type alone is `not_applicable`."""
    for outcome in Outcome:
        yield _type(Reported), outcome
    for model in (Updated, Retracted, Reinstated, Assessed, Settled, Crossed, CrossingFixed, PostSaid):
        yield _type(model), Outcome.NOT_APPLICABLE
    for event_type in get_args(Duty.model_fields["type"].annotation):
        yield event_type, Outcome.NOT_APPLICABLE


def _type(model: type[AnyEvent]) -> str:
    name: str = get_args(model.model_fields["type"].annotation)[0]
    return name
