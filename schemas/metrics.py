"""Every metric of the service as data: name, kind, labels and meaning. `sinks.metrics` creates them.

A metric has at most two labels, and each is a closed set (event types, kinds, outcomes, problem codes, topics), so series stay few.
"""

from typing import Literal, NamedTuple


class Metric(NamedTuple):
    """One metric."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str


METRICS = (
    Metric("border_classified_total", "counter", ("outcome",), "Events classified and published, by outcome. Redelivered ones count again"),
    Metric(
        "border_events_recorded_total",
        "counter",
        ("type", "outcome"),
        "Events inserted into the record, by type and outcome of their verdict",
    ),
    Metric("border_incident_versions_total", "counter", ("kind", "outcome"), "Incident versions appended, by kind and outcome"),
    Metric("border_duplicates_total", "counter", (), "Events that were in the record already, word for word"),
    Metric("border_conflicts_total", "counter", (), "Events whose id or sequence the record holds with another body: kept aside"),
    Metric("border_dead_letters_total", "counter", ("code",), "Dead letters recorded, by problem code"),
    Metric("border_judge_failures_total", "counter", (), "Incidents whose judging crashed and that keep their last outcome"),
    Metric("border_batches_total", "counter", ("stage", "result"), "Batches by stage and result: done or failed"),
    Metric("border_batch_seconds", "histogram", ("stage",), "Seconds from poll to release of a batch"),
    Metric("border_end_to_end_seconds", "histogram", (), "Seconds from the log taking an event to its row being committed"),
    Metric("border_lag", "gauge", ("topic",), "Records of the assigned partitions not yet read"),
    Metric("border_waiting", "gauge", ("part",), "1 while the worker waits for a part that does not answer: broker or database"),
    Metric("border_stopped", "gauge", (), "1 while the worker has stopped itself and waits for a person"),
    Metric("border_door_requests_total", "counter", ("status",), "Requests that the door answered, by class of HTTP status: 2xx, 4xx, 5xx"),
    Metric("border_door_seconds", "histogram", (), "Seconds from a request's first byte at the door to its answer"),
    Metric("border_door_accepted_total", "counter", (), "Events that the door accepted. One sent twice counts twice"),
    Metric("border_door_refused_total", "counter", ("code",), "Events that the door refused, by problem code"),
    Metric(
        "border_lateness_seconds",
        "histogram",
        (),
        "Seconds from a device minting an event to the door accepting it: long where a line was down. One sent twice counts twice",
    ),
    Metric("border_sequence_missing", "gauge", (), "Events of devices that are missing: their numbers lie below one that the record has"),
    Metric(
        "border_post_last_seen_timestamp_seconds",
        "gauge",
        ("post",),
        "When a post of the register was heard last; 0: it never was",
    ),
    Metric("border_reports_last_run_timestamp_seconds", "gauge", (), "When the report job last ended; 0: it was never used"),
    Metric("border_reports_last_success_timestamp_seconds", "gauge", (), "When the report job last ended well; 0: it never did"),
    Metric("border_reports_last_run_ok", "gauge", (), "0 while the last run of the report job is one that failed"),
)
