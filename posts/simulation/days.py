"""The days of a simulated post: what it reports and when, and what it means to have said in the end."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from border.provinces import Province
from posts.simulation.incidents import Data, Published, facts, report
from schemas.codebook import Kind, Side

_DAY = timedelta(days=1)
_INCIDENTS_A_DAY = 0.35
_DELAYS = (timedelta(minutes=12), timedelta(minutes=50), timedelta(hours=3), timedelta(hours=9))
"""Between the occurrence and its first report."""


@dataclass(slots=True)
class Act:
    """Something that a post sends."""

    at: datetime
    """By the true time."""
    kind: str
    subject: str
    data: Data
    not_before: datetime | None = None
    """When it occurred: validation refuses an event of before."""
    corrects: "Act | None" = None
    """The record that a correction replaces."""


@dataclass(slots=True)
class PlannedIncident:
    """An incident, as its post means to have reported it once everything has arrived."""

    subject: str
    source: str
    data: Data
    """Of the one report that would have said all of it at once."""
    retracted: bool = False


@dataclass(slots=True)
class PostPlan:
    """All that one post does."""

    acts: list[Act] = field(default_factory=list)
    incidents: list[PlannedIncident] = field(default_factory=list)
    crossings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """What passed in the end, by gate, direction and what is counted."""


@dataclass(frozen=True, slots=True)
class Post:
    """A simulated post."""

    slug: str
    source: str
    province: Province
    gate: str | None
    """The gate whose crossings it counts; no other post counts them."""


def plan(chance: random.Random, post: Post, published: Published, start: datetime, end: datetime) -> PostPlan:
    """What a post does from one midnight to another. Whatever would be later than `end` is not done."""
    planned = PostPlan()
    day = start
    while day < end:
        today = [_incident(chance, post, published, day, end, planned) for _ in range(_how_many(chance))]
        crossings = 0 if post.gate is None else _crossings(chance, post.gate, day, planned, end)
        if chance.random() < 0.95:
            counts = {"incidents": sum(today), "crossings": crossings}
            interval = {"start": day.isoformat(), "end": (day + _DAY).isoformat()}
            at = day + _DAY - timedelta(minutes=chance.randint(1, 30))
            planned.acts.append(Act(at, "post.reported", post.slug, {"status": "actual", "interval": interval, **counts}))
        day += _DAY
    planned.acts.sort(key=lambda act: act.at)
    return planned


def _how_many(chance: random.Random) -> int:
    """Incidents of a day: most days have none, a few have several."""
    return sum(chance.random() < _INCIDENTS_A_DAY / 3 for _ in range(3))


def _incident(chance: random.Random, post: Post, published: Published, day: datetime, end: datetime, planned: PostPlan) -> bool:
    """Plan an incident of a day with all that is said of it later. Returns whether it is reported in the simulated time."""
    at = day + timedelta(minutes=chance.randrange(12 * 60))
    reported_at = at + chance.choice(_DELAYS) + timedelta(seconds=chance.randrange(60))
    data = report(chance, published, post.province, at)
    subject = f"inc-sim-{chance.getrandbits(64):016x}"
    occurred = datetime.fromisoformat(data["occurred"]["start"])
    if reported_at >= end:
        return False
    incident = PlannedIncident(subject, post.source, {**data, "facts": dict(data["facts"])})
    planned.incidents.append(incident)
    planned.acts.append(Act(reported_at, "incident.reported", subject, data, occurred))
    for update_at, update in _updates(chance, Kind(data["kind"]), reported_at):
        if update_at < end:
            planned.acts.append(Act(update_at, "incident.updated", subject, update, occurred))
            _apply(incident.data, update)
            reported_at = update_at
    if chance.random() < 0.05 and (retracted_at := reported_at + _later(chance)) < end:
        planned.acts.append(Act(retracted_at, "incident.retracted", subject, {"reason": "báo nhầm"}, occurred))
        incident.retracted = True
    return True


def _updates(chance: random.Random, kind: Kind, at: datetime) -> Iterator[tuple[datetime, Data]]:
    """What becomes known later, and what was wrong."""
    if chance.random() < 0.35 and (more := facts(chance, kind, known=0.6)):
        at += _later(chance)
        yield at, {"reason": "bổ sung dữ kiện", "facts": more}
    if chance.random() < 0.1:
        at += _later(chance)
        yield at, {"reason": "đính chính phía", "side": chance.choice([Side.CN, Side.VN, Side.UNDETERMINED]).value}
    if chance.random() < 0.05 and (names := list(facts(chance, kind, known=0.5))):
        at += _later(chance)
        yield at, {"reason": "dữ kiện chưa chắc", "facts": dict.fromkeys(names)}


def _apply(data: Data, update: Data) -> None:
    """What the post has said after an update: only the plan keeps this, no code of the record is asked."""
    for name, value in update.get("facts", {}).items():
        data["facts"].pop(name, None)
        if value is not None:
            data["facts"][name] = value
    if "side" in update:
        data["side"] = update["side"]


def _crossings(chance: random.Random, gate: str, day: datetime, planned: PostPlan, end: datetime) -> int:
    """Plan the counts of a gate on a day, one record a direction; some are corrected in the next days. Returns how many records."""
    interval = {"start": (day + timedelta(hours=7)).isoformat(), "end": (day + timedelta(hours=18)).isoformat()}
    directions = ("VN-CN", "CN-VN")
    for direction in directions:
        data: Data = {"status": "actual", "gate": gate, "interval": interval, "direction": direction}
        counts = _counts(chance)
        recorded = Act(day + timedelta(hours=18, minutes=chance.randrange(5, 90)), "crossing.recorded", gate, data | {"counts": counts})
        planned.acts.append(recorded)
        if chance.random() < 0.05 and (corrected_at := recorded.at + _later(chance)) < end:
            counts = _counts(chance)
            planned.acts.append(Act(corrected_at, "crossing.corrected", gate, data | {"counts": counts}, corrects=recorded))
        for count in counts:
            planned.crossings[gate, direction, count["what"]] += count["n"]
    return len(directions)


def _counts(chance: random.Random) -> list[Data]:
    return [{"what": "persons", "n": chance.randrange(0, 2000)}, {"what": "vehicles", "n": chance.randrange(0, 400)}]


def _later(chance: random.Random) -> timedelta:
    return timedelta(minutes=chance.randrange(20, 4 * 24 * 60))
