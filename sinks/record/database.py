"""The official record: one transaction a batch, in the order `design.md` section 2.1 gives."""

from collections.abc import Mapping
from operator import attrgetter

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
from sinks.record.probes import is_probe, record_probes

_FOLDED = ("vn.mocgioi.incident.", "vn.mocgioi.conflict.")
_CROSSING = "vn.mocgioi.crossing."
_type_of = attrgetter("row.type")


class Database:
    """The record, for one thread."""

    def __init__(self, engine: Engine | str) -> None:
        self._engine = connect(engine) if isinstance(engine, str) else engine

    def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> dict[Partition, Position]:
        """The position of each partition. Where none is stored, its beginning is stored. Raises `Unavailable`."""
        return transaction(self._engine, lambda cursor: stored.begin(cursor, log, beginnings))

    def record(self, batch: ClassifiedBatch) -> Recorded:
        """Store a batch with the positions it moves. Returns what it changed: nothing if it is recorded already.

        Raises `StalePosition`, and `Unavailable`: then all of it was stored or nothing, and the same call can be made again.
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
    if probes := [event for event in batch.events if is_probe(event)]:
        record_probes(cursor, probes, recorded_at)
        counts.probes = len(probes)
    if events := [event for event in batch.events if not is_probe(event)] if probes else batch.events:
        inserted = insert(cursor, batch.log, events, recorded_at, counts)
        dispositions = inserted.dispositions
        recorded = [event for place, event in enumerate(events) if dispositions[place] is Disposition.RECORDED]
        unfolded = [event for event in recorded if event.row.type.startswith(_FOLDED) and event.row.subject not in inserted.first_states]
        if unfolded:
            record_incidents(cursor, unfolded, recorded_at, counts)
        crossings = [event for event in recorded if event.row.type.startswith(_CROSSING)]
        if crossings:
            record_crossings(cursor, crossings, recorded_at)
        counts.events.update(map(_type_of, recorded))
        for disposition, types in ((Disposition.DUPLICATE, counts.duplicates), (Disposition.CONFLICT, counts.conflicts)):
            types.update(_type_of(events[place]) for place, end in dispositions.items() if end is disposition)
        counts.ages_s = [(recorded_at - event.row.time).total_seconds() for event in recorded]
    counts.dead_letters.update(insert_dead(cursor, batch.log, batch.dead, recorded_at))
    if batch.positions:
        stored.move(cursor, batch.log, batch.positions, batch.last)
    return counts
