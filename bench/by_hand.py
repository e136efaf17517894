"""The same stages as plain loops, without Faust, channels and intake: the same functions, the same settings, one batch ahead.

They show what the service pays for going on when something fails: these loops end, or lose or double events.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from bench.meter import Meter
from bench.spec import BATCH, Spec
from schemas.records import ClassifiedBatch, ClassifiedEvent, Position
from schemas.topics import MAX_MESSAGE_BYTES, RESULTS, SOURCES, VERDICTS
from sinks.record import Database
from streams.batch import Batch, ends_of
from streams.classify import classify_record
from streams.kafka import Cluster, admin
from streams.messages import dead_letter_message, unpack, verdict_message
from streams.producer import Message, Producer

Prepared = TypeVar("Prepared")
HEADERS = [("content-type", b"application/cloudevents+json")]


async def publish(spec: Spec, meter: Meter) -> None:
    """A spool's rows through `send`, gathered."""
    producer = AIOKafkaProducer(bootstrap_servers=spec.kafka, acks="all", enable_idempotence=True, max_request_size=MAX_MESSAGE_BYTES)
    await producer.start()
    spool = sqlite3.connect(spec.spool, isolation_level=None)
    await meter.go()
    meter.begin()
    after = 0
    while rows := spool.execute("SELECT row, target, key, value FROM event WHERE row > ? ORDER BY row LIMIT ?", (after, BATCH)).fetchall():
        for acknowledged in [await producer.send(topic, value, key=key, headers=HEADERS) for _, topic, key, value in rows]:
            await acknowledged
        after = rows[-1][0]
        spool.execute("UPDATE spool SET sent = ?", (after + 1,))
        meter.safe(len(rows))
    spool.close()
    await producer.stop()


async def classify(spec: Spec, meter: Meter) -> None:
    """Judge, write, commit."""
    producer = Producer(Cluster(bootstrap=spec.kafka))
    partitions = await producer.partitions(VERDICTS)

    def judge(records: Sequence[ConsumerRecord]) -> list[Message]:
        return [
            verdict_message(answer, partitions) if isinstance(answer, ClassifiedEvent) else dead_letter_message(answer, partitions)
            for answer in map(classify_record, records)
        ]

    async with consuming(spec, SOURCES, meter) as source:
        await one_ahead(source, meter, judge, producer.write)
    await producer.close()


async def record(spec: Spec, meter: Meter) -> None:
    """Unpack, store in a thread with the positions, commit."""
    database, thread = Database(spec.database), ThreadPoolExecutor(1)
    async with admin(Cluster(bootstrap=spec.kafka)) as kafka:
        log = (await kafka.describe_cluster())["cluster_id"]

    async def store(delivery: ClassifiedBatch) -> None:
        await asyncio.get_running_loop().run_in_executor(thread, database.record, delivery)

    async with consuming(spec, RESULTS, meter) as source:
        following = {
            place: position.offset
            for place, position in database.positions(log, {tuple(place): Position(0, None) for place in source.assignment()}).items()
        }

        def understand(records: Sequence[ConsumerRecord]) -> ClassifiedBatch:
            ends = ends_of(records)
            positions = {place: (following[place], end) for place, end in ends.items()}
            following.update(ends)
            return unpack(Batch(log, records, positions))

        await one_ahead(source, meter, understand, store)
    thread.shutdown()
    database.close()


@asynccontextmanager
async def consuming(spec: Spec, topics: tuple[str, ...], meter: Meter) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of a new group, with its partitions, set as the service sets its own."""
    source = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=spec.kafka,
        group_id=spec.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=512 * 1024,
    )
    await source.start()
    try:
        while not source.assignment():  # noqa: ASYNC110  # aiokafka has no event for it
            await asyncio.sleep(0.02)
        meter.ready()
        yield source
    finally:
        await source.stop()


async def one_ahead(
    source: AIOKafkaConsumer,
    meter: Meter,
    prepare: Callable[[Sequence[ConsumerRecord]], Prepared],
    finish: Callable[[Prepared], Awaitable[None]],
) -> None:
    """Prepare a batch while the one before it is being finished and committed, until the meter has seen the last event."""

    async def end(records: Sequence[ConsumerRecord], prepared: Prepared) -> int:
        await finish(prepared)
        await source.commit({TopicPartition(*place): end for place, end in ends_of(records).items()})
        return len(records)

    finishing: asyncio.Task[int] | None = None
    while True:
        polled = await source.getmany(timeout_ms=200, max_records=BATCH)
        records = [record for records in polled.values() for record in records]
        if records:
            meter.begin()
            prepared = prepare(records)
        if finishing is not None and meter.safe(await finishing):
            return
        finishing = asyncio.create_task(end(records, prepared)) if records else None
