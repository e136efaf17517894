"""The measurements: one stage, two stages at once, the time to a committed row, growth, the command's help."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench import bare
from bench.events import Sent, events
from bench.lab import Lab
from bench.meter import MeterReading
from bench.spec import Variant
from schemas.topics import PARTITIONS, RESULTS, SOURCES, TOPICS, VERDICTS

RATE = 500
"""Events a second while latency is measured."""
LOST_S = 20.0
"""A row that takes longer is lost."""
SAMPLE = 1000
"""Messages whose mean length stands for all."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run came to, of one process or of several at once."""

    seconds: float
    rate: float
    """Events a second."""
    cpu_us: float
    """Of our processes, per event."""
    server_us: float
    """CPU time of PostgreSQL, per event."""
    peak_rss_mb: float
    """Of the largest of our processes."""

    @classmethod
    def of(cls, readings: Sequence[MeterReading], server_s: float = 0.0) -> "Result":
        """From the first event in any hand to the last one safe in the last."""
        size = readings[0].events
        seconds = max(reading.end for reading in readings) - min(reading.begin for reading in readings)
        cpu_s = sum(reading.cpu_s for reading in readings)
        peak = max(reading.peak_rss_mb for reading in readings)
        return cls(seconds, size / seconds, cpu_s / size * 1e6, server_s / size * 1e6, peak)


def publish(lab: Lab, variant: Variant, size: int) -> Result:
    """A spool into the source topics, which are new; they hold these events afterwards."""
    lab.renew(SOURCES)
    with lab.start("publish", variant, size, spool=lab.spool(size)) as run:
        result = Result.of([run.ready().go().reading()])
    lab.sources = size
    return result


def classify(lab: Lab, variant: Variant, size: int) -> Result:
    """Events into verdicts; the result topics hold these afterwards."""
    if variant == "bare" and "classify" not in lab.payloads:
        classify(lab, "ours", size)
    lab.fill(size)
    lab.renew(RESULTS)
    with lab.start("classify", variant, size) as run:
        result = Result.of([run.ready().reading()])
    lab.results = variant, size
    if variant == "ours":
        lab.payloads["classify"] = asyncio.run(_verdict_bytes(lab.kafka))
    return result


def record(lab: Lab, variant: Variant, size: int) -> Result:
    """What the same variant's classify wrote into a new database."""
    if variant == "bare" and "record" not in lab.payloads:
        record(lab, "ours", size)
    if lab.results != (variant, size):
        classify(lab, variant, size)
    with lab.database(variant) as url, lab.start("record", variant, size, database=url) as run:
        run.ready()
        idle = lab.server_cpu_s()
        result = Result.of([run.reading()], lab.server_cpu_s() - idle)
        if variant == "ours":
            lab.payloads["record"] = _stored_bytes(url) // size
    return result


def both(lab: Lab, variant: Variant, size: int) -> Result:
    """Events into a new database: classify and record as two processes at once, or the afternoon's one."""
    lab.fill(size)
    if variant == "afternoon":
        with lab.database(variant) as url:
            idle = lab.server_cpu_s()
            with lab.start("both", variant, size, database=url) as run:
                return Result.of([run.ready().reading()], lab.server_cpu_s() - idle)
    lab.renew(RESULTS)
    with lab.database(variant) as url, lab.start("record", variant, size, database=url) as recording:
        recording.ready()  # classify has its events already and begins at once
        idle = lab.server_cpu_s()
        with lab.start("classify", variant, size) as classifying:
            result = Result.of([classifying.ready().reading(), recording.reading()], lab.server_cpu_s() - idle)
    lab.results = variant, size
    return result


async def _verdict_bytes(kafka: str) -> int:
    """The mean length of a verdict message."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(VERDICTS, partition) for partition in range(PARTITIONS)])
        polled = await consumer.getmany(timeout_ms=5000, max_records=SAMPLE)
    return int(statistics.mean(len(record.value) for records in polled.values() for record in records))


def _stored_bytes(url: str) -> int:
    """The bytes of all rows of a database, as COPY carries them."""
    total = 0
    with psycopg.connect(url) as session:
        tables = [name for (name,) in session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in tables:
            with session.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT BINARY)') as rows:
                total += sum(map(len, rows))
    return total


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from handing an event to the producer to seeing its row."""

    p50: float
    p99: float
    worst: float


def latency(lab: Lab, seconds: float) -> Latency:
    """Publish steadily while both workers run, and look every 20 ms which rows are committed."""
    sent = list(events(int(RATE * seconds), seed=200))
    lab.renew(TOPICS)
    lab.sources, lab.results = 0, None
    with (
        lab.database("ours") as url,
        lab.start("record", "ours", len(sent), database=url) as recording,
        lab.start("classify", "ours", len(sent)) as classifying,
    ):
        recording.ready()
        classifying.ready()
        took = sorted(asyncio.run(_publish_and_look(lab.kafka, url, sent)))
        recording.reading()
        classifying.reading()
    return Latency(took[len(took) // 2], took[len(took) * 99 // 100], took[-1])


async def _publish_and_look(kafka: str, url: str, sent: Sequence[Sent]) -> list[float]:
    looking = asyncio.create_task(asyncio.to_thread(_first_seen, url, len(sent)))
    handed: list[float] = []
    async with bare.producing(kafka) as producer:
        start = time.monotonic()
        while len(handed) < len(sent):
            await asyncio.sleep(0.02)
            now = time.monotonic()
            due = sent[len(handed) : int((now - start) * RATE)]
            handed += [now] * len(due)
            await bare.send(producer, due)
    seen = await looking
    return [seen[json.loads(event.value)["id"]] - at for event, at in zip(sent, handed, strict=True)]


def _first_seen(url: str, expected: int) -> dict[str, float]:
    """When the row of each event was there, by the event's id. Raises `RuntimeError` when no more come."""
    seen: dict[str, float] = {}
    last = time.monotonic()
    with psycopg.connect(url, autocommit=True) as session:
        while len(seen) < expected:
            time.sleep(0.02)
            rows = session.execute("SELECT id FROM event WHERE recorded_at > clock_timestamp() - interval '3 seconds'").fetchall()
            now = time.monotonic()
            if new := [event_id for (event_id,) in rows if event_id not in seen]:
                seen |= dict.fromkeys(new, now)
                last = now
            if now - last > LOST_S:
                raise RuntimeError(f"{expected - len(seen)} events never became rows")
    return seen


def growth(lab: Lab, size: int, times: int) -> tuple[float, Result]:
    """How many times as long both stages take for `times` the events, and the large run; the small runs before and after it count half each."""
    small = both(lab, "ours", size)
    large = both(lab, "ours", size * times)
    again = both(lab, "ours", size)
    return large.seconds / statistics.mean((small.seconds, again.seconds)), large


def help_seconds() -> float:
    """Wall time of `mocgioi --help`, median of five."""
    took = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", "from mocgioi.cli import main; main()", "--help"], check=True, capture_output=True)
        took.append(time.monotonic() - began)
    return statistics.median(took)
