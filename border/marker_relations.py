"""How two parts of the line lie to each other, as spans.

A part of the line is what some items cover, ends included: spans, sorted and merged (`covered`). Posts of one number are the same place.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from border.marker_points import LAST_MAIN, Item, Position, Span

Covered = tuple[Span, ...]


class Relation(StrEnum):
    """The position of one place relative to another."""

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


def covered(items: Iterable[Item]) -> Covered:
    """The part of the line these items cover."""
    return _merged(item.span for item in items)


def relation_of(a: Covered, b: Covered) -> Related:
    """How `a` lies to `b`.

    A mark at a section's end is within it; sections that share only an end touch. Of lists: `contains` where every item of `b` is within
    what `a` covers; `overlaps` where only some of it is common. Raises `ValueError` for lists that interleave.
    """
    if a == b:
        return Related(Relation.SAME, 0)
    if contains(a, b):
        return Related(Relation.CONTAINS, 0)
    if contains(b, a):
        return Related(Relation.WITHIN, 0)
    if meets(a, b):
        return Related(Relation.TOUCHES if touches(a, b) else Relation.OVERLAPS, 0)
    along = tuple(sorted(a + b))
    if along == a + b:
        return Related(Relation.BEFORE, gap(a, b))
    if along == b + a:
        return Related(Relation.AFTER, gap(a, b))
    raise ValueError("hai danh sách mốc xen kẽ nhau: hãy so từng mốc hoặc từng đoạn")


def contains(a: Covered, b: Covered) -> bool:
    """Whether all of `b` is within what `a` covers. Every part contains itself."""
    return all(any(left <= start and end <= right for left, right in a) for start, end in b)


def meets(a: Covered, b: Covered) -> bool:
    """Whether they have anything in common."""
    return any(_common(a, b))


def overlaps(a: Covered, b: Covered) -> bool:
    """Whether they have more in common than the ends of two sections."""
    return meets(a, b) and not touches(a, b)


def touches(a: Covered, b: Covered) -> bool:
    """Whether they have nothing in common but the ends of two sections."""
    common = list(_common(a, b))
    return bool(common) and all(x[0] < x[1] and y[0] < y[1] and (x[1] == y[0] or y[1] == x[0]) for x, y in common)


def gap(a: Covered, b: Covered) -> int:
    """How many main markers lie strictly between them where they come nearest; 0 where they meet."""
    if meets(a, b):
        return 0
    pairs = (sorted(pair) for pair in product(a, b))
    return min(_mains_between(west[1], east[0]) for west, east in pairs)


def near(a: Covered, b: Covered, k: int) -> bool:
    """Whether one reaches the other by going on to the `k`-th main marker at most; with `k` 0, whether they meet."""
    return meets(a, b) or gap(a, b) < k


def neighbourhood(place: Covered, k: int) -> Covered:
    """The place and all of the line as far as the `k`-th main marker on either side, or the line's end."""
    return _merged((_west(start, k), _east(end, k)) for start, end in place)


def _merged(spans: Iterable[Span]) -> Covered:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _west(at: Position, k: int) -> Position:
    nearest = at[0] if at > (at[0], 0, 0) else at[0] - 1
    return min(at, (max(nearest - k + 1, 0), 0, 0)) if k else at


def _east(at: Position, k: int) -> Position:
    nearest = at[0] if at < (at[0], 0, 0) else at[0] + 1
    return max(at, (min(nearest + k - 1, LAST_MAIN), 0, 0)) if k else at


def _common(a: Covered, b: Covered) -> Iterable[tuple[Span, Span]]:
    return ((x, y) for x, y in product(a, b) if x[0] <= y[1] and y[0] <= x[1])


def _mains_between(west: Position, east: Position) -> int:
    """Main markers strictly between two positions."""
    first = west[0] + 1 if west >= (west[0], 0, 0) else west[0]
    last = east[0] - 1 if east <= (east[0], 0, 0) else east[0]
    return last - first + 1
