"""What the gauges of the record show, a query each. Raises `Unavailable`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine

from agreement.figure_families import SIDES
from agreement.figures import NO_UNIT
from agreement.periods import Period, Regime
from border.vietnam import HANOI
from schemas.codebook import Side
from schemas.probe import PROBE_SOURCE
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import transaction
from sinks.query.backlog import Backlog, backlog_of

Breaches = Counter[tuple[str, str]]
"""Breaches by province, `none` where it is not known, and side."""

_OTHER_DAYS = 90
_NOTICE_DAYS = 31
"""A post that has said nothing for so long is silent: what waited in its spool then says nothing."""

_BREACHES = """
SELECT province, side, count(*) FROM incident
WHERE outcome = 'breach' AND complete AND NOT retracted AND status = 'actual' AND occurred_start >= %s AND occurred_start < %s
GROUP BY province, side
"""
_ATTENTION = """
SELECT class, count(*), count(*) FILTER (WHERE acknowledged_at IS NULL), min(received_at),
    min(received_at) FILTER (WHERE acknowledged_at IS NULL AND wakes(via, reported_at, received_at, known_at, %(now)s, %(wake)s, %(known)s))
FROM attention GROUP BY class
"""
_OTHER = """
SELECT coalesce(avg((kind = 'other')::int), 0)::float8 FROM incident
WHERE complete AND NOT retracted AND status = 'actual' AND occurred_start >= %s
"""
# The newest notice of each device; its start is what the index of notices is by.
_SPOOLS = """
SELECT DISTINCT ON (source) split_part(source, '/', 3), (body #>> '{data,waiting}')::bigint FROM event
WHERE type = 'vn.mocgioi.post.reported.v1' AND occurred_start >= %s AND source LIKE '/posts/%%' AND body #>> '{data,waiting}' IS NOT NULL
ORDER BY source, sequence DESC
"""
_PROBE = "SELECT sent_at, recorded_at FROM probe WHERE source = %s"


@dataclass(frozen=True, slots=True)
class WakeConfig:
    """What may wake a person: received within `wake`, by a post that had known it for no longer than `known`."""

    wake: timedelta
    known: timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """The incidents of one class that need a person."""

    incidents: int = 0
    unacknowledged: int = 0
    oldest: datetime | None = None
    """When the first of them was received."""
    oldest_waking: datetime | None = None
    """The same of those that are not acknowledged and may wake a person."""


class ProbeRow(NamedTuple):
    """A probe that came through the whole path."""

    sent_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RecordGauges:
    """The record at one moment."""

    breaches: Breaches
    """Of this year."""
    attention: Mapping[str, Waiting]
    """By class."""
    backlog: Backlog
    other_ratio: float
    spools: Mapping[str, int]
    """What waited in the spools of each post, as its devices said last."""
    probe: ProbeRow | None
    """The newest; None where none ever came."""


def record_gauges(engine: Engine, now: datetime, wake: WakeConfig) -> RecordGauges:
    """Read all of it, at one moment of the record."""
    return transaction(engine, lambda cursor: _gauges(cursor, now, wake), snapshot=True)


def year_of(now: datetime) -> Period:
    """The year of Vietnam's calendar."""
    return Period.parse(str(now.astimezone(HANOI).year), Regime.CALENDAR)


def breaches_of(cursor: Statements, year: Period) -> Breaches:
    """The breaches that occurred in a year, as the record's states have them."""
    rows = cursor.execute(_BREACHES, (year.start, year.end)).fetchall()
    return counted((province, side, count) for province, side, count in rows)


def counted(rows: Iterable[tuple[str | None, str | None, int]]) -> Breaches:
    """Count breaches in the columns of a report."""
    breaches: Breaches = Counter()
    for province, side, count in rows:
        breaches[province or NO_UNIT, side if side in SIDES else Side.UNDETERMINED] += count
    return breaches


def _gauges(cursor: Statements, now: datetime, wake: WakeConfig) -> RecordGauges:
    # The planner takes the view for a thousand times the work that it is, and would compile it each time.
    cursor.execute("SET LOCAL jit = off")
    attention = {name: Waiting(*row) for name, *row in cursor.execute(_ATTENTION, {"now": now, **asdict(wake)}).fetchall()}
    ((other_ratio,),) = cursor.execute(_OTHER, (now - timedelta(days=_OTHER_DAYS),)).fetchall()
    spools: Counter[str] = Counter()
    for post, events in cursor.execute(_SPOOLS, (now - timedelta(days=_NOTICE_DAYS),)).fetchall():
        spools[post] += events
    probe = cursor.execute(_PROBE, (PROBE_SOURCE,)).fetchone()
    return RecordGauges(
        breaches_of(cursor, year_of(now)), attention, backlog_of(cursor), other_ratio, spools, ProbeRow(*probe) if probe else None
    )
