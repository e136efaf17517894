"""Each thing that is measured: a stage alone, two or three at once, the time to a committed row, the command's help."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from bench.by_hand import HEADERS
from bench.events import Made, events
from bench.lab import Lab
from bench.meter import Reading
from bench.spec import Variant
from schemas.topics import PARTITIONS, RESULTS, SOURCES, TOPICS
from streams.kafka import Cluster
from streams.producer import Message, Producer

RATE = 200
"""Events a second while latency is measured."""
LOST_S = 20.0
"""A row that has not come by then will not."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run came to, of one process or of several at once."""

    rate: float
    """Events a second."""
    cpu_us: float
    """Of our processes, per event."""
    peak_rss_mb: float
    """Of the largest of them."""

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> "Result":
        """From the first event in any hand to the last one safe in the last."""
        size = readings[0].events
        seconds = max(one.end for one in readings) - min(one.begin for one in readings)
        return cls(size / seconds, sum(one.cpu_s for one in readings) / size * 1e6, max(one.peak_rss_mb for one in readings))


def publish(lab: Lab, variant: Variant, size: int) -> Result:
    """A spool into the source topics, which are new; they hold these events afterwards."""
    lab.renew(SOURCES)
    with lab.start("publish", variant, size, spool=lab.spool(size)) as run:
        return Result.of([run.ready().go().reading()])


def classify(lab: Lab, variant: Variant, size: int) -> Result:
    """What the source topics hold into verdicts; the topic holds these afterwards."""
    if variant != "bare":
        lab.renew(RESULTS)
    with lab.start("classify", variant, size) as run:
        return Result.of([run.ready().reading()])


def record(lab: Lab, variant: Variant, size: int) -> Result:
    """What the verdict topic holds into a new database."""
    with lab.database() as url, lab.start("record", variant, size, database=url) as run:
        return Result.of([run.ready().reading()])


def both(lab: Lab, variant: Variant, size: int) -> Result:
    """Classify and record as two processes at once, over what the source topics hold."""
    lab.renew(RESULTS)
    with lab.database() as url, lab.start("record", variant, size, database=url) as recording:
        recording.ready()  # classify has its events already and begins at once
        with lab.start("classify", variant, size) as classifying:
            return Result.of([classifying.ready().reading(), recording.reading()])


def whole(lab: Lab, variant: Variant, size: int) -> Result:
    """Publish, classify and record as three processes at once, over new topics."""
    lab.renew(TOPICS)
    spool = lab.spool(size)
    with (
        lab.database() as url,
        lab.start("record", variant, size, database=url) as recording,
        lab.start("classify", variant, size) as classifying,
        lab.start("publish", variant, size, spool=spool) as publishing,
    ):
        recording.ready()
        classifying.ready()
        return Result.of([publishing.ready().go().reading(), classifying.reading(), recording.reading()])


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from handing an event to the producer to seeing its row."""

    p50: float
    p99: float
    worst: float


def latency(lab: Lab, seconds: float) -> Latency:
    """Publish steadily while both workers run, and look every 20 ms which rows are committed."""
    made = list(events(int(RATE * seconds), seed=200))
    lab.renew(TOPICS)
    with (
        lab.database() as url,
        lab.start("record", "ours", len(made), database=url) as recording,
        lab.start("classify", "ours", len(made)) as classifying,
    ):
        recording.ready()
        classifying.ready()
        took = sorted(asyncio.run(_publish_and_look(lab.kafka, url, made)))
        recording.reading()
        classifying.reading()
    return Latency(took[len(took) // 2], took[len(took) * 99 // 100], took[-1])


async def _publish_and_look(kafka: str, url: str, made: Sequence[Made]) -> list[float]:
    looking = asyncio.create_task(asyncio.to_thread(_first_seen, url, len(made)))
    handed: list[float] = []
    producer = Producer(Cluster(bootstrap=kafka))
    await producer.partitions(made[0].topic)
    start = time.monotonic()
    while len(handed) < len(made):
        await asyncio.sleep(0.02)
        now = time.monotonic()
        due = made[len(handed) : int((now - start) * RATE)]
        handed += [now] * len(due)
        await producer.write([Message(one.topic, zlib.crc32(one.key) % PARTITIONS, one.key, one.value, HEADERS) for one in due])
    await producer.close()
    seen = await looking
    return [seen[json.loads(one.value)["id"]] - at for one, at in zip(made, handed, strict=True)]


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


def scaling(lab: Lab, small: int, large: int) -> tuple[float, Result]:
    """How many times as long the whole path takes for `large` as for `small`, and the large run."""
    first = whole(lab, "ours", small)
    second = whole(lab, "ours", large)
    return (large / second.rate) / (small / first.rate), second


def help_seconds() -> float:
    """Wall time of `mocgioi --help`, median of five."""
    took = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", "from mocgioi.cli import main; main()", "--help"], check=True, capture_output=True)
        took.append(time.monotonic() - began)
    return statistics.median(took)
