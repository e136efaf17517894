"""The metrics of a process, as Prometheus reads them."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from mocgioi.service.report_gauges import show as show_reports
from schemas.codebook import Outcome, Side
from schemas.metrics import METRICS
from schemas.records import Recorded
from sinks.histogram import BatchHistogram
from sinks.metrics import Metrics
from sinks.record.report_runs import LastRuns
from tests.builders import NOON

REPORTED, CROSSED = "vn.mocgioi.incident.reported.v1", "vn.mocgioi.crossing.recorded.v1"


def families(metrics: Metrics):
    return {family.name: family for family in text_string_to_metric_families(metrics.render().decode())}


def values(metrics: Metrics):
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families(metrics).values()
        for sample in family.samples
    }


def test_every_listed_metric_is_shown_with_its_help_and_kind_from_the_start() -> None:
    shown = families(Metrics())
    for name, kind, labels, meaning in METRICS:
        family = shown[name.removesuffix("_total")]
        assert (family.type, family.documentation) == (kind, meaning)
        assert family.samples, name
        assert all(set(labels) <= set(sample.labels) for sample in family.samples)
    assert {"process_resident_memory_bytes", "process_cpu_seconds"} <= shown.keys()


def test_names_are_as_promtool_wants_them() -> None:
    for name, kind, labels, meaning in METRICS:
        assert re.fullmatch(r"border_[a-z0-9_]+", name)
        assert name.endswith("_total") == (kind == "counter")
        assert kind != "histogram" or name.endswith("_seconds")
        assert len(labels) <= 2
        assert meaning


def test_the_report_job_is_well_until_a_run_of_it_failed() -> None:
    metrics = Metrics()
    names = [f"border_reports_last_{name}" for name in ("run_timestamp_seconds", "success_timestamp_seconds", "run_ok")]

    def shown():
        return [values(metrics)[(name,)] for name in names]

    assert shown() == [0, 0, 1], "never used"
    show_reports(LastRuns(last=NOON, ok=True, reason=None, succeeded=NOON), metrics)
    assert shown() == [NOON.timestamp(), NOON.timestamp(), 1]
    show_reports(LastRuns(last=NOON + timedelta(days=1), ok=False, reason="no", succeeded=NOON), metrics)
    assert shown() == [NOON.timestamp() + 86400, NOON.timestamp(), 0]
    show_reports(LastRuns(last=NOON, ok=False, reason="no", succeeded=None), metrics)
    assert shown() == [NOON.timestamp(), 0, 0]


def test_classify_record_door_and_notifier_together_have_fewer_than_2000_series() -> None:
    assert 1000 < 4 * len(values(Metrics())) < 2000


def test_no_created_series_double_the_number() -> None:
    assert not [name for name in families(Metrics()) if name.endswith("_created")]


def test_only_what_was_committed_is_counted() -> None:
    metrics = Metrics()
    before = values(metrics)
    metrics.recorded(
        Recorded(
            events=Counter({REPORTED: 3}),
            duplicates=Counter({REPORTED: 4}),
            conflicts=Counter({CROSSED: 2}),
            verdicts=Counter({(Outcome.BREACH, Side.CN): 2}),
            conflicts_kept=1,
            dead_letters=Counter({"json": 5}),
            judge_failures=6,
            probes=8,
            ages_s=[0.4, 1.0, 90_000.0],
        )
    )
    metrics.batch("record", "done", 0.04)
    metrics.batch("record", "failed", 9.0)
    metrics.classified(Outcome.EXEMPT, 7)
    metrics.lag("border.verdicts.v1", 12)
    metrics.waiting("database", True)
    metrics.stopped(True)
    metrics.end_to_end(0.3)
    after = values(metrics)
    assert after.keys() == before.keys()
    changed = {key: after[key] - before[key] for key in after if not key[0].startswith("process_") and after[key] != before[key]}
    assert {key: by for key, by in changed.items() if not key[0].endswith(("_bucket", "_sum"))} == {
        ("border_events_total", "recorded", REPORTED): 3,
        ("border_events_total", "duplicate", REPORTED): 4,
        ("border_events_total", "conflict", CROSSED): 2,
        ("border_verdicts_total", "breach", "CN"): 2,
        ("border_event_age_seconds_count",): 3,
        ("border_dead_letters_total", "json"): 5,
        ("border_judge_failures_total",): 6,
        ("border_batches_total", "done", "record"): 1,
        ("border_batches_total", "failed", "record"): 1,
        ("border_batch_seconds_count", "record"): 1,
        ("border_classified_total", "exempt"): 7,
        ("border_lag", "border.verdicts.v1"): 12,
        ("border_waiting", "database"): 1,
        ("border_stopped",): 1,
        ("border_end_to_end_seconds_count",): 1,
    }


def test_values_taken_at_once_fall_where_the_librarys_own_histogram_puts_each() -> None:
    batches = [[0.5, 1.0, 1.5], [], [-3.0, 7.0, 7.0, 1e9, 2.0]]
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    at_once = BatchHistogram("age_seconds", "Age", (1, 2, 7))
    ours.register(at_once)
    each = Histogram("age_seconds", "Age", buckets=(1, 2, 7), registry=theirs)
    for batch in batches:
        at_once.observe(batch)
        for value in batch:
            each.observe(value)
    assert generate_latest(ours) == generate_latest(theirs)


@pytest.mark.fault(
    what="somebody writes to our own topics",
    how="a thousand dead letters with a thousand codes, and verdicts of as many event types",
    then="they count as `other`: a page of metrics never grows",
)
def test_a_message_that_we_did_not_write_makes_no_label() -> None:
    metrics = Metrics()
    before = len(values(metrics))
    forged = [f"{number} 4711" for number in range(1000)]
    metrics.recorded(
        Recorded(
            events=Counter(dict.fromkeys(forged, 1)),
            verdicts=Counter({(Outcome.BREACH, name): 1 for name in forged}),
            dead_letters=Counter(dict.fromkeys(forged, 1) | {"json": 2}),
        )
    )
    after = values(metrics)
    assert len(after) == before + 2
    assert (after["border_dead_letters_total", "other"], after["border_dead_letters_total", "json"]) == (1000, 2)
    assert after["border_events_total", "other", "other"] == after["border_verdicts_total", "other", "other"] == 1000
    assert b"4711" not in metrics.render()
