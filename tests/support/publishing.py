"""Sending to a real broker, and looking at what lies in its topics."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NoError, NotLeaderForPartitionError, for_code
from aiokafka.protocol.produce import ProduceRequest

from schemas.topics import INCIDENTS, MAX_MESSAGE_BYTES, PARTITIONS

Payload = tuple[bytes, bytes]
"""Key and value."""


def publish(bootstrap: str, sent: Sequence[Payload], *, seconds: float = 0.0, topic: str = INCIDENTS) -> None:
    """Send payloads in order, spread over some seconds."""
    asyncio.run(_publish(bootstrap, sent, seconds, topic))


@contextmanager
def publishing(bootstrap: str, sent: Sequence[Payload], *, seconds: float) -> Iterator[None]:
    """Send payloads while the context lasts; at its end all of them were acknowledged."""
    problems: list[BaseException] = []

    def send() -> None:
        try:
            publish(bootstrap, sent, seconds=seconds)
        except BaseException as problem:  # noqa: BLE001  # raised again where it is awaited
            problems.append(problem)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        thread.join(120)
    assert not thread.is_alive(), "the traffic was not sent"
    assert not problems, problems


async def _publish(bootstrap: str, sent: Sequence[Payload], seconds: float, topic: str) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        max_request_size=MAX_MESSAGE_BYTES,
        request_timeout_ms=90_000,  # a broker that is killed comes back
    ) as producer:
        chunk = max(1, len(sent) // 100)
        for start in range(0, len(sent), chunk):
            futures = [await producer.send(topic, value, key=key) for key, value in sent[start : start + chunk]]
            await asyncio.gather(*futures)
            await asyncio.sleep(seconds / 100)


def contents(bootstrap: str, topic: str) -> list[ConsumerRecord]:
    """Every record of a topic, each partition in order."""
    return asyncio.run(_contents(bootstrap, topic))


async def _contents(bootstrap: str, topic: str) -> list[ConsumerRecord]:
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False) as consumer:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        records: list[ConsumerRecord] = []
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for polled in (await consumer.getmany(timeout_ms=200)).values():
                records += polled
        return records


def delete_records(bootstrap: str, topic: str) -> None:
    """Do what retention does: nothing that was written so far is left."""
    asyncio.run(_delete_records(bootstrap, topic))


async def _delete_records(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        everything = RecordsToDelete(before_offset=-1)
        await admin.delete_records({TopicPartition(topic, number): everything for number in range(PARTITIONS)})
    finally:
        await admin.close()


def publish_batch(bootstrap: str, batch: bytes, *, topic: str = INCIDENTS, partition: int = 0) -> None:
    """Send a batch of records as it is, byte for byte, as clients of other languages may write it."""
    asyncio.run(_publish_batch(bootstrap, batch, topic, partition))


async def _publish_batch(bootstrap: str, batch: bytes, topic: str, partition: int) -> None:
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    await client.bootstrap()
    try:
        await client.fetch_all_metadata()
        while True:
            answer = await client.send(client.get_random_node(), ProduceRequest(None, -1, 10_000, [(topic, [(partition, batch)])]))
            error = for_code(answer.topics[0][1][0][1])
            if error is NoError:
                break
            assert error is NotLeaderForPartitionError, answer  # the topic has just been made
            await asyncio.sleep(0.05)
    finally:
        await client.close()
