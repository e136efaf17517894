"""What needs a person and what was done about it, in words: Vietnamese with English beside it where a line has room."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from agreement.occurred import occurred_words
from border.places import Province, province_name
from duty.runbook import steps
from mocgioi.views.incident import LIST_COLUMNS as INCIDENT_COLUMNS
from mocgioi.views.incident import list_cells as incident_cells
from mocgioi.views.incident import place_words
from mocgioi.views.output import say, table
from schemas.codebook import KIND_LABELS, Kind
from schemas.notices import DutyActed
from schemas.validation import read
from sinks.query.shown import in_hanoi

CLASSES = {"flash": "KHẨN", "breach": "vi phạm", "needs_facts": "thiếu dữ kiện"}
LIST_COLUMNS = ("Mức\nclass", *INCIDENT_COLUMNS, "Đã nhận\nacknowledged", "Giao cho\nassigned", "Hạn\ndue")
LIST_BELOW_FIRST = (7, 6, 5)
_ACTS = {"acknowledged": "nhận", "assigned": "giao", "noted": "ghi chú", "handed_over": "bàn giao"}
_ACT_COLUMNS = ("Lúc\nat", "Việc\nact", "Ai\nby", "Cho ai\nto", "Hạn\ndue", "Ghi chú\nnote")
_NOTIFICATION_COLUMNS = ("Lúc\nat", "Báo động\nalert", "Tới\nreceiver", "Kết quả\nstatus", "Chi tiết\ndetail")
_DUTY = "vn.mocgioi.duty."

Row = dict[str, Any]


def list_cells(row: Row) -> tuple[object, ...]:
    """A row of the list of what needs a person."""
    return CLASSES[row["class"]], *incident_cells(row), row["acknowledged_by"], row["assigned_to"], minute(row["due"])


def handover_lines(page: Row) -> Iterator[str]:
    """The page of a shift that ends, to be read at a glance and printed."""
    area = "toàn tuyến" if page["province"] is None else f"tỉnh {province_name(Province(page['province']))}"
    yield f"BÀN GIAO CA TRỰC, {area}: từ {minute(page['since'])} đến {minute(page['until'])}; người giao: {page['by']}"
    yield from _part("1. Việc mới trong ca · came", page["came"], _acknowledged)
    yield from _part("2. Chưa ai nhận · nobody took note yet", page["open"], lambda row: f"báo lúc {minute(row['received_at'])}")
    yield from _part("3. Đang có người giữ · held by", page["held"], lambda row: f"người giữ: {row['assigned_to']}")
    yield from _part("4. Có hạn · due", page["due"], lambda row: _deadline(row, page["until"]))
    if page["to"] is not None:
        subjects = page["handed_over"]
        names = f": {', '.join(subjects)}" if subjects else ""
        yield f"Đã bàn giao {len(subjects)} vụ việc cho {page['to']} · handed over{names}"


def with_duty(incident: Row, sent: Sequence[Row]) -> Row:
    """An incident of `mocgioi.views.effect.with_effect`, with what officers did, who was notified, and the steps that its rules ask for."""
    return incident | {
        "acts": [_act(event) for event in incident["events"] if event["type"].startswith(_DUTY)],
        "notifications": [dict(row) for row in sent],
        "runbook": [{"vi": step.vi, "en": step.en} for step in steps(incident)],
    }


def show(incident: Row) -> None:
    """Print what `with_duty` adds."""
    if incident["acts"]:
        table(_ACT_COLUMNS, [_act_cells(act) for act in incident["acts"]], title="Việc trực ban đã làm · what duty officers did")
    if incident["notifications"]:
        cells = [(minute(row["at"]), row["alert"], row["receiver"], row["status"], row["detail"]) for row in incident["notifications"]]
        table(_NOTIFICATION_COLUMNS, cells, title="Đã báo cho ai · notifications")
    if incident["runbook"]:
        say("Việc cần làm · what to do")
    for number, step in enumerate(incident["runbook"], start=1):
        say(f"  {number}. {step['vi']}")
        say(f"     {step['en']}")


def _act(event: Row) -> Row:
    acted = read(event["body"].encode()).data
    assert isinstance(acted, DutyActed)  # noqa: S101  # its type says so
    fields = acted.model_dump() | {"due": in_hanoi(acted.due)}
    return {"act": event["type"].removeprefix(_DUTY).removesuffix(".v1"), "at": event["time"]} | fields


def _act_cells(act: Row) -> tuple[object, ...]:
    return (
        minute(act["at"]),
        _ACTS.get(act["act"], act["act"]),
        act["by"] or act["by_office"],
        act["to"] or act["to_office"],
        minute(act["due"]),
        act["note"],
    )


def _part(title: str, rows: Sequence[Row], more: Callable[[Row], str]) -> Iterator[str]:
    yield f"{title}: {len(rows)}"
    for row in rows:
        kind = KIND_LABELS[Kind(row["kind"])].vi
        when = occurred_words(row["occurred"], row["precision"], row["occurred_end"])
        yield f"  - [{CLASSES[row['class']]}] {row['incident']}: {kind}; {place_words(row)}; {when}; {more(row)}"


def _acknowledged(row: Row) -> str:
    by = row["acknowledged_by"]
    return "chưa ai nhận" if by is None else f"{by} nhận lúc {minute(row['acknowledged_at'])}"


def _deadline(row: Row, now: str) -> str:
    late = " (QUÁ HẠN)" if datetime.fromisoformat(row["due"]) < datetime.fromisoformat(now) else ""
    return f"hạn {minute(row['due'])}{late}, {row['assigned_to'] or 'chưa giao ai'}"


def minute(moment: str | None) -> str:
    """`28/11/2026 06:00`."""
    return "" if moment is None else f"{datetime.fromisoformat(moment):%d/%m/%Y %H:%M}"
