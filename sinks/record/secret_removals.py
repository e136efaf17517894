"""The record's part in removing a secret payload: check that it holds the rest of the log, remove its own copy, note who decided."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Engine, select

from schemas.records import DeadLetter, Partition
from schemas.validation import SECRET, registered_source, repeatable
from schemas.verdicts import Origin
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import stamp_under_lock
from sinks.postgres.engine import all_rows
from sinks.postgres.session import transaction
from sinks.postgres.tables import consumed_offset, dead_letter, secret_removal
from sinks.record.holding import without_event

Payloads = Mapping[int, bytes | None]
"""The payloads of a partition, by offset."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided that a payload goes, who confirmed it, and why."""

    removed_by: str
    confirmed_by: str
    reason: str


class KeptLetter(NamedTuple):
    """A dead letter of a payload, and what it says of the event beside it."""

    origin: Origin
    source: str | None
    event_id: str | None


_STRIP = """
UPDATE dead_letter SET code = %s, reason = %s, key = NULL, source = %s, event_id = %s, problems = NULL,
    payload_removed_at = CASE WHEN payload IS NULL THEN payload_removed_at ELSE %s END, payload = NULL
WHERE log = %s AND topic = %s AND partition = %s AND "offset" = %s AND sha256 = %s
"""
_NOTE = """
INSERT INTO secret_removal (log, topic, partition, "offset", sha256, removed_by, confirmed_by, reason, recorded_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_DEAD = 'SELECT "offset", sha256 FROM dead_letter WHERE log = %s AND topic = %s AND partition = %s AND "offset" = ANY(%s)'


def letters_of(engine: Engine, log: str, sha256: str) -> list[KeptLetter]:
    """The dead letter of each place where a payload was read."""
    columns = dead_letter.c.topic, dead_letter.c.partition, dead_letter.c.offset, dead_letter.c.source, dead_letter.c.event_id
    query = select(*columns).distinct().where(dead_letter.c.log == log, dead_letter.c.sha256 == sha256).order_by(*columns[:3])
    return [KeptLetter(Origin(row.topic, row.partition, row.offset, 0), row.source, row.event_id) for row in all_rows(engine, query)]


def position(engine: Engine, log: str, partition: Partition) -> int:
    """The record's position in a partition; 0 where it has read nothing of it."""
    topic, number = partition
    query = select(consumed_offset.c.next_offset).where(
        consumed_offset.c.log == log, consumed_offset.c.topic == topic, consumed_offset.c.partition == number
    )
    return next((row.next_offset for row in all_rows(engine, query)), 0)


def unrecorded(engine: Engine, log: str, partition: Partition, payloads: Payloads) -> list[int]:
    """The offsets of the payloads that the record holds neither as an event nor as a conflict nor as a dead letter."""
    return transaction(engine, lambda cursor: _unrecorded(cursor, log, partition, payloads), snapshot=True)


def without_letter(engine: Engine, log: str, letters: Sequence[DeadLetter]) -> list[Origin]:
    """The origins of those dead letters that the record does not hold."""
    columns = dead_letter.c.topic, dead_letter.c.partition, dead_letter.c.offset, dead_letter.c.sha256
    held = set(map(tuple, all_rows(engine, select(*columns).where(dead_letter.c.log == log))))
    return [letter.origin for letter in letters if (*_place(letter.origin), letter.sha256) not in held]


def remove(engine: Engine, log: str, sha256: str, letters: Sequence[KeptLetter], decision: Decision) -> None:
    """Note the decision, and keep of these dead letters what is kept of any secret. Raises `Unavailable`."""

    def strip(cursor: Statements) -> None:
        now = stamp_under_lock(cursor)
        for letter in letters:
            where = log, *_place(letter.origin), sha256
            named = registered_source(letter.source), repeatable(letter.event_id, secret=True)
            cursor.execute(_STRIP, (SECRET.code, SECRET.message, *named, now, *where))
            cursor.execute(_NOTE, (*where, decision.removed_by, decision.confirmed_by, decision.reason, now))

    transaction(engine, strip)


def removals(engine: Engine) -> list[dict[str, Any]]:
    """Every removal, the newest first."""
    return [row._asdict() for row in all_rows(engine, select(secret_removal).order_by(secret_removal.c.number.desc()))]


def _unrecorded(cursor: Statements, log: str, partition: Partition, payloads: Payloads) -> list[int]:
    values = {offset: raw or b"" for offset, raw in payloads.items()}
    cursor.execute(_DEAD, (log, *partition, list(values)))
    letters = set(cursor)
    offsets = sorted(offset for offset, raw in values.items() if (offset, hashlib.sha256(raw).hexdigest()) not in letters)
    return [offsets[place] for place in without_event(cursor, [values[offset] for offset in offsets])]


def _place(origin: Origin) -> tuple[str, int, int]:
    return origin.topic, origin.partition, origin.offset
