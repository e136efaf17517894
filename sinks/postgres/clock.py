"""The record's clock: the database's own, read so that nothing can appear before a moment a report was made for.

It never goes back: `record_now()` gives the server's time or, where that is behind, a microsecond more than it gave last. It runs with the
rights of its owner, so a role that may only read stamps the moment of a report as safely as one that writes, and none can set the clock.

Two advisory locks, always taken in this order and held until the transaction ends:

- *history*: who records holds it shared. Who works the history out again (rejudge, rebuild) holds it exclusively, for minutes: nothing is
  recorded meanwhile, and all that was before is committed. Reports have nothing to do with it.
- *clock*: who stamps holds it shared from its stamp to its commit. Who chooses a moment T to report on takes it exclusively for just that.
  So whatever carries a stamp up to T is committed by then, and whatever is not will carry a later one.

Who holds the history stamps last, when all is worked out and only to be written: a report waits for that, not for the minutes before.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from sinks.postgres.bulk_copy import Statements
from sinks.postgres.engine import away_is_unavailable

HISTORY = 0x6D6F63_4869
CLOCK = 0x6D6F63_5453


def stamp_under_lock(cursor: Statements) -> datetime:
    """Now, for rows of incidents; this transaction holds both locks until it ends. Waits while the history is held."""
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", (HISTORY,))
    cursor.execute("SELECT record_now() FROM pg_advisory_xact_lock_shared(%s)", (CLOCK,))
    return _only(cursor)


def hold_history(cursor: Statements) -> None:
    """Wait until nobody records, and keep all out until this transaction ends. It sees everything that was recorded before.

    Then read and compute for as long as it takes; `stamp_under_lock` comes last before the rows are written. Not in a snapshot: that of
    the transaction would be from before the wait.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (HISTORY,))


def stamped(connection: Connection) -> datetime:
    """Now, for rows that are no part of an incident's history, in a transaction of SQLAlchemy's. Does not wait for who holds the history."""
    moment: datetime = connection.execute(text("SELECT record_now() FROM pg_advisory_xact_lock_shared(:key)"), {"key": CLOCK}).scalar_one()
    return moment


def stamp(cursor: Statements) -> datetime:
    """Now, in a transaction that holds the locks already."""
    cursor.execute("SELECT record_now()")
    return _only(cursor)


def as_of_now(engine: Engine) -> datetime:
    """A moment everything before which is committed and visible, for a report "as known on". Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        moment: datetime = connection.execute(text("SELECT record_now() FROM pg_advisory_xact_lock(:key)"), {"key": CLOCK}).scalar_one()
        return moment


def ahead_of_server(engine: Engine) -> timedelta:
    """How far the newest stamp is ahead of the server's clock; less than nothing, unless that was set back. Raises `Unavailable`."""
    newest = "timestamptz 'epoch' + last_value * interval '1 microsecond'"
    with away_is_unavailable(), engine.connect() as connection:
        ahead: timedelta = connection.execute(text(f"SELECT {newest} - clock_timestamp() FROM record_clock")).scalar_one()
        return ahead


def _only(cursor: Statements) -> datetime:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # a SELECT without a condition
    moment: datetime = row[0]
    return moment
