"""Events to measure with: the same ones for the same count, about 900 bytes each, as posts along the whole line would send them."""

import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from schemas.topics import topic_of

HANOI = timezone(timedelta(hours=7))
START = datetime(2024, 1, 1, 6, tzinfo=HANOI)
_POSTS = ("tan-thanh", "huu-nghi", "po-ma", "bao-lam", "tra-linh", "xin-man", "muong-khuong", "a-pa-chai", "ma-lu-thang", "bac-phong-sinh")
_OFFICE = "uy-ban-bien-gioi"
_SIDES = ("CN", "CN", "CN", "VN", "VN", "undetermined", "both", "contested")
_STATEMENT = (
    "Tổ tuần tra của đồn phát hiện sự việc khi đi kiểm tra đường biên, cột mốc theo kế hoạch; đã lập biên bản, chụp ảnh hiện trường "
    "và báo cáo Ban chỉ huy; đã thông báo cho phía bạn để phối hợp xác minh."
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message and where it is published."""

    topic: str
    key: bytes
    value: bytes


def events(count: int, seed: int = 1088) -> Iterator[Sent]:
    """Mostly incidents reported once; one in eight is about an earlier one, or counts a gate, or says "nothing".

    The post that reported an incident adds to it and withdraws it, and the border commission assesses it: everybody here may speak.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    sequences: Counter[str] = Counter()
    reports: list[tuple[str, str]] = []
    for number in range(count):
        now = START + timedelta(seconds=7 * number)
        event_id = str(_uuid(chance, now))
        kind, source, subject, data = _event(chance, now, reports, event_id)
        sequences[source] += 1
        event_type = f"vn.mocgioi.{kind}.v1"
        envelope = {
            "specversion": "1.0",
            "id": event_id,
            "type": event_type,
            "source": source,
            "subject": subject,
            "time": now.isoformat(),
            "sequence": f"{sequences[source]:08d}",
            "datacontenttype": "application/json",
            "data": data,
        }
        yield Sent(topic_of(event_type), subject.encode(), json.dumps(envelope, ensure_ascii=False).encode())


def _event(chance: random.Random, now: datetime, reports: list[tuple[str, str]], event_id: str) -> tuple[str, str, str, dict[str, Any]]:
    """The type, source, subject and data of the next event. `reports` holds source and subject of each report, and gets the new one."""
    draw = chance.random()
    post = chance.choice(_POSTS)
    source = f"/posts/{post}/d{chance.randrange(1, 5)}"
    if draw < 0.875 or not reports:
        reports.append((source, f"inc-{event_id}"))
        return "incident.reported", *reports[-1], _incident(chance, now)
    reporter, earlier = reports[-1 - chance.randrange(min(len(reports), 5000))]
    if draw < 0.945:
        data = {"reason": "bổ sung kết quả xác minh", "text": _STATEMENT, "side": chance.choice(_SIDES)}
        return "incident.updated", reporter, earlier, data
    if draw < 0.955:
        return "incident.retracted", reporter, earlier, {"reason": "báo nhầm mốc, sự việc đã được đồn bên cạnh báo cáo"}
    if draw < 0.965:
        data = {"outcome": "no_breach", "reason": "hai bên đã thống nhất sau khảo sát song phương", "by_office": _OFFICE}
        return "incident.assessed", f"/offices/{_OFFICE}", earlier, data
    interval = {"start": (now - timedelta(hours=1)).isoformat(), "end": now.isoformat()}
    if draw < 0.995:
        counts = [{"what": "vehicles", "n": chance.randrange(900)}, {"what": "persons", "n": chance.randrange(3000), "nationality": "VN"}]
        data = {"status": "actual", "gate": "tan-thanh", "interval": interval, "direction": chance.choice(["VN-CN", "CN-VN"])}
        return "crossing.recorded", source, "tan-thanh", data | {"counts": counts, "text": _STATEMENT}
    return "post.reported", source, post, {"status": "actual", "interval": interval, "incidents": 0, "crossings": 0, "text": _STATEMENT}


def _incident(chance: random.Random, now: datetime) -> dict[str, Any]:
    kind, facts = _happening(chance)
    happened = now - timedelta(minutes=chance.randrange(10, 2000))
    number = chance.randrange(1, 1370)
    marker = chance.choice(
        [f"{number}", f"{number}/2", f"mốc {number}", f"{number}-{number + 1}", f"{number}(1)+{chance.randrange(10, 400)}m"]
    )
    return {
        "kind": kind,
        "status": "exercise" if chance.random() < 0.01 else "actual",
        "occurred": {"start": happened.isoformat(), "precision": chance.choice(["minute", "hour", "day"])},
        "place": {"scheme": "marker", "line": "VN-CN", "marker": marker},
        "side": chance.choice(_SIDES),
        "measures": [{"what": "persons", "n": chance.randrange(1, 9)}],
        "facts": {name: value for name, value in facts.items() if chance.random() < 0.9},
        "handling": [{"action": "recorded", "at": now.isoformat(), "by": "đồn biên phòng"}],
        "text": _STATEMENT,
    }


def _happening(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """A kind and its facts, on both sides of the kind's limits."""
    metres, yes, perhaps = chance.randrange(1, 1500), chance.random() < 0.5, chance.random() < 0.3
    works: dict[str, Any] = {
        "structure": "nhà cấp bốn",
        "purpose": "other",
        "permanent": yes,
        "change": "new",
        "distance_m": metres % 60,
        "agreed": perhaps,
    }
    happenings: list[tuple[str, dict[str, Any]]] = [
        ("works", works),
        ("works", works | {"structure": "hàng rào thép gai", "purpose": "fence"}),
        ("crossing", {"subject": chance.choice(["person", "uav", "vehicle"]), "authorised": perhaps}),
        ("smuggling", {"goods": "thuốc lá, pháo nổ", "crossed": yes}),
        ("cross_production", {"activity": chance.choice(["grazing", "felling", "cultivation"]), "crossed": yes}),
        ("blasting", {"distance_m": metres * 2, "notice_hours": chance.randrange(96)}),
        ("shooting", {"across": perhaps, "purpose": "hunting", "distance_m": metres}),
        ("marker_damage", {"state": "damaged", "cause": chance.choice(["deliberate", "natural", "unknown"])}),
        ("burning", {"distance_m": metres, "land_clearing": yes}),
        ("mining", {"distance_m": metres, "agreed": perhaps}),
        ("river_works", {"structure": "kè bờ suối", "changes_course": yes, "agreed": perhaps}),
        ("fire_flood", {"spread_across": perhaps}),
        ("patrol", {}),
    ]
    return chance.choice(happenings)


def _uuid(chance: random.Random, now: datetime) -> uuid.UUID:
    """A UUID of version 7."""
    drawn = chance.getrandbits(74)
    return uuid.UUID(int=int(now.timestamp() * 1000) << 80 | 7 << 76 | drawn >> 62 << 64 | 2 << 62 | drawn & (1 << 62) - 1)
