"""The events of a post's machine and how far each came: as JSON has it, and in words."""

from datetime import datetime
from typing import Any

from border.vietnam import HANOI
from mocgioi.views.output import note, say, table
from posts.device import Device
from posts.post_spool import EventState, PostSpool
from schemas.codebook import OUTCOME_LABELS, Outcome
from schemas.codebook_entries import facts

SKEW_LIMIT_S = 300
"""A clock that is off by more is flagged."""
_SHOWN = 20
_COLUMNS = ("Số", "Lúc", "Tin", "Đến đâu", "Vụ việc")
_STATUS = {"waiting": "chờ gửi", "sent": "đã gửi, chờ ghi", "conflict": "mâu thuẫn với tin khác", "without_effect": "không có hiệu lực"}
_TYPES = {
    "incident.reported": "báo vụ việc",
    "incident.updated": "bổ sung, đính chính",
    "incident.retracted": "rút tin",
    "post.reported": "không có vụ việc",
    "crossing.recorded": "lượt qua cửa khẩu",
    "crossing.corrected": "đính chính lượt qua",
}

Row = dict[str, Any]


def about(device: Device, spool: PostSpool) -> Row:
    """All there is to say, as JSON has it."""
    contact = spool.contact(device.source)
    states = spool.states()
    return {
        "source": device.source,
        "waiting": sum(state.status == "waiting" for state in states),
        "sent": sum(state.status != "waiting" for state in states),
        "events": [row_of(state) for state in reversed(states)],
        "skew_s": None if contact is None else contact.skew_s,
        "contacted_at": None if contact is None else contact.at.isoformat(timespec="seconds"),
    }


def row_of(state: EventState) -> Row:
    """An event, as a receipt names its fields."""
    receipt = state.receipt
    return {
        "sequence": state.sequence,
        "id": state.id,
        "subject": state.subject,
        "type": state.type,
        "time": state.time.isoformat(timespec="milliseconds"),
        "status": state.status,
        "recorded_at": receipt.recorded_at if receipt else None,
        "incident": receipt.incident if receipt else None,
        "outcome": receipt.outcome if receipt else None,
        "clauses": receipt.clauses if receipt else [],
        "missing": receipt.missing if receipt else [],
        "problem": receipt.problem if receipt else None,
    }


def show(shown: Row) -> None:
    """Print it: what waits longest first of all, then the latest events and every one that a person must look at."""
    say(f"{shown['source']}: {shown['waiting']} tin chờ gửi · waiting, {shown['sent']} tin đã gửi · sent")
    waiting = next((row for row in shown["events"] if row["status"] == "waiting"), None)
    if waiting is not None:
        say(f"chờ lâu nhất · waits longest: số {waiting['sequence']}, từ {_at(waiting['time'])}")
    warn_of_skew(shown["skew_s"])
    rows = [row for number, row in enumerate(reversed(shown["events"])) if number < _SHOWN or row["status"] in ("refused", "conflict")]
    table(_COLUMNS, [(row["sequence"], _at(row["time"]), _TYPES.get(_kind(row), _kind(row)), words(row), row["subject"]) for row in rows])


def words(row: Row) -> str:
    """How far an event came, in words."""
    if row["status"] == "refused":
        problem = row["problem"] or {}
        return f"bị từ chối: {problem.get('detail') or problem.get('title') or ''}"
    if row["status"] != "recorded":
        return _STATUS[row["status"]]
    parts = [f"đã ghi {_at(row['recorded_at'])}" if row["recorded_at"] else "đã ghi"]
    if row["outcome"]:
        clauses = f" ({', '.join(row['clauses'])})" if row["clauses"] else ""
        parts.append(OUTCOME_LABELS[Outcome(row["outcome"])].vi + clauses)
    if row["missing"]:
        parts.append("thiếu: " + ", ".join(facts()[name].label.vi for name in row["missing"] if name in facts()))
    return "; ".join(parts)


def warn_of_skew(skew_s: float | None) -> None:
    """Say so where this machine's clock is off by more than five minutes."""
    if skew_s is None or abs(skew_s) <= SKEW_LIMIT_S:
        return
    off = f"{'nhanh' if skew_s > 0 else 'chậm'} {abs(skew_s) / 60:.0f} phút"
    note("clock", f"đồng hồ máy này {off} so với trung tâm: chỉnh lại giờ · this clock is off by {skew_s / 60:+.0f} minutes: set it")


def _kind(row: Row) -> str:
    return str(row["type"]).removeprefix("vn.mocgioi.").removesuffix(".v1")


def _at(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(HANOI):%d/%m/%Y %H:%M}"
