"""A person at a terminal: a command in a pseudo-terminal, whose questions are answered as they come."""

import os
import pty
import select
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.commands import Command

_LIMIT_S = 120.0


class Session(NamedTuple):
    """How it ended, and all that stood on the screen."""

    code: int
    screen: str


def answered(command: Command, arguments: Sequence[str | Path], answers: Sequence[str]) -> Session:
    """Run a command, type one answer at each question. Fails where it asks more."""
    process, terminal = pty.fork()
    if process == 0:
        environment = command.environment_of(arguments) | {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "120"}
        os.execve(command.program, [str(command.program), *map(str, arguments)], environment)  # noqa: S606
    left, screen, ends = list(answers), b"", time.monotonic() + _LIMIT_S
    try:
        while True:
            assert time.monotonic() < ends, f"still running:\n{screen.decode()}"
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                part = os.read(terminal, 1 << 16)
            except OSError:  # how a terminal ends that nobody writes to any more
                break
            screen += part
            if screen.endswith(b": ") and not screen.endswith(b"\r\n: "):
                assert left, f"asks more:\n{screen.decode()}"
                os.write(terminal, f"{left.pop(0)}\n".encode())
        assert not left, f"did not ask for {left}:\n{screen.decode()}"
    except AssertionError:
        os.kill(process, 9)
        raise
    finally:
        _, status = os.waitpid(process, 0)
        os.close(terminal)
    return Session(os.waitstatus_to_exitcode(status), screen.decode().replace("\r\n", "\n"))
