"""How many posts a second the door takes, one event each, with the whole chain behind it: Kafka, both workers, PostgreSQL.

    python -m bench.web [--rate 1000] [--seconds 20] [--devices 50]

The load is open: requests leave at their times whether earlier ones are answered or not, and latency counts from those times, so a door that
falls behind shows it. Then all that was answered 202 must be in the record. The bar: 1,000 a second on two cores, 99 of 100 within 0.2 s.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from sinks.postgres.roles import WORKER
from tests import builders
from tests.support.door import Enrolled, RunningDoor, door
from tests.support.kafka import fresh_topics, single_node
from tests.support.postgres import as_role, own_server
from tests.support.workers import fleet, wait_until

BAR_RATE, BAR_P99_S = 1000, 0.2
RECORDED_S = 300.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """What came of the load."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers does not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def requests(device: Enrolled, count: int) -> list[bytes]:
    """Whole HTTP requests, an event each: made beforehand, so that the load costs little."""
    made = []
    for sequence in range(1, count + 1):
        body = builders.payload(builders.reported(source=device.source, sequence=f"{sequence:08d}"))
        head = (
            f"POST /v1/events HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer {device.key}\r\n"
            f"Content-Type: application/cloudevents+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


async def send(port: int, prepared: list[bytes], times: list[float], began: float, measured: Measured) -> None:
    """Send one device's requests at their times, over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request, at in zip(prepared, times, strict=True):
        if (wait := began + at - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        measured.latencies.append(time.monotonic() - began - at)
        status = int(head[9:12])
        measured.statuses[status] = measured.statuses.get(status, 0) + 1
    writer.close()


async def load(port: int, devices: list[Enrolled], rate: int, seconds: int) -> Measured:
    """The whole load: every device sends its share, one after the other."""
    each = rate * seconds // len(devices)
    prepared = [requests(device, each) for device in devices]
    measured = Measured()
    gap = len(devices) / rate
    began = time.monotonic() + 0.5
    times = [[number * gap + place * gap / len(devices) for number in range(each)] for place in range(len(devices))]
    await asyncio.gather(*(send(port, mine, at, began, measured) for mine, at in zip(prepared, times, strict=True)))
    return measured


def cpu_s(running: RunningDoor) -> float:
    """Processor time that the door has taken."""
    fields = Path(f"/proc/{running.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def main() -> None:
    """Measure, check that all of it is recorded, and print what came of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=int, default=BAR_RATE)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--devices", type=int, default=50)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mocgioi-bench-") as folder:
        print(json.dumps(measure(Path(folder), given)))


def measure(folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """What came of one run, with a broker and a database of its own in the folder."""
    broker = single_node(folder / "kafka")
    broker.start()
    try:
        with own_server() as postgres:
            fresh_topics(broker.bootstrap)
            settings = {"MOCGIOI_KAFKA": broker.bootstrap, "MOCGIOI_DATABASE_URL": as_role(postgres.url, WORKER)}
            with fleet(folder, broker.bootstrap, postgres.url, MOCGIOI_BATCH="2000") as workers, door(folder, **settings) as running:
                workers.start("all").wait_ready()
                devices = [running.enrol() for _ in range(given.devices)]
                asyncio.run(load(running.port, devices[:5], 50, 2))  # the keys are known, the topics are written to
                devices = [running.enrol() for _ in range(given.devices)]
                before = cpu_s(running)
                began = time.monotonic()
                measured = asyncio.run(load(running.port, devices, given.rate, given.seconds))
                took, used = time.monotonic() - began, cpu_s(running) - before
                accepted = measured.statuses.get(202, 0)
                with psycopg.connect(postgres.url, autocommit=True) as record:
                    sources = [device.source for device in devices]
                    query = "SELECT count(*) FROM event WHERE source = ANY(%s)"
                    wait_until(lambda: record.execute(query, (sources,)).fetchone() == (accepted,), "every 202 recorded", RECORDED_S)
                recorded = time.monotonic() - began
    finally:
        broker.stop()
    return {
        "asked_per_s": given.rate,
        "answered_per_s": round(len(measured.latencies) / took),
        "statuses": measured.statuses,
        "p50_ms": round(measured.percentile(0.5) * 1000, 1),
        "p99_ms": round(measured.percentile(0.99) * 1000, 1),
        "door_cpu_ms_per_request": round(used * 1000 / len(measured.latencies), 3),
        "all_recorded_after_s": round(recorded, 1),
        "bar": f"{BAR_RATE}/s, p99 {BAR_P99_S * 1000:.0f} ms",
    }


if __name__ == "__main__":
    main()
