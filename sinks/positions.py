"""The position of each partition of a log, moved in the transaction that records what was read before it."""

from collections.abc import Mapping

from schemas.records import Partition, Position, StalePosition
from sinks.bulk_copy import Statements

_READ = """
SELECT topic, partition, next_offset, incarnation FROM consumed_offset
WHERE log = %s AND (topic, partition) IN (SELECT * FROM unnest(%s::text[], %s::int[]))
"""
_BEGIN = """
INSERT INTO consumed_offset (log, topic, partition, next_offset, incarnation)
SELECT %s, * FROM unnest(%s::text[], %s::int[], %s::bigint[], %s::text[]) ORDER BY 2, 3
ON CONFLICT (log, topic, partition) DO UPDATE SET incarnation = excluded.incarnation WHERE consumed_offset.incarnation IS NULL
"""
_MOVE = """
UPDATE consumed_offset SET next_offset = wanted.next_offset
FROM unnest(%s::text[], %s::int[], %s::bigint[]) AS wanted (topic, partition, next_offset)
WHERE consumed_offset.log = %s AND consumed_offset.topic = wanted.topic AND consumed_offset.partition = wanted.partition
"""


def begin(cursor: Statements, log: str, beginnings: Mapping[Partition, Position]) -> dict[Partition, Position]:
    """The stored position of each partition; where there is none, its beginning, which is stored.

    A position stored by a version that did not note the incarnation is taken to be of the log as it is now.
    """
    topics, partitions = _columns(beginnings)
    offsets, incarnations = zip(*(beginnings[key] for key in zip(topics, partitions, strict=True)), strict=True)
    cursor.execute(_BEGIN, (log, topics, partitions, list(offsets), list(incarnations)))
    cursor.execute(_READ, (log, topics, partitions))
    return {(topic, partition): Position(following, incarnation) for topic, partition, following, incarnation in cursor}


def hold(cursor: Statements, log: str, positions: Mapping[Partition, tuple[int, int]]) -> bool:
    """Lock the positions a batch moves until the transaction ends. False: the batch is recorded already, its commit's answer was lost.

    Raises `StalePosition` when they are neither the batch's start nor its end.
    """
    topics, partitions = _columns(positions)
    # Always in the order of the key, or two workers that hold each other's partitions would deadlock.
    cursor.execute(f"{_READ} ORDER BY topic, partition FOR UPDATE", (log, topics, partitions))
    stored = {(topic, partition): following for topic, partition, following, _ in cursor}
    if stored == {key: start for key, (start, _) in positions.items()}:
        return True
    if stored == {key: end for key, (_, end) in positions.items()}:
        return False
    raise StalePosition(f"log {log}: stored {_shown(stored)}, expected {_shown({key: start for key, (start, _) in positions.items()})}")


def move(cursor: Statements, log: str, positions: Mapping[Partition, tuple[int, int]]) -> None:
    """Store the position after a batch, under the locks of `hold`."""
    topics, partitions = _columns(positions)
    cursor.execute(_MOVE, (topics, partitions, [positions[key][1] for key in zip(topics, partitions, strict=True)], log))


def _columns(keys: Mapping[Partition, object]) -> tuple[list[str], list[int]]:
    ordered = sorted(keys)
    return [topic for topic, _ in ordered], [partition for _, partition in ordered]


def _shown(positions: Mapping[Partition, int]) -> str:
    return ", ".join(f"{topic}[{partition}]={following}" for (topic, partition), following in sorted(positions.items())) or "nothing"
