"""What the register knows of a marker or section on a day, and what it does not."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from border import markers, places, register
from border.data_tables import UNVERIFIED
from border.gates import Gate, gates
from border.markers import Item, Point
from border.provinces import counterparts
from mocgioi.views import sheet

_NEAR = 3
"""Main markers within which a gate is near."""


def about(text: str, on: date, now: date) -> dict[str, Any]:
    """The sheet of one marker, spot or section. Raises `ValueError` with a Vietnamese reason for a text that does not name just one."""
    parsed = markers.parse(text)
    if parsed.review is not None:
        raise ValueError(f"{text!r}: {parsed.review}")
    if len(parsed.items) != 1:
        raise ValueError(f"{text!r}: cần đúng một mốc hoặc một đoạn, không phải {len(parsed.items)}")
    (item,) = parsed.items
    province = places.province_of_marker([item], on)
    provinces = {"then": sheet.named(province), "now": sheet.named(places.province_of_marker([item], now))}
    rows = [row for point in _points(item) for row in register.rows_of(point, on) if point.post in (None, row.point.post)]
    anchors = register.anchors_of(item)
    there = [gate for gate in gates().values() if gate.valid.holds(on)]
    here = [gate for gate in there if _gap(gate, item) == 0]
    return {
        "marker": item.canonical,
        "line": "VN-CN",
        "on": on,
        "status": "verified" if all(register.is_verified(point) for point in _points(item)) else "unverified",
        "province": provinces,
        "counterparts": [] if province is None else [unit.name for unit in counterparts(province, on)],
        "neighbours": _neighbours(item),
        "gates": [sheet.brief(gate, on) for gate in here],
        "gates_near": [sheet.brief(gate, on) for gate in _near(item, there) if gate not in here],
        "places": [
            {
                "place": anchor.place,
                "district": anchor.district,
                "until": anchor.valid.valid_to,
                "held": anchor.valid.holds(on),
                "note": anchor.note,
            }
            for anchor in anchors
        ],
        "kind": register.kind_of(item.start, on) if item.end is None else None,
        "planted_by": _planted_by(item, on),
        "posts": [_post(row) for row in rows],
        "not_known": list(_unknowns(item, province is not None, here, on)),
        "sources": sheet.sources([row.source for row in rows] + [anchor.source for anchor in anchors] + [gate.source for gate in here]),
    }


def _points(item: Item) -> list[Point]:
    return [item.start] if item.end is None else [item.start, item.end]


def _gap(gate: Gate, item: Item) -> int | None:
    """Main markers between a gate and a place; 0 where they meet; None for a gate whose markers nobody saw."""
    if not gate.markers:
        return None
    there = markers.canonical(gate.markers)
    if markers.within(there, item.canonical, 0):
        return 0
    return markers.gap(there, item.canonical) + 1


def _near(item: Item, there: Iterable[Gate]) -> list[Gate]:
    near = [(distance, gate) for gate in there if (distance := _gap(gate, item)) is not None and distance <= _NEAR]
    return [gate for _, gate in sorted(near, key=lambda pair: pair[0])]


def _neighbours(item: Item) -> dict[str, Any]:
    around = markers.neighbourhood(item.canonical, 1)
    (stretch,) = markers.parse(around).items
    west, east = stretch.start.canonical, (stretch.end or stretch.start).canonical
    named = dict.fromkeys(Point(row.point.main, row.point.aux).canonical for row in register.known_within(stretch))
    return {"west": west, "east": east, "section": around, "named_in_sources": list(named)}


def _planted_by(item: Item, on: date) -> dict[str, Any] | None:
    planter = None if item.end is not None else register.planter_of(item.start, on)
    return None if planter is None else {"side": planter.side, "inferred": planter.inferred}


def _post(row: register.MarkerRow) -> dict[str, Any]:
    return {
        "marker": row.point.canonical,
        "bank": row.bank,
        "size": row.size or None,
        "elevation_m": row.elevation_m,
        "planted": row.planted,
        "lat": row.coordinates and row.coordinates.lat,
        "lon": row.coordinates and row.coordinates.lon,
        "note": row.note or None,
    }


def _unknowns(item: Item, in_a_province: bool, here: Iterable[Gate], on: date) -> Iterator[str]:
    for point in _points(item):
        if not register.is_verified(point):
            yield f"{point.canonical}: chưa nguồn nào nêu mốc phụ hoặc cột này; chấp nhận, chưa kiểm chứng"
    if not in_a_province:
        yield f"tỉnh: {_between_stretches(item, on)}"
    if item.end is None:
        yield from _unknowns_of_point(item.start, on)
    yield from (f"{gate.slug}: loại cửa khẩu trong ngày này" for gate in here if gate.class_on(on) is None)
    if any(UNVERIFIED in anchor.note for anchor in register.anchors_of(item)):
        yield "huyện: kiến thức nền, chưa kiểm chứng"


def _unknowns_of_point(point: Point, on: date) -> Iterator[str]:
    rows = [row for row in register.rows_of(point, on) if point.post in (None, row.point.post)]
    kind = register.kind_of(point, on)
    if kind is None:
        yield "mốc đơn, đôi hay ba"
    if register.planter_of(point, on) is None:
        if point.aux is None and point.post is None and kind is None:
            side = register.by_parity(point.main)
            yield f"bên cắm mốc; nếu là mốc đơn thì suy ra từ số {'lẻ' if point.main % 2 else 'chẵn'}: {side}"
        else:
            yield "bên cắm mốc: quy tắc chẵn lẻ không áp dụng cho mốc phụ, mốc đôi, mốc ba và từng cột"
    if point.post is not None and not any(row.bank for row in rows):
        yield "cột này ở bờ nào: không suy từ số (1), (2), (3)"
    if not any(row.coordinates for row in rows):
        yield "toạ độ"
    if not any(row.elevation_m for row in rows):
        yield "độ cao"
    if not any(row.planted for row in rows):
        yield "ngày cắm mốc"


def _between_stretches(item: Item, on: date) -> str:
    """Between which known stretches a place lies that is known of none."""
    start, end = item.span
    stretches = [stretch for stretch in places.marker_ranges() if stretch.valid.holds(on)]
    west = [stretch for stretch in stretches if stretch.first <= start]
    east = [stretch for stretch in stretches if stretch.last >= end]
    names = [places.province_name(places.province_on(stretch.province, on)) for stretch in (*west[-1:], *east[:1])]
    if len(set(names)) < 2:
        return "ngoài các đoạn đã biết"
    return f"không nguồn nào cho biết; giữa {names[0]} và {names[1]}, ranh giới chính xác chưa thấy"
