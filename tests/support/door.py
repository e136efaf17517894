"""The door as a real process: `mocgioi serve` on a port of its own, with devices that may report to it."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx

from sinks.postgres.engine import connect
from sinks.record import devices
from tests.support.commands import Command
from tests.support.workers import COMMAND, ROOT, wait_until

STOP_S = 20.0


class Enrolled(NamedTuple):
    """A device, and the key it speaks with."""

    source: str
    key: str


class RunningDoor:
    """One `mocgioi serve` process, or another command that serves."""

    def __init__(self, home: Path, log: Path, port: int = 0, command: Sequence[str] = ("serve",), **settings: str) -> None:
        self.home = home
        self.log = log
        self.settings = settings
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
        environment = inherited | {"MOCGIOI_HOME": str(home), "MOCGIOI_LOG": "json"} | settings
        with log.open("ab") as output:
            self._from = output.tell()
            self.process = subprocess.Popen(
                [*COMMAND, *command, "--port", str(port)], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self.port = 0

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def wait_listening(self) -> None:
        """Wait until it listens. Fails with its log."""
        wait_until(lambda: self._listening() or self.process.poll() is not None, "the door listens")
        assert self.process.poll() is None, self.log.read_text()[-4000:]

    def enrol(self, post: str = "tan-thanh") -> Enrolled:
        """A new device of a post."""
        if (database := self.settings.get("MOCGIOI_DATABASE_URL")) is not None:
            engine = connect(database)
            try:
                return Enrolled(*_fields(devices.add(engine, post)))
            finally:
                engine.dispose()
        done = Command(self.home)("devices", "add", "--post", post, "--json")
        assert done.code == 0, done.err
        return Enrolled(done.document["source"], done.document["key"])

    def client(self, device: Enrolled) -> httpx.Client:
        """A client that bears the device's key."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {device.key}"}, timeout=30)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; gives the exit status."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running:\n{self.log.read_text()[-4000:]}") from None

    def _listening(self) -> bool:
        with self.log.open("rb") as log:
            log.seek(self._from)
            for line in log:
                if b'"listening"' in line:
                    self.port = json.loads(line)["port"]
                    return True
        return False


@contextmanager
def door(folder: Path, *, port: int = 0, **settings: str) -> Iterator[RunningDoor]:
    """A door for as long as the context lasts: embedded in `folder`, unless `MOCGIOI_DATABASE_URL` and `MOCGIOI_KAFKA` are given."""
    folder.mkdir(parents=True, exist_ok=True)
    running = RunningDoor(folder / "home", folder / "door.log", port, **settings)
    try:
        running.wait_listening()
        yield running
    finally:
        running.stop()


def _fields(issued: devices.Issued) -> tuple[str, str]:
    return issued.source, issued.key
