"""Minting: a new event gets its id, its number in its device's sequence, and a time that never goes backwards for its subject."""

import json
import os
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from border.vietnam import HANOI
from posts.spool import Spool, SpoolEntry
from schemas.topics import topic_of

_TICK = timedelta(milliseconds=1)


def mint(spool: Spool, *, kind: str, source: str, subject: str, data: Mapping[str, Any], after: datetime | None = None) -> SpoolEntry:
    """An event of type `vn.mocgioi.<kind>.v1`, ready to be spooled.

    `after`: the latest known time of an event of this subject; the new event is at least a millisecond later, so that the fold puts it last.
    """
    now = datetime.now(HANOI)
    moment = now if after is None else max(now, after.astimezone(HANOI) + _TICK)
    event_type = f"vn.mocgioi.{kind}.v1"
    event = {
        "specversion": "1.0",
        "id": uuid7(),
        "type": event_type,
        "source": source,
        "subject": subject,
        "time": moment.isoformat(timespec="milliseconds"),
        "sequence": f"{spool.next_number(source):08d}",
        "datacontenttype": "application/json",
        "data": dict(data),
    }
    return SpoolEntry(topic_of(event_type), subject.encode(), json.dumps(event, ensure_ascii=False).encode())


def uuid7() -> str:
    """A UUID of version 7 (RFC 9562): milliseconds since the epoch, then random bits."""
    bits = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    bits = bits & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62
    return str(uuid.UUID(int=bits))
