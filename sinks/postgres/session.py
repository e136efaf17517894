"""One transaction on a psycopg session of an engine's pool, with the temporary tables of `sinks.postgres.staging`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine

from schemas.records import Unavailable
from sinks.postgres.bulk_copy import Session, Statements
from sinks.postgres.engine import away_is_unavailable, is_spoilt
from sinks.postgres.staging import STAGING

Answer = TypeVar("Answer")

_IDLE_TIMEOUT = "SET idle_in_transaction_session_timeout = '30s'"
"""Otherwise a worker that freezes within a transaction would keep its locks, and everybody who waits for them, for ever."""
_TRIES = 5
"""How often a transaction is tried that PostgreSQL ends with one of `_CROSSED`: a serialization failure or a deadlock."""
_CROSSED = ("40001", "40P01")
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
"""A read-only transaction may still fill temporary tables."""


def transaction(engine: Engine, work: Callable[[Statements], Answer], *, snapshot: bool = False) -> Answer:
    """Run `work` and commit all of it or nothing. With `snapshot` it may only read, and all its statements see the record at one moment.

    Raises `Unavailable` when the database does not answer: then nothing was committed or, where the answer to COMMIT was lost, all of it.
    """
    for left in reversed(range(_TRIES)):
        try:
            with away_is_unavailable():
                return _once(engine, work, snapshot=snapshot)
        except Unavailable as error:
            if not left or getattr(error.__cause__, "sqlstate", None) not in _CROSSED:
                raise
            time.sleep(0.01 * (_TRIES - left))
    raise AssertionError("the last try returns or raises")


@contextmanager
def statements(connection: Connection) -> Iterator[Statements]:
    """A psycopg cursor within the transaction of an SQLAlchemy connection."""
    session: Session = connection.connection.driver_connection  # type: ignore[assignment]  # as in `_once`
    with session.cursor(binary=True) as cursor:
        yield cursor


def _once(engine: Engine, work: Callable[[Statements], Answer], *, snapshot: bool) -> Answer:
    pool = engine.pool
    pooled = engine.raw_connection()
    session: Session = pooled.driver_connection  # type: ignore[assignment]  # a psycopg connection: `sinks.postgres.engine` says so
    try:
        if not pooled.info.get("staged"):
            session.execute(_IDLE_TIMEOUT)
            for target in STAGING:
                for statement in target.create_temporary:
                    session.execute(statement)
            session.commit()
            pooled.info["staged"] = True
        with session.cursor(binary=True) as cursor:
            if snapshot:
                cursor.execute(_SNAPSHOT)
            answer = work(cursor)
        session.commit()
    except BaseException as error:
        if is_spoilt(error) or session.closed:
            pooled.invalidate()
            engine.dispose()  # the pool's other connections lead to the same server: the next call opens a new one
        raise
    finally:
        if engine.pool is not pool and pooled.is_valid:
            pooled.invalidate()  # another thread disposed of the pool meanwhile, so nobody would close a connection returned to it
        pooled.close()
    return answer
