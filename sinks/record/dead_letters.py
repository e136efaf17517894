# statements are put together from our own column names, never from values
"""Dead letters into the record, each once, by where and when its payload was read; and their payloads out of it, after some days."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from schemas.records import DeadLetter
from sinks.postgres.bulk_copy import Statements, names, quoted
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
    """Remove the payload of every dead letter that has been in the record for so many days. Returns how many; 0 days: keep them for ever.

    Reason, origin, key and SHA-256 stay, and when the payload was removed. Two at once do no harm. Raises `Unavailable`.
    """
    if not days:
        return 0
    return transaction(engine, lambda cursor: cursor.execute(_REMOVE, (timedelta(days=days),)).rowcount)


def insert_dead(cursor: Statements, log: str, dead: Sequence[DeadLetter], recorded_at: datetime) -> list[str]:
    """Insert what is new; the code of each that was."""
    codes: list[str] = []
    for letter in sorted(dead, key=lambda one: (one.origin.topic, one.origin.partition, one.origin.offset)):
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
        }
        cursor.execute(_INSERT, row)
        codes += [code for (code,) in cursor]
    return codes


def storable(text: str) -> str:
    """A text from an unreadable payload as PostgreSQL can store it: it knows no NUL and no half of a surrogate pair."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
