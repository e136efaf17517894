"""The floor: move the same bytes through the same services and do nothing else, one batch ahead."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import psycopg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.producer.message_accumulator import BatchBuilder

from bench.events import Sent, events
from bench.meter import Meter
from bench.spec import BATCH, Spec
from schemas.topics import MAX_MESSAGE_BYTES, PARTITIONS, RESULTS, SOURCES, VERDICTS

Place = tuple[str, int]
HEADERS = [("content-type", b"application/cloudevents+json")]
_BATCH_BYTES = 512 * 1024


async def publish(spec: Spec, meter: Meter) -> None:
    """`send_batch` of events that are in memory already."""
    async with producing(spec.kafka) as producer:
        everything = list(events(spec.events))
        await meter.go()
        meter.begin()
        for start in range(0, len(everything), BATCH):
            chunk = everything[start : start + BATCH]
            await send(producer, chunk)
            meter.safe(len(chunk))


async def classify(spec: Spec, meter: Meter) -> None:
    """`getmany`, `send_batch` of messages as long as a verdict's, and commit."""

    async with producing(spec.kafka) as producer, consuming(spec, SOURCES, meter) as consumer:

        async def answer(records: Sequence[ConsumerRecord]) -> None:
            await send(producer, [Sent(VERDICTS, record.key, _padded(record.value, spec.payload)) for record in records])

        await poll_ahead(consumer, meter, answer)


async def record(spec: Spec, meter: Meter) -> None:
    """`getmany`, COPY of as many bytes as the record's rows have into a table of one column, and commit."""
    thread = ThreadPoolExecutor(1)
    with psycopg.connect(spec.database) as session:
        session.execute("CREATE TABLE bare (bytes bytea STORAGE PLAIN)")  # never compressed
        session.commit()

        def copy(records: Sequence[ConsumerRecord]) -> None:
            with session.cursor() as cursor, cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as rows:
                rows.set_types(["bytea"])
                for record in records:
                    rows.write_row((_padded(record.value, spec.payload),))
            session.commit()

        async def store(records: Sequence[ConsumerRecord]) -> None:
            await asyncio.get_running_loop().run_in_executor(thread, copy, records)

        async with consuming(spec, RESULTS, meter) as consumer:
            await poll_ahead(consumer, meter, store)
    thread.shutdown()


def _padded(value: bytes, size: int) -> bytes:
    return value[:size].ljust(size)


@asynccontextmanager
async def producing(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    """A producer with the service's promises."""
    async with AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, max_batch_size=_BATCH_BYTES, max_request_size=MAX_MESSAGE_BYTES
    ) as producer:
        yield producer


async def send(producer: AIOKafkaProducer, messages: Iterable[Sent]) -> None:
    """Write messages a batch a partition, and wait until they are acknowledged."""
    building: dict[Place, BatchBuilder] = {}
    sending = []
    for message in messages:
        place = message.topic, zlib.crc32(message.key) % PARTITIONS
        batch = building.get(place)
        if batch is None or batch.append(timestamp=None, key=message.key, value=message.value, headers=HEADERS) is None:
            if batch is not None:
                sending.append(await producer.send_batch(batch, place[0], partition=place[1]))
            batch = building[place] = producer.create_batch()
            batch.append(timestamp=None, key=message.key, value=message.value, headers=HEADERS)
    sending += [await producer.send_batch(batch, topic, partition=partition) for (topic, partition), batch in building.items()]
    for acknowledged in sending:
        await acknowledged


@asynccontextmanager
async def consuming(spec: Spec, topics: tuple[str, ...], meter: Meter) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of a new group, with its partitions, set as the service sets its own."""
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=spec.kafka,
        group_id=spec.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=512 * 1024,
    )
    await consumer.start()
    try:
        while not consumer.assignment():  # noqa: ASYNC110  # aiokafka has no event for it
            await asyncio.sleep(0.02)
        meter.ready()
        yield consumer
    finally:
        await consumer.stop()


async def poll_ahead(consumer: AIOKafkaConsumer, meter: Meter, work: Callable[[Sequence[ConsumerRecord]], Awaitable[None]]) -> None:
    """Poll a batch while the one before it is worked on and committed, until the meter has seen the last event."""

    async def finish(polled: dict, records: Sequence[ConsumerRecord]) -> int:
        await work(records)
        await consumer.commit({partition: batch[-1].offset + 1 for partition, batch in polled.items()})
        return len(records)

    finishing: asyncio.Task[int] | None = None
    while True:
        polled = await consumer.getmany(timeout_ms=200, max_records=BATCH)
        records = [record for batch in polled.values() for record in batch]
        if records:
            meter.begin()
        if finishing is not None and meter.safe(await finishing):
            return
        finishing = asyncio.create_task(finish(polled, records)) if records else None
