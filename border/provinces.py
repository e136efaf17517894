"""Provinces on the line, who succeeded whom in 2025, and whom they face (Article 28 of the Agreement)."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from border.codes import Code
from border.data_tables import Validity, table, validity
from border.names import fold, nearest_of


class Province(Code):
    """A province's code, which never changes: a merged province keeps its own for its days."""

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
    has_sea: bool
    """Whether its border is, or is also, at sea."""
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Succession:
    """A name and its successor: of a province, a body or a level of administration."""

    kind: str
    """province, body or level."""
    name: str
    successor: str
    """Empty where nothing followed."""
    on: date
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A province of the other side that a province of ours faces."""

    province: Province
    slug: str
    name: str
    name_en: str
    chinese: str
    valid: Validity
    source: str


@dataclass(frozen=True, slots=True)
class OppositeUnit:
    """A prefecture or county of the other side opposite a province's stretch."""

    province: Province
    slug: str
    name: str
    chinese: str
    """Empty where not seen."""
    level: str
    """prefecture or county."""
    parent: str
    aliases: tuple[str, ...]
    note: str
    source: str


def province_name(province: Province) -> str:
    """Its Vietnamese name."""
    return provinces()[province].name


def province_on(province: Province, on: date) -> Province:
    """The province that has this one's territory on a day: Hà Giang's is Tuyên Quang's from 01/7/2025."""
    row = provinces()[province]
    if row.successor is not None and row.valid_to is not None and on >= row.valid_to:
        return province_on(row.successor, on)
    return province


def known_province(name: str) -> Province:
    """The province of a name or code, in any spelling. Raises `ValueError` with a Vietnamese sentence naming the nearest ones."""
    by_name = {fold(row.name): province for province, row in provinces().items()}
    if (province := by_name.get(fold(name))) is not None:
        return province
    shown = {key: province_name(province) for key, province in by_name.items()}
    raise ValueError(f"không có tỉnh {name[:80]!r} trên tuyến{nearest_of(name, shown)}")


@functools.cache
def provinces() -> Mapping[Province, ProvinceRow]:
    """All provinces, by code."""
    rows = {}
    for row in table("provinces.csv"):
        valid, successor = validity(row), Province(row["successor"]) if row["successor"] else None
        rows[Province(row["slug"])] = ProvinceRow(
            row["name"], valid.valid_from, valid.valid_to, successor, row["sea"] == "yes", row["note"], row["source"]
        )
    return rows


@functools.cache
def successions() -> tuple[Succession, ...]:
    """Mergers and renamings, with the successor of each."""
    return tuple(
        Succession(row["kind"], row["name"], row["successor"], date.fromisoformat(row["valid_from"]), row["note"], row["source"])
        for row in table("successions.csv")
    )


def districts_ended() -> date:
    """The first day without districts: places are a commune and a province from then on."""
    return next(each.on for each in successions() if each.kind == "level")


def counterparts(province: Province, on: date) -> tuple[Counterpart, ...]:
    """The provinces of the other side it faces on a day."""
    return tuple(each for each in _counterparts() if each.province is province and each.valid.holds(on))


def opposite_units(province: Province) -> tuple[OppositeUnit, ...]:
    """Prefectures and counties opposite a province, or opposite one that merged into it."""
    return tuple(each for each in _opposite_units() if province in (each.province, provinces()[each.province].successor))


@functools.cache
def _counterparts() -> tuple[Counterpart, ...]:
    return tuple(
        Counterpart(Province(row["province"]), row["slug"], row["name"], row["name_en"], row["chinese"], validity(row), row["source"])
        for row in table("counterparts.csv")
    )


@functools.cache
def _opposite_units() -> tuple[OppositeUnit, ...]:
    return tuple(
        OppositeUnit(
            province=Province(row["province"]),
            slug=row["slug"],
            name=row["name"],
            chinese=row["chinese"],
            level=row["level"],
            parent=row["parent"],
            aliases=tuple(row["aliases"].split("; ")) if row["aliases"] else (),
            note=row["note"],
            source=row["source"],
        )
        for row in table("opposite_units.csv")
    )
