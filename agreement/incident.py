"""An incident: the fold of all events about one subject, the same whatever order they arrived in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from agreement.order import Key, in_order
from agreement.speakers import Owner, WithoutEffect, objection, owner_of, unit_of_source
from schemas.codebook import Direction, Kind, Side, Status
from schemas.events import Assessed, IncidentEvent, Reinstated, Reported, Retracted, Updated
from schemas.facts import Facts
from schemas.incidents import Attachment, Confidence, Handled, IncidentAssessed, Measured, Occurred, Place
from schemas.notices import EventRef
from schemas.sound import SoundAttachment, SoundConfidence, SoundHandled, SoundMeasured, SoundOccurred, SoundPlace, SoundReport


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one incident. A field nobody stated is None or empty; of a complete incident only the optional fields may be."""

    subject: str
    kind: Kind | None = None
    status: Status | None = None
    occurred: Occurred | SoundOccurred | None = None
    known_at: datetime | None = None
    place: Place | SoundPlace | None = None
    side: Side | None = None
    direction: Direction | None = None
    measures: tuple[Measured, ...] | tuple[SoundMeasured, ...] = ()
    facts: Facts
    handling: tuple[Handled, ...] | tuple[SoundHandled, ...] = ()
    confidence: Confidence | SoundConfidence | None = None
    text: str | None = None
    attachments: tuple[Attachment, ...] | tuple[SoundAttachment, ...] = ()
    complete: bool
    """Its report has arrived. Otherwise it is kept and shown, and never counted."""
    retracted: bool = False
    retraction_reason: str | None = None
    reinstatement_reason: str | None = None
    """Why the latest retraction was withdrawn; None where it stands, or where there was none."""
    assessment: IncidentAssessed | None = None
    """The latest one, whole."""
    facts_after_assessment: bool = False
    """Something that the rules read was stated after the latest assessment: an officer should look again."""
    owner: str | None
    """The post or office it belongs to (`/posts/tan-thanh`): that of its first report. None before a report."""
    reporter: str
    """Source of that report, or of the first event before a report."""
    first_time: datetime
    """`time` of the first event with effect."""
    last_time: datetime
    """`time` of the last event with effect."""
    events: tuple[Key, ...]
    """Source and id of all events, with effect or not, in the order of the fold."""
    without_effect: tuple[WithoutEffect, ...] = ()
    """Events of sources that may not change it."""
    second_reports: tuple[EventRef, ...] = ()
    """Reports of other units among those, until an office settles them: each may be an incident of its own."""


@dataclass(frozen=True, slots=True)
class SubjectEvents:
    """The events of one subject in the order of the fold, and which of them have effect."""

    events: tuple[IncidentEvent, ...]
    owner: Owner | None
    effective: tuple[IncidentEvent, ...]
    without_effect: tuple[WithoutEffect, ...]


def fold(events: Iterable[IncidentEvent], *, settled: Collection[Key] = ()) -> Incident:
    """The incident that the events of one subject make, in any order and however often each.

    `settled`: second reports that an office has settled. Raises `ValueError` for no event, for several subjects, and for two different
    events of one source and id.
    """
    events = tuple(events)
    if len(events) == 1 and isinstance(events[0], Reported):
        return of_one_report(events[0])
    return of_several(events, settled)


def of_several(events: Iterable[IncidentEvent], settled: Collection[Key]) -> Incident:
    """The fold of any events."""
    subject = subject_events(events)
    # Where no event has effect, the first one still gives the source and the time.
    effective = subject.effective or subject.events[:1]
    stated: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    assessment: IncidentAssessed | None = None
    retraction: str | None = None
    reinstatement: str | None = None
    facts_after = False
    for event in subject.effective:
        match event:
            case Assessed():
                assessment, facts_after = event.data, False
            case Retracted():
                retraction, reinstatement = event.data.reason, None
            case Reinstated() if retraction is not None:
                retraction, reinstatement = None, event.data.reason
            case Reported() | Updated():
                _state(event, stated, facts)
                facts_after = facts_after or (assessment is not None and _matters(event))
    owner = subject.owner
    return Incident(
        subject=subject.events[0].subject,
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
        complete=owner is not None,
        retracted=retraction is not None,
        retraction_reason=retraction,
        reinstatement_reason=reinstatement,
        assessment=assessment,
        facts_after_assessment=facts_after,
        owner=None if owner is None else owner.unit,
        reporter=effective[0].source if owner is None else owner.source,
        first_time=effective[0].time,
        last_time=effective[-1].time,
        events=tuple([(event.source, event.id) for event in subject.events]),
        without_effect=subject.without_effect,
        second_reports=_second_reports(subject, settled),
    )


def of_one_report(report: Reported | SoundReport) -> Incident:
    """The fold of one report, which is all that most incidents ever have: a tenth of the work (`python -m bench.steps`)."""
    stated = report.data
    return Incident(
        subject=report.subject,
        kind=stated.kind,
        status=stated.status,
        occurred=stated.occurred,
        known_at=stated.known_at,
        place=stated.place,
        side=stated.side,
        direction=stated.direction,
        measures=stated.measures,
        facts=stated.facts,
        handling=stated.handling,
        confidence=stated.confidence,
        text=stated.text,
        attachments=stated.attachments,
        complete=True,
        owner=unit_of_source(report.source),
        reporter=report.source,
        first_time=report.time,
        last_time=report.time,
        events=((report.source, report.id),),
    )


def subject_events(events: Iterable[IncidentEvent]) -> SubjectEvents:
    """Order the events of one subject, and separate those with effect from the others. Raises `ValueError` as `fold` does."""
    in_fold_order = ordered(events)
    owner = owner_of(in_fold_order)
    effective: list[IncidentEvent] = []
    without_effect: list[WithoutEffect] = []
    for event in in_fold_order:
        why = objection(event, owner)
        if why is None:
            effective.append(event)
        else:
            without_effect.append(WithoutEffect(source=event.source, id=event.id, why=why))
    return SubjectEvents(tuple(in_fold_order), owner, tuple(effective), tuple(without_effect))


def _second_reports(subject: SubjectEvents, settled: Collection[Key]) -> tuple[EventRef, ...]:
    if subject.owner is None or not subject.without_effect:
        return ()
    unsettled = {(ref.source, ref.id) for ref in subject.without_effect}.difference(settled)
    return tuple(
        EventRef(source=event.source, id=event.id)
        for event in subject.events
        if isinstance(event, Reported) and (event.source, event.id) in unsettled and unit_of_source(event.source) != subject.owner.unit
    )


_MATTERING = frozenset({"kind", "status", "occurred", "place", "side"})
"""What an officer's assessment rests on, besides facts."""


def _matters(event: Reported | Updated) -> bool:
    return bool(event.data.facts) or not _MATTERING.isdisjoint(event.data.model_fields_set)


def _state(event: Reported | Updated, stated: dict[str, Any], facts: dict[str, Any]) -> None:
    """Put an event's statement over the earlier ones. A field or fact set to null is withdrawn."""
    data = event.data
    for name in data.model_fields_set:
        if name not in ("facts", "reason"):
            stated[name] = getattr(data, name)
    for name, value in data.facts.items():
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value


def ordered(events: Iterable[IncidentEvent]) -> list[IncidentEvent]:
    """Each event of one subject once, in the order of the fold."""
    distinct: dict[tuple[str, str], IncidentEvent] = {}
    for event in events:
        first = distinct.setdefault((event.source, event.id), event)
        # Setting a field to null withdraws it, leaving it out does not: equal values alone are not the same statement.
        if first is not event and (first != event or first.data.model_fields_set != event.data.model_fields_set):
            raise ValueError(f"two different events of {event.source} have the id {event.id!r}")
    if not distinct:
        raise ValueError("an incident needs at least one event")
    subjects = {event.subject for event in distinct.values()}
    if len(subjects) > 1:
        raise ValueError(f"events of several subjects: {', '.join(sorted(subjects))}")
    return in_order(distinct.values(), lambda event: event)
