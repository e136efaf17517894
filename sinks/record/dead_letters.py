"""Insert dead letters, each once by where and when its payload was read; mark those published again; remove old payloads."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Engine, update

from schemas.records import DeadLetter
from sinks.postgres.bulk_copy import Statements, names, quoted
from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.session import transaction
from sinks.postgres.tables import dead_letter
from sinks.record.event_insert import received_at

_COLUMNS = tuple(name for name in names(dead_letter) if name not in ("redriven_at", "payload_removed_at"))
_INSERT = f"""
INSERT INTO dead_letter ({quoted(_COLUMNS)}) VALUES ({", ".join(f"%({name})s" for name in _COLUMNS)}) ON CONFLICT DO NOTHING RETURNING code
"""
_REMOVE = """
UPDATE dead_letter SET payload = NULL, payload_removed_at = clock_timestamp()
WHERE payload IS NOT NULL AND recorded_at < clock_timestamp() - %s
"""


def remove_old_payloads(engine: Engine, days: int) -> int:
    """Remove the payload of every dead letter recorded more than `days` ago, or of none for 0 days. Returns how many were removed.

    Reason, origin, key and SHA-256 stay, with the moment of the removal. Two processes may do this at once. Raises `Unavailable`.
    """
    if not days:
        return 0
    return transaction(engine, lambda cursor: cursor.execute(_REMOVE, (timedelta(days=days),)).rowcount)


def insert_dead(cursor: Statements, log: str, dead: Sequence[DeadLetter], recorded_at: datetime) -> list[str]:
    """Insert dead letters. Returns the code of each that was new."""
    codes: list[str] = []
    for letter in sorted(dead, key=lambda letter: (letter.origin.topic, letter.origin.partition, letter.origin.offset)):
        origin = letter.origin
        row = {
            "log": log,
            "topic": origin.topic,
            "partition": origin.partition,
            "offset": origin.offset,
            "received_at": received_at(origin),
            "code": letter.code,
            "reason": storable(letter.reason),
            "payload": letter.payload,
            "sha256": letter.sha256,
            "key": letter.key,
            "source": letter.source and storable(letter.source),
            "recorded_at": recorded_at,
            "sequence": letter.sequence,
            "event_id": letter.event_id and storable(letter.event_id),
            "problems": _problems(letter) if letter.problems else None,
        }
        cursor.execute(_INSERT, row)
        codes += [code for (code,) in cursor]
    return codes


def _problems(letter: DeadLetter) -> str:
    return msgspec.json.encode(letter.problems).decode()


def mark_redriven(engine: Engine, letter: Mapping[str, Any]) -> None:
    """Note that a dead letter was published again, now by the record's clock. Of one noted already nothing changes. Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        waiting = update(dead_letter).where(*is_letter(letter), dead_letter.c.redriven_at.is_(None))
        connection.execute(waiting.values(redriven_at=stamped(connection)))


def is_letter(letter: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """The conditions that choose this dead letter, as `sinks.query.dead_letters` gives it."""
    key = {**letter, "received_at": datetime.fromisoformat(letter["received_at"])}
    return [column == key[column.name] for column in dead_letter.primary_key]


def storable(text: str) -> str:
    """A text of an unreadable payload without what PostgreSQL cannot store: NUL, and half of a surrogate pair."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
