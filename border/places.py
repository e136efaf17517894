"""Provinces, gates, posts and stretches of the line, and the province of each on a day.

This module is the only one that others import to look up a place. A row names the province of its own days; `provinces.csv` gives the
successor and the day of succession.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from border.data_tables import Validity, items, table, validity
from border.gates import Gate, GateClass, gate_named, gates, known_gate
from border.markers import Item, Position
from border.provinces import Province, known_province, province_name, province_on, provinces

# Re-exported, so that looking a place up needs no other import.
__all__ = [
    "Gate", "GateClass", "MarkerRange", "Post", "Province", "gate_named", "gates", "known_gate", "known_province", "marker_ranges", "posts",
    "province_name", "province_of_gate", "province_of_marker", "province_of_source", "province_on", "provinces", "table",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """A border-guard post named in published sources."""

    slug: str
    name: str
    province: Province
    valid: Validity
    """The days on which it existed."""
    source: str


@dataclass(frozen=True, slots=True)
class MarkerRange:
    """A stretch that sources give to a province. Between two stretches the province is not known."""

    province: Province
    first: Position
    last: Position
    first_known_by: str
    """stated, seen or inferred: evidence, not an official end."""
    last_known_by: str
    valid: Validity
    note: str
    source: str


def province_of_marker(items: Iterable[Item], on: date) -> Province | None:
    """The one province all of these lie in on a day. None where that is not known, or where they lie in several."""
    provinces_of_items = {_province_of(item, on) for item in items}
    return provinces_of_items.pop() if len(provinces_of_items) == 1 else None


def province_of_source(source: str, on: date) -> Province | None:
    """The province of the post an event comes from (`/posts/tan-thanh/d3`) on a day. None for an office or a post not in the table."""
    match source.split("/"):
        case ["", "posts", slug, *_] if slug in posts():
            return province_on(posts()[slug].province, on)
    return None


def province_of_gate(slug: str, on: date) -> Province | None:
    """The province of a gate on a day. None for an unknown gate."""
    gate = gates().get(slug)
    return None if gate is None else province_on(gate.province, on)


@functools.cache
def posts() -> Mapping[str, Post]:
    """All posts, by slug."""
    return {
        row["slug"]: Post(row["slug"], row["name"], Province(row["province"]), validity(row), row["source"]) for row in table("posts.csv")
    }


@functools.cache
def marker_ranges() -> tuple[MarkerRange, ...]:
    """All stretches, in the table's order."""
    return tuple(
        MarkerRange(
            province=Province(row["province"]),
            first=items(row["first"])[0].start.position,
            last=items(row["last"])[0].start.position,
            first_known_by=row["first_known_by"],
            last_known_by=row["last_known_by"],
            valid=validity(row),
            note=row["note"],
            source=row["source"],
        )
        for row in table("marker_ranges.csv")
    )


def _province_of(item: Item, on: date) -> Province | None:
    start, end = item.span
    for stretch in marker_ranges():
        if stretch.valid.holds(on) and stretch.first <= start and end <= stretch.last:
            return province_on(stretch.province, on)
    return None
