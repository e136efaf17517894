"""Events to test with: whole and valid, each test changes only what it is about."""

import itertools
import json
from datetime import datetime, timedelta, timezone
from typing import Any

HANOI = timezone(timedelta(hours=7))
NOON = datetime(2025, 12, 28, 12, 0, tzinfo=HANOI)
OFFICE = "/offices/so-ngoai-vu-lang-son"
"""Speaks for the post that the events here come from."""

_numbers = itertools.count(1)


def envelope(kind: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A CloudEvent of type `vn.mocgioi.<kind>.v1` with an id and sequence of its own."""
    number = next(_numbers)
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "type": f"vn.mocgioi.{kind}.v1",
        "source": "/posts/tan-thanh/d1",
        "subject": f"inc-{number}",
        "time": NOON.isoformat(),
        "sequence": f"{number:08d}",
        "datacontenttype": "application/json",
        "data": data,
    } | changes


def incident(**changes: Any) -> dict[str, Any]:
    """Data of a reported incident: a new permanent house 18 m from the line at marker 1088/2, not agreed: a breach of 21(1)."""
    return {
        "kind": "works",
        "status": "actual",
        "occurred": {"start": (NOON - timedelta(hours=3)).isoformat(), "precision": "hour"},
        "place": {"scheme": "marker", "line": "VN-CN", "marker": "1088/2"},
        "side": "CN",
        "facts": {"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new", "distance_m": 18, "agreed": False},
    } | changes


def reported(data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An `incident.reported.v1`."""
    return envelope("incident.reported", incident() if data is None else data, **changes)


def updated(subject: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An `incident.updated.v1` of a subject, an hour later."""
    later = (NOON + timedelta(hours=1)).isoformat()
    return envelope("incident.updated", {"reason": "bổ sung"} | data, **({"subject": subject, "time": later} | changes))


def retracted(subject: str, **changes: Any) -> dict[str, Any]:
    """An `incident.retracted.v1` of a subject."""
    return envelope("incident.retracted", {"reason": "báo nhầm"}, **({"subject": subject} | changes))


def assessed(subject: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An `incident.assessed.v1` of a subject, two hours later, by the office of its province."""
    later = (NOON + timedelta(hours=2)).isoformat()
    whole = {"reason": "kết luận sau khảo sát", "by_office": "so-ngoai-vu-lang-son"} | data
    return envelope("incident.assessed", whole, **({"subject": subject, "time": later, "source": OFFICE} | changes))


def reinstated(subject: str, **changes: Any) -> dict[str, Any]:
    """An `incident.reinstated.v1` of a subject, four hours later, by the office of its province."""
    later = (NOON + timedelta(hours=4)).isoformat()
    return envelope("incident.reinstated", {"reason": "rút nhầm"}, **({"subject": subject, "time": later, "source": OFFICE} | changes))


def settled(of: dict[str, Any], stands: str, *, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A `conflict.settled.v1` about an event, five hours later, by the office of its province."""
    later = (NOON + timedelta(hours=5)).isoformat()
    decision = {"of": {"source": of["source"], "id": of["id"]}, "stands": stands, "reason": "đã hỏi lại đồn"} | (data or {})
    return envelope("conflict.settled", decision, **({"subject": of["subject"], "time": later, "source": OFFICE} | changes))


def duty(act: str, subject: str, *, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A `duty.<act>.v1` about a subject, an hour later, by an officer of its province."""
    later = (NOON + timedelta(hours=1)).isoformat()
    whole = {"by": "an", "by_office": "so-ngoai-vu-lang-son"} | (data or {})
    return envelope(f"duty.{act}", whole, **({"subject": subject, "time": later, "source": OFFICE} | changes))


def crossing(**changes: Any) -> dict[str, Any]:
    """A `crossing.recorded.v1`: vehicles through Tân Thanh in one hour."""
    data = {
        "status": "actual",
        "gate": "tan-thanh",
        "interval": {"start": (NOON - timedelta(hours=1)).isoformat(), "end": NOON.isoformat()},
        "direction": "VN-CN",
        "counts": [{"what": "vehicles", "n": 120}, {"what": "persons", "n": 140, "nationality": "VN"}],
    } | changes
    return envelope("crossing.recorded", data, subject=data["gate"])


def payload(event: dict[str, Any]) -> bytes:
    """The event as a post sends it."""
    return json.dumps(event, ensure_ascii=False).encode()
