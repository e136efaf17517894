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
            {
                "kind": change.kind,
                "name": change.name,
                "successor": change.successor or None,
                "on": change.on,
                "note": change.note,
                "source": change.source,
            }
            for change in provinces.successions()
            if change.kind != "province" or row.name in (change.name, change.successor)
        ],
        "stretches": [_stretch(stretch) for stretch in places.marker_ranges() if _has(province, stretch.province, on)],
        "counterparts": [
            {"code": unit.slug, "name": unit.name, "name_en": unit.name_en, "chinese": unit.chinese, "source": unit.source}
            for unit in provinces.counterparts(province, on)
        ],
        "opposite_units": [
            {
                "code": unit.slug,
                "name": unit.name,
                "chinese": unit.chinese or None,
                "level": unit.level,
                "aliases": unit.aliases,
                "source": unit.source,
            }
            for unit in provinces.opposite_units(province)
        ],
        "gates": [sheet.brief(gate, on) for gate in gates().values() if gate.valid.holds(on) and _has(province, gate.province, on)],
        "posts": [post.name for post in places.posts().values() if _has(province, post.province, on)],
        "places": [
            {
                "markers": canonical(anchor.markers),
                "place": anchor.place,
                "district": anchor.district,
                "until": anchor.valid.valid_to,
                "note": anchor.note,
            }
            for anchor in register.anchors()
            if anchor.province is province
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
