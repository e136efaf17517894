"""An incident: the fold of all events said about one subject, the same whatever order they arrived in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.codebook import Direction, Kind, Side, Status
from schemas.events import Assessed, IncidentEvent, Reported, Retracted, Updated
from schemas.facts import Facts
from schemas.incidents import Attachment, Confidence, Handled, IncidentAssessed, Measured, Occurred, Place
from schemas.notices import EventRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What is known of one incident. A field nobody stated is None (or empty); of a complete one only the optional fields may be."""

    subject: str
    kind: Kind | None
    status: Status | None
    occurred: Occurred | None
    known_at: datetime | None
    place: Place | None
    side: Side | None
    direction: Direction | None
    measures: tuple[Measured, ...]
    facts: Facts
    handling: tuple[Handled, ...]
    confidence: Confidence | None
    text: str | None
    attachments: tuple[Attachment, ...]
    complete: bool
    """Its report has arrived. Otherwise it is kept and shown, and never counted."""
    retracted: bool
    retraction_reason: str | None
    assessment: IncidentAssessed | None
    """The latest one, whole."""
    facts_after_assessment: bool
    """Something the rules read was said after the latest assessment: an officer should look again."""
    reporter: str
    """Source of the first report, or of the first event while there is none."""
    first_told: datetime
    """`time` of the first event."""
    last_told: datetime
    """`time` of the last event."""
    events: tuple[EventRef, ...]
    """All events folded, in the order of the fold."""


def fold(events: Iterable[IncidentEvent]) -> Incident:
    """The incident that all events of one subject tell, in any order and however often each.

    Raises `ValueError` for no event, for several subjects, and for two different events of one source and id.
    """
    told = ordered(events)
    stated: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    assessment: IncidentAssessed | None = None
    retraction: str | None = None
    first_report: Reported | None = None
    facts_after = False
    for event in told:
        match event:
            case Assessed():
                assessment, facts_after = event.data, False
            case Retracted():
                retraction = event.data.reason
            case Reported() | Updated():
                if isinstance(event, Reported):
                    first_report = first_report or event
                _state(event, stated, facts)
                facts_after = facts_after or (assessment is not None and _matters(event))
    return Incident(
        subject=told[0].subject,
        kind=stated.get("kind"),
        status=stated.get("status"),
        occurred=stated.get("occurred"),
        known_at=stated.get("known_at"),
        place=stated.get("place"),
        side=stated.get("side"),
        direction=stated.get("direction"),
        measures=stated.get("measures", ()),
        facts=facts,
        handling=stated.get("handling", ()),
        confidence=stated.get("confidence"),
        text=stated.get("text"),
        attachments=stated.get("attachments", ()),
        complete=first_report is not None,
        retracted=retraction is not None,
        retraction_reason=retraction,
        assessment=assessment,
        facts_after_assessment=facts_after,
        reporter=(first_report or told[0]).source,
        first_told=told[0].time,
        last_told=told[-1].time,
        events=tuple([EventRef(source=event.source, id=event.id) for event in told]),
    )


_MATTERING = frozenset({"kind", "status", "occurred", "place", "side"})
"""What an officer's finding rests on, besides facts."""


def _matters(event: Reported | Updated) -> bool:
    return bool(event.data.facts) or not _MATTERING.isdisjoint(event.data.model_fields_set)


def _state(event: Reported | Updated, stated: dict[str, Any], facts: dict[str, Any]) -> None:
    """Let an event's statement stand over the earlier ones. An optional field set to null is withdrawn, and so is a fact."""
    said = event.data
    for name in said.model_fields_set:
        if name not in ("facts", "reason"):
            stated[name] = getattr(said, name)
    for name, value in said.facts.items():
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value


def ordered(events: Iterable[IncidentEvent]) -> list[IncidentEvent]:
    """Each event once, by the clock of who said it."""
    distinct: dict[tuple[str, str], IncidentEvent] = {}
    for event in events:
        known = distinct.setdefault((event.source, event.id), event)
        if known is not event and not _same(known, event):
            raise ValueError(f"two different events of {event.source} have the id {event.id!r}")
    if not distinct:
        raise ValueError("an incident needs at least one event")
    subjects = {event.subject for event in distinct.values()}
    if len(subjects) > 1:
        raise ValueError(f"events of several subjects: {', '.join(sorted(subjects))}")
    return sorted(distinct.values(), key=lambda event: (event.time, event.source, event.number, event.id))


def _same(one: IncidentEvent, other: IncidentEvent) -> bool:
    # Setting a field to null withdraws it, leaving it out does not: equal values alone are not the same statement.
    return one == other and one.data.model_fields_set == other.data.model_fields_set
