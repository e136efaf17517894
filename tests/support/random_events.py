"""Random events of posts and offices about incidents and gates, of every type: reports are tested with them."""

import random
from datetime import timedelta
from typing import Any

from tests import builders

Event = dict[str, Any]

SPEAKERS = ("/posts/tan-thanh", "/posts/chi-ma", "/posts/tra-linh", "/offices/so-ngoai-vu-lang-son")
LINE = "/offices/uy-ban-bien-gioi"
"""The office that may change every incident."""
SIDES = ("CN", "VN", "both", "third", "natural", "undetermined", "contested")
PLACES: tuple[Event, ...] = (
    {"scheme": "marker", "line": "VN-CN", "marker": "1088/2"},
    {"scheme": "marker", "line": "VN-CN", "marker": "1099-1100", "district": "Cao Lộc", "commune": "Bảo Lâm"},
    {"scheme": "marker", "line": "VN-CN", "marker": "mốc 736, 740", "province": "cao-bang"},
    {"scheme": "marker", "line": "VN-LA", "marker": "460"},
    {"scheme": "gate", "gate": "Pò Chài"},
    {"scheme": "gate", "gate": "ta-lung", "district": "Quảng Hòa"},
    {"scheme": "area", "area": "Bảo Lạc"},
    {"scheme": "area", "province": "lang-son", "commune": "Bảo Lâm"},
    {"scheme": "sea", "area": "Hoàng Sa"},
)
KINDS: tuple[tuple[str, Event], ...] = (
    ("works", {"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new", "distance_m": 18, "agreed": False}),
    ("works", {"structure": "nhà ở", "permanent": True, "change": "new"}),
    ("works", {"purpose": "fence", "distance_m": 5}),
    ("crossing", {"subject": "person"}),
    ("smuggling", {"goods": "pháo nổ"}),
    ("trafficking", {}),
    ("burning", {"land_clearing": True, "distance_m": 400}),
    ("marker_damage", {"state": "moved"}),
    ("blasting", {"distance_m": 100, "notice_hours": 50}),
    ("sea_obstruction", {"act": "rammed"}),
    ("sea_obstruction", {}),
    ("letter", {}),
    ("patrol", {}),
)
GATES = ("tan-thanh", "Tân Thanh", "Pò Chài", "浦寨", "huu-nghi", "Hữu Nghị Quan", "ta-lung")


class RandomEvents:
    """Events of the devices of one seed; each device has a sequence of its own."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._numbers: dict[str, int] = {}
        self._seed = seed

    def events(self, incidents: int, crossings: int) -> list[Event]:
        """Events in the order of a bad line: corrections before the events they correct, updates before reports."""
        events = [event for number in range(incidents) for event in self._incident(f"inc-{self._seed}-{number}")]
        events += [event for _ in range(crossings) for event in self._crossing()]
        self.chance.shuffle(events)
        return events

    def _event(self, kind: str, data: Event, **changes: Any) -> Event:
        source = changes.setdefault("source", f"{self.chance.choice(SPEAKERS)}/d{self._seed}")
        number = self._numbers[source] = self._numbers.get(source, 0) + 1
        return builders.envelope(kind, data, id=f"{self._seed}-{number}", sequence=str(number), **changes)

    def _moment(self, days: float = 45) -> Any:
        return builders.NOON - timedelta(hours=self.chance.randrange(1, int(days * 24)))

    def _incident(self, subject: str) -> list[Event]:
        chance = self.chance
        occurred = self._moment()
        kind, facts = chance.choice(KINDS)
        data = {
            "kind": kind,
            "status": chance.choice(("actual", "actual", "actual", "exercise")),
            "occurred": {"start": occurred.isoformat(), "precision": chance.choice(("minute", "hour", "night", "day", "month"))},
            "place": chance.choice(PLACES),
            "side": chance.choice(SIDES),
            "facts": facts,
            "measures": self._measures(),
        }
        time = occurred + timedelta(minutes=chance.randrange(1, 3000))
        reporter = f"{chance.choice(SPEAKERS)}/d{self._seed}"
        report = self._event("incident.reported", data, subject=subject, time=time.isoformat(), source=reporter)
        events = [] if chance.random() < 0.05 else [report]
        for _ in range(chance.choice((0, 0, 1, 2, 4))):
            time += timedelta(minutes=chance.randrange(-60, 600))
            time = max(time, builders.NOON - timedelta(hours=1)) if chance.random() < 0.3 else max(time, occurred + timedelta(minutes=1))
            events.append(self._more(subject, time, kind, facts, reporter))
        return events

    def _more(self, subject: str, time: Any, kind: str, facts: Event, reporter: str) -> Event:
        """A later event about an incident, from its reporter, an office, or now and then a stranger."""
        chance = self.chance
        choices: list[tuple[str, Event]] = [
            ("incident.updated", {"reason": "bổ sung", "side": chance.choice(SIDES)}),
            ("incident.updated", {"reason": "bổ sung", "measures": self._measures()}),
            ("incident.updated", {"reason": "bổ sung", "place": chance.choice(PLACES)}),
            ("incident.updated", {"reason": "bổ sung", "kind": kind, "facts": dict.fromkeys(list(facts)[:1])}),
            ("incident.updated", {"reason": "đính chính", "occurred": {"start": self._before(time).isoformat(), "precision": "hour"}}),
            ("incident.retracted", {"reason": "báo nhầm"}),
            ("incident.reinstated", {"reason": "rút nhầm"}),
            ("incident.assessed", self._finding()),
            ("incident.assessed", self._finding()),
        ]
        kind_of_event, data = chance.choice(choices)
        source = f"{LINE}/d{self._seed}" if kind_of_event.endswith(("assessed", "reinstated")) else reporter
        stranger = {} if chance.random() < 0.2 else {"source": source}
        return self._event(kind_of_event, data, subject=subject, time=time.isoformat(), **stranger)

    def _before(self, time: Any) -> Any:
        return time - timedelta(hours=self.chance.randrange(1, 24 * 40))

    def _finding(self) -> Event:
        chance = self.chance
        finding: Event = {"reason": "kết luận sau khảo sát", "by_office": "so-ngoai-vu-lang-son"}
        if chance.random() < 0.7:
            finding["outcome"] = chance.choice(("breach", "no_breach", "border_event", "exempt", "needs_facts", "not_applicable"))
        if chance.random() < 0.4:
            finding["side"] = chance.choice(SIDES)
        if chance.random() < 0.4:
            finding["clause"] = chance.choice(("21(1)", "15(7)"))
        if chance.random() < 0.4:
            finding["article39"] = chance.randrange(1, 17)
        return finding

    def _measures(self) -> list[Event]:
        chance = self.chance
        possible: list[Event] = [
            {"what": "persons", "n": chance.randrange(0, 9), "nationality": "CN", "of": {"women": 1, "nạn nhân": 2}},
            {"what": "persons", "n": chance.randrange(0, 9), "nationality": "VN"},
            {"what": "boats", "n": chance.randrange(1, 5)},
            {"what": "goods", "n": chance.randrange(1, 10**6) / 1000, "unit": "kg"},
            {"what": "goods", "n": 0.1, "unit": "tấn"},
            {"what": "value", "n": chance.randrange(1, 10**9)},
            {"what": "area", "n": 12.75, "unit": "ha"},
        ]
        return chance.sample(possible, chance.randrange(0, 4))

    def _crossing(self) -> list[Event]:
        chance = self.chance
        start = self._moment()
        events = [
            self._event("crossing.recorded", self._counted(start), subject="tan-thanh", time=(start + timedelta(hours=2)).isoformat())
        ]
        for _ in range(chance.choice((0, 0, 0, 1, 2, 3))):
            of = chance.choice(events)
            if chance.random() < 0.3:
                start = self._moment()
            data = self._counted(start) | {"corrects": {"source": of["source"], "id": of["id"]}}
            time = start + timedelta(hours=chance.randrange(2, 90))
            events.append(self._event("crossing.corrected", data, subject="tan-thanh", time=time.isoformat()))
        if chance.random() < 0.05:
            del events[0]
        return events

    def _counted(self, start: Any) -> Event:
        chance = self.chance
        counts: list[Event] = [
            {"what": "persons", "n": chance.randrange(0, 900), "nationality": chance.choice(("VN", "CN"))},
            {"what": "vehicles", "n": chance.randrange(0, 300)},
            {"what": "goods", "n": chance.randrange(0, 10**6) / 100, "unit": chance.choice(("tấn", "m3"))},
            {"what": "goods", "n": 0.1},
        ]
        return {
            "status": chance.choice(("actual", "actual", "actual", "test")),
            "gate": chance.choice(GATES),
            "interval": {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()},
            "direction": chance.choice(("VN-CN", "CN-VN")),
            "counts": chance.sample(counts, chance.randrange(1, 5)),
        }
