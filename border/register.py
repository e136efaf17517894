"""The register of single markers: kind, posts and their bank, planter, coordinates, planting date; and the communes along the line.

A main number from 0 to 1378 is a marker. An auxiliary marker or a post that no source names is accepted as unverified. A bank is what a
source states of that post, never computed from its number; a planter follows from parity for single main markers alone, and is then marked as inferred
(`domain.md` sections 3.1 and 3.2).
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from border.data_tables import Validity, day, items, table, validity
from border.marker_relations import covered, meets
from border.markers import Item, Point
from border.provinces import Province

_EARTH_RADIUS_M = 6_371_008.8


class MarkerKind(StrEnum):
    """How many posts a marker has."""

    SINGLE = "single"
    DOUBLE = "double"
    TRIPLE = "triple"


class MarkerOwner(StrEnum):
    """The side on whose bank a post stands, or that planted it."""

    VN = "VN"
    CN = "CN"


class Coordinates(NamedTuple):
    """Degrees north and east, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """One post of one marker, with what sources state."""

    point: Point
    kind: MarkerKind | None
    size: str
    """large, medium, small, or empty."""
    bank: MarkerOwner | None
    planted_by: MarkerOwner | None
    """As a source states it."""
    planted: date | None
    elevation_m: float | None
    coordinates: Coordinates | None
    valid: Validity
    note: str
    source: str


class Planter(NamedTuple):
    """Who planted a marker, and so maintains it (Article 4)."""

    side: MarkerOwner
    inferred: bool
    """Inferred from the parity of its number; else a source states it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A commune and district that markers were said to lie in, by the names of before July 2025."""

    province: Province
    markers: tuple[Item, ...]
    place: str
    district: str
    valid: Validity
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class BorderLine:
    """A border line: a marker number means nothing without it."""

    slug: str
    name: str
    first: int
    last: int
    length_km: float
    source: str


def rows_of(point: Point, on: date | None = None) -> tuple[MarkerRow, ...]:
    """The rows of a marker, all its posts, that hold on a day, or at any time. Empty where no source names it."""
    rows = _markers().get((point.main, point.aux), ())
    return rows if on is None else tuple(row for row in rows if row.valid.holds(on))


def kind_of(point: Point, on: date | None = None) -> MarkerKind | None:
    """Single, double or triple. None where not seen."""
    return next((row.kind for row in rows_of(point, on) if row.kind is not None), None)


def is_verified(point: Point) -> bool:
    """Whether a source names it. A main marker needs none; a post does, and so does an auxiliary marker."""
    if point.post is not None:
        return any(row.point.post == point.post for row in rows_of(point))
    return point.aux is None or bool(rows_of(point))


def planter_of(point: Point, on: date | None = None) -> Planter | None:
    """Who planted it: as stated; else odd numbers China and even ones Việt Nam, for single main markers only. None where not known."""
    rows = [row for row in rows_of(point, on) if point.post in (None, row.point.post)]
    stated = {row.planted_by for row in rows if row.planted_by is not None}
    if len(stated) == 1:
        return Planter(stated.pop(), inferred=False)
    if point.aux is None and point.post is None and kind_of(point, on) is MarkerKind.SINGLE:
        return Planter(by_parity(point.main), inferred=True)
    return None


def by_parity(main: int) -> MarkerOwner:
    """The planter of a single main marker of this number."""
    return MarkerOwner.CN if main % 2 else MarkerOwner.VN


def coordinates_of(point: Point) -> Coordinates | None:
    """Where it stands. None where no source states it, and for a spot beside a marker."""
    if point.offset_m:
        return None
    return next((row.coordinates for row in rows_of(point) if row.point.post == point.post), None)


def distance_m(a: Point, b: Point) -> float | None:
    """Metres between two markers over the ground, as the crow flies. None unless the coordinates of both are known."""
    at, to = coordinates_of(a), coordinates_of(b)
    return None if at is None or to is None else haversine_m(at, to)


def haversine_m(a: Coordinates, b: Coordinates) -> float:
    """Metres between two points on a sphere of the Earth's mean radius."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def known_within(item: Item) -> tuple[MarkerRow, ...]:
    """The rows of all markers on a stretch, from west to east."""
    stretch = covered([item])
    return tuple(row for rows in _markers().values() for row in rows if meets(stretch, covered([Item(row.point)])))


def anchors_of(item: Item) -> tuple[Anchor, ...]:
    """The communes and districts a place meets, with the days for which those names held."""
    place = covered([item])
    return tuple(anchor for anchor in anchors() if meets(place, covered(anchor.markers)))


@functools.cache
def anchors() -> tuple[Anchor, ...]:
    """All anchors, from west to east."""
    return tuple(
        Anchor(
            province=Province(row["province"]),
            markers=items(row["markers"]),
            place=row["place"],
            district=row["district"],
            valid=validity(row),
            note=row["note"],
            source=row["source"],
        )
        for row in table("anchors.csv")
    )


@functools.cache
def lines() -> Mapping[str, BorderLine]:
    """All lines, by slug."""
    return {
        row["slug"]: BorderLine(row["slug"], row["name"], int(row["first"]), int(row["last"]), float(row["length_km"]), row["source"])
        for row in table("lines.csv")
    }


@functools.cache
def _markers() -> Mapping[tuple[int, int | None], tuple[MarkerRow, ...]]:
    """All rows by main and auxiliary number, in the table's order."""
    rows: dict[tuple[int, int | None], tuple[MarkerRow, ...]] = {}
    for row in table("markers.csv"):
        marker = _marker_row(row)
        key = marker.point.main, marker.point.aux
        rows[key] = (*rows.get(key, ()), marker)
    return rows


def _marker_row(row: Mapping[str, str]) -> MarkerRow:
    return MarkerRow(
        point=items(row["marker"])[0].start,
        kind=MarkerKind(row["kind"]) if row["kind"] else None,
        size=row["size"],
        bank=MarkerOwner(row["bank"]) if row["bank"] else None,
        planted_by=MarkerOwner(row["planted_by"]) if row["planted_by"] else None,
        planted=day(row["planted"]),
        elevation_m=float(row["elevation_m"]) if row["elevation_m"] else None,
        coordinates=Coordinates(float(row["lat"]), float(row["lon"])) if row["lat"] else None,
        valid=validity(row),
        note=row["note"],
        source=row["source"],
    )
