"""What an office decides or does about what is recorded (an assessment, a settlement, a duty officer's act), minted as an event and sent."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agreement.incident import subject_events
from agreement.speakers import WHY_LABELS, Owner, objection, owner_without_report
from mocgioi.service.database import record_engine
from mocgioi.service.sending import publish, recording
from mocgioi.service.settings import Settings
from mocgioi.service.spools import outbox_of
from posts.mint import NewEvent, mint
from posts.spool import Spool
from schemas.events import AnyEvent, IncidentEvent
from schemas.failures import Failure
from schemas.problems import InvalidEvent
from schemas.validation import read
from sinks.query.incidents import incident_shown


class NoSuchIncident(Failure):
    """The record has no incident of this name."""

    code = "not_found"

    def __init__(self, incident: str) -> None:
        super().__init__(f"{incident}: chưa có vụ việc này · no such incident")


class Refused(Failure):
    """The event would be no valid one."""

    def __init__(self, problem: InvalidEvent) -> None:
        super().__init__(problem.sentence)
        self.code = problem.code


class WithoutEffect(Failure):
    """The office may not speak of the subject, so the event was not sent."""

    code = "without_effect"


class NotRecorded(Failure):
    """The event was sent and did not come into the record."""

    code = "conflict"


class Sent(NamedTuple):
    """An event that was sent."""

    event_id: str
    is_recorded: bool
    """Else it is published, and the workers record it."""

    @property
    def sentence(self) -> str:
        """What became of it, for people."""
        return f"đã ghi · recorded: {self.event_id}" if self.is_recorded else f"đã gửi · published: {self.event_id}"


def decide(settings: Settings, incident: str, kind: str, office: str, data: Mapping[str, Any]) -> Sent:
    """Send an event of this kind about an incident, as `send` does. Raises `NoSuchIncident` too."""
    with record_engine(settings) as engine:
        shown = incident_shown(engine, incident)
    if shown is None:
        raise NoSuchIncident(incident)
    return send(settings, kind, office, data, about=[read(event["body"].encode()) for event in shown["events"]])


def send(settings: Settings, kind: str, office: str, data: Mapping[str, Any], *, about: Sequence[AnyEvent]) -> Sent:
    """Send an event about the subject of these events, later than all of them.

    Raises `Refused` for bad data, `WithoutEffect` where the office may not speak of the subject, `NotRecorded`, `Unaccounted`, `Unavailable`.
    """
    if settings.kafka is None:
        with recording(settings) as session:
            event_id = _spooled(session.spool, kind, office, data, about)
            account = session.record()
        account.insist()
        if account.conflict or not account.accepted:
            raise NotRecorded(f"{event_id}: không được ghi, xem `mocgioi incidents conflicts` · not recorded, see there")
        return Sent(event_id, is_recorded=True)
    with outbox_of(settings) as outbox:
        event_id = _spooled(outbox, kind, office, data, about)
        publish(settings, outbox).insist()
    return Sent(event_id, is_recorded=False)


def _spooled(spool: Spool, kind: str, office: str, data: Mapping[str, Any], about: Sequence[AnyEvent]) -> str:
    """Write the event to a spool, and return its id."""
    # The spool is the device: an office may have several, and their numbers must not meet.
    source = f"/offices/{office}/{spool.id[:8]}"
    latest = max(event.time for event in about)

    def accept(event: AnyEvent) -> None:
        why = objection(event, _owner(about))
        if why is not None:
            vi, en, _ = WHY_LABELS[why]
            raise WithoutEffect(f"{office}: không được gửi, sẽ không có hiệu lực vì {vi} · not sent, it would have no effect: {en}")

    try:
        (event,) = mint(spool, source, [NewEvent(kind, about[0].subject, data)], last_time=lambda _: latest, accept=accept)
    except InvalidEvent as problem:
        raise Refused(problem) from None
    return event.id


def _owner(about: Sequence[AnyEvent]) -> Owner | None:
    of_incident = [event for event in about if isinstance(event, IncidentEvent)]
    return subject_events(of_incident).owner if of_incident else owner_without_report(about[0].source, about[0].time)
