"""Minting: a new event gets its id, its number in its device's sequence, and a time that never goes backwards for its subject.

What was minted is in the spool: number and event are written in one transaction, and validation refuses a bad event before that.
"""

import json
import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from border.vietnam import HANOI
from posts.spool import Spool, SpoolEntry
from schemas.events import AnyEvent
from schemas.topics import topic_of
from schemas.validation import decode

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What an event says, before it is minted."""

    kind: str
    """`incident.reported` of the type `vn.mocgioi.incident.reported.v1`."""
    subject: str
    data: Mapping[str, Any]
    extensions: Mapping[str, str] = field(default_factory=dict)
    """CloudEvents extensions: `via` (`phone`, `import`, `form`; absent: a command) and `takenby`, the office that took a call."""


def mint(
    spool: Spool,
    source: str,
    events: Iterable[NewEvent],
    *,
    last_time: Callable[[str], datetime | None] = lambda _: None,
    accept: Callable[[AnyEvent], None] = lambda _: None,
) -> list[AnyEvent]:
    """Write new events of a device to its spool, all or none.

    `last_time`: the latest known time of an event of a subject; a new event is at least a millisecond later, so that the fold puts it last.
    `accept`: raises for an event that must not be written. Raises `InvalidEvent` as validation does, and `SpoolProblem`.
    """
    minted: list[AnyEvent] = []

    def entries(number: int) -> list[SpoolEntry]:
        latest: dict[str, datetime] = {}
        spooled: list[SpoolEntry] = []
        for event in events:
            before = latest.get(event.subject) or last_time(event.subject)
            value = written(event, source, number=number + len(spooled), time=moment_after(before))
            valid = decode(value)
            accept(valid)
            latest[event.subject] = valid.time
            minted.append(valid)
            spooled.append(SpoolEntry(topic_of(valid.type), valid.subject.encode(), value))
        return spooled

    spool.append_numbered(source, entries)
    return minted


def written(event: NewEvent, source: str, *, number: int, time: datetime) -> bytes:
    """The CloudEvent of a new event, under an id of its own."""
    envelope = {
        "specversion": "1.0",
        "id": uuid7(),
        "type": f"vn.mocgioi.{event.kind}.v1",
        "source": source,
        "subject": event.subject,
        "time": time.isoformat(timespec="milliseconds"),
        "sequence": f"{number:08d}",
        "datacontenttype": "application/json",
        **event.extensions,
        "data": dict(event.data),
    }
    return json.dumps(envelope, ensure_ascii=False).encode()


def moment_after(before: datetime | None) -> datetime:
    """Now, or a millisecond after `before` where the clock was set back."""
    now = datetime.now(HANOI)
    return now if before is None else max(now, before.astimezone(HANOI) + _TICK)


def uuid7() -> str:
    """A UUID of version 7 (RFC 9562): milliseconds since the epoch, then random bits."""
    bits = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    bits = bits & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62
    return str(uuid.UUID(int=bits))
