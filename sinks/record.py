"""The official record: one transaction a batch, in the order `design.md` section 2.1 gives."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from sqlalchemy import Engine

from schemas.records import Delivery, Partition, Recorded
from sinks import positions as stored_positions
from sinks.arrivals import ARRIVING, Disposition, insert
from sinks.clock import stamp_under_lock
from sinks.copying import Session, Statements
from sinks.crossings import COUNTED, record_crossings
from sinks.dead_letters import insert_dead
from sinks.engine import away_is_unavailable, connect
from sinks.incidents import FRESH, record_incidents

_STAGINGS = (ARRIVING, FRESH, COUNTED)
_TRIES = 5
"""Of a transaction that PostgreSQL ended because it crossed another."""
_CROSSED = ("40001", "40P01")

Options = ParamSpec("Options")
Answer = TypeVar("Answer")


class Database:
    """The record, for one thread. Takes an engine or a `postgresql://` URL."""

    def __init__(self, engine: Engine | str) -> None:
        self._engine = connect(engine) if isinstance(engine, str) else engine

    def positions(self, log: str, beginnings: Mapping[Partition, int]) -> dict[Partition, int]:
        """The next position to read of each partition; where none is stored, its beginning is. Raises `Unavailable`."""
        return self._transaction(stored_positions.begin, log, beginnings)

    def record(self, delivery: Delivery) -> Recorded:
        """Store a batch whole, with the positions it moves: what it really changed, nothing if it is recorded already.

        Raises `Unavailable` (ask the same again: nothing was done, or the whole of it) and `StalePosition`.
        """
        return self._transaction(_record, delivery)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _transaction(
        self, work: Callable[Concatenate[Statements, Options], Answer], *args: Options.args, **kwargs: Options.kwargs
    ) -> Answer:
        for left in reversed(range(_TRIES)):
            try:
                with away_is_unavailable():
                    return self._once(lambda cursor: work(cursor, *args, **kwargs))
            except Exception as error:  # looked at, and raised again unless another try is due
                if not left or getattr(error.__cause__, "sqlstate", None) not in _CROSSED:
                    raise
                time.sleep(0.01 * (_TRIES - left))
        raise AssertionError("the last try returns or raises")

    def _once(self, work: Callable[[Statements], Answer]) -> Answer:
        pooled = self._engine.raw_connection()
        try:
            session: Session = pooled.driver_connection  # type: ignore[assignment]
            if not pooled.info.get("staged"):
                _stage(session)
                pooled.info["staged"] = True
            with session.cursor(binary=True) as cursor:
                answer = work(cursor)
            session.commit()
        except BaseException as error:
            # A connection that failed in any way of its own is not worth keeping: the next call opens a new one.
            if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) or session_is_lost(pooled.driver_connection):
                pooled.invalidate()
            raise
        finally:
            pooled.close()
        return answer


def session_is_lost(session: Any) -> bool:
    """Whether a psycopg connection can no longer be used."""
    return session is None or bool(session.closed or session.broken)


def _stage(session: Session) -> None:
    for staging in _STAGINGS:
        session.execute(staging.create)  # type: ignore[call-overload]
    session.commit()


def _record(cursor: Statements, delivery: Delivery) -> Recorded:
    recorded = Recorded()
    if delivery.positions and not stored_positions.hold(cursor, delivery.log, delivery.positions):
        return recorded
    recorded_at = stamp_under_lock(cursor)
    if delivery.judged:
        ended = insert(cursor, delivery.log, delivery.judged, recorded_at)
        inserted = [one for one, end in zip(delivery.judged, ended, strict=True) if end is Disposition.RECORDED]
        record_incidents(cursor, inserted, recorded_at, recorded)
        record_crossings(cursor, inserted, recorded_at)
        recorded.events.update((one.event.type, one.verdict.outcome) for one in inserted)
        recorded.duplicates = ended.count(Disposition.DUPLICATE)
        recorded.conflicts = ended.count(Disposition.CONFLICT)
    recorded.dead_letters.update(insert_dead(cursor, delivery.log, delivery.dead, recorded_at))
    if delivery.positions:
        stored_positions.move(cursor, delivery.log, delivery.positions)
    return recorded
