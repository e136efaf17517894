"""Boundary markers of the line Việt Nam – Trung Quốc: what a text names, and how two places lie to each other.

A place is read by `parse` and compared by `relate`. Positions are ordered by main number, auxiliary number and offset; the post of a
double or triple marker is an attribute of a place, never its order, and says nothing about a side (`domain.md` section 3.2).
"""

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypedDict

from schemas.marker_text import Unclear, read

Position = tuple[int, int, int]
Span = tuple[Position, Position]


@dataclass(frozen=True, slots=True)
class Point:
    """A mark on the line, or a spot so many metres from one."""

    main: int
    """0 (the tripoint with Laos) to 1378 (the sea), rising from west to east."""
    aux: int | None = None
    """k-th auxiliary marker after the main one."""
    post: int | None = None
    """Post of a double or triple marker."""
    offset_m: int | None = None
    """Metres from the marker, positive towards the higher numbers."""

    @property
    def position(self) -> Position:
        """Where it lies on the line: the order of points."""
        return self.main, self.aux or 0, self.offset_m or 0

    @property
    def canonical(self) -> str:
        """As `parse` reads it back."""
        aux = "" if self.aux is None else f"/{self.aux}"
        post = "" if self.post is None else f"({self.post})"
        offset = "" if self.offset_m is None else f"{self.offset_m:+d}m"
        return f"{self.main}{aux}{post}{offset}"


@dataclass(frozen=True, slots=True)
class Item:
    """A point, or the section of the line between two."""

    start: Point
    end: Point | None = None

    @property
    def span(self) -> Span:
        """Its ends on the line: twice the same position for a point."""
        return self.start.position, (self.end or self.start).position

    @property
    def canonical(self) -> str:
        """As `parse` reads it back."""
        return self.start.canonical if self.end is None else f"{self.start.canonical}-{self.end.canonical}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says of markers: items, or a reason why a person must look. Never both, never neither."""

    raw: str
    items: tuple[Item, ...]
    canonical: str
    """Empty where there is a review."""
    review: str | None
    """Vietnamese."""


@functools.lru_cache(maxsize=16_384)
def parse(text: str) -> Parsed:
    """The markers a text names, each once, in its order. Raises nothing: what is unclear gets a `review` and no items."""
    try:
        spans = read(text)
    except Unclear as unclear:
        return Parsed(text, (), "", str(unclear))
    items = tuple(Item(Point(*start), None if end is None else Point(*end)) for start, end in spans)
    return Parsed(text, items, ", ".join(item.canonical for item in items), None)


class Relation(StrEnum):
    """How one place lies to another."""

    SAME = "same"
    CONTAINS = "contains"
    WITHIN = "within"
    OVERLAPS = "overlaps"
    TOUCHES = "touches"
    BEFORE = "before"
    AFTER = "after"


class Related(NamedTuple):
    """A relation, and how many main markers lie strictly between the two places (0 where they meet)."""

    relation: Relation
    gap: int


def relate(a: str, b: str) -> Related:
    """How the place `a` lies to the place `b`, both as texts.

    A place is the part of the line its items cover, ends included. Posts of one number are the same place; a mark at a section's end is
    within it; sections that share only an end touch. Of lists: `contains` where every item of `b` is within what `a` covers; `overlaps`
    where only some of it is common. Raises `ValueError` with a Vietnamese reason for a text under review, and for lists that interleave.
    """
    return relation_of(_covered(a), _covered(b))


def relation_of(a: tuple[Span, ...], b: tuple[Span, ...]) -> Related:
    """`relate` for spans, sorted and merged. Raises `ValueError` for lists that interleave."""
    if a == b:
        return Related(Relation.SAME, 0)
    if all(any(left <= start and end <= right for left, right in a) for start, end in b):
        return Related(Relation.CONTAINS, 0)
    if all(any(left <= start and end <= right for left, right in b) for start, end in a):
        return Related(Relation.WITHIN, 0)
    common = [(x, y) for x in a for y in b if x[0] <= y[1] and y[0] <= x[1]]
    if common:
        only_ends = all(_meet_at_an_end(x, y) for x, y in common)
        return Related(Relation.TOUCHES if only_ends else Relation.OVERLAPS, 0)
    if a[-1][1] < b[0][0]:
        return Related(Relation.BEFORE, _mains_between(a[-1][1], b[0][0]))
    if b[-1][1] < a[0][0]:
        return Related(Relation.AFTER, _mains_between(b[-1][1], a[0][0]))
    raise ValueError("hai danh sách mốc xen kẽ nhau: hãy so từng mốc hoặc từng đoạn")


def _covered(text: str) -> tuple[Span, ...]:
    parsed = parse(text)
    if parsed.review is not None:
        raise ValueError(f"{text!r}: {parsed.review}")
    merged: list[Span] = []
    for start, end in sorted(item.span for item in parsed.items):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _meet_at_an_end(x: Span, y: Span) -> bool:
    return x[0] < x[1] and y[0] < y[1] and (x[1] == y[0] or y[1] == x[0])


def _mains_between(west: Position, east: Position) -> int:
    """Main markers strictly between two positions."""
    first = west[0] + 1 if west >= (west[0], 0, 0) else west[0]
    last = east[0] - 1 if east <= (east[0], 0, 0) else east[0]
    return max(0, last - first + 1)


class PointJson(TypedDict):
    """A point as the command prints it."""

    main: int
    aux: int | None
    post: int | None
    offset_m: int | None


ItemJson = TypedDict("ItemJson", {"from": PointJson, "to": PointJson | None, "canonical": str})


class ParsedJson(TypedDict):
    """A reading as `mocgioi marker parse --json` prints it."""

    raw: str
    items: list[ItemJson]
    canonical: str
    review: str | None


def as_json(parsed: Parsed) -> ParsedJson:
    """The reading in the shape of `design.md` section 5."""
    items: list[ItemJson] = [
        {"from": _point_json(item.start), "to": None if item.end is None else _point_json(item.end), "canonical": item.canonical}
        for item in parsed.items
    ]
    return {"raw": parsed.raw, "items": items, "canonical": parsed.canonical, "review": parsed.review}


def _point_json(point: Point) -> PointJson:
    return {"main": point.main, "aux": point.aux, "post": point.post, "offset_m": point.offset_m}
