"""Crossing counts: what each crossing record counts now, and what it counted before it was corrected.

The statements of a record are the record itself and every correction that names it, or names one of its corrections. As of T the record counts
what the latest of the statements recorded by T counts, in the order of `agreement.order`. A correction whose record has not arrived is kept
and not shown. All rows follow from the events alone, so they are the same in whatever order the events arrived.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from agreement.order import Key
from agreement.state import event_row
from schemas.records import ClassifiedEvent
from schemas.validation import read
from schemas.verdicts import CrossingState, EventRow
from sinks.postgres.bulk_copy import Statements, Target
from sinks.postgres.tables import crossing_state

_CROSSING_STATES = Target("crossing_state", crossing_state.columns)

_LOCK = 0x6D6F63_4352
_RECORDED, _CORRECTED = "vn.mocgioi.crossing.recorded.v1", "vn.mocgioi.crossing.corrected.v1"
_CORRECTS_SOURCE, _CORRECTS_ID = "(event.body #>> '{data,corrects,source}')", "(event.body #>> '{data,corrects,id}')"
# LATERAL … OFFSET 0 makes one index lookup for each row: the planner cannot know how many rows a recursive query will have.
_BY_ID = "CROSS JOIN LATERAL (SELECT * FROM event WHERE event.source = {0}.source AND event.id = {0}.id OFFSET 0) AS event"
_ROOTS = f"""
WITH RECURSIVE named (source, id) AS (
    SELECT * FROM unnest(%s::text[], %s::text[])
    UNION SELECT {_CORRECTS_SOURCE}, {_CORRECTS_ID} FROM named {_BY_ID.format("named")} WHERE event.type = '{_CORRECTED}'
)
SELECT named.source, named.id FROM named {_BY_ID.format("named")} WHERE event.type = '{_RECORDED}'
"""
_STATEMENTS = f"""
WITH RECURSIVE statement (root_source, root_id, source, id) AS (
    SELECT source, id, source, id FROM unnest(%s::text[], %s::text[]) AS root (source, id)
    UNION SELECT root_source, root_id, correction.source, correction.id FROM statement CROSS JOIN LATERAL (
        SELECT source, id FROM event
        WHERE event.type = '{_CORRECTED}' AND {_CORRECTS_SOURCE} = statement.source AND {_CORRECTS_ID} = statement.id OFFSET 0
    ) AS correction
)
SELECT root_source, root_id, event.recorded_at, event.body::text FROM statement {_BY_ID.format("statement")}
WHERE (root_source, root_id) IN (SELECT root_source, root_id FROM statement GROUP BY 1, 2 HAVING count(*) >= %s)
"""
_DELETE = "DELETE FROM crossing_state WHERE (source, id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a record or a correction states, and when it was recorded."""

    row: EventRow
    crossing: CrossingState
    recorded_at: datetime

    @property
    def key(self) -> Key:
        """Source and id."""
        return self.row.source, self.row.id


def record_crossings(cursor: Statements, arrived: Iterable[ClassifiedEvent], recorded_at: datetime) -> None:
    """Bring the counts of newly inserted crossing events up to date."""
    statements = [Statement(event.row, event.row.crossing, recorded_at) for event in arrived if event.row.crossing is not None]
    records = {statement.key: statement for statement in statements if statement.crossing.corrects is None}
    corrected = [statement.crossing.corrects for statement in statements if statement.crossing.corrects is not None]
    # Two records do not affect each other, but a correction and its record that arrive in two transactions must see each other.
    cursor.execute(f"SELECT pg_advisory_xact_lock{'' if corrected else '_shared'}(%s)", (_LOCK,))
    restate(cursor, sorted({*records, *_roots(cursor, corrected)}), records)


def restate(cursor: Statements, roots: Sequence[Key], at_hand: Mapping[Key, Statement]) -> None:
    """Work out the rows of these records again. `at_hand` are the new ones among them, which have no rows yet."""
    statements = {key: [statement] for key, statement in at_hand.items()}
    statements |= _statements(cursor, roots, at_least=2 if at_hand else 1)
    stale = [key for key in statements if key not in at_hand]
    if stale:
        cursor.execute(_DELETE, _columns(stale))
    _CROSSING_STATES.fill(cursor, _all_rows(statements))


def restated(cursor: Statements, corrections: Sequence[Key]) -> list[dict[str, Any]]:
    """The rows that the records behind these corrections have by their events, each with its values by column."""
    return _all_rows(_statements(cursor, _roots(cursor, corrections), at_least=1))


def _all_rows(statements: Mapping[Key, Sequence[Statement]]) -> list[dict[str, Any]]:
    return [row for key in sorted(statements) for row in _rows(key, statements[key])]


def _roots(cursor: Statements, corrected: Sequence[Key]) -> list[Key]:
    """The records that corrections of these events are about, as far as they have arrived."""
    if not corrected:
        return []
    cursor.execute(_ROOTS, _columns(corrected))
    return [(source, event_id) for source, event_id in cursor]


def _statements(cursor: Statements, roots: Sequence[Key], *, at_least: int) -> dict[Key, list[Statement]]:
    """All statements of those records that have at least `at_least` of them."""
    cursor.execute(_STATEMENTS, (*_columns(roots), at_least))
    statements: dict[Key, list[Statement]] = {}
    for source, event_id, recorded_at, body in cursor:
        row = event_row(read(body.encode()))
        assert row.crossing is not None  # noqa: S101  # its type says so
        statements.setdefault((source, event_id), []).append(Statement(row, row.crossing, recorded_at))
    return statements


def _rows(key: Key, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """The rows of one record: for each span of time in which a statement stood, its counts."""
    statements = sorted(statements, key=lambda statement: statement.recorded_at)
    shown_from = next(statement.recorded_at for statement in statements if statement.key == key)
    latest = _Latest(key)
    standing: list[tuple[datetime, Statement]] = []
    for moment, arrived in groupby(statements, key=lambda statement: max(statement.recorded_at, shown_from)):
        for statement in arrived:
            latest.arrive(statement)
        if not standing or standing[-1][1] is not latest.statement:
            standing.append((moment, latest.statement))
    ends: list[datetime | None] = [*(moment for moment, _ in standing[1:]), None]
    return [row for (moment, statement), end in zip(standing, ends, strict=True) for row in _counts(key, statement, moment, end)]


class _Latest:
    """The latest statement about a record, in the order of `agreement.order`, while its statements arrive one by one.

    Each statement costs the same however many came before it: of a source, only its latest time and its highest sequence matter.
    """

    def __init__(self, key: Key) -> None:
        self._linked = {None, key}
        """What a statement about the record may correct: nothing (it is the record), the record, or one of its corrections."""
        self._waiting: dict[Key | None, list[Statement]] = {}
        """Statements by what they correct, while it is not known that this is about the record."""
        self._of_source: dict[str, tuple[datetime, Statement]] = {}

    def arrive(self, statement: Statement) -> None:
        self._waiting.setdefault(statement.crossing.corrects, []).append(statement)
        about = [statement.crossing.corrects] if statement.crossing.corrects in self._linked else []
        while about:
            for linked in self._waiting.pop(about.pop(), ()):
                self._linked.add(linked.key)
                about.append(linked.key)
                self._link(linked)

    def _link(self, statement: Statement) -> None:
        row = statement.row
        clock, last = self._of_source.get(row.source, (row.time, statement))
        self._of_source[row.source] = max(clock, row.time), max(last, statement, key=lambda latest: (latest.row.number, latest.row.id))

    @property
    def statement(self) -> Statement:
        """The latest of those that have arrived."""
        return max(self._of_source.values(), key=lambda latest: (latest[0], latest[1].row.source))[1]


def _counts(key: Key, statement: Statement, recorded_at: datetime, superseded_at: datetime | None) -> Iterable[dict[str, Any]]:
    crossing = statement.crossing
    for position, count in enumerate(crossing.counts):
        yield {
            "source": key[0],
            "id": key[1],
            "position": position,
            "recorded_at": recorded_at,
            "superseded_at": superseded_at,
            "stated_source": statement.row.source,
            "stated_id": statement.row.id,
            "gate": crossing.gate,
            "direction": crossing.direction,
            "status": crossing.status,
            "interval_start": crossing.interval_start,
            "interval_end": crossing.interval_end,
            "what": count.what,
            "n": _exact(count.n),
            "unit": count.unit,
            "nationality": count.nationality,
        }


def _exact(n: float) -> Decimal:
    """The number as it was written, so that sums of counts are exact."""
    return Decimal(int(n)) if n == int(n) else Decimal(repr(n))


def _columns(keys: Sequence[Key]) -> tuple[list[str], list[str]]:
    return [source for source, _ in keys], [event_id for _, event_id in keys]
