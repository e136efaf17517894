"""What the register knows of a province on the line: its stretch, whom it faces, its gates and posts, and what followed it."""

from datetime import date
from typing import Any

from border import places, provinces, register
from border.gates import gates
from border.markers import Item, Point, canonical
from border.provinces import Province
from mocgioi.views import sheet


def about(name: str, on: date) -> dict[str, Any]:
    """The sheet of a province, by name or code. Raises `ValueError` with a Vietnamese sentence naming the nearest ones."""
    province = provinces.known_province(name)
    row = provinces.provinces()[province]
    return {
        "province": province,
        "name": row.name,
        "on": on,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "successor": sheet.named(row.successor),
        "successions": [
            {"kind": one.kind, "name": one.name, "successor": one.successor or None, "on": one.on, "note": one.note, "source": one.source}
            for one in provinces.successions()
            if one.kind != "province" or row.name in (one.name, one.successor)
        ],
        "stretches": [_stretch(one) for one in places.marker_ranges() if _has(province, one.province, on)],
        "counterparts": [
            {"code": one.slug, "name": one.name, "name_en": one.name_en, "chinese": one.chinese, "source": one.source}
            for one in provinces.counterparts(province, on)
        ],
        "opposite_units": [
            {
                "code": one.slug,
                "name": one.name,
                "chinese": one.chinese or None,
                "level": one.level,
                "aliases": one.aliases,
                "source": one.source,
            }
            for one in provinces.opposite_units(province)
        ],
        "gates": [sheet.brief(gate, on) for gate in gates().values() if gate.valid.holds(on) and _has(province, gate.province, on)],
        "posts": [one.name for one in places.posts().values() if _has(province, one.province, on)],
        "places": [
            {"markers": canonical(one.markers), "place": one.place, "district": one.district, "until": one.valid.valid_to, "note": one.note}
            for one in register.anchors()
            if one.province is province
        ],
        "note": row.note or None,
        "sources": sheet.sources([row.source]),
    }


def _has(province: Province, of: Province, on: date) -> bool:
    """Whether what a row says of one province is another's on a day, or was its own."""
    return of is province or provinces.province_on(of, on) is province


def _stretch(stretch: places.MarkerRange) -> dict[str, Any]:
    ends = [Point(main, aux or None) for main, aux, _ in (stretch.first, stretch.last)]
    return {
        "markers": ends[0].canonical if ends[0] == ends[1] else Item(*ends).canonical,
        "first_known_by": stretch.first_known_by,
        "last_known_by": stretch.last_known_by,
        "note": stretch.note,
        "source": stretch.source,
    }
