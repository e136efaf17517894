"""Provinces, gates and posts: tables a person can edit, and what is looked up in them."""

import csv
import functools
from enum import StrEnum
from importlib import resources

from schemas.problems import nearest


class Province(StrEnum):
    """A province's code, for ever: a merged province's old code stays for its time."""

    LANG_SON = "lang-son"
    CAO_BANG = "cao-bang"
    QUANG_NINH = "quang-ninh"
    HA_GIANG = "ha-giang"
    TUYEN_QUANG = "tuyen-quang"
    LAO_CAI = "lao-cai"
    LAI_CHAU = "lai-chau"
    DIEN_BIEN = "dien-bien"
    QUANG_NGAI = "quang-ngai"


@functools.cache
def _gate_slugs() -> frozenset[str]:
    with resources.files("schemas").joinpath("data/gates.csv").open(encoding="utf-8") as file:
        return frozenset(row["slug"] for row in csv.DictReader(file))


def known_gate(slug: str) -> str:
    """The slug, if it is a gate's. Raises `ValueError` naming the nearest ones."""
    if slug not in _gate_slugs():
        raise ValueError(f"không có cửa khẩu, lối mở {slug!r}{nearest(slug, _gate_slugs())}")
    return slug
