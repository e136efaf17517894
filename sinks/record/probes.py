"""Probes leave one row: when the newest was sent, received and recorded."""

from collections.abc import Sequence
from datetime import datetime

from schemas.probe import PROBE_TYPE
from schemas.records import ClassifiedEvent
from sinks.postgres.bulk_copy import Statements
from sinks.record.event_insert import received_at

# A probe that is delivered again, or overtaken, moves nothing.
_UPSERT = """
INSERT INTO probe (source, sent_at, received_at, recorded_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (source) DO UPDATE SET sent_at = excluded.sent_at, received_at = excluded.received_at, recorded_at = excluded.recorded_at
WHERE excluded.sent_at > probe.sent_at
"""


def is_probe(event: ClassifiedEvent) -> bool:
    """Whether an event is a probe."""
    return event.row.type == PROBE_TYPE


def record_probes(cursor: Statements, probes: Sequence[ClassifiedEvent], recorded_at: datetime) -> None:
    """Remember the newest of these probes, unless a newer one is remembered."""
    newest = max(probes, key=lambda probe: probe.row.time)
    received = received_at(newest.origin, newest.received_ms)
    cursor.execute(_UPSERT, (newest.row.source, newest.row.time, received, recorded_at))
