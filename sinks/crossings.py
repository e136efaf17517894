# statements are put together from our own column names, never from values
"""Crossing counts: what each record says now, and what it said before it was corrected.

A record's statements are the record and every correction that names it, or names one of its corrections. On T it says what the latest of
those recorded by then says, in the order (time, source, sequence, id); corrections whose record has not arrived are kept and not shown.
All of it is worked out from the events alone, so the order in which they arrived leaves no trace.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from schemas.doorway import read
from schemas.events import Crossed, CrossingEvent, CrossingFixed
from schemas.records import ClassifiedEvent
from sinks.copying import Statements, Target, names, quoted
from sinks.tables import crossing, crossing_superseded

COUNTED = Target("counted", crossing_superseded.columns)
"""Rows about to be stored; the current ones have no `superseded_at`."""

_LOCK = 0x6D6F63_4352
_RECORDED, _FIXED = "vn.mocgioi.crossing.recorded.v1", "vn.mocgioi.crossing.corrected.v1"
_NAMES = "(event.body #>> '{data,corrects,source}')", "(event.body #>> '{data,corrects,id}')"
# One look into the index a row, whatever the planner believes of a table that is not there yet.
_BY_ID = "CROSS JOIN LATERAL (SELECT * FROM event WHERE event.source = {0}.source AND event.id = {0}.id OFFSET 0) AS event"
_ROOTS = f"""
WITH RECURSIVE named (source, id) AS (
    SELECT * FROM unnest(%s::text[], %s::text[])
    UNION SELECT {_NAMES[0]}, {_NAMES[1]} FROM named {_BY_ID.format("named")} WHERE event.type = '{_FIXED}'
)
SELECT named.source, named.id FROM named {_BY_ID.format("named")} WHERE event.type = '{_RECORDED}'
"""
_STATEMENTS = f"""
WITH RECURSIVE said (root_source, root_id, source, id) AS (
    SELECT source, id, source, id FROM unnest(%s::text[], %s::text[]) AS root (source, id)
    UNION SELECT root_source, root_id, correcting.source, correcting.id FROM said CROSS JOIN LATERAL (
        SELECT source, id FROM event WHERE event.type = '{_FIXED}' AND {_NAMES[0]} = said.source AND {_NAMES[1]} = said.id OFFSET 0
    ) AS correcting
)
SELECT root_source, root_id, event.recorded_at, event.body::text FROM said {_BY_ID.format("said")}
WHERE (root_source, root_id) IN (SELECT root_source, root_id FROM said GROUP BY 1, 2 HAVING count(*) >= %s)
"""
_CURRENT = names(crossing)
_SUPERSEDED = names(crossing_superseded)
_INSERT = f"""
INSERT INTO crossing ({quoted(_CURRENT)}) SELECT {quoted(_CURRENT)} FROM counted WHERE superseded_at IS NULL ORDER BY source, id, position;
INSERT INTO crossing_superseded ({quoted(_SUPERSEDED)}) SELECT {quoted(_SUPERSEDED)} FROM counted WHERE superseded_at IS NOT NULL
"""
_DELETE = "DELETE FROM {table} WHERE (source, id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A record or a correction, and when the record of it was made."""

    event: CrossingEvent
    recorded_at: datetime


def record_crossings(cursor: Statements, inserted: Iterable[ClassifiedEvent], recorded_at: datetime) -> None:
    """Bring the counts of newly inserted crossing events up to date."""
    arrived = [one.event for one in inserted if isinstance(one.event, Crossed | CrossingFixed)]
    if not arrived:
        return
    fixed = [event for event in arrived if isinstance(event, CrossingFixed)]
    # Records alone do not touch one another; a correction and its record, arriving in two transactions, must see each other.
    cursor.execute(f"SELECT pg_advisory_xact_lock{'' if fixed else '_shared'}(%s)", (_LOCK,))
    records = {(event.source, event.id): event for event in arrived if isinstance(event, Crossed)}
    roots = sorted({*records, *_roots(cursor, fixed)})
    restate(cursor, roots, {key: Statement(event, recorded_at) for key, event in records.items()})


def restate(cursor: Statements, roots: Sequence[Key], at_hand: dict[Key, Statement]) -> None:
    """Work out the rows of these records again. `at_hand` are those among them that are new: they have no rows yet."""
    told = {key: [statement] for key, statement in at_hand.items()} | _statements(cursor, roots, at_least=2 if at_hand else 1)
    stale = [key for key in told if key not in at_hand]
    if stale:
        for table in ("crossing", "crossing_superseded"):
            cursor.execute(_DELETE.format(table=table), _columns(stale))
    COUNTED.fill(cursor, [row for key in sorted(told) for row in _rows(key, told[key])])
    for statement in _INSERT.split(";"):
        cursor.execute(statement)


def _roots(cursor: Statements, fixed: Sequence[CrossingFixed]) -> list[Key]:
    """The records, as far as they have arrived, that these corrections are about."""
    if not fixed:
        return []
    cursor.execute(_ROOTS, _columns([(event.data.corrects.source, event.data.corrects.id) for event in fixed]))
    return [(source, event_id) for source, event_id in cursor]


def _statements(cursor: Statements, roots: Sequence[Key], *, at_least: int) -> dict[Key, list[Statement]]:
    """All statements of those records that have at least so many."""
    cursor.execute(_STATEMENTS, (*_columns(roots), at_least))
    told: dict[Key, list[Statement]] = {}
    for source, event_id, recorded_at, body in cursor:
        event = read(body.encode())
        assert isinstance(event, Crossed | CrossingFixed)  # noqa: S101  # its type says so
        told.setdefault((source, event_id), []).append(Statement(event, recorded_at))
    return told


def _rows(key: Key, told: Sequence[Statement]) -> list[tuple[Any, ...]]:
    """The rows of one record: for each span of time in which one statement stood, its counts."""
    shown_from = next(statement.recorded_at for statement in told if (statement.event.source, statement.event.id) == key)
    moments = sorted({max(statement.recorded_at, shown_from) for statement in told})
    standing: list[tuple[datetime, CrossingEvent]] = []
    for moment in moments:
        latest = max(_linked(key, [statement.event for statement in told if statement.recorded_at <= moment]), key=_order)
        if not standing or standing[-1][1] is not latest:
            standing.append((moment, latest))
    ends: list[datetime | None] = [*(moment for moment, _ in standing[1:]), None]
    return [row for (moment, event), end in zip(standing, ends, strict=True) for row in _counts(key, event, moment, end)]


def _linked(key: Key, arrived: Sequence[CrossingEvent]) -> list[CrossingEvent]:
    """The record and its corrections among what had arrived: one that corrects a correction still to come is not known to be about it."""
    linked = {key}
    while (
        more := {
            (event.source, event.id)
            for event in arrived
            if isinstance(event, CrossingFixed) and (event.data.corrects.source, event.data.corrects.id) in linked
        }
        - linked
    ):
        linked |= more
    return [event for event in arrived if (event.source, event.id) in linked]


def _counts(key: Key, event: CrossingEvent, recorded_at: datetime, superseded_at: datetime | None) -> Iterable[tuple[Any, ...]]:
    said = event.data
    for position, count in enumerate(said.counts):
        yield (
            *(*key, position, event.source, event.id, said.gate, said.direction, said.status, said.interval.start, said.interval.end),
            *(count.what, _exact(count.n), count.unit, count.nationality, recorded_at, superseded_at),
        )


def _exact(n: float) -> Decimal:
    """The number as it was written: sums of counts are exact."""
    return Decimal(int(n)) if n == int(n) else Decimal(repr(n))


def _order(event: CrossingEvent) -> tuple[datetime, str, int, str]:
    return event.time, event.source, event.number, event.id


def _columns(keys: Sequence[Key]) -> tuple[list[str], list[str]]:
    return [source for source, _ in keys], [event_id for _, event_id in keys]
