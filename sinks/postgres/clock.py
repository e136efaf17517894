"""The record's clock: the database's own, read so that no row can appear later with a stamp before a moment already reported on.

The clock never goes back: `record_now()` gives the server's time or, where that is behind, a microsecond more than it gave last. It runs with
the rights of its owner, so a role that may only read can stamp the moment of a report too, and no role can set the clock.

There are two advisory locks, always taken in this order and held until the transaction ends:

- *history*: a transaction that records holds it shared. One that works the history out again (rejudge, rebuild) holds it exclusively, for
  minutes: nothing is recorded meanwhile, and all that was recorded before is committed. Reports do not use this lock.
- *clock*: a transaction that stamps holds it shared from its stamp to its commit. One that chooses a moment T to report on takes it
  exclusively just for that. So every row with a stamp up to T is committed by then, and every other row will carry a later stamp.

A transaction that holds the history exclusively stamps last, when only writing is left: a report waits for the writing, not for the minutes
before.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from sinks.postgres.bulk_copy import Statements
from sinks.postgres.engine import away_is_unavailable

HISTORY = 0x6D6F63_4869
CLOCK = 0x6D6F63_5453


def stamp_under_lock(cursor: Statements) -> datetime:
    """Now, for rows of incidents. This transaction holds both locks until it ends. Waits while another holds the history exclusively."""
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", (HISTORY,))
    cursor.execute("SELECT record_now() FROM pg_advisory_xact_lock_shared(%s)", (CLOCK,))
    return _only(cursor)


def hold_history(cursor: Statements) -> None:
    """Wait until nobody records, and keep all writers out until this transaction ends. It sees everything that was recorded before.

    Then it may read and compute for as long as it takes, and calls `stamp_under_lock` just before it writes. It must not be a snapshot,
    which would be of a moment before the wait.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (HISTORY,))


def stamped(connection: Connection) -> datetime:
    """Now, for rows outside the history of incidents, in an SQLAlchemy transaction. Does not wait for the history lock."""
    moment: datetime = connection.execute(text("SELECT record_now() FROM pg_advisory_xact_lock_shared(:key)"), {"key": CLOCK}).scalar_one()
    return moment


def stamp(cursor: Statements) -> datetime:
    """Now, in a transaction that holds both locks already."""
    cursor.execute("SELECT record_now()")
    return _only(cursor)


def as_of_now(engine: Engine) -> datetime:
    """A moment to report on: every row with an earlier stamp is committed and visible. Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        moment: datetime = connection.execute(text("SELECT record_now() FROM pg_advisory_xact_lock(:key)"), {"key": CLOCK}).scalar_one()
        return moment


def ahead_of_server(engine: Engine) -> timedelta:
    """How far the newest stamp is ahead of the server's clock: negative, unless that clock was set back. Raises `Unavailable`."""
    newest = "timestamptz 'epoch' + last_value * interval '1 microsecond'"
    with away_is_unavailable(), engine.connect() as connection:
        ahead: timedelta = connection.execute(text(f"SELECT {newest} - clock_timestamp() FROM record_clock")).scalar_one()
        return ahead


def _only(cursor: Statements) -> datetime:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # a SELECT without a condition
    moment: datetime = row[0]
    return moment
