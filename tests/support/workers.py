"""Our workers as real processes, and the claim that the record holds exactly what was sent."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from aiokafka import AIOKafkaProducer

from schemas.topics import INCIDENTS, MAX_MESSAGE_BYTES
from tests.support.traffic import Traffic

COMMAND = (sys.executable, "-c", "from mocgioi.cli import main; main()")


class Fleet:
    """Worker processes on one broker and one database."""

    def __init__(self, folder: Path, kafka: str, database: str, **settings: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")} | {
            "MOCGIOI_HOME": str(folder / "home"),
            "MOCGIOI_KAFKA": kafka,
            "MOCGIOI_DATABASE_URL": database,
            "MOCGIOI_METRICS_PORT": "0",
            "MOCGIOI_LOG": "json",
            "MOCGIOI_SESSION_TIMEOUT": "6",
            "MOCGIOI_BATCH": "200",
            **settings,
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.started: Counter[str] = Counter()

    def start(self, stage: str, **settings: str) -> subprocess.Popen[bytes]:
        self.started[stage] += 1
        with self.log(stage, self.started[stage]).open("wb") as log:
            process = subprocess.Popen(
                [*COMMAND, "worker", stage], env=self.environment | settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def log(self, stage: str, number: int) -> Path:
        return self.folder / f"{stage}-{number}.log"

    def said(self, stage: str) -> str:
        """Everything the workers of a stage have logged."""
        return "".join(self.log(stage, number).read_text() for number in range(1, self.started[stage] + 1))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()

    def terminate(self, process: subprocess.Popen[bytes], within_s: float = 10.0) -> int:
        process.send_signal(signal.SIGTERM)
        return process.wait(within_s)

    def close(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()

    def check_running(self) -> None:
        for process in self.processes:
            assert process.poll() in (None, -signal.SIGKILL, 0), f"a worker ended with {process.returncode}:\n{self.tail()}"

    def tail(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log")))


@contextmanager
def fleet(folder: Path, kafka: str, database: str, **settings: str) -> Iterator[Fleet]:
    made = Fleet(folder, kafka, database, **settings)
    try:
        yield made
    finally:
        made.close()


async def publish(bootstrap: str, sent: Sequence[tuple[bytes, bytes]], *, seconds: float = 0.0) -> None:
    """Send payloads in order, spread over some seconds."""
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_request_size=MAX_MESSAGE_BYTES
    ) as producer:
        chunk = max(1, len(sent) // 100)
        for start in range(0, len(sent), chunk):
            futures = [await producer.send(INCIDENTS, value, key=key) for key, value in sent[start : start + chunk]]
            await asyncio.gather(*futures)
            await asyncio.sleep(seconds / 100)


def settled(database: str, expected: Traffic, fleet: Fleet, timeout_s: float = 120.0) -> None:
    """Wait until the record has as many events and dead letters as it must, then hold it against what was sent, one by one."""
    deadline = time.monotonic() + timeout_s
    with psycopg.connect(database, autocommit=True) as connection:
        while True:
            counts = connection.execute("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM dead_letter), (SELECT count(*) FROM conflict)")
            if counts.fetchone() == (len(expected.accepted), expected.poison, expected.conflicts):
                break
            fleet.check_running()
            assert time.monotonic() < deadline, f"not settled: {connection.execute('SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM dead_letter), (SELECT count(*) FROM conflict)').fetchone()} of {(len(expected.accepted), expected.poison, expected.conflicts)}\n{fleet.tail()}"
            time.sleep(0.2)
    exact(database, expected)


def exact(database: str, expected: Traffic) -> None:
    """The record holds exactly what was sent: every event and verdict once, every incident as the pure functions have it."""
    with psycopg.connect(database) as connection:
        events = {(source, event_id): body for source, event_id, body in connection.execute("SELECT source, id, body::text FROM event")}
        assert {key: raw.decode() for key, raw in expected.accepted.items()} == events
        verdicts = Counter(connection.execute("SELECT source, id FROM verdict").fetchall())
        assert verdicts == Counter(dict.fromkeys(events, 1))
        rows = connection.execute("SELECT subject, complete, retracted, kind, outcome FROM incident").fetchall()
        found = {subject: (complete, retracted, kind, outcome if complete else None) for subject, complete, retracted, kind, outcome in rows}
        assert found == expected.incidents()
        assert len(rows) == len(found)
        letters = connection.execute("SELECT count(*), count(DISTINCT (topic, partition, \"offset\")) FROM dead_letter").fetchone()
        assert letters == (expected.poison, expected.poison)
        assert connection.execute("SELECT count(*) FROM conflict").fetchone() == (expected.conflicts,)
        leaked = connection.execute("SELECT count(*) FROM dead_letter WHERE code = 'secret' AND payload IS NOT NULL").fetchone()
        assert leaked == (0,), "nothing of a secret payload is kept"
