"""Our workers as real processes: started, watched, frozen and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from sinks.postgres.roles import WORKER
from tests.support.commands import role_for
from tests.support.kafka import free_port
from tests.support.postgres import as_role

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from mocgioi.cli import main; main()")
STOP_S = 10.0
"""How long a worker may take to leave after SIGTERM."""


def wait_until(claim: Callable[[], object], what: str, timeout_s: float = 60.0) -> None:
    """Wait until a claim holds. Fails with what was waited for."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < deadline, f"not within {timeout_s:.0f} s: {what}"
        time.sleep(0.1)


def _state(thread: Path) -> str:
    """The kernel's letter for what a thread is doing."""
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


class Worker:
    """One `mocgioi worker` process."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        self.port = int(environment["MOCGIOI_METRICS_PORT"])
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Its log lines of one event."""
        lines = (json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [line for line in lines if line.get("event") == event]

    def wait_for(self, claim: Callable[[], object], what: str, timeout_s: float = 60.0) -> None:
        """Wait until a claim holds while the worker lives. Fails with its log."""
        deadline = time.monotonic() + timeout_s
        while not claim():
            assert self.process.poll() is None, f"ended with {self.process.returncode}, never {what}:\n{self.log.read_text()[-4000:]}"
            assert time.monotonic() < deadline, f"never {what}:\n{self.log.read_text()[-4000:]}"
            time.sleep(0.05)

    def assigned(self) -> int:
        """How many partitions it was given last; 0 while it was given none."""
        given = self.logged("assigned")
        return int(given[-1]["partitions"]) if given else 0

    def page(self, path: str) -> tuple[int, str]:
        """Status and body of a page of its health port."""
        self.wait_for(lambda: self.logged("listening"), "listening")
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()
        except URLError as error:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1.0)
            raise AssertionError(f"no page ({error}), exit {self.process.poll()}:\n{self.log.read_text()[-4000:]}") from None

    def ready(self) -> tuple[int, Any]:
        """Status and body of `/readyz`."""
        status, body = self.page("/readyz")
        return status, json.loads(body)

    def wait_ready(self) -> None:
        """Wait until it says that it is ready and has partitions."""
        self.wait_for(lambda: self.assigned() and self.ready()[0] == 200, "ready")

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that carry these labels."""
        _, body = self.page("/metrics")
        samples = [sample for family in text_string_to_metric_families(body) for sample in family.samples if sample.name == name]
        assert samples, f"no metric {name}"
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())

    def freeze(self) -> None:
        """Stop it as a hypervisor would: it does not know. It has stopped, every thread of it, when this returns."""
        self.process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self.process.pid}/task")
        wait_until(lambda: all(_state(thread) == "T" for thread in threads.iterdir()), "the stop of every thread")

    def thaw(self) -> None:
        """Let a frozen one go on."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def ask_to_stop(self) -> None:
        """SIGTERM, without waiting."""
        self.process.send_signal(signal.SIGTERM)

    def terminate(self) -> int:
        """SIGTERM; gives the exit status. Fails with its log if it takes more than ten seconds."""
        self.ask_to_stop()
        return self.wait(STOP_S)

    def wait(self, timeout_s: float = 60.0) -> int:
        """Its exit status once it ends. Fails with its log if it does not."""
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout_s:.0f} s:\n{self.log.read_text()[-4000:]}") from None


def stopped_for_good(worker: Worker) -> str:
    """Why a worker has stopped until a person decides: its log, its page and its metric say so."""
    worker.wait_for(lambda: worker.logged("stopped"), "stopped")
    (line,) = worker.logged("stopped")
    status, page = worker.ready()
    assert status == 503
    assert [stage["stopped"] for name, stage in page.items() if name != "ok"] == [line["reason"]]
    assert worker.metric("border_stopped") == 1
    assert line["then"] == "deploy/runbooks/positions.md"
    return str(line["reason"])


class Fleet:
    """Workers on one broker and one database."""

    def __init__(self, folder: Path, kafka: str, database: str, **settings: str) -> None:
        self.folder = folder
        self._database = database
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")} | {
            "MOCGIOI_HOME": str(folder / "home"),
            "MOCGIOI_KAFKA": kafka,
            "MOCGIOI_DATABASE_URL": as_role(database, WORKER),
            "MOCGIOI_LOG": "json",
            "MOCGIOI_SESSION_TIMEOUT": "3",
            "MOCGIOI_BATCH": "200",
            **settings,
        }
        self.workers: list[Worker] = []

    def start(self, stage: str, *, command: Sequence[str] = COMMAND, **settings: str) -> Worker:
        """One more worker of a stage. `command`: another program than `mocgioi`."""
        log = self.folder / f"{len(self.workers)}-{stage}.log"
        worker = Worker([*command, "worker", stage], self.environment | {"MOCGIOI_METRICS_PORT": str(free_port())} | settings, log)
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        """End all that run: in good order, so that the group need not wait for the dead in the next test; else by force."""
        for worker in self.workers:
            with suppress(ProcessLookupError):
                worker.thaw()
                worker.ask_to_stop()
        for worker in self.workers:
            with suppress(subprocess.TimeoutExpired):
                worker.process.wait(STOP_S)
            worker.kill()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of ours to its end, with the fleet's settings and as the role that it is for."""
        command = [*COMMAND, *arguments]
        environment = self.environment | {"MOCGIOI_DATABASE_URL": as_role(self._database, role_for(arguments))}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)

    def check_running(self) -> None:
        """No worker ended of itself."""
        for worker in self.workers:
            status = worker.process.poll()
            assert status in (None, -signal.SIGKILL, 0), f"a worker ended with {status}:\n{self.tail()}"

    def tail(self) -> str:
        """The ends of all logs."""
        return "\n".join(f"== {worker.log.name}\n{worker.log.read_text()[-3000:]}" for worker in self.workers)


@contextmanager
def fleet(folder: Path, kafka: str, database: str, **settings: str) -> Iterator[Fleet]:
    """A fleet for as long as the context lasts."""
    workers = Fleet(folder / "workers", kafka, database, **settings)
    try:
        yield workers
    finally:
        workers.close()
