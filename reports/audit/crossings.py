"""What passed the gates by the events, counted as a report counts what the record holds.

A record that nobody corrected is read from its event's body. The states of one that was corrected are worked out by the function that record uses.
"""

from collections.abc import Iterator
from itertools import chain
from unicodedata import normalize

import msgspec
from sqlalchemy import text

from agreement.order import Key
from agreement.periods import Period
from reports.figures.crossing import CrossingCount, Crossings, count_crossings
from reports.figures.scope import Scope
from schemas.codebook import Measure, Status
from sinks.postgres.session import statements
from sinks.record.crossings import exact, restated

# The corrections of all records of which some statement lies in the period.
_CORRECTIONS = """
SELECT source, id FROM event AS correction
WHERE type = 'vn.mocgioi.crossing.corrected.v1' AND recorded_at <= :as_of AND (
    occurred_start >= :opened AND occurred_start < :closed OR EXISTS (
        SELECT FROM event WHERE source = correction.body #>> '{data,corrects,source}' AND id = correction.body #>> '{data,corrects,id}'
            AND occurred_start >= :opened AND occurred_start < :closed
    )
)
"""
_BODIES = """
SELECT body::text FROM event
WHERE type = 'vn.mocgioi.crossing.recorded.v1' AND occurred_start >= :opened AND occurred_start < :closed AND recorded_at <= :as_of
"""
_AT_ONCE = 5000


class _Count(msgspec.Struct, gc=False):
    what: str
    n: float
    unit: str | None = None


class _Stated(msgspec.Struct, gc=False):
    gate: str
    direction: str
    status: str
    counts: tuple[_Count, ...]


class _Body(msgspec.Struct, gc=False):
    """What is counted of a crossing event. It was validated when it was recorded."""

    source: str
    id: str
    data: _Stated


_read = msgspec.json.Decoder(_Body).decode


def crossings_by_events(scoped: Scope, period: Period) -> Crossings:
    """The crossing figures of a period, by the events that were recorded by then."""
    corrections = scoped.ask(_CORRECTIONS, opened=period.start, closed=period.end)
    with statements(scoped.connection) as cursor:
        rows = restated(cursor, [(source, event_id) for source, event_id in corrections])
    corrected = {(row["source"], row["id"]) for row in rows}
    restatements = [
        CrossingCount(row["source"], row["gate"], row["direction"], row["what"], row["unit"], 1, row["n"])
        for row in rows
        if row["status"] == Status.ACTUAL
        and period.holds(row["interval_start"])
        and row["recorded_at"] <= scoped.as_of
        and (row["superseded_at"] is None or row["superseded_at"] > scoped.as_of)
    ]
    return count_crossings(scoped.unit, chain(_uncorrected(scoped, period, corrected), restatements))


def _uncorrected(scoped: Scope, period: Period, corrected: set[Key]) -> Iterator[CrossingCount]:
    """The counts of the records of a period that nobody corrected."""
    span = {"opened": period.start, "closed": period.end, "as_of": scoped.as_of}
    bodies = scoped.connection.execute(text(_BODIES), span, execution_options={"yield_per": _AT_ONCE}).scalars()
    for event in map(_read, chain.from_iterable(bodies.partitions())):
        stated = event.data
        if stated.status == Status.ACTUAL and (event.source, event.id) not in corrected:
            for count in stated.counts:
                if count.what == Measure.GOODS:
                    unit = None if count.unit is None else normalize("NFC", count.unit)
                    yield CrossingCount(event.source, stated.gate, stated.direction, count.what, unit, 1, exact(count.n))
                else:
                    yield CrossingCount(event.source, stated.gate, stated.direction, count.what, None, 1, int(count.n))
