"""Measure a post's spool: its size on disk and how fast it drains, over HTTP to a real door and to a real broker.

`python -m bench.post [EVENTS]` (100,000). Every event is minted as `mocgioi post` does it, by a device that the door enrolled, and has a receipt at the
end. Exit 1 if a bar is missed.
"""

import asyncio
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from posts.centre import SENDING, Centre
from posts.device import Device
from posts.mint import NewEvent, uuid7
from posts.post_spool import PostSpool
from posts.receipts import Receipt
from posts.send import send
from streams import topics
from streams.kafka import Cluster
from streams.producer import Producer
from streams.publish import drain
from tests.support.door import door
from tests.support.kafka import single_node
from tests.support.postgres import open_folder

MOST_BYTES_AN_EVENT = 200_000_000 / 100_000
LEAST_OVER_HTTP, LEAST_TO_KAFKA = 1_000, 5_000
"""Events a second."""
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure and its bar."""

    name: str
    value: float
    unit: str
    holds: bool


def main() -> int:
    """Measure, print, judge."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = open_folder()
    print(f"n = {count:,} events")
    holds = True
    try:
        for figure in measured(folder, count):
            print(f"  {figure.name:<28}{figure.value:>12,.0f} {figure.unit:<10}{'' if figure.holds else 'BELOW THE BAR'}", flush=True)
            holds = holds and figure.holds
    finally:
        shutil.rmtree(folder)
    return 0 if holds else 1


def measured(folder: Path, count: int) -> Iterator[Measured]:
    """Every figure, in the order of the work."""
    with door(folder / "centre") as centre:
        enrolled = centre.enrol()
        device = Device(enrolled.source, centre.url, enrolled.key)
        path = folder / "post" / "post.db"
        with closing(PostSpool(path)) as spool:
            began = time.perf_counter()
            mint(spool, device.source, count)
            yield Measured("minted", count / (time.perf_counter() - began), "events/s", holds=True)
        shutil.copytree(path.parent, folder / "to-kafka")
        with closing(PostSpool(path)) as spool, closing(Centre(device.server, device.key, SENDING)) as line:
            began = time.perf_counter()
            sent = send(spool, device, line)
            rate = sent.events / (time.perf_counter() - began)
            yield Measured("drained over HTTP", rate, "events/s", holds=sent.events == count and rate >= LEAST_OVER_HTTP)
            keep_a_receipt_of_each(spool, device.source)
    size = sum(file.stat().st_size for file in path.parent.iterdir())
    yield Measured("on disk, receipts included", size, "bytes", holds=size / count <= MOST_BYTES_AN_EVENT)
    with closing(PostSpool(folder / "to-kafka" / path.name)) as spool:
        rate = drained_to_kafka(folder / "kafka", spool, count)
    yield Measured("drained to Kafka", rate, "events/s", holds=rate >= LEAST_TO_KAFKA)


def mint(spool: PostSpool, source: str, count: int) -> None:
    """Incidents as posts report them."""
    for start in range(0, count, _CHUNK):
        spool.mint(
            source,
            [NewEvent("incident.reported", f"inc-{uuid7()}", incident(number)) for number in range(start, min(start + _CHUNK, count))],
        )


def incident(number: int) -> dict[str, object]:
    """A report with facts, a count and a step, as long as most are."""
    return {
        "kind": "works",
        "status": "actual",
        "occurred": {"start": f"2026-09-{number % 28 + 1:02d}T{number % 24:02d}:30:00+07:00", "precision": "minute"},
        "place": {"scheme": "marker", "line": "VN-CN", "marker": f"{number % 1378}", "province": "lang-son"},
        "side": "CN",
        "measures": [{"what": "persons", "n": number % 40, "nationality": "CN"}],
        "facts": {"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new", "distance_m": number % 60, "agreed": False},
        "handling": [{"action": "recorded"}],
        "text": "Phát hiện xây dựng nhà ở kiên cố gần đường biên giới, đã lập biên bản và trao đổi với phía bên kia.",
    }


def keep_a_receipt_of_each(spool: PostSpool, source: str) -> None:
    """What the centre would say of each event in the end, so that the size is that of a spool whose events are all recorded."""
    receipts = [
        Receipt(
            sequence=state.sequence, id=state.id, status="recorded", recorded_at=state.time.isoformat(), incident=state.subject, outcome="breach",
            clauses=["21(1)"],
        )
        for state in reversed(spool.states())
    ]  # fmt: skip
    spool.keep_receipts(source, receipts)


def drained_to_kafka(folder: Path, spool: PostSpool, count: int) -> float:
    """Events a second to a broker of one node."""
    broker = single_node(folder)
    broker.start()
    try:
        return asyncio.run(_drained(broker.bootstrap, spool, count))
    finally:
        broker.kill()


async def _drained(bootstrap: str, spool: PostSpool, count: int) -> float:
    cluster = Cluster(bootstrap=bootstrap)
    await topics.create(cluster)
    producer = Producer(cluster)
    try:
        began = time.perf_counter()
        published = await drain(spool, producer)
        took = time.perf_counter() - began
    finally:
        await producer.close()
    if published != count:
        raise AssertionError(f"{published} of {count} were published")
    return count / took


if __name__ == "__main__":
    sys.exit(main())
