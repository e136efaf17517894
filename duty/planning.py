"""Which incident alerts stand at a moment: a pure function of what the record says needs a person, and of who is on duty.

Four classes wake a person: `flash` and `breach` at once, `needs_facts` after a day, `deadline` when the time that an office has set is over. What
is old wakes nobody, so that a replay, a restored database or a first start does not: an alert begins within `wake` of its reason, and a
deadline apart, only for news: what no import brought, and its post reported within `known` of knowing it. An alert that has begun stands until a
person acknowledges the incident, or the record no longer gives a reason; one of a deadline, until an officer does something about the incident.

The record's functions `is_news` and `wakes` say the same in SQL, for all that must not need this program; a test holds them equal.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from border.provinces import Province, province_name
from border.vietnam import HANOI
from duty.roster import Person, Roster
from schemas.codebook import KIND_LABELS, SIDE_LABELS, Labels

AlertClass = Literal["flash", "breach", "needs_facts", "deadline"]

INCIDENT_ALERT = "BorderIncident"
_A_DAY = timedelta(days=1)


class Candidate(NamedTuple):
    """An incident that needs a person, as the view `attention` has it."""

    subject: str
    alert_class: Literal["flash", "breach", "needs_facts"]
    kind: str
    side: str
    province: str | None
    markers: Sequence[str]
    gate: str | None
    occurred_start: datetime | None
    reporter: str
    received_at: datetime
    known_at: datetime | None
    via: str | None
    reported_at: datetime
    acknowledged_at: datetime | None
    outgrown_by: str | None
    """Who had acknowledged it when it was less than the flash incident that it is now."""
    due: datetime | None
    acted_at: datetime | None
    """When an officer last did anything about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConfig:
    """What a plan is made by."""

    wake: timedelta = timedelta(hours=24)
    """An alert begins within so long of its reason, or never."""
    known: timedelta = timedelta(days=7)
    """Only what a post has known for no longer when it reports it wakes a person."""
    escalate: timedelta = timedelta(minutes=15)
    """The alert goes to the next on duty as well after so long."""
    roster: Roster | None = None
    public_url: str = ""
    """The address of the officers' pages."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. Its labels are what it is: Alertmanager takes other labels for another alert."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    since: datetime

    @property
    def identity(self) -> frozenset[tuple[str, str]]:
        """What Alertmanager knows it by."""
        return frozenset(self.labels.items())


class Reason(NamedTuple):
    """Why an incident needs a person, and since when."""

    alert_class: AlertClass
    since: datetime


def plan(
    rows: Iterable[Candidate], now: datetime, config: PlanConfig, standing: Collection[tuple[str | None, str]] = frozenset()
) -> list[Alert]:
    """The alerts that stand now. `standing`: the incidents, each with a class, whose alerts have begun."""
    return [
        _alert(row, reason, level, since, person, config.public_url)
        for row in rows
        for reason in _reasons(row, now, config, standing)
        for level, (since, person) in enumerate(_addressees(row, reason, now, config))
    ]


def _reasons(row: Candidate, now: datetime, config: PlanConfig, standing: Collection[tuple[str | None, str]]) -> Iterator[Reason]:
    """Why an incident needs a person now."""
    if row.via == "import":
        return
    received = min(row.received_at, now)  # a door whose clock is ahead delays no alert
    is_news = row.known_at is None or row.reported_at - row.known_at <= config.known
    reasons = []
    if row.acknowledged_at is None:
        reasons.append((Reason(row.alert_class, received + (_A_DAY if row.alert_class == "needs_facts" else timedelta())), is_news))
    if row.due is not None and (row.acted_at is None or row.acted_at < row.due):
        reasons.append((Reason("deadline", row.due), True))
    for reason, may_begin in reasons:
        has_begun = (row.subject, reason.alert_class) in standing
        if reason.since <= now and (has_begun or (may_begin and now - reason.since <= config.wake)):
            yield reason


def _addressees(row: Candidate, reason: Reason, now: datetime, config: PlanConfig) -> Iterator[tuple[datetime, Person | None]]:
    """Whom it has gone to by now, and when to each first.

    At each interval it goes to the first of those then on duty who has not had it. After a day everybody of the roster has.
    """
    if config.roster is None:
        yield reason.since, None
        return
    addresses: set[str] = set()
    at = reason.since
    while at <= min(now, reason.since + _A_DAY):
        person = next((person for person in config.roster.chain(at, row.province) if person.address not in addresses), None)
        if person is not None:
            addresses.add(person.address)
            yield at, person
        at += config.escalate


def _alert(row: Candidate, reason: Reason, level: int, since: datetime, person: Person | None, public_url: str) -> Alert:
    severity = "critical" if reason.alert_class == "flash" else "warning"
    labels = {
        "alertname": INCIDENT_ALERT,
        "severity": severity,
        "class": reason.alert_class,
        "incident": row.subject,
        "kind": row.kind,
        "side": row.side,
        "province": row.province,
        "level": str(level),
        "to": person and person.address,
    }
    annotations = {
        "summary": f"{_title(row, reason)}: {_label(KIND_LABELS, row.kind)} tại {_place(row)}",
        "description": _description(row, reason, level, person),
        "runbook_url": f"{public_url}/runbooks/incidents#{reason.alert_class}",
        "link": f"{public_url}/duty/incidents/{row.subject}",
    }
    return Alert({name: value for name, value in labels.items() if value}, annotations, since)


_TITLES: Mapping[AlertClass, str] = {
    "flash": "KHẨN",
    "breach": "Vi phạm Hiệp định",
    "needs_facts": "Thiếu dữ kiện quá một ngày",
    "deadline": "Quá hạn xử lý",
}


def _title(row: Candidate, reason: Reason) -> str:
    title = _TITLES[reason.alert_class]
    return f"{title}, NẶNG THÊM" if reason.alert_class == "flash" and row.outgrown_by else title


def _waits_for(row: Candidate, reason: Reason) -> str:
    if reason.alert_class == "deadline":
        return f"Hạn xử lý {_moment(reason.since)} đã qua."
    if row.outgrown_by:
        return (
            f"{row.outgrown_by} đã nhận khi vụ chưa khẩn; tin mới lúc {row.received_at.astimezone(HANOI):%H:%M %d/%m/%Y}, chưa ai nhận lại."
        )
    return "Chưa ai nhận việc."


def _place(row: Candidate) -> str:
    province = province_name(Province(row.province)) if row.province in tuple(Province) else row.province or "chưa rõ tỉnh"
    place = f"mốc {', '.join(row.markers)}" if row.markers else f"cửa khẩu {row.gate}" if row.gate else "nơi chưa rõ mốc"
    return f"{place}, {province}"


def _label(labels: Labels[Any], code: str) -> str:
    """A code's Vietnamese name. One that a newer version of this program recorded is shown as it is: no alert waits for its name."""
    label = labels.get(code)
    return label.vi if label else code


def _description(row: Candidate, reason: Reason, level: int, person: Person | None) -> str:
    """What happened, who reported it and whom this goes to. Nothing in it was written freely by a post."""
    sentences = [
        f"Xảy ra {_moment(row.occurred_start)}. Phía gây ra: {_label(SIDE_LABELS, row.side)}.",
        f"{row.reporter} báo, trung tâm nhận {_moment(row.reported_at)}.",
        _waits_for(row, reason),
    ]
    if person is not None:
        sentences.append(f"Báo {person.name}{f', cấp {level}: người trước chưa nhận' if level else ''}.")
    return " ".join(sentences)


def _moment(at: datetime | None) -> str:
    return f"lúc {at.astimezone(HANOI):%H:%M %d/%m/%Y}" if at else "chưa rõ lúc nào"
