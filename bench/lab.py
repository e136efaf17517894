"""A broker, a database server and the processes measured between them; nothing of it remains."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, Self, cast

from aiokafka.admin import AIOKafkaAdminClient

from bench.events import events
from bench.meter import Reading
from bench.spec import Spec, Stage, Variant
from posts.spool import Entry, Spool
from schemas.records import Unavailable
from sinks.server import EmbeddedServer
from streams import topics
from streams.kafka import Cluster, admin
from tests.support.kafka import single_node
from tests.support.postgres import Databases, open_folder

ROOT = Path(__file__).parents[1]
PATIENCE_S = 300.0
"""A process that has not ended by then is stuck."""


class Run:
    """A measured process. Use as a context manager: it is gone afterwards."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
        command = [sys.executable, "-m", "bench.child", spec.argument()]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._stdin, self._stdout = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._watch = threading.Timer(PATIENCE_S, self._process.kill)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.cancel()
        self._process.kill()
        self._process.wait()
        self._stdin.close()
        self._stdout.close()

    def ready(self) -> Self:
        """Wait until it waits for its first event."""
        if self._stdout.readline() != b"ready\n":
            raise RuntimeError(f"{self.spec} did not start")
        return self

    def go(self) -> Self:
        """Let it begin."""
        self._stdin.write(b"go\n")
        self._stdin.flush()
        return self

    def reading(self) -> Reading:
        """What it measured, once its last event is safe; how it ends after that is not waited for. Raises `RuntimeError` if it ended before."""
        if not (line := self._stdout.readline()):
            raise RuntimeError(f"{self.spec} ended with {self._process.wait()}")
        return Reading(**json.loads(line))


class Lab:
    """The parts all runs share."""

    def __init__(self, kafka: str, databases: Databases, folder: Path) -> None:
        self.kafka = kafka
        self.databases = databases
        self._folder = folder
        self._runs = count(1)

    def spool(self, size: int) -> str:
        """A spool of so many events, none of which was sent."""
        filled = self._folder / f"events-{size}.db"
        if not filled.exists():
            spool = Spool(filled)
            spool.append(Entry(one.topic, one.key, one.value) for one in events(size))
            spool.close()
        copy = self._folder / "spool.db"
        for old in self._folder.glob("spool.db*"):
            old.unlink()
        shutil.copyfile(filled, copy)
        return str(copy)

    def renew(self, names: Sequence[str]) -> None:
        """Make topics new and empty."""
        asyncio.run(_renew(self.kafka, names))

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a migrated, empty database."""
        url = self.databases.fresh()
        yield url
        self.databases.drop(url)

    def start(self, stage: Stage, variant: Variant, size: int, *, spool: str = "", database: str = "") -> Run:
        """Start a process; ask it whether it is ready before anything else."""
        run = next(self._runs)
        return Run(Spec(stage=stage, variant=variant, events=size, kafka=self.kafka, run=run, spool=spool, database=database))


@contextmanager
def lab() -> Iterator[Lab]:
    """Start a broker and a PostgreSQL with its ordinary durability; stop both and remove their files."""
    home = open_folder()
    try:
        broker = single_node(home / "kafka")
        broker.start()
        try:
            _wait_for_groups(broker.bootstrap)
            with EmbeddedServer(home) as url:
                databases = Databases(url)
                try:
                    yield Lab(broker.bootstrap, databases, home)
                finally:
                    databases.close()
        finally:
            broker.kill()
    finally:
        shutil.rmtree(home)


def _wait_for_groups(kafka: str) -> None:
    """A broker makes its topic of group offsets at the first question."""
    while True:
        try:
            asyncio.run(_ask_group(kafka))
        except Unavailable:
            time.sleep(0.1)
        else:
            return


async def _ask_group(kafka: str) -> None:
    async with admin(Cluster(bootstrap=kafka)) as client:
        await client.list_consumer_group_offsets("bench")


async def _renew(kafka: str, names: Sequence[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        present = set(names) & set(await admin.list_topics())
        if present:
            await admin.delete_topics(sorted(present))
        while present & set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka has no event for it
            await asyncio.sleep(0.02)
    finally:
        await admin.close()
    await topics.create(Cluster(bootstrap=kafka))
