"""One transaction on a psycopg session of an engine's pool, with the temporary tables that COPY fills."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine

from schemas.records import Unavailable
from sinks.postgres.bulk_copy import Session, Statements
from sinks.postgres.engine import away_is_unavailable, is_spoilt
from sinks.record.event_insert import ARRIVING
from sinks.record.states import FRESH

Answer = TypeVar("Answer")

_TEMPORARY = (ARRIVING, FRESH)
_HELD_NO_LONGER = "SET idle_in_transaction_session_timeout = '30s'"
"""A worker that freezes in a transaction would keep positions, incidents and reports waiting for ever."""
_TRIES = 5
"""Of a transaction that PostgreSQL ended because it crossed another."""
_CROSSED = ("40001", "40P01")
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
"""Temporary tables can be filled all the same."""


def transaction(engine: Engine, work: Callable[[Statements], Answer], *, snapshot: bool = False) -> Answer:
    """Do the work and commit it, all or nothing. `snapshot`: it only reads, and all its statements see the record of one moment.

    Raises `Unavailable` when the database does not answer: nothing was done or, where the commit's answer was lost, the whole of it.
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


def _once(engine: Engine, work: Callable[[Statements], Answer], *, snapshot: bool) -> Answer:
    pool = engine.pool
    pooled = engine.raw_connection()
    session: Session = pooled.driver_connection  # type: ignore[assignment]  # a psycopg connection: `sinks.postgres.engine` says so
    try:
        if not pooled.info.get("staged"):
            session.execute(_HELD_NO_LONGER)
            for statement in (statement for target in _TEMPORARY for statement in target.create):
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
            engine.dispose()  # the others were opened to the same server: the next call opens a new one
        raise
    finally:
        if engine.pool is not pool and pooled.is_valid:
            pooled.invalidate()  # another thread gave the pool up meanwhile: nobody would close what goes back into it
        pooled.close()
    return answer
