"""The official record: one transaction a batch, in the order `design.md` section 2.1 gives."""

from collections.abc import Mapping

from sqlalchemy import Engine

from schemas.records import ClassifiedBatch, Partition, Position, Recorded
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import stamp_under_lock
from sinks.postgres.engine import connect
from sinks.postgres.session import transaction
from sinks.record import positions as stored
from sinks.record.crossings import record_crossings
from sinks.record.dead_letters import insert_dead
from sinks.record.event_insert import Disposition, insert
from sinks.record.incidents import record_incidents

_FOLDED = ("vn.mocgioi.incident.", "vn.mocgioi.conflict.")
_CROSSING = "vn.mocgioi.crossing."


class Database:
    """The record, for one thread. Takes an engine or a `postgresql://` URL."""

    def __init__(self, engine: Engine | str) -> None:
        self._engine = connect(engine) if isinstance(engine, str) else engine

    def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> dict[Partition, Position]:
        """The position of each partition; where none is stored, its beginning is. Raises `Unavailable`."""
        return transaction(self._engine, lambda cursor: stored.begin(cursor, log, beginnings))

    def record(self, batch: ClassifiedBatch) -> Recorded:
        """Store a batch whole, with the positions it moves: what it really changed, nothing if it is recorded already.

        Raises `Unavailable` (ask the same again: nothing was done, or the whole of it) and `StalePosition`.
        """
        return transaction(self._engine, lambda cursor: _record(cursor, batch))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _record(cursor: Statements, batch: ClassifiedBatch) -> Recorded:
    counts = Recorded()
    if batch.positions and not stored.hold(cursor, batch.log, batch.positions):
        return counts
    recorded_at = stamp_under_lock(cursor)
    if batch.events:
        inserted = insert(cursor, batch.log, batch.events, recorded_at, counts)
        ended = inserted.ended
        recorded = [event for place, event in enumerate(batch.events) if ended[place] is Disposition.RECORDED]
        unfolded = [event for event in recorded if event.row.type.startswith(_FOLDED) and event.row.subject not in inserted.first_states]
        if unfolded:
            record_incidents(cursor, unfolded, recorded_at, counts)
        crossings = [event for event in recorded if event.row.type.startswith(_CROSSING)]
        if crossings:
            record_crossings(cursor, crossings, recorded_at)
        counts.events.update((event.row.type, event.verdict.outcome) for event in recorded)
        endings = list(ended.values())
        counts.duplicates = endings.count(Disposition.DUPLICATE)
        counts.conflicts = endings.count(Disposition.CONFLICT)
    counts.dead_letters.update(insert_dead(cursor, batch.log, batch.dead, recorded_at))
    if batch.positions:
        stored.move(cursor, batch.log, batch.positions, batch.last)
    return counts
