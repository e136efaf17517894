"""The line as a strip from west to east, as a pure function of the register and of counts: where bands, gates and marks stand on it.

Markers stand at even distances by their main number, whatever lies between them on the ground: the line has coordinates for few of them, and
an officer looks for a number. So a place `x` is a percentage of the strip's width. A gate without a known marker has no place and is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import NamedTuple

from border.marker_points import LAST_MAIN, MAX_AUX
from border.places import Gate, Province, gates, marker_ranges, province_name, province_on
from schemas.codebook import Side

_SLOTS = 60
"""A mark stands for one slot of the strip: as many markers as fit its width at this many slots."""
_LABELS = 14
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
_NAME_WIDTH = 0.62
"""Percent of the strip that a letter takes where the strip is as narrow as names are shown at all."""


class Lane(StrEnum):
    """Where a mark stands: China's acts above the line, Việt Nam's below, all others on it."""

    ABOVE = "above"
    ON = "on"
    BELOW = "below"


class Weight(IntEnum):
    """How much a mark weighs; the names are those of the marks in the drawing."""

    OTHER = 0
    NEEDS_FACTS = 1
    BREACH = 2
    FLASH = 3


class Spot(NamedTuple):
    """How many incidents of one weight and side lie at a main marker."""

    main: int
    side: Side | None
    weight: Weight
    incidents: int
    subject: str
    """One of them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The main markers that are shown, both ends included."""

    first: int = 0
    last: int = LAST_MAIN

    def x(self, at: float) -> float:
        """Where a marker stands, in percent of the width: in the middle of its cell."""
        return round((at - self.first + 0.5) / len(self) * 100, 2)

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int | float) and self.first <= at <= self.last

    @property
    def slot(self) -> int:
        """How many markers one slot holds."""
        return -(-len(self) // _SLOTS)

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole line."""
        return (self.first, self.last) == (0, LAST_MAIN)

    def moved(self, by: float) -> "Stretch":
        """The stretch of the same length that begins so many lengths further east, as far as the line goes."""
        first = min(max(self.first + round(by * len(self)), 0), LAST_MAIN - len(self) + 1)
        return Stretch(first, first + len(self) - 1)


class Band(NamedTuple):
    """A part of the strip that sources give to a province, or to none (`province` is None)."""

    province: Province | None
    name: str
    stretch: Stretch
    """The whole of it, also where only a part is shown."""
    x: float
    width: float

    @property
    def has_room(self) -> bool:
        """Whether its name fits."""
        return self.width > len(self.name) * _NAME_WIDTH


class Tick(NamedTuple):
    """A marker's number on the scale."""

    x: float
    main: int


class GateTick(NamedTuple):
    """A gate on the line."""

    x: float
    gate: Gate
    has_room: bool
    """Whether its name can stand beside it."""


class Mark(NamedTuple):
    """The incidents of one weight in one slot of a lane."""

    x: float
    lane: Lane
    level: int
    """0 for the mark nearest to the line; those of less weight stand behind."""
    weight: Weight
    incidents: int
    stretch: Stretch
    """The slot."""
    subject: str | None
    """The incident, where it is one."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of the line, ready to be drawn."""

    stretch: Stretch
    bands: Sequence[Band]
    ticks: Sequence[Tick]
    gates: Sequence[GateTick]
    marks: Sequence[Mark]


def strip(stretch: Stretch, on: date, spots: Iterable[Spot]) -> Strip:
    """The strip of a stretch with the incidents of `spots`, and the provinces of a day."""
    return Strip(stretch, list(bands(stretch, on)), list(_ticks(stretch)), list(_gate_ticks(stretch, on)), list(_marks(stretch, spots)))


def bands(stretch: Stretch, on: date) -> Iterator[Band]:
    """The provinces of a stretch from west to east, and between them what no source gives to any."""
    seen_to = -1
    for row in sorted((row for row in marker_ranges() if row.valid.holds(on)), key=lambda row: row.first):
        yield from _band(stretch, None, "chưa rõ", Stretch(seen_to + 1, row.first[0] - 1))
        province = province_on(row.province, on)
        yield from _band(stretch, province, province_name(province), Stretch(row.first[0], row.last[0]))
        seen_to = row.last[0]
    yield from _band(stretch, None, "chưa rõ", Stretch(seen_to + 1, LAST_MAIN))


def _band(shown: Stretch, province: Province | None, name: str, whole: Stretch) -> Iterator[Band]:
    first, last = max(whole.first, shown.first), min(whole.last, shown.last)
    if first <= last:
        start = shown.x(first - 0.5)
        yield Band(province, name, whole, start, round(shown.x(last + 0.5) - start, 2))


def _ticks(stretch: Stretch) -> Iterator[Tick]:
    step = next((step for step in _STEPS if len(stretch) / step <= _LABELS), _STEPS[-1])
    for main in range(-(-stretch.first // step) * step, stretch.last + 1, step):
        yield Tick(stretch.x(main), main)


def _gate_ticks(stretch: Stretch, on: date) -> Iterator[GateTick]:
    """The gates of a stretch. Where names would cover each other, that of a gate goes before that of a road which belongs to one."""
    shown = [gate for gate in gates().values() if gate.markers and gate.valid.holds(on) and _place_of(gate) in stretch]
    named: list[tuple[float, float]] = []
    for gate in sorted(shown, key=lambda gate: (gate.parent is not None, _place_of(gate))):
        x, half = stretch.x(_place_of(gate)), len(gate.name) * _NAME_WIDTH / 2
        has_room = x - half >= 0 and x + half <= 100 and all(x + half < left or right < x - half for left, right in named)
        if has_room:
            named.append((x - half, x + half))
        yield GateTick(x, gate, has_room)


def _place_of(gate: Gate) -> float:
    """Where its first marker stands on the scale of main numbers: an auxiliary one lies between two of them."""
    main, aux, _ = gate.markers[0].start.position
    return main + aux / (MAX_AUX + 1)


def _marks(stretch: Stretch, spots: Iterable[Spot]) -> Iterator[Mark]:
    slots: defaultdict[tuple[int, Lane], list[Spot]] = defaultdict(list)
    for spot in spots:
        if spot.main in stretch:
            slots[(spot.main - stretch.first) // stretch.slot, _lane(spot.side)].append(spot)
    for (slot, lane), group in sorted(slots.items()):
        first = stretch.first + slot * stretch.slot
        covered = Stretch(first, min(first + stretch.slot - 1, stretch.last))
        x = stretch.x((covered.first + covered.last) / 2)
        # On the line there is room for one mark, of what weighs most.
        stacked = [max(spot.weight for spot in group)] if lane is Lane.ON else sorted({spot.weight for spot in group}, reverse=True)
        for level, weight in enumerate(stacked):
            of_mark = group if lane is Lane.ON else [spot for spot in group if spot.weight is weight]
            incidents = sum(spot.incidents for spot in of_mark)
            yield Mark(x, lane, level, weight, incidents, covered, of_mark[0].subject if incidents == 1 else None)


def _lane(side: Side | None) -> Lane:
    return {Side.CN: Lane.ABOVE, Side.VN: Lane.BELOW}.get(side, Lane.ON) if side is not None else Lane.ON
