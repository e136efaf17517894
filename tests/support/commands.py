"""The installed command `mocgioi`, run as people run it: a process of its own, with a data folder of its own."""

import contextlib
import json
import os
import pty
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sinks.postgres.roles import READER, WORKER
from sinks.postgres.server import ROLE
from tests.support import forked
from tests.support.postgres import as_role

INSTALLED = Path(sys.executable).with_name("mocgioi")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its results, as the one JSON document they must be."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Its results, as the JSON lines they must be."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Code and sentence of each line on stderr. Fails for a line that is no `problem: code: sentence`."""
        lines = [line.split(": ", 2) for line in self.err.splitlines()]
        assert all(parts[0] == "problem" and len(parts) == 3 for parts in lines), self.err
        return [(code, sentence) for _, code, sentence in lines]


class Command:
    """`mocgioi` with some settings."""

    def __init__(self, home: Path, *, program: Path = INSTALLED, **settings: str) -> None:
        self.home = home
        self.program = program
        # The width of a terminal and colours are the developer's, not the test's; pytest changes its own variables as it goes.
        strange = ("MOCGIOI_", "PYTEST_", "COLUMNS", "FORCE_COLOR", "TERMINAL_WIDTH")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        self.environment = inherited | {"MOCGIOI_HOME": str(home)} | settings

    def environment_of(self, arguments: Sequence[str | Path]) -> dict[str, str]:
        """The environment of one command: here the same for all."""
        return self.environment

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", timeout_s: float = 120.0, **settings: str) -> Ended:
        """Run it to its end: in a fork where only its own settings matter, from its file where Python's start may."""
        environment = self.environment_of(arguments) | settings
        if self.program != INSTALLED or any(os.environ.get(name) != environment[name] for name in environment if name[:8] != "MOCGIOI_"):
            return self.from_its_file(*arguments, stdin=stdin, timeout_s=timeout_s, **settings)
        code, out, err = forked.run(arguments, environment, stdin, timeout_s)
        return Ended(code, out.decode(), err.decode())

    def from_its_file(self, *arguments: str | Path, stdin: bytes = b"", timeout_s: float = 120.0, **settings: str) -> Ended:
        """Run the installed file to its end, Python's start and all imports too."""
        environment = self.environment_of(arguments) | settings
        ended = subprocess.run(
            [self.program, *arguments], input=stdin, capture_output=True, env=environment, timeout=timeout_s, check=False
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def on_terminal(self, *arguments: str | Path, **settings: str) -> str:
        """What a person sees of it, whose terminal has no colours: all that it writes."""
        ours, theirs = pty.openpty()
        plain = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200"}
        with subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env=self.environment_of(arguments) | plain | settings,
        ):
            os.close(theirs)
            seen = b""
            with contextlib.suppress(OSError):  # how a terminal ends that nobody writes to any more
                while part := os.read(ours, 1 << 16):
                    seen += part
        os.close(ours)
        return seen.decode().replace("\r\n", "\n")  # the terminal's own line ends

    def start(self, *arguments: str | Path) -> "subprocess.Popen[bytes]":
        """Start it; whoever starts it waits for it."""
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job ignores it, and ours would inherit that
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment_of(arguments),
        )


class CommandByRole(Command):
    """`mocgioi` on a record of its own, each command as the PostgreSQL role that `deploy/runbooks/roles.md` says it is for."""

    def __init__(self, home: Path, url: str) -> None:
        super().__init__(home)
        self._url = url

    def environment_of(self, arguments: Sequence[str | Path]) -> dict[str, str]:
        """With the URL for the command's role."""
        return self.environment | {"MOCGIOI_DATABASE_URL": as_role(self._url, role_for(arguments))}


_OWNERS = {"db", "positions", "secret"}
_WORKERS = {"ingest", "worker", "rejudge", "demo", "serve", "users"}
_WORKERS_PARTS = {"assess", "reinstate", "settle", "redrive", "expire", "add", "rotate", "revoke", "ack", "assign", "note", "handover"}


def role_for(arguments: Sequence[str | Path]) -> str:
    """The role that a command is for."""
    if arguments[0] in _OWNERS:
        return ROLE
    return WORKER if arguments[0] in _WORKERS or not _WORKERS_PARTS.isdisjoint(arguments[1:3]) else READER


def cpu_seconds() -> float:
    """Processor time of all ended children of this process and theirs: what commands took, whatever else the machine was busy with."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write_events(path: Path, events: Sequence[dict[str, Any]]) -> Path:
    """A file of JSON lines."""
    path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events))
    return path
