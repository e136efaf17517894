"""Whether a log is the one that a position was stored for.

The cluster id and the topic ids of Kafka tell a topic that was created again. An older log that is put back (a restored volume, a snapshot)
has the same ids and other records. So a position also keeps the fingerprint of the last record before it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition

from border.vietnam import HANOI
from schemas.records import LastRecord, Partition, Position, Unavailable
from streams.batch import fingerprint
from streams.kafka import Cluster, reader
from streams.topic_ids import topic_ids

_ANSWER_S = 10.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PartitionLog:
    """A partition as Kafka holds it now."""

    incarnation: str
    first: int
    end: int
    record: LastRecord | None
    """The record at the requested offset; None where there is none."""


async def cluster_id(cluster: Cluster) -> str:
    """The id of the cluster, which names the log that positions belong to. Raises `Unavailable`."""
    async with reader(cluster) as kafka:
        return (await topic_ids(kafka._client, [])).cluster  # noqa: SLF001  # a consumer has no such question


async def logs_of(cluster: Cluster, offsets: Mapping[Partition, int | None]) -> dict[Partition, PartitionLog]:
    """Each partition, with the record at the given offset. Raises `Unavailable`."""
    places = {partition: TopicPartition(*partition) for partition in offsets}
    async with reader(cluster) as kafka:
        ids = await topic_ids(kafka._client, sorted({topic for topic, _ in offsets}))  # noqa: SLF001  # as above
        first = await kafka.beginning_offsets(places.values())
        end = await kafka.end_offsets(places.values())
        readable = {
            places[partition]: offset
            for partition, offset in offsets.items()
            if offset is not None and first[places[partition]] <= offset < end[places[partition]]
        }
        records = await _records(kafka, readable)
    return {
        partition: PartitionLog(ids.topics[partition[0]], first[place], end[place], records.get(place))
        for partition, place in places.items()
    }


async def _records(kafka: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, LastRecord]:
    """The record at each offset. An offset may hold none: Kafka's transaction markers take offsets too."""
    if not offsets:
        return {}
    kafka.assign(list(offsets))
    for place, offset in offsets.items():
        kafka.seek(place, offset)
    records: dict[TopicPartition, LastRecord] = {}
    pending = set(offsets)
    until = time.monotonic() + _ANSWER_S
    while pending:
        if time.monotonic() > until:
            raise Unavailable("broker", f"no answer within {_ANSWER_S:g} s")
        for place, polled in (await kafka.getmany(*pending, timeout_ms=200, max_records=1)).items():
            if polled[0].offset == offsets[place]:
                records[place] = fingerprint(polled[0])
        passed = [place for place in pending if await kafka.position(place) > offsets[place]]
        kafka.pause(*passed)
        pending.difference_update(passed)
    return records


def difference(position: Position, log: PartitionLog) -> str | None:
    """Why the log is not the one that the position was stored for, or no longer holds it; None where they agree."""
    if position.incarnation not in (None, log.incarnation):
        return f"it was stored of the topic {position.incarnation}, which is {log.incarnation} now: the topic was made anew"
    if not log.first <= position.offset <= log.end:
        return f"the log has {log.first} to {log.end}: records are missing"
    if position.last is None or position.last.offset < log.first or log.record == position.last:
        return None
    present = "none there" if log.record is None else shown(log.record)
    return f"the record read last was {shown(position.last)}, but the log has {present}: another log was put in its place"


def shown(record: LastRecord) -> str:
    """A record as a person compares it with another: offset, time and digest."""
    return f"{record.offset} of {appended_at(record)} ({record.digest})"


def appended_at(record: LastRecord) -> str:
    """When the log took a record, in Vietnam's time; the bare number where no calendar has it."""
    try:
        return (_EPOCH + timedelta(milliseconds=record.timestamp)).astimezone(HANOI).isoformat(timespec="milliseconds")
    except OverflowError:
        return str(record.timestamp)
