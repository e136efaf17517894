"""What incidents are folded from, read from the record: their events, and the conflicts that offices have settled about them."""

from collections.abc import Sequence
from datetime import datetime

from agreement.judged_state import FoldInput, fold_inputs
from agreement.settlement import Aside, standing
from schemas.events import AnyEvent, IncidentEvent, Settled
from schemas.validation import read
from sinks.postgres.bulk_copy import Statements

_EVENTS = """
SELECT body::text FROM event
WHERE subject = ANY(%s) AND (type LIKE 'vn.mocgioi.incident.%%' OR type = 'vn.mocgioi.conflict.settled.v1')
    AND recorded_at <= coalesce(%s::timestamptz, 'infinity')
"""
_ASIDE = """
SELECT conflict.body::text, digest, with_id, first.subject FROM conflict JOIN event AS first ON first.source = conflict.source AND first.id = with_id
WHERE (conflict.subject = ANY(%(subjects)s) OR first.subject = ANY(%(subjects)s)) AND first.type LIKE 'vn.mocgioi.incident.%%'
    AND conflict.recorded_at <= coalesce(%(as_of)s::timestamptz, 'infinity')
"""
_OF_SUBJECTS = """
SELECT conflict.body::text, digest, with_id, first.body::text FROM conflict JOIN event AS first ON first.source = conflict.source AND first.id = with_id
WHERE first.subject = ANY(%s)
"""
_MARK = """
UPDATE conflict SET settled_at = %s
FROM unnest(%s::text[], %s::text[], %s::text[]) AS decided (source, id, digest)
WHERE conflict.source = decided.source AND conflict.id = decided.id AND conflict.digest = decided.digest AND settled_at IS NULL
"""


def read_fold_inputs(cursor: Statements, subjects: Sequence[str], *, as_of: datetime | None = None) -> dict[str, FoldInput]:
    """What each of these incidents is folded from, by subject: as the record is now, or as it was at a moment."""
    events = _events(cursor, subjects, as_of)
    cursor.execute(_ASIDE, {"subjects": list(subjects), "as_of": as_of})
    aside: list[Aside] = []
    involved = set(subjects)
    for body, digest, with_id, first_subject in cursor:
        aside.append(Aside(read(body.encode()), digest, with_id))
        involved |= {aside[-1].event.subject, first_subject}
    if further := involved.difference(subjects):
        events += _events(cursor, sorted(further), as_of)
    return fold_inputs(events, aside, subjects)


def mark_settled(cursor: Statements, subjects: Sequence[str], recorded_at: datetime) -> set[str]:
    """Mark the conflicts that the settlements of these subjects decide. Returns the subjects of the bodies kept aside.

    Of a crossing count the recorded body stands whatever an office says: a count is changed by a correction.
    """
    cursor.execute(_OF_SUBJECTS, (list(subjects),))
    rows = cursor.fetchall()
    aside = [Aside(read(body.encode()), digest, with_id) for body, digest, with_id, _ in rows]
    first_bodies = [read(first.encode()) for *_, first in rows]
    recorded = {(event.source, event.id): event for event in (*_events(cursor, subjects), *first_bodies)}.values()
    settlements = [event for event in recorded if isinstance(event, Settled)]
    result = standing([event for event in recorded if not isinstance(event, Settled)], aside, settlements)
    decided = [(body.event.source, body.event.id, body.digest) for body in aside if body not in result.unsettled]
    if decided:
        cursor.execute(_MARK, (recorded_at, *map(list, zip(*decided, strict=True))))
    return {body.event.subject for body in aside if isinstance(body.event, IncidentEvent)}


def _events(cursor: Statements, subjects: Sequence[str], as_of: datetime | None = None) -> list[AnyEvent]:
    cursor.execute(_EVENTS, (list(subjects), as_of))
    return [read(body.encode()) for (body,) in cursor]
