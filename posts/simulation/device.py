"""A simulated device: it mints as a real one does, from the randomness of the simulation, and its clock may be wrong."""

import json
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Minted:
    """One event of a device."""

    source: str
    id: str
    sequence: int
    type: str
    subject: str
    raw: bytes


@dataclass(slots=True)
class Device:
    """One device of one post."""

    source: str
    chance: random.Random
    wrong_until: datetime
    """Until then its clock is ahead by `wrong_by`, or slow where that is negative; then somebody sets it right."""
    wrong_by: timedelta
    _sequence: int = 0
    _times: dict[str, datetime] = field(default_factory=dict)

    def mint(self, kind: str, subject: str, data: dict[str, Any], *, at: datetime, not_before: datetime | None = None) -> Minted:
        """The event that the device makes at a moment. `not_before`: when it occurred, which no post reports before it is so late on its clock."""
        self._sequence += 1
        time = at + self.wrong_by if at < self.wrong_until else at
        if not_before is not None and time < not_before:
            time = at
        if (last := self._times.get(subject)) is not None:
            time = max(time, last + _TICK)
        self._times[subject] = time
        event_type, event_id = f"vn.mocgioi.{kind}.v1", self._uuid7(at)
        event = {
            "specversion": "1.0",
            "id": event_id,
            "type": event_type,
            "source": self.source,
            "subject": subject,
            "time": time.isoformat(timespec="milliseconds"),
            "sequence": f"{self._sequence:08d}",
            "datacontenttype": "application/json",
            "data": data,
        }
        return Minted(self.source, event_id, self._sequence, event_type, subject, json.dumps(event, ensure_ascii=False).encode())

    def _uuid7(self, at: datetime) -> str:
        """As `posts.mint.uuid7`, from the simulation's clock and randomness."""
        bits = int(at.timestamp() * 1000) << 80 | self.chance.getrandbits(80)
        return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62))
