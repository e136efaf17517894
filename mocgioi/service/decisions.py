"""Decisions of an office about what is recorded (an assessment, a reinstatement, a settlement), minted as events and sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from agreement.incident import subject_events
from agreement.speakers import WHY_LABELS, Owner, objection, owner_without_report
from mocgioi.service.database import record_engine
from mocgioi.service.sending import publish, recording
from mocgioi.service.settings import Settings
from mocgioi.service.spools import outbox_of
from mocgioi.views.output import REFUSED, fail
from posts.mint import NewEvent, mint
from posts.spool import Spool
from schemas.events import AnyEvent, IncidentEvent
from schemas.problems import InvalidEvent
from schemas.validation import read
from sinks.query.incidents import incident_shown


def decide(settings: Settings, incident: str, kind: str, office: str, data: Mapping[str, Any]) -> str:
    """Send an event of this kind about an incident, as `send` does. Leaves with a problem where the record has no such incident."""
    with record_engine(settings) as engine:
        shown = incident_shown(engine, incident)
    if shown is None:
        fail("not_found", f"{incident}: chưa có vụ việc này · no such incident")
    return send(settings, kind, office, data, about=[read(event["body"].encode()) for event in shown["events"]])


def send(settings: Settings, kind: str, office: str, data: Mapping[str, Any], *, about: Sequence[AnyEvent]) -> str:
    """Send an event about the subject of these events, later than all of them. Returns a sentence on what became of it.

    Leaves with a problem where the data are refused, and where the office may not speak of the subject, since the event would have no effect.
    """
    if settings.kafka is None:
        with recording(settings) as session:
            event_id = _spooled(session.spool, kind, office, data, about)
            account = session.record()
        if not account.is_balanced() or account.conflict or not account.accepted:
            fail("conflict", f"{event_id}: không được ghi, xem `mocgioi incidents conflicts` · not recorded, see there")
        return f"đã ghi · recorded: {event_id}"
    with outbox_of(settings) as outbox:
        event_id = _spooled(outbox, kind, office, data, about)
        if not publish(settings, outbox).is_balanced():
            raise SystemExit(REFUSED)
    return f"đã gửi · published: {event_id}"


def _spooled(spool: Spool, kind: str, office: str, data: Mapping[str, Any], about: Sequence[AnyEvent]) -> str:
    """Write the event to a spool, and return its id."""
    # The spool is the device: an office may have several, and their numbers must not meet.
    source = f"/offices/{office}/{spool.id[:8]}"
    latest = max(event.time for event in about)

    def accept(event: AnyEvent) -> None:
        why = objection(event, _owner(about))
        if why is not None:
            vi, en, _ = WHY_LABELS[why]
            fail("without_effect", f"{office}: không được gửi, sẽ không có hiệu lực vì {vi} · not sent, it would have no effect: {en}")

    try:
        (event,) = mint(spool, source, [NewEvent(kind, about[0].subject, data)], last_time=lambda _: latest, accept=accept)
    except InvalidEvent as refused:
        fail(refused.code, refused.sentence)
    return event.id


def _owner(about: Sequence[AnyEvent]) -> Owner | None:
    of_incident = [event for event in about if isinstance(event, IncidentEvent)]
    return subject_events(of_incident).owner if of_incident else owner_without_report(about[0].source, about[0].time)
