"""What the register knows of a gate pair on a day, and what it does not."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from border.data_tables import UNVERIFIED
from border.gates import Gate, gates, known_gate
from mocgioi.views import sheet


def about(name: str, on: date, now: date) -> dict[str, Any]:
    """The sheet of a gate, by any of its names. Raises `ValueError` with a Vietnamese sentence naming the nearest ones."""
    gate = gates()[known_gate(name)]
    return {
        "gate": gate.slug,
        "on": on,
        "label": gate.label,
        "names": {"VN": gate.name, "CN": gate.name_cn_side or None, "chinese": gate.chinese or None},
        "aliases": [{"name": one.name, "language": one.language, "side": one.side, "source": one.source} for one in gate.aliases],
        "province": sheet.then_and_now(gate.province, on, now),
        "class": gate.class_on(on),
        "class_now": gate.class_on(now),
        "class_history": [
            {
                "class": one.gate_class,
                "from": one.valid.valid_from,
                "to": one.valid.valid_to,
                "note": one.note or None,
                "source": one.source,
            }
            for one in gate.history
        ],
        "opened": gate.opened or None,
        "parent": gate.parent,
        "belonging": [one.slug for one in gates().values() if one.parent == gate.slug],
        "markers": [item.canonical for item in gate.markers],
        "note": gate.note or None,
        "not_known": list(_not_known(gate, on)),
        "sources": sheet.sources([gate.source]),
    }


def _not_known(gate: Gate, on: date) -> Iterator[str]:
    if gate.class_on(on) is None:
        yield f"loại cửa khẩu ngày {on:%d/%m/%Y}"
    if not gate.markers:
        yield "số hiệu mốc"
    if not gate.opened:
        yield "ngày mở"
    if not gate.name_cn_side and gate.parent is None:
        yield "tên phía Trung Quốc"
    span = next((one for one in gate.history if one.valid.holds(on)), None)
    if UNVERIFIED in gate.source or UNVERIFIED in gate.note or (span is not None and UNVERIFIED in span.source):
        yield "có phần là kiến thức nền, chưa kiểm chứng (background, not verified)"
