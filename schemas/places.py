"""Provinces, gates and posts: tables in `schemas/data` that a person can edit, and what is looked up in them.

A province is that of the day: a row names the province it was written for, and `provinces.csv` says who succeeded it and when.
Validity is half-open, `valid_from <= day < valid_to`; an empty date is open.
"""

import csv
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources

from schemas.markers import Item, Position, parse
from schemas.problems import nearest


class Province(StrEnum):
    """A province's code, for ever: the code of a merged province stays for its time."""

    LANG_SON = "lang-son"
    CAO_BANG = "cao-bang"
    QUANG_NINH = "quang-ninh"
    HA_GIANG = "ha-giang"
    TUYEN_QUANG = "tuyen-quang"
    LAO_CAI = "lao-cai"
    LAI_CHAU = "lai-chau"
    DIEN_BIEN = "dien-bien"
    QUANG_NGAI = "quang-ngai"


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A province and, where it has ended, its successor."""

    name: str
    valid_from: date | None
    valid_to: date | None
    successor: Province | None


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate pair, opening or cargo road."""

    slug: str
    name: str
    """Of the Vietnamese side."""
    name_cn_side: str
    """Of the Chinese side, in Vietnamese; empty where not known."""
    chinese: str
    province: Province
    gate_class: str
    """international, main, bilateral, planned (on the list of pairs to be opened), clearance_route, cargo_road or opening."""
    parent: str | None
    """The gate a clearance route or cargo road belongs to."""
    markers: tuple[Item, ...]

    @property
    def label(self) -> str:
        """Tân Thanh - Pò Chài."""
        return f"{self.name} - {self.name_cn_side}" if self.name_cn_side else self.name


@dataclass(frozen=True, slots=True)
class Post:
    """A border-guard post that published sources name."""

    slug: str
    name: str
    province: Province


@dataclass(frozen=True, slots=True)
class MarkerRange:
    """A stretch known to be a province's. What lies between two stretches is known of neither."""

    province: Province
    first: Position
    last: Position
    valid_from: date | None
    valid_to: date | None


def known_gate(slug: str) -> str:
    """The slug, if it is a gate's. Raises `ValueError` with a Vietnamese sentence naming the nearest ones."""
    if slug not in gates():
        raise ValueError(f"không có cửa khẩu, lối mở {slug!r}{nearest(slug, gates())}")
    return slug


def province_name(province: Province) -> str:
    """What people call it."""
    return provinces()[province].name


def province_on(province: Province, on: date) -> Province:
    """The province that has this one's territory on a day: Hà Giang's is Tuyên Quang's from 01/7/2025."""
    row = provinces()[province]
    if row.successor is not None and row.valid_to is not None and on >= row.valid_to:
        return province_on(row.successor, on)
    return province


def province_of_marker(items: Iterable[Item], on: date) -> Province | None:
    """The one province all of these lie in on a day. None where that is not known, or where they lie in several."""
    found = {_province_of(item, on) for item in items}
    return found.pop() if len(found) == 1 else None


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
def provinces() -> Mapping[Province, ProvinceRow]:
    """All provinces, by code."""
    return {
        Province(row["slug"]): ProvinceRow(
            name=row["name"],
            valid_from=_date(row["valid_from"]),
            valid_to=_date(row["valid_to"]),
            successor=Province(row["successor"]) if row["successor"] else None,
        )
        for row in table("provinces.csv")
    }


@functools.cache
def gates() -> Mapping[str, Gate]:
    """All gates, by slug: those closed again too, since events of their time may still come."""
    return {
        row["slug"]: Gate(
            slug=row["slug"],
            name=row["name"],
            name_cn_side=row["name_cn_side"],
            chinese=row["chinese"],
            province=Province(row["province"]),
            gate_class=row["class"],
            parent=row["parent"] or None,
            markers=_items(row["markers"]),
        )
        for row in table("gates.csv")
    }


@functools.cache
def posts() -> Mapping[str, Post]:
    """All posts, by slug."""
    return {row["slug"]: Post(row["slug"], row["name"], Province(row["province"])) for row in table("posts.csv")}


@functools.cache
def marker_ranges() -> tuple[MarkerRange, ...]:
    """All stretches, in the table's order."""
    return tuple(
        MarkerRange(
            province=Province(row["province"]),
            first=_items(row["first"])[0].start.position,
            last=_items(row["last"])[0].start.position,
            valid_from=_date(row["valid_from"]),
            valid_to=_date(row["valid_to"]),
        )
        for row in table("marker_ranges.csv")
    )


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table in `schemas/data`."""
    return list(csv.DictReader(resources.files("schemas").joinpath("data", name).read_text(encoding="utf-8").splitlines()))


def _province_of(item: Item, on: date) -> Province | None:
    start, end = item.span
    for stretch in marker_ranges():
        valid = (stretch.valid_from is None or stretch.valid_from <= on) and (stretch.valid_to is None or on < stretch.valid_to)
        if valid and stretch.first <= start and end <= stretch.last:
            return province_on(stretch.province, on)
    return None


def _items(text: str) -> tuple[Item, ...]:
    if not text:
        return ()
    parsed = parse(text)
    if parsed.review is not None:
        raise ValueError(f"{text!r}: {parsed.review}")
    return parsed.items


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
