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
        "aliases": [{"name": alias.name, "language": alias.language, "side": alias.side, "source": alias.source} for alias in gate.aliases],
        "province": sheet.then_and_now(gate.province, on, now),
        "class": gate.class_on(on),
        "class_now": gate.class_on(now),
        "class_history": [
            {
                "class": span.gate_class,
                "from": span.valid.valid_from,
                "to": span.valid.valid_to,
                "note": span.note or None,
                "source": span.source,
            }
            for span in gate.history
        ],
        "opened": gate.opened or None,
        "parent": gate.parent,
        "belonging": [other.slug for other in gates().values() if other.parent == gate.slug],
        "markers": [item.canonical for item in gate.markers],
        "note": gate.note or None,
        "not_known": list(_unknowns(gate, on)),
        "sources": sheet.sources([gate.source]),
    }


def _unknowns(gate: Gate, on: date) -> Iterator[str]:
    if gate.class_on(on) is None:
        yield f"loại cửa khẩu ngày {on:%d/%m/%Y}"
    if not gate.markers:
        yield "số hiệu mốc"
    if not gate.opened:
        yield "ngày mở"
    if not gate.name_cn_side and gate.parent is None:
        yield "tên phía Trung Quốc"
    span = next((span for span in gate.history if span.valid.holds(on)), None)
    if UNVERIFIED in gate.source or UNVERIFIED in gate.note or (span is not None and UNVERIFIED in span.source):
        yield "có phần là kiến thức nền, chưa kiểm chứng (background, not verified)"
