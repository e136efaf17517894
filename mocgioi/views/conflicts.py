"""Events kept aside, for people: both bodies beside each other."""

import json
from collections.abc import Sequence
from typing import Any

from mocgioi.views.output import problem, say, table
from schemas.codebook_entries import facts

Row = dict[str, Any]

_DIFFERENCES = ("Trường\nfield", "Bản đã ghi (first)\nrecorded", "Bản để riêng (other)\nkept aside")
_FIELDS = {
    "id": "mã sự kiện",
    "type": "loại sự kiện",
    "subject": "vụ việc",
    "time": "lúc lập",
    "sequence": "số thứ tự",
    "data.kind": "loại việc",
    "data.status": "trạng thái",
    "data.occurred": "thời gian xảy ra",
    "data.known_at": "lúc đồn biết",
    "data.place": "địa điểm",
    "data.side": "phía",
    "data.direction": "hướng",
    "data.measures": "số lượng",
    "data.handling": "xử lý",
    "data.confidence": "độ tin cậy",
    "data.text": "nội dung",
    "data.attachments": "tệp kèm",
    "data.reason": "lý do",
    "data.outcome": "kết luận",
    "data.gate": "cửa khẩu",
    "data.interval": "khoảng thời gian",
    "data.counts": "số đếm",
}
"""What people call a field; a field within one of these bears its name, too."""


def show(rows: list[Row]) -> None:
    """Print them."""
    for row in rows:
        say(f"{row['source']} {row['id']} ({row['conflicts_by']}; {row['digest'][:12]}…)")
        for label, read_at in zip(_DIFFERENCES[1:], (row["recorded"], row), strict=True):
            say(f"  {' · '.join(label.splitlines())}: {read_at['id']} ({read_at['topic']}[{read_at['partition']}]@{read_at['offset']})")
        cells = [(_label(pair["field"]), _value(pair["first"]), _value(pair["other"])) for pair in row["differences"]]
        table(_DIFFERENCES, cells, title=f"{len(cells)} trường khác nhau · fields differ")


def complain(rows: Sequence[Row], met: int) -> None:
    """Say on stderr of each of these conflicts which fields differ, and how many more were met."""
    for row in rows:
        fields = "; ".join(f"{_label(pair['field'])}: {_value(pair['first'])} ≠ {_value(pair['other'])}" for pair in row["differences"])
        problem("conflict", f"{row['source']} {row['id']}: khác bản đã ghi, để riêng · kept aside: {fields}")
    if met > len(rows):
        problem(
            "conflict",
            f"còn {met - len(rows)} mâu thuẫn, có thể đã để riêng từ trước · more, some kept before: `mocgioi incidents conflicts`",
        )


def _label(field: str) -> str:
    """`phía (data.side)`."""
    if field.startswith("data.facts.") and (fact := facts().get(field.removeprefix("data.facts."))) is not None:
        return f"{fact.label.vi} ({field})"
    name = next((name for path, name in _FIELDS.items() if field == path or field.startswith(f"{path}.")), None)
    return field if name is None else f"{name} ({field})"


def _value(value: Any) -> str:
    return "không có" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
