"""The offset store of record: the position of each partition, moved in the transaction that records what was read before it."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.records import LastRecord, Partition, Position, StalePosition
from sinks.postgres.bulk_copy import Statements

_POSITION = "next_offset, incarnation, last_offset, last_timestamp, last_digest"
_READ = f"""
SELECT topic, partition, {_POSITION} FROM consumed_offset
WHERE log = %s AND (topic, partition) IN (SELECT * FROM unnest(%s::text[], %s::int[]))
"""
_POSITIONS = "unnest(%s::text[], %s::int[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[])"
_INSERT = f"""
INSERT INTO consumed_offset (log, topic, partition, {_POSITION}) SELECT %s, * FROM {_POSITIONS} ORDER BY 2, 3
ON CONFLICT (log, topic, partition) DO UPDATE SET
"""
_BEGIN = f"{_INSERT} incarnation = excluded.incarnation WHERE consumed_offset.incarnation IS NULL"
_SET = f"{_INSERT} ({_POSITION}) = ROW ({', '.join(f'excluded.{name}' for name in _POSITION.split(', '))})"
_MOVE = """
UPDATE consumed_offset SET
    next_offset = wanted.next_offset,
    last_offset = coalesce(wanted.last_offset, consumed_offset.last_offset),
    last_timestamp = coalesce(wanted.last_timestamp, consumed_offset.last_timestamp),
    last_digest = coalesce(wanted.last_digest, consumed_offset.last_digest)
FROM unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
    AS wanted (topic, partition, next_offset, last_offset, last_timestamp, last_digest)
WHERE consumed_offset.log = %s AND consumed_offset.topic = wanted.topic AND consumed_offset.partition = wanted.partition
"""
_NONE = (None, None, None)


def begin(cursor: Statements, log: str, beginnings: Mapping[Partition, Position]) -> dict[Partition, Position]:
    """The position of each partition. Where none is stored, its beginning is stored and returned.

    A position that an earlier version stored without an incarnation is taken to belong to the log as it is now.
    """
    cursor.execute(_BEGIN, (log, *_columns(beginnings)))
    return _read(cursor, log, beginnings, _READ)


def hold(cursor: Statements, log: str, positions: Mapping[Partition, tuple[int, int]]) -> bool:
    """Lock the positions of a batch until the transaction ends. Returns False for a batch that is recorded already (its commit's answer was lost).

    Raises `StalePosition` when they are neither the batch's start nor its end.
    """
    # The locks are taken in the order of the key, or two workers that hold each other's partitions would deadlock.
    rows = _read(cursor, log, positions, f"{_READ} ORDER BY topic, partition FOR UPDATE")
    stored = {partition: position.offset for partition, position in rows.items()}
    if stored == {key: start for key, (start, _) in positions.items()}:
        return True
    if stored == {key: end for key, (_, end) in positions.items()}:
        return False
    raise StalePosition(f"log {log}: stored {_shown(stored)}, expected {_shown({key: start for key, (start, _) in positions.items()})}")


def move(cursor: Statements, log: str, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
    """Store the positions after a batch, under the locks of `hold`, and the last record of each partition."""
    rows = [(*key, end, *last.get(key, _NONE)) for key, (_, end) in sorted(positions.items())]
    cursor.execute(_MOVE, (*map(list, zip(*rows, strict=True)), log))


def put(cursor: Statements, log: str, positions: Mapping[Partition, Position]) -> dict[Partition, Position]:
    """Set positions as a person decided. Returns those that were stored before."""
    before = _read(cursor, log, positions, f"{_READ} ORDER BY topic, partition FOR UPDATE")
    cursor.execute(_SET, (log, *_columns(positions)))
    return before


def every(cursor: Statements) -> dict[str, dict[Partition, Position]]:
    """All positions, by log."""
    cursor.execute(f"SELECT log, topic, partition, {_POSITION} FROM consumed_offset ORDER BY log, topic, partition")
    logs: dict[str, dict[Partition, Position]] = {}
    for log, topic, partition, *position in cursor:
        logs.setdefault(log, {})[topic, partition] = _position(*position)
    return logs


def _read(cursor: Statements, log: str, keys: Iterable[Partition], query: str) -> dict[Partition, Position]:
    topics, partitions = zip(*sorted(keys), strict=True)
    cursor.execute(query, (log, list(topics), list(partitions)))
    return {(topic, partition): _position(*position) for topic, partition, *position in cursor}


def _position(offset: int, incarnation: str | None, *last: Any) -> Position:
    return Position(offset, incarnation, None if last == _NONE else LastRecord(*last))


def _columns(positions: Mapping[Partition, Position]) -> list[list[Any]]:
    rows = [(*key, at.offset, at.incarnation, *(at.last or _NONE)) for key, at in sorted(positions.items())]
    return [list(column) for column in zip(*rows, strict=True)]


def _shown(positions: Mapping[Partition, int]) -> str:
    return ", ".join(f"{topic}[{partition}]={following}" for (topic, partition), following in sorted(positions.items())) or "nothing"
