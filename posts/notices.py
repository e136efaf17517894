"""The nil report, and counts at a gate, as they are minted; each is held to what this machine said before."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from border.gates import gate_named
from posts.answers import measure_of
from posts.device import Device
from posts.mint import NewEvent, moment_after
from posts.post_spool import PostSpool
from posts.reporting import judged, own_events
from schemas.codebook import Direction, Status
from schemas.problems import InvalidEvent, Problem


def nil_report(spool: PostSpool, device: Device, start: datetime, end: datetime, *, text: str | None, exercise: bool) -> NewEvent:
    """That nothing happened in an interval. Raises `InvalidEvent` where it has not begun, and where this machine reported an incident of it."""
    _refuse_to_come(start)
    own = [subject for subject in spool.subjects_since("incident.*", start) if _is_within(spool, subject, start, end)]
    if own and not exercise:
        raise _wrong(
            "data.incidents", f"máy này đã báo {len(own)} vụ trong khoảng ấy ({', '.join(own[:3])}): không thể báo không có vụ việc"
        )
    data = {
        "status": "exercise" if exercise else "actual",
        "interval": {"start": start.isoformat(), "end": end.isoformat()},
        "incidents": 0,
        "crossings": sum(1 for _ in _counted(spool, start, end)),
        "waiting": spool.waiting(spool.sent),
        "last_sequence": f"{spool.last_number(device.source):08d}",
        "client_version": version("mocgioi"),
    }
    return NewEvent("post.reported", device.post, data | ({"text": text} if text else {}))


def crossing(
    spool: PostSpool,
    *,
    gate: str,
    start: datetime,
    end: datetime,
    direction: Direction,
    counts: Sequence[str],
    text: str | None,
    reason: str | None,
    exercise: bool,
) -> NewEvent:
    """What passed a gate; a correction where this machine counted it before. Raises `InvalidEvent`, also for a correction without a reason."""
    _refuse_to_come(start)
    slug = gate_named(gate) or gate
    data: dict[str, Any] = {
        "status": "exercise" if exercise else "actual",
        "gate": slug,
        "interval": {"start": start.isoformat(), "end": end.isoformat()},
        "direction": direction.value,
        "counts": [measure_of(count) for count in counts],
    } | ({"text": text} if text else {})
    same = {name: data[name] for name in ("status", "gate", "interval", "direction")}
    before = [event for event in _crossings_at(spool, slug) if same.items() <= event["data"].items()]
    if not before:
        return NewEvent("crossing.recorded", slug, data)
    if reason is None:
        raise _wrong("data.reason", "máy này đã báo lượt qua của cửa khẩu, chiều và thời gian ấy: muốn đính chính thì ghi lý do, --reason")
    first = before[0]
    return NewEvent("crossing.corrected", slug, data | {"corrects": {"source": first["source"], "id": first["id"]}, "reason": reason})


def _is_within(spool: PostSpool, subject: str, start: datetime, end: datetime) -> bool:
    """Whether an incident counts and occurred in an interval, as far as this machine knows."""
    incident = judged(own_events(spool, subject)).incident
    if incident.occurred is None or incident.retracted or incident.status is not Status.ACTUAL:
        return False
    return start <= incident.occurred.start < end


def _counted(spool: PostSpool, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """The counts of an interval that this machine made."""
    for subject in spool.subjects_since("crossing.*", start):
        for event in _crossings_at(spool, subject):
            interval = event["data"]["interval"]
            if start <= datetime.fromisoformat(interval["start"]) and datetime.fromisoformat(interval["end"]) <= end:
                yield event


def _crossings_at(spool: PostSpool, gate: str) -> Iterator[dict[str, Any]]:
    for row in spool.events_of(gate):
        event = json.loads(row.value)
        if event["type"] == "vn.mocgioi.crossing.recorded.v1":
            yield event


def _refuse_to_come(start: datetime) -> None:
    if start > moment_after(None):
        raise _wrong("data.interval.start", f"{start:%d/%m/%Y %H:%M} còn chưa tới")


def _wrong(field: str, sentence: str) -> InvalidEvent:
    return InvalidEvent([Problem("value", f"{field}: {sentence}", field)])
