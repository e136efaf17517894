"""What happens at a simulated post: an incident drawn from the published ones, moved to the post's own stretch of the line.

Kinds, sides, directions and places so have the proportions in which they were published (`mocgioi/data/README.md`). What no source printed, as
distances and agreements, is drawn from what the codebook allows: some of it known at once, some later, some never.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from border.places import gates, marker_ranges
from border.provinces import Province
from schemas.codebook import Kind, Precision, Status
from schemas.codebook_entries import FactOfKind, facts_of

Data = dict[str, Any]

_AROUND_LIMITS = {
    "distance_m": (0, 5, 18, 25, 26, 30, 31, 60, 400, 500, 900, 1000, 1500, 2000, 2400),
    "distance_km": (0, 10, 25, 26, 40),
    "notice_hours": (0, 24, 47, 48, 72),
    "notice_days": (0, 9, 10, 14, 15, 29, 30, 60),
}
"""Numbers on both sides of every limit of the Agreement, and on it."""
_WORDS = {"structure": ("nhà ở", "hàng rào", "kè bờ suối", "đường bê tông"), "goods": ("pháo nổ", "thuốc lá", "thực phẩm đông lạnh")}
_REGIME: tuple[tuple[Kind, str, Data], ...] = (
    (Kind.WORKS, "CN", {"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new", "distance_m": 18, "agreed": False}),
    (
        Kind.WORKS,
        "VN",
        {"structure": "kè bờ suối", "purpose": "other", "permanent": True, "change": "extension", "distance_m": 30, "agreed": False},
    ),
    (Kind.RIVER_WORKS, "CN", {"structure": "kè bờ suối", "changes_course": True, "agreed": False}),
    (Kind.CLEAR_STRIP, "CN", {"activity": "trồng cây", "agreed": False}),
    (Kind.MARKER_DAMAGE, "undetermined", {"state": "damaged", "cause": "deliberate"}),
    (Kind.BLASTING, "CN", {"distance_m": 900, "notice_hours": 24}),
    (Kind.BURNING, "VN", {"distance_m": 400, "land_clearing": True}),
    (Kind.MINING, "CN", {"distance_m": 25, "agreed": False}),
    (Kind.SHOOTING, "CN", {"across": True, "purpose": "other"}),
    (Kind.CROSS_PRODUCTION, "CN", {"activity": "cultivation", "crossed": True}),
)
"""What provincial offices count as breaches, of which nobody publishes more than the total: an act with the facts that make it one."""
_REGIME_SHARE = 0.15
_PRECISIONS = (Precision.MINUTE, Precision.HOUR, Precision.NIGHT, Precision.DAY)
_TEXT = "Mô phỏng: tổ tuần tra phát hiện, lập biên bản, báo cáo theo quy định."


@dataclass(frozen=True, slots=True)
class Published:
    """The published incidents of the land border, as patterns: what is at sea is no post's."""

    patterns: tuple[Data, ...]

    @classmethod
    def of(cls, events: Sequence[Data]) -> "Published":
        """The patterns in published events, as JSON."""
        reports = [event["data"] for event in events]
        return cls(tuple(data for data in reports if data["place"]["scheme"] != "sea"))


def report(chance: random.Random, published: Published, province: Province, at: datetime) -> Data:
    """The data of a first report of something that happened at a moment in a province."""
    if chance.random() < _REGIME_SHARE:
        pattern = _of_the_regime(chance)
    else:
        pattern = chance.choice(published.patterns)
        pattern = pattern | {"facts": {**pattern.get("facts", {}), **facts(chance, Kind(pattern["kind"]), known=0.7)}}
    data = {
        "kind": pattern["kind"],
        "status": (Status.EXERCISE if chance.random() < 0.03 else Status.ACTUAL).value,
        "occurred": _occurred(chance, at),
        "place": _place(chance, pattern["place"]["scheme"], province, at.date()),
        "side": pattern["side"],
        "facts": pattern["facts"],
        "text": _TEXT,
    }
    return data | {name: pattern[name] for name in ("direction", "measures") if name in pattern}


def _of_the_regime(chance: random.Random) -> Data:
    """One of them, of which the post does not know everything at once."""
    kind, side, whole = chance.choice(_REGIME)
    known = {name: value for name, value in whole.items() if chance.random() < 0.9}
    return {"kind": kind.value, "side": side, "place": {"scheme": "marker"}, "facts": known}


def facts(chance: random.Random, kind: Kind, *, known: float) -> Data:
    """Facts of a kind, each known with a probability."""
    return {fact.entry.name: _value(chance, fact) for fact in facts_of(kind) if chance.random() < known}


def _value(chance: random.Random, fact: FactOfKind) -> Any:
    match fact.form:
        case "number":
            return chance.choice(_AROUND_LIMITS[fact.entry.name])
        case "flag":
            return chance.random() < 0.5
        case "code":
            return chance.choice(fact.values)
        case "words":
            return chance.choice(_WORDS.get(fact.entry.name, ("chưa rõ tên",)))


def _occurred(chance: random.Random, at: datetime) -> Data:
    precision = chance.choice(_PRECISIONS)
    start = at.replace(second=0, microsecond=0)
    match precision:
        case Precision.HOUR:
            start = start.replace(minute=0)
        case Precision.NIGHT:
            start = (start - timedelta(days=1)).replace(hour=18, minute=0)
        case Precision.DAY:
            start = start.replace(hour=0, minute=0)
    return {"start": start.isoformat(), "precision": precision.value}


def _place(chance: random.Random, scheme: str, province: Province, on: date) -> Data:
    near = [slug for slug, gate in gates().items() if gate.province == province and gate.valid.holds(on)]
    if scheme == "gate" and near:
        return {"scheme": "gate", "gate": chance.choice(near)}
    if scheme == "area":
        return {"scheme": "area", "province": province.value}
    return {"scheme": "marker", "line": "VN-CN", "marker": _marker(chance, province)}


def _marker(chance: random.Random, province: Province) -> str:
    """A main marker of the province, or two that are neighbours."""
    first, last = next((stretch.first[0], stretch.last[0]) for stretch in marker_ranges() if stretch.province == province)
    main = chance.randint(first, last)
    return f"{main}-{main + 1}" if main < last and chance.random() < 0.2 else str(main)
