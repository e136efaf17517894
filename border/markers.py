"""Boundary markers of the line Việt Nam – Trung Quốc: which a text names, and how two places lie to each other.

This module is the only one that others import to read markers. `parse` reads a place; `relate` and the functions beside it take texts, and
raise `ValueError` with a Vietnamese reason for a text under review.
"""

import functools
from collections.abc import Iterable
from typing import TypedDict

import msgspec

from border import marker_relations as relations
from border.marker_clean import read_clean
from border.marker_points import Item, Point, Position
from border.marker_relations import Related, Relation
from border.marker_text import Unclear, read

# Re-exported, so that reading markers needs no other import.
__all__ = [
    "Item", "Parsed", "Point", "Position", "Related", "Relation", "as_json", "canonical", "contains", "gap", "neighbourhood", "normalise",
    "order", "overlaps", "parse", "relate", "touches", "within",
]  # fmt: skip


class Parsed(msgspec.Struct, frozen=True):
    """A text read for markers: those that are clear, and the reason why a person must review the rest."""

    raw: str
    items: tuple[Item, ...]
    canonical: str
    review: str | None
    """Vietnamese. None where all is clear."""


@functools.lru_cache(maxsize=16_384)
def parse(text: str) -> Parsed:
    """The markers a text names, each once, in its order. What is unclear gets a `review` and hides no other; nothing is raised."""
    items = read_clean(text)
    if items is None:
        try:
            items = tuple(read(text))
        except Unclear as unclear:
            return Parsed(text, unclear.items, canonical(unclear.items), str(unclear))
    return Parsed(text, items, canonical(items), None)


def canonical(items: Iterable[Item]) -> str:
    """Items as text, which `parse` reads back the same."""
    return ", ".join([item.canonical for item in items])


def normalise(text: str) -> str:
    """A text in its canonical form. Raises `ValueError` with a Vietnamese reason for a text under review."""
    return canonical(_items(text))


def order(a: Item, b: Item) -> int:
    """-1, 0 or 1: `a` begins west of `b`, or they begin together and it ends west of it. 0 only for the same place, whatever its post."""
    return (a.span > b.span) - (a.span < b.span)


def relate(a: str, b: str) -> Related:
    """How the place `a` lies to the place `b`.

    A place is the part of the line its items cover, ends included. Posts of one number are the same place; a mark at a section's end is
    within it; sections that share only an end touch. Of lists: `contains` where every item of `b` is within what `a` covers; `overlaps`
    where only some of it is common. Raises `ValueError` for a text under review, and for lists that interleave.
    """
    return relations.relation_of(_covered(a), _covered(b))


def contains(a: str, b: str) -> bool:
    """Whether all of `b` is within what `a` covers."""
    return relations.contains(_covered(a), _covered(b))


def overlaps(a: str, b: str) -> bool:
    """Whether they have more in common than the ends of two sections."""
    return relations.overlaps(_covered(a), _covered(b))


def touches(a: str, b: str) -> bool:
    """Whether they have nothing in common but the ends of two sections."""
    return relations.touches(_covered(a), _covered(b))


def gap(a: str, b: str) -> int:
    """How many main markers lie strictly between them where they come nearest; 0 where they meet."""
    return relations.gap(_covered(a), _covered(b))


def within(a: str, b: str, k: int) -> bool:
    """Whether one reaches the other by going on to the `k`-th main marker at most; with `k` 0, whether they meet."""
    return relations.near(_covered(a), _covered(b), k)


def neighbourhood(text: str, k: int) -> str:
    """A place and all of the line as far as the `k`-th main marker on either side: `560-562` for `561` and 1."""
    wider = relations.neighbourhood(_covered(text), k)
    return canonical(Item(_point(start), None if start == end else _point(end)) for start, end in wider)


def _point(position: Position) -> Point:
    main, aux, offset_m = position
    return Point(main, aux or None, None, offset_m or None)


def _covered(text: str) -> relations.Covered:
    return relations.covered(_items(text))


def _items(text: str) -> tuple[Item, ...]:
    parsed = parse(text)
    if parsed.review is not None:
        raise ValueError(f"{text!r}: {parsed.review}")
    return parsed.items


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
