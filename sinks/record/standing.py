"""The events that an incident is folded from: those recorded of it, but for what offices have settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agreement.order import Key
from agreement.settlement import Aside, standing
from schemas.events import AnyEvent, IncidentEvent, Settled
from schemas.validation import read
from sinks.postgres.bulk_copy import Statements

_EVENTS = """
SELECT body::text FROM event
WHERE subject = ANY(%s) AND (type LIKE 'vn.mocgioi.incident.%%' OR type = 'vn.mocgioi.conflict.settled.v1')
"""
_ASIDE = """
SELECT conflict.body::text, digest, with_id, first.subject FROM conflict JOIN event AS first ON first.source = conflict.source AND first.id = with_id
WHERE (conflict.subject = ANY(%(subjects)s) OR first.subject = ANY(%(subjects)s)) AND first.type LIKE 'vn.mocgioi.incident.%%'
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


@dataclass(slots=True)
class FoldInput:
    """What one incident is folded from."""

    events: list[IncidentEvent] = field(default_factory=list)
    """Those that stand; none where an office let another incident have its only event."""
    answered: frozenset[Key] = frozenset()
    """Second reports that an office has settled: `settled` of the fold."""
    is_settled: bool = False
    """An office has spoken of a conflict about it."""


def fold_inputs(cursor: Statements, subjects: Sequence[str]) -> dict[str, FoldInput]:
    """The fold's input of each of these incidents, by subject."""
    events = _events(cursor, subjects)
    cursor.execute(_ASIDE, {"subjects": list(subjects)})
    aside: list[Aside] = []
    involved = set(subjects)
    for body, digest, with_id, first_subject in cursor:
        aside.append(Aside(read(body.encode()), digest, with_id))
        involved |= {aside[-1].event.subject, first_subject}
    if further := involved.difference(subjects):
        events += _events(cursor, sorted(further))
    settlements = [event for event in events if isinstance(event, Settled)]
    inputs = {subject: FoldInput() for subject in subjects}
    recorded = [event for event in events if not isinstance(event, Settled)]
    result = standing(recorded, aside, settlements) if settlements else None
    for event in result.events if result is not None else recorded:
        if event.subject in inputs and isinstance(event, IncidentEvent):
            inputs[event.subject].events.append(event)
    if result is not None:
        settled = {event.subject for event in settlements} | {event.subject for event, _ in result.admitted}
        for subject in settled.intersection(inputs):
            inputs[subject].answered = result.answered
            inputs[subject].is_settled = True
    return inputs


def settle(cursor: Statements, subjects: Sequence[str], recorded_at: datetime) -> set[str]:
    """Mark the conflicts that settlements said of these subjects decide. Returns the subjects of the bodies kept aside.

    Of crossing counts the recorded body stands whatever an office says: a correction is how a count is changed.
    """
    cursor.execute(_OF_SUBJECTS, (list(subjects),))
    rows = cursor.fetchall()
    aside = [Aside(read(body.encode()), digest, with_id) for body, digest, with_id, _ in rows]
    recorded = {(event.source, event.id): event for event in (*_events(cursor, subjects), *(read(first.encode()) for *_, first in rows))}
    settlements = [event for event in recorded.values() if isinstance(event, Settled)]
    result = standing([event for event in recorded.values() if not isinstance(event, Settled)], aside, settlements)
    decided = [(body.event.source, body.event.id, body.digest) for body in aside if body not in result.unsettled]
    if decided:
        cursor.execute(_MARK, (recorded_at, *map(list, zip(*decided, strict=True))))
    return {body.event.subject for body in aside if isinstance(body.event, IncidentEvent)}


def _events(cursor: Statements, subjects: Sequence[str]) -> list[AnyEvent]:
    cursor.execute(_EVENTS, (list(subjects),))
    return [read(body.encode()) for (body,) in cursor]
