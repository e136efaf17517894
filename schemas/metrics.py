"""Every metric of the service as data: name, kind, labels and meaning. `sinks.metrics` creates them.

A metric has at most two labels, and each is a closed set (event types, outcomes, sides, problem codes, topics, posts), so series stay few. Every
process shows them all, at 0 what is not its own. A gauge of the record is the same in each process that records: take its maximum, never
its sum.
"""

from typing import Literal, NamedTuple


class Metric(NamedTuple):
    """One metric."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str


PATH = (
    Metric("border_classified_total", "counter", ("outcome",), "Events classified and published, by outcome. Redelivered ones count again"),
    Metric(
        "border_events_total",
        "counter",
        ("type", "disposition"),
        "Events that reached the record, by type: recorded, duplicate (there already, word for word) or conflict (there with another body)",
    ),
    Metric(
        "border_verdicts_total",
        "counter",
        ("outcome", "side"),
        "Verdicts on incidents that were recorded, by outcome and side that count: of first reports and of what changed",
    ),
    Metric("border_dead_letters_total", "counter", ("code",), "Dead letters recorded, by problem code"),
    Metric("border_judge_failures_total", "counter", (), "Incidents whose judging crashed and that keep their last outcome"),
    Metric("border_batches_total", "counter", ("stage", "result"), "Batches by stage and result: done or failed"),
    Metric("border_batch_seconds", "histogram", ("stage",), "Seconds from poll to release of a batch"),
    Metric("border_end_to_end_seconds", "histogram", (), "Seconds from the log taking an event to its row being committed"),
    Metric("border_event_age_seconds", "histogram", (), "Seconds from a device minting an event to its recording, of events recorded"),
    Metric("border_lag", "gauge", ("topic",), "Records of the assigned partitions not yet read"),
    Metric("border_waiting", "gauge", ("part",), "1 while the worker waits for a part that does not answer: broker or database"),
    Metric("border_stopped", "gauge", (), "1 while the worker has stopped itself and waits for a person"),
)
"""What the workers do."""

DOOR = (
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
)
"""What the door does."""

RECORD = (
    Metric(
        "border_breaches",
        "gauge",
        ("province", "side"),
        "Breaches of the Agreement that occurred in this year of Vietnam's calendar, as the record counts them now",
    ),
    Metric(
        "border_unacknowledged",
        "gauge",
        ("class",),
        "Incidents that need a person and that no officer has acknowledged: flash, breach or needs_facts",
    ),
    Metric(
        "border_flash_oldest_timestamp_seconds",
        "gauge",
        (),
        "When the oldest flash incident was received that may wake a person and is not acknowledged; 0: there is none",
    ),
    Metric("border_needs_facts", "gauge", (), "Incidents that cannot be decided for want of facts, outside the flash class"),
    Metric("border_needs_facts_oldest_timestamp_seconds", "gauge", (), "When the oldest of them was received; 0: there is none"),
    Metric("border_dead_letters_waiting", "gauge", (), "Dead letters that were never published again, but for what the door refused"),
    Metric("border_conflicts_waiting", "gauge", (), "Events in conflict that no office has settled"),
    Metric("border_judge_failed", "gauge", (), "Incidents that keep an earlier outcome because a rule crashed on them"),
    Metric("border_other_ratio", "gauge", (), "Share of incidents of kind other among those that occurred in the last 90 days"),
    Metric(
        "border_spool_waiting", "gauge", ("post",), "Events that waited in the spools of a post of the register, as its newest notices say"
    ),
    Metric("border_sequence_missing", "gauge", (), "Events of devices that are missing: their numbers lie below one that the record has"),
    Metric(
        "border_posts_silent", "gauge", (), "Posts that were heard before and not in the last 26 hours, unless all their keys are revoked"
    ),
    Metric("border_post_last_seen_timestamp_seconds", "gauge", ("post",), "When a post of the register was heard last; 0: it never was"),
    Metric("border_probe_recorded_timestamp_seconds", "gauge", (), "When the newest probe was recorded; 0: none ever was"),
    Metric("border_probe_delay_seconds", "gauge", (), "Seconds from the door sending the newest probe to its recording"),
    Metric(
        "border_recount_difference", "gauge", (), "Breaches of this year by which the record's gauge and its events, folded again, differ"
    ),
    Metric("border_recount_timestamp_seconds", "gauge", (), "When they were compared last; 0: not yet in this process"),
    Metric(
        "border_watched_timestamp_seconds", "gauge", ("watch",), "When a watch last read what its gauges show; 0: not yet in this process"
    ),
    Metric("border_reports_last_run_timestamp_seconds", "gauge", (), "When the report job last ended; 0: it was never used"),
    Metric("border_reports_last_success_timestamp_seconds", "gauge", (), "When the report job last ended well; 0: it never did"),
    Metric("border_reports_last_run_ok", "gauge", (), "0 while the last run of the report job is one that failed"),
)
"""What the record holds, read from it at intervals by the processes that record."""

MACHINE = (
    Metric("border_disk_free_ratio", "gauge", (), "Free share of the disk that holds the data folder of this process"),
    Metric(
        "border_certificate_expiry_timestamp_seconds",
        "gauge",
        ("certificate",),
        "When a certificate ends: the one that MOCGIOI_PUBLIC_URL is served with (1: it has), the first to end of MOCGIOI_KAFKA_CA_FILE; 0: none",
    ),
    Metric("border_backup_timestamp_seconds", "gauge", (), "When the newest file of MOCGIOI_BACKUP_FOLDER was written; 0: not set or none"),
)
"""What a process sees of its machine."""

NOTIFIER = (
    Metric("border_notifier_active", "gauge", (), "1 while this notifier holds the lock; another one waits"),
    Metric(
        "border_notifier_last_success_timestamp_seconds", "gauge", (), "When the notifier last read the record and posted all; 0: not yet"
    ),
    Metric("border_notifications_total", "counter", ("result",), "Alerts handed to Alertmanager: posted or failed"),
)
"""What the notifier does."""

METRICS = PATH + DOOR + RECORD + MACHINE + NOTIFIER
