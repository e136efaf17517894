"""The official record: one transaction a batch, in the order `design.md` section 2.1 gives."""

from collections.abc import Mapping

from sqlalchemy import Engine

from schemas.records import ClassifiedBatch, Partition, Position, Recorded
from sinks import positions as stored
from sinks.arrivals import Disposition, insert
from sinks.clock import stamp_under_lock
from sinks.copying import Statements
from sinks.crossings import record_crossings
from sinks.dead_letters import insert_dead
from sinks.engine import connect
from sinks.incidents import record_incidents
from sinks.session import transaction


class Database:
    """The record, for one thread. Takes an engine or a `postgresql://` URL."""

    def __init__(self, engine: Engine | str) -> None:
        self._engine = connect(engine) if isinstance(engine, str) else engine

    def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> dict[Partition, Position]:
        """The position of each partition; where none is stored, its beginning is. Raises `Unavailable`."""
        return transaction(self._engine, lambda cursor: stored.begin(cursor, log, beginnings))

    def record(self, delivery: ClassifiedBatch) -> Recorded:
        """Store a batch whole, with the positions it moves: what it really changed, nothing if it is recorded already.

        Raises `Unavailable` (ask the same again: nothing was done, or the whole of it) and `StalePosition`.
        """
        return transaction(self._engine, lambda cursor: _record(cursor, delivery))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _record(cursor: Statements, delivery: ClassifiedBatch) -> Recorded:
    recorded = Recorded()
    if delivery.positions and not stored.hold(cursor, delivery.log, delivery.positions):
        return recorded
    recorded_at = stamp_under_lock(cursor)
    if delivery.events:
        ended = insert(cursor, delivery.log, delivery.events, recorded_at, recorded)
        inserted = [one for one, end in zip(delivery.events, ended, strict=True) if end is Disposition.RECORDED]
        record_incidents(cursor, inserted, recorded_at, recorded)
        record_crossings(cursor, inserted, recorded_at)
        recorded.events.update((one.event.type, one.verdict.outcome) for one in inserted)
        recorded.duplicates = ended.count(Disposition.DUPLICATE)
        recorded.conflicts = ended.count(Disposition.CONFLICT)
    recorded.dead_letters.update(insert_dead(cursor, delivery.log, delivery.dead, recorded_at))
    if delivery.positions:
        stored.move(cursor, delivery.log, delivery.positions)
    return recorded
