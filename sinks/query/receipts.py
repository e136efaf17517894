"""Receipts: what became of each event that a device sent. Raises `Unavailable` when the database is away.

A receipt says how the incident stood once that event was recorded, so it never changes, whatever is recorded or judged later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import orjson
from sqlalchemy import Engine

from agreement.speakers import WHY_LABELS, Why, is_registered_post, unit_of_source
from schemas.problems import Problem
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import transaction
from sinks.query.completeness import SEQUENCES, gaps_of
from sinks.record.fold_inputs import read_fold_inputs

RECORDED, REFUSED, CONFLICT, WITHOUT_EFFECT = "recorded", "refused", "conflict", "without_effect"

_EVENTS = """
SELECT sequence, id, event.recorded_at, type, event.subject,
    state.recorded_at, state.reporter, state.outcome, state.clauses, findings_of(state)::text
FROM event LEFT JOIN LATERAL (
    SELECT * FROM incident_state AS state
    WHERE state.subject = event.subject AND event.source || ' ' || event.id = ANY(state.events) AND type LIKE 'vn.mocgioi.incident.%%'
    ORDER BY version LIMIT 1
) AS state ON true
WHERE event.source = %(source)s AND sequence > %(after)s ORDER BY sequence LIMIT %(limit)s
"""
_CONFLICTS = """
SELECT sequence, id, recorded_at, type, subject, conflicts_by, with_id FROM conflict
WHERE source = %(source)s AND sequence > %(after)s ORDER BY sequence, recorded_at, id LIMIT %(limit)s
"""
# One that was sent again and recorded has the receipt of the event that it became.
_LETTERS = """
SELECT DISTINCT ON (sequence, event_id, code) sequence, event_id, recorded_at, code, reason, problems::text FROM dead_letter
WHERE source = %(source)s AND sequence > %(after)s
    AND NOT EXISTS (SELECT FROM event WHERE event.source = dead_letter.source AND event.sequence = dead_letter.sequence AND event.id = event_id)
ORDER BY sequence, event_id, code, recorded_at LIMIT %(limit)s
"""
_HIGHEST = f"SELECT coalesce(max(sequence), 0) FROM ({SEQUENCES}) AS every WHERE source = %s"
_UNKNOWN = "unknown_source", "đồn không có trong danh bạ: tin vẫn được nhận và ghi; báo trung tâm bổ sung danh bạ"
_INCIDENT = "vn.mocgioi.incident."
_OFFICES_ACT = ("vn.mocgioi.incident.assessed.v1", "vn.mocgioi.incident.reinstated.v1")
_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one event."""

    sequence: int
    id: str | None
    """None where what was refused named none that may be repeated."""
    status: str
    recorded_at: datetime
    incident: str | None = None
    outcome: str | None = None
    clauses: Sequence[str] = ()
    missing: Sequence[str] = ()
    code: str | None = None
    """Why it is not, or not with effect, in the record: the problem's code, a sentence, and each thing that is wrong."""
    reason: str | None = None
    problems: Sequence[Problem] = ()


class Receipts(NamedTuple):
    """The receipts of a device behind a sequence, and how its sequence stands as a whole."""

    highest: int
    """The highest sequence the record holds, 0 for none."""
    gaps: Sequence[tuple[int, int]]
    """First and last of each run of sequences that are missing below the highest."""
    receipts: Sequence[Receipt]


def receipts(engine: Engine, source: str, *, after: int, limit: int) -> Receipts:
    """At most `limit` receipts, in order of sequence. Those of one sequence come together, so that the next call may begin behind it."""

    def ask(cursor: Statements) -> Receipts:
        page = _page(cursor, source, after, limit)
        ((highest,),) = cursor.execute(_HIGHEST, (source,)).fetchall()
        return Receipts(highest, gaps_of(cursor, [source])[source], page)

    return transaction(engine, ask, snapshot=True)


def _page(cursor: Statements, source: str, after: int, limit: int) -> list[Receipt]:
    of_page = {"source": source, "after": after, "limit": limit + 1}
    rows = cursor.execute(_EVENTS, of_page).fetchall()
    candidates = [_recorded(cursor, source, row) for row in rows]
    candidates += [_conflict(*row) for row in cursor.execute(_CONFLICTS, of_page)]
    candidates += [_letter(*row) for row in cursor.execute(_LETTERS, of_page)]
    candidates.sort(key=lambda receipt: (receipt.sequence, receipt.status in (CONFLICT, REFUSED), receipt.recorded_at, receipt.id or ""))
    if len(candidates) <= limit:
        return candidates
    whole = [receipt for receipt in candidates[:limit] if receipt.sequence < candidates[limit].sequence]
    return whole or [receipt for receipt in candidates if receipt.sequence == candidates[0].sequence]


def _recorded(cursor: Statements, source: str, row: Sequence[Any]) -> Receipt:
    sequence, event_id, recorded_at, event_type, subject, state_at, reporter, outcome, clauses, findings = row
    why = None
    if state_at is not None and (unit_of_source(reporter) != unit_of_source(source) or event_type in _OFFICES_ACT):
        why = _without_effect(cursor, source, event_id, subject, state_at)
    code, reason = (WITHOUT_EFFECT, WHY_LABELS[why].vi) if why else (None, None) if is_registered_post(source) else _UNKNOWN
    return Receipt(
        sequence=sequence,
        id=event_id,
        status=WITHOUT_EFFECT if why else RECORDED,
        recorded_at=recorded_at,
        incident=subject if event_type.startswith(_INCIDENT) else None,
        outcome=outcome,
        clauses=clauses or (),
        missing=_missing_facts(findings),
        code=code,
        reason=reason,
    )


def _without_effect(cursor: Statements, source: str, event_id: str, subject: str, at: datetime) -> Why | None:
    """Why an event had no effect when it was recorded."""
    given = read_fold_inputs(cursor, [subject], as_of=at)[subject]
    refs = given.incident.without_effect if given.events else ()
    return next((ref.why for ref in refs if (ref.source, ref.id) == (source, event_id)), None)


def _missing_facts(findings: str | None) -> list[str]:
    """The facts that the rules asked for, each once. What a rule on trial asks for settles nothing."""
    rows: Iterable[dict[str, Any]] = () if findings is None else orjson.loads(findings)
    return list(dict.fromkeys(fact for row in rows if not row.get("shadow") for fact in row["missing"]))


def _conflict(sequence: int, event_id: str, recorded_at: datetime, event_type: str, subject: str, by: str, with_id: str) -> Receipt:
    number = "mã" if by == "id" else "số thứ tự"
    return Receipt(
        sequence=sequence,
        id=event_id,
        status=CONFLICT,
        recorded_at=recorded_at,
        incident=subject if event_type.startswith(_INCIDENT) else None,
        code=CONFLICT,
        reason=f"{number} này đã có tin {with_id} với nội dung khác: để riêng, chờ cơ quan xử lý; nếu máy vừa được khôi phục thì ghi danh lại",
    )


def _letter(sequence: int, event_id: str | None, recorded_at: datetime, code: str, reason: str, problems: str | None) -> Receipt:
    return Receipt(
        sequence=sequence,
        id=event_id,
        status=REFUSED,
        recorded_at=recorded_at,
        code=code,
        reason=reason,
        problems=_problems(problems) if problems else (),
    )
