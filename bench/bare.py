"""The floor: the same bytes through the same services, with nothing done about them."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder  # as every other import here

from bench.by_hand import HEADERS, consuming, one_ahead
from bench.events import events
from bench.meter import Meter
from bench.spec import BATCH, Spec
from schemas.topics import MAX_MESSAGE_BYTES, PARTITIONS, RESULTS, SOURCES

_BATCH_BYTES = 512 * 1024


async def publish(spec: Spec, meter: Meter) -> None:
    """`send_batch` of what lies in memory already."""
    producer = AIOKafkaProducer(
        bootstrap_servers=spec.kafka, acks="all", enable_idempotence=True, max_batch_size=_BATCH_BYTES, max_request_size=MAX_MESSAGE_BYTES
    )
    await producer.start()
    everything = list(events(spec.events))
    partitioner, numbers = DefaultPartitioner(), list(range(PARTITIONS))
    await meter.go()
    meter.begin()
    for start in range(0, len(everything), BATCH):
        chunk = everything[start : start + BATCH]
        building: dict[tuple[str, int], BatchBuilder] = {}
        sent = []
        for one in chunk:
            place = one.topic, partitioner(one.key, numbers, numbers)
            batch = building.get(place)
            if batch is None or batch.append(timestamp=None, key=one.key, value=one.value, headers=HEADERS) is None:
                if batch is not None:
                    sent.append(await producer.send_batch(batch, place[0], partition=place[1]))
                batch = building[place] = producer.create_batch()
                batch.append(timestamp=None, key=one.key, value=one.value, headers=HEADERS)
        sent += [await producer.send_batch(batch, topic, partition=partition) for (topic, partition), batch in building.items()]
        for acknowledged in sent:
            await acknowledged
        meter.safe(len(chunk))
    await producer.stop()


async def classify(spec: Spec, meter: Meter) -> None:
    """`getmany`, and commit."""

    async def nothing(_: object) -> None:
        return

    async with consuming(spec, SOURCES, meter) as source:
        await one_ahead(source, meter, lambda records: records, nothing)


async def record(spec: Spec, meter: Meter) -> None:
    """`getmany`, and COPY of the bytes into a table of one column."""
    thread = ThreadPoolExecutor(1)
    with psycopg.connect(spec.database) as session:
        session.execute("CREATE TABLE bare (message bytea)")
        session.commit()

        def copy(records: Sequence[ConsumerRecord]) -> None:
            with session.cursor() as cursor, cursor.copy("COPY bare (message) FROM STDIN (FORMAT BINARY)") as rows:
                rows.set_types(["bytea"])
                for one in records:
                    rows.write_row((one.value,))
            session.commit()

        async def store(records: Sequence[ConsumerRecord]) -> None:
            await asyncio.get_running_loop().run_in_executor(thread, copy, records)

        async with consuming(spec, RESULTS, meter) as source:
            await one_ahead(source, meter, lambda records: records, store)
    thread.shutdown()
