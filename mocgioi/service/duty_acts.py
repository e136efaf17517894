"""What a duty officer does about an incident: acknowledge, assign, note, hand over. Each act is an event, sent as every decision of an office is.

Commands and pages call the same function. Whatever it refuses leaves a row in the audit.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypedDict, Unpack

from border.vietnam import HANOI
from duty import users
from duty.users import NoSuchUser, User
from mocgioi.service.database import record_engine
from mocgioi.service.decisions import NoSuchIncident, Refused, WithoutEffect, send
from mocgioi.service.settings import Settings
from mocgioi.views.duty import minute
from schemas.failures import Failure
from schemas.validation import read
from sinks.postgres.engine import Engine
from sinks.query.attention import class_of, duty_state_of, is_recorded
from sinks.query.incidents import incident_shown
from sinks.query.shown import Shown, in_hanoi
from sinks.record.audit import AuditEntry, append, typed
from sinks.record.turns import alone_with

Act = Literal["acknowledged", "assigned", "noted", "handed_over"]

_RECORDED_WITHIN_S = 3.0
_POLL_S = 0.05


class OutOfScope(Failure):
    """The user may only look, or does not see this incident."""

    code = "out_of_scope"


class Closed(Failure):
    """The incident is retracted: nobody acts on it any more."""

    code = "closed"


class BadAct(Failure):
    """What the act says cannot be. Names the field and what it needs."""

    code = "value"


class Acknowledgement(NamedTuple):
    """Who took note of an incident first, and when."""

    by: str
    at: datetime


class Acted(NamedTuple):
    """What became of an act."""

    subject: str
    event_id: str | None
    """None: there was nothing to do, somebody had acknowledged it before."""
    already: Acknowledgement | None = None
    is_recorded: bool = True
    """Else it is published, and the workers have not recorded it yet."""

    @property
    def sentence(self) -> str:
        """The same for people."""
        if self.already is not None:
            by, at = self.already
            return (
                f"{self.subject}: {by} đã nhận lúc {minute(in_hanoi(at))}, không ghi thêm · acknowledged before by {by}, nothing recorded"
            )
        if self.is_recorded:
            return f"{self.subject}: đã ghi · recorded: {self.event_id}"
        return f"{self.subject}: đã gửi, đang chờ ghi · published, not recorded yet: {self.event_id}"

    @property
    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        already = None if self.already is None else {"by": self.already.by, "at": in_hanoi(self.already.at)}
        return {"incident": self.subject, "event": self.event_id, "recorded": self.is_recorded, "already": already}


class Given(TypedDict, total=False):
    """What an act says."""

    to: str | None
    """The login of who is to see to it."""
    due: datetime | None
    """By when."""
    note: str | None
    seen_as: str | None
    """The class of the incident on the page where it was acknowledged; None: as the record has it."""


def act_as(settings: Settings, login: str, kind: Act, subject: str, **given: Unpack[Given]) -> Acted:
    """Do it as the user of a login, as `act` does. Raises `NoSuchUser` too."""
    with record_engine(settings) as engine:
        return act(settings, acting_user(engine, login, kind, subject), kind, subject, **given)


def act(settings: Settings, user: User, kind: Act, subject: str, **given: Unpack[Given]) -> Acted:
    """Do it.

    Raises `NoSuchIncident`, `OutOfScope`, `Closed`, `BadAct`, `NoSuchUser`, and what `send` raises. An incident is acknowledged once, and once
    more where it became flash since: else nothing is sent and the first is named.
    """
    with record_engine(settings) as engine, _audited(engine, user.login, kind, subject), alone_with(engine, subject):
        shown = _incident_of(engine, user, subject)
        data = _data(engine, user, kind, shown, **given)
        before = duty_state_of(engine, subject)
        if kind == "acknowledged" and before.acknowledged_at is not None and before.acknowledged_by is not None:
            return Acted(subject, None, Acknowledgement(before.acknowledged_by, before.acknowledged_at))
        about = [read(event["body"].encode()) for event in shown["events"]]
        sent = send(settings, f"duty.{kind}", user.office, data, about=about)
        return Acted(subject, sent.event_id, is_recorded=sent.is_recorded or _comes_into_record(engine, subject, sent.event_id))


def acting_user(engine: Engine, login: str, kind: Act, subject: str | None = None) -> User:
    """The user of a login who wants to act. Raises `NoSuchUser`, which leaves a row in the audit too."""
    with _audited(engine, login, kind, subject):
        return _user(engine, login)


def _incident_of(engine: Engine, user: User, subject: str) -> Shown:
    shown = incident_shown(engine, subject)
    if shown is None:
        raise NoSuchIncident(subject)
    if not user.may_act:
        raise OutOfScope(f"{user.login}: chỉ được xem · may only look, not act")
    if not user.sees(shown["province"]):
        raise OutOfScope(f"{subject}: không thuộc tỉnh của · is not of the province of {user.login}")
    if shown["retracted"]:
        raise Closed(f"{subject}: đã rút, không xử lý nữa · retracted, nothing more is done about it")
    return shown


def _data(engine: Engine, user: User, kind: Act, shown: Shown, **given: Unpack[Given]) -> dict[str, Any]:
    """The data of the event. Raises `BadAct` and `NoSuchUser`."""
    to, due, note = given.get("to"), given.get("due"), given.get("note")
    data: dict[str, Any] = {"by": user.login, "by_office": user.office}
    if kind == "acknowledged":
        data["seen_as"] = given.get("seen_as") or class_of(engine, shown["incident"]) or "other"
    if kind in ("assigned", "handed_over"):
        if to is None:
            raise BadAct("to: cần tên đăng nhập của người nhận · needs the login of who is to see to it")
        receiver = _user(engine, to)
        if not (receiver.may_act and receiver.sees(shown["province"])):
            raise BadAct(f"to: {to} chỉ được xem, hoặc không phụ trách tỉnh này · may only look, or does not see this province")
        data |= {"to": receiver.login, "to_office": receiver.office}
    if due is not None:
        if due <= datetime.now(HANOI):
            raise BadAct(f"due: {due.isoformat(timespec='minutes')} đã qua · is over")
        data["due"] = due.isoformat()
    if note is not None and note.strip():
        data["note"] = note.strip()
    elif kind == "noted":
        raise BadAct("note: cần nội dung · needs a text")
    return data


def _user(engine: Engine, login: str) -> User:
    user = users.user(engine, login)
    if user is None:
        raise NoSuchUser(login)
    return user


@contextmanager
def _audited(engine: Engine, login: str, kind: Act, subject: str | None) -> Iterator[None]:
    """Keep in the audit what is refused."""
    try:
        yield
    except (NoSuchUser, NoSuchIncident, OutOfScope, Closed, BadAct, Refused, WithoutEffect) as refusal:
        about = None if subject is None else typed(subject)
        append(engine, [AuditEntry(datetime.now(HANOI), typed(login), refusal.code, about, f"duty.{kind}")])
        raise


def _comes_into_record(engine: Engine, subject: str, event_id: str) -> bool:
    """Wait a little for the workers to record a published event; whether they did."""
    ends = time.monotonic() + _RECORDED_WITHIN_S
    while not is_recorded(engine, subject, event_id):
        if time.monotonic() > ends:
            return False
        time.sleep(_POLL_S)
    return True
