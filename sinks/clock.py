"""The record's clock: the database's own, read so that nothing can appear before a moment a report was made for.

A writer stamps while it holds the advisory lock shared and keeps it until it commits; who chooses a moment T to report on takes it
exclusively for just that. So whatever carries a stamp before T is committed by then, and whatever is not carries a later one.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine, text

from sinks.bulk_copy import Statements
from sinks.engine import away_is_unavailable

_LOCK = 0x6D6F63_5453


def stamp_under_lock(cursor: Statements) -> datetime:
    """Now, by the database; this transaction keeps the lock shared until it ends."""
    cursor.execute("SELECT clock_timestamp() FROM pg_advisory_xact_lock_shared(%s)", (_LOCK,))
    return _only(cursor)


def hold_history(cursor: Statements) -> None:
    """Wait until nobody records, and keep all out until this transaction ends. It sees everything that was recorded before."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def stamped(connection: Connection) -> datetime:
    """The same for a transaction of SQLAlchemy's."""
    moment: datetime = connection.execute(
        text("SELECT clock_timestamp() FROM pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK}
    ).scalar_one()
    return moment


def stamp(cursor: Statements) -> datetime:
    """Now, by the database, in a transaction that holds the lock already."""
    cursor.execute("SELECT clock_timestamp()")
    return _only(cursor)


def as_of_now(engine: Engine) -> datetime:
    """A moment everything before which is committed and visible, for a report "as known on". Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        moment: datetime = connection.execute(
            text("SELECT clock_timestamp() FROM pg_advisory_xact_lock(:key)"), {"key": _LOCK}
        ).scalar_one()
        return moment


def _only(cursor: Statements) -> datetime:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # a SELECT without a condition
    moment: datetime = row[0]
    return moment
