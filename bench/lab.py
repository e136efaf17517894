"""A broker, a database server and the measured processes between them. All are gone afterwards."""

import asyncio
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from typing import IO, Self, cast

from aiokafka.admin import AIOKafkaAdminClient

from bench import bare
from bench.events import events
from bench.meter import MeterReading
from bench.server_cpu import server_cpu_s
from bench.spec import BATCH, Spec, Stage, Variant
from bench.trees import HERE, Tree
from posts.spool import Spool, SpoolEntry
from schemas.topics import SOURCES
from sinks.postgres.server import EmbeddedServer
from streams import topics
from streams.kafka import Cluster
from tests.support.kafka import single_node
from tests.support.postgres import Databases, open_folder

PATIENCE_S = 300.0
"""A process that takes longer is stuck, apart from the time for its events:"""
SLOWEST = 1000
"""events a second at least."""


class MeasuredProcess:
    """A measured process, as a context manager that ends it."""

    def __init__(self, tree: Tree, spec: Spec) -> None:
        self.spec = spec
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
        command = [tree.python, "-m", "bench.child", spec.argument()]
        self._process = subprocess.Popen(command, cwd=tree.folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._stdin, self._stdout = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._watch = threading.Timer(PATIENCE_S + spec.events / SLOWEST, self._process.kill)
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

    def reading(self) -> MeterReading:
        """What it measured, once its last event is safe; how it ends after that is not waited for. Raises `RuntimeError` if it ended before."""
        if not (line := self._stdout.readline()):
            raise RuntimeError(f"{self.spec} ended with {self._process.wait()}")
        return MeterReading(**json.loads(line))


class Lab:
    """The parts all runs share."""

    def __init__(self, kafka: str, databases: Databases, postmaster: int, folder: Path, before: Tree | None) -> None:
        self.kafka = kafka
        self.databases = databases
        self.before = before
        """The tree of the variant `before`, where there is one."""
        self.sources = 0
        """How many events the source topics hold."""
        self.results: tuple[Variant, int] | None = None
        """Who classified those in the result topics, and how many."""
        self.payloads: dict[Stage, int] = {}
        """Bytes an event that our stages wrote."""
        self._postmaster = postmaster
        self._folder = folder
        self._runs = count(1)

    def spool(self, size: int) -> str:
        """The path of a new spool of `size` events, none of which was sent."""
        filled = self._folder / f"events-{size}.db"
        if not filled.exists():
            spool = Spool(filled)
            spool.append(SpoolEntry(event.topic, event.key, event.value) for event in events(size))
            spool.close()
        copy = self._folder / "spool.db"
        for old in self._folder.glob("spool.db*"):
            old.unlink()
        shutil.copyfile(filled, copy)
        return str(copy)

    def renew(self, names: Sequence[str]) -> None:
        """Make topics new and empty."""
        asyncio.run(_renew(self.kafka, names))

    def fill(self, size: int) -> None:
        """Fill the source topics with `size` events, unless they hold so many."""
        if self.sources != size:
            self.renew(SOURCES)
            asyncio.run(_fill(self.kafka, size))
            self.sources = size

    @contextmanager
    def database(self, variant: Variant) -> Iterator[str]:
        """The URL of an empty database, migrated by the variant's own tree."""
        url = self._tree(variant).migrated(self.databases)
        yield url
        self.databases.drop(url)

    def server_cpu_s(self) -> float:
        """CPU time that PostgreSQL has used since it started."""
        return server_cpu_s(self._postmaster)

    def start(self, stage: Stage, variant: Variant, size: int, *, spool: str = "", database: str = "") -> MeasuredProcess:
        """Start a process; ask it whether it is ready before anything else."""
        spec = Spec(
            stage=stage,
            variant="ours" if variant == "before" else variant,
            events=size,
            kafka=self.kafka,
            run=next(self._runs),
            spool=spool,
            database=database,
            payload=self.payloads[stage] if variant == "bare" and stage != "publish" else 0,
        )
        return MeasuredProcess(self._tree(variant), spec)

    def _tree(self, variant: Variant) -> Tree:
        if variant != "before":
            return HERE
        assert self.before is not None  # noqa: S101  # the caller has checked
        return self.before


@contextmanager
def lab(before: Tree | None) -> Iterator[Lab]:
    """Start a broker and a PostgreSQL with its ordinary durability; stop both and remove their files."""
    home = open_folder()
    try:
        broker = single_node(home / "kafka")
        broker.start()
        try:
            server = EmbeddedServer(home)
            with server as url:
                databases = Databases(url)
                try:
                    yield Lab(broker.bootstrap, databases, server.pid, home, before)
                finally:
                    databases.close()
        finally:
            broker.kill()
    finally:
        shutil.rmtree(home)


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


async def _fill(kafka: str, size: int) -> None:
    remaining = events(size)
    async with bare.producing(kafka) as producer:
        while chunk := list(islice(remaining, BATCH)):
            await bare.send(producer, chunk)
