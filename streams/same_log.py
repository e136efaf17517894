"""Whether a log is the one that a position was stored of.

Kafka's cluster id and topic ids tell a topic that was made anew. An older log that is put back (a restored volume, a snapshot) has the same
ids; what differs are its records, so a position also keeps what the last record before it is known by.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition

from border.vietnam import HANOI
from schemas.records import LastRecord, Partition, Position, Unavailable
from streams.batch import known_by
from streams.kafka import Cluster, reader
from streams.topic_ids import topic_ids

_ANSWER_S = 10.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PartitionLog:
    """A partition as Kafka has it now."""

    incarnation: str
    first: int
    end: int
    record: LastRecord | None
    """The record at the offset that was asked for; None where there is none."""


async def cluster_id(cluster: Cluster) -> str:
    """What Kafka calls itself: the log that positions belong to. Raises `Unavailable`."""
    async with reader(cluster) as kafka:
        return (await topic_ids(kafka._client, [])).cluster  # noqa: SLF001  # a consumer has no such question


async def logs_of(cluster: Cluster, offsets: Mapping[Partition, int | None]) -> dict[Partition, PartitionLog]:
    """Each of these partitions, with the record at an offset of it. Raises `Unavailable`."""
    places = {partition: TopicPartition(*partition) for partition in offsets}
    async with reader(cluster) as kafka:
        ids = await topic_ids(kafka._client, sorted({topic for topic, _ in offsets}))  # noqa: SLF001  # as above
        first = await kafka.beginning_offsets(places.values())
        end = await kafka.end_offsets(places.values())
        held = {places[key]: at for key, at in offsets.items() if at is not None and first[places[key]] <= at < end[places[key]]}
        records = await _records(kafka, held)
    return {key: PartitionLog(ids.topics[key[0]], first[at], end[at], records.get(at)) for key, at in places.items()}


async def _records(kafka: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, LastRecord]:
    """The record at each offset. There may be none: of a transaction, Kafka counts offsets that hold no record."""
    if not offsets:
        return {}
    kafka.assign(list(offsets))
    for place, offset in offsets.items():
        kafka.seek(place, offset)
    records: dict[TopicPartition, LastRecord] = {}
    waited_for = set(offsets)
    until = time.monotonic() + _ANSWER_S
    while waited_for:
        if time.monotonic() > until:
            raise Unavailable("broker", f"no answer within {_ANSWER_S:g} s")
        for place, polled in (await kafka.getmany(*waited_for, timeout_ms=200, max_records=1)).items():
            if polled[0].offset == offsets[place]:
                records[place] = known_by(polled[0])
        passed = [place for place in waited_for if await kafka.position(place) > offsets[place]]
        kafka.pause(*passed)
        waited_for.difference_update(passed)
    return records


def difference(position: Position, log: PartitionLog) -> str | None:
    """How the log is not the one the position was stored of, or holds it no longer; None where they agree."""
    if position.incarnation not in (None, log.incarnation):
        return f"it was stored of the topic {position.incarnation}, which is {log.incarnation} now: the topic was made anew"
    if not log.first <= position.offset <= log.end:
        return f"the log has {log.first} to {log.end}: records are missing"
    if position.last is None or position.last.offset < log.first or log.record == position.last:
        return None
    there = "none there" if log.record is None else shown(log.record)
    return f"the record read last was {shown(position.last)}, but the log has {there}: another log was put in its place"


def shown(record: LastRecord) -> str:
    """A record as people compare it with another."""
    return f"{record.offset} of {appended_at(record)} ({record.digest})"


def appended_at(record: LastRecord) -> str:
    """When the log took a record; a number that is no time of ours as it is."""
    try:
        return (_EPOCH + timedelta(milliseconds=record.timestamp)).astimezone(HANOI).isoformat(timespec="milliseconds")
    except OverflowError:
        return str(record.timestamp)
