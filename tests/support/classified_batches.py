"""Batches as the classify agent hands them to the record."""

import hashlib
import itertools
from collections.abc import Sequence
from typing import Any

from agreement.judge import judge_event
from schemas.records import ClassifiedBatch, ClassifiedEvent, DeadLetter, Position
from schemas.topics import INCIDENTS
from schemas.validation import decode
from schemas.verdicts import Origin
from sinks.record.database import Database
from streams.classify import classified
from tests.builders import payload

_logs = itertools.count(1)
RECEIVED_MS = 1_766_898_000_000


def classified_event(raw: bytes, *, offset: int = 0, topic: str = INCIDENTS) -> ClassifiedEvent:
    """An event as classify judges it."""
    event = decode(raw)
    return classified(raw, event, judge_event(event), Origin(topic, 0, offset, RECEIVED_MS + offset))


def dead_letter(raw: bytes | None, *, offset: int = 0, code: str = "json", **changes: Any) -> DeadLetter:
    """A payload that classify could not read."""
    letter: dict[str, Any] = {
        "origin": Origin(INCIDENTS, 0, offset, RECEIVED_MS + offset),
        "code": code,
        "reason": "không phải JSON hợp lệ",
        "payload": raw,
        "sha256": hashlib.sha256(raw or b"").hexdigest(),
    }
    return DeadLetter(**letter | changes)


class Log:
    """A log of one partition that a database is at the beginning of; it deals out batches."""

    def __init__(self, database: Database, name: str | None = None) -> None:
        self.name = name or f"log-{next(_logs)}"
        self.next_offset = database.positions(self.name, {(INCIDENTS, 0): Position(0, "a")})[INCIDENTS, 0].offset

    def batch(self, events: Sequence[dict[str, Any] | bytes], dead_letters: Sequence[DeadLetter] = ()) -> ClassifiedBatch:
        """The next events of the log."""
        start = self.next_offset
        raws = [event if isinstance(event, bytes) else payload(event) for event in events]
        self.next_offset += max(1, len(raws))
        return ClassifiedBatch(
            log=self.name,
            positions={(INCIDENTS, 0): (start, self.next_offset)},
            events=[classified_event(raw, offset=start + number) for number, raw in enumerate(raws)],
            dead=dead_letters,
        )
