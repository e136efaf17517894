"""Redrive: publish a dead letter's payload to its origin topic again, once the cause is fixed."""

import hashlib
from collections.abc import Sequence

from aiokafka import TopicPartition, errors

from schemas.failures import Failure
from schemas.records import DeadLetter
from schemas.secrecy import is_legible
from streams.batch import Message
from streams.kafka import Cluster, reader
from streams.producer import Producer


class PayloadGone(Failure):
    """There is no payload to send again, or no partition to send it to. The message says which letter and why."""

    code = "payload_gone"


async def redrive(cluster: Cluster, letters: Sequence[DeadLetter]) -> None:
    """Publish each payload to its origin topic and partition, with the same key. The topics must be source topics.

    A payload that the letter does not hold, because it was too large or has been removed, is read from its topic again. Raises
    `PayloadGone` for one that is no longer there, and for one that was marked secret; nothing is sent then.
    """
    producer = Producer(cluster)
    try:
        partitions = {topic: await producer.partitions(topic) for topic in {letter.origin.topic for letter in letters}}
        for origin in (letter.origin for letter in letters):
            if not 0 <= origin.partition < partitions[origin.topic]:
                raise PayloadGone(f"{origin.topic}[{origin.partition}]@{origin.offset}: no such partition")
        await producer.write([await _message(cluster, letter) for letter in letters])
    finally:
        await producer.close()


async def _message(cluster: Cluster, letter: DeadLetter) -> Message:
    origin = letter.origin
    where = f"{origin.topic}[{origin.partition}]@{origin.offset}"
    if letter.code == "secret":
        raise PayloadGone(f"{where}: marked secret, nothing of it was kept")
    payload = letter.payload if letter.payload is not None else await _fetch(cluster, letter)
    if payload is None:
        raise PayloadGone(f"{where}: an empty record, nothing to send")
    if hashlib.sha256(payload).hexdigest() != letter.sha256:
        raise PayloadGone(f"{where}: there is another record now, the topic was made anew")
    if not is_legible(payload):
        raise PayloadGone(f"{where}: no UTF-8, it would be refused again, and nobody can tell whether it is secret")
    return Message(origin.topic, origin.partition, letter.key, payload, [("content-type", b"application/cloudevents+json")])


async def _fetch(cluster: Cluster, letter: DeadLetter) -> bytes | None:
    """The payload, read from its origin, which keeps its records for ever."""
    place = TopicPartition(letter.origin.topic, letter.origin.partition)
    async with reader(cluster) as kafka:
        kafka.assign([place])
        kafka.seek(place, letter.origin.offset)
        try:
            polled = await kafka.getmany(place, timeout_ms=10_000, max_records=1)
        except errors.OffsetOutOfRangeError as error:
            raise PayloadGone(f"{place.topic}[{place.partition}]@{letter.origin.offset}: {error}") from error
    records = polled.get(place)
    return records[0].value if records and records[0].offset == letter.origin.offset else None
