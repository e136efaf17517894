"""`mocgioi` in a fork of a process that has imported it already: imports would be half of the time that the tests take.

The command runs as its console script does: in a process of its own, with arguments, environment, streams and an exit status of its own.
"""

import atexit
import contextlib
import importlib
import io
import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

_ROOMS = ("mocgioi", "reports", "sinks", "streams", "posts", "duty", "web")


def import_rooms() -> None:
    """Import every module that a command may import."""
    for room in _ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if ".migrations." not in module.name:
                importlib.import_module(module.name)


def run(arguments: Sequence[str | Path], environment: Mapping[str, str], stdin: bytes, timeout_s: float) -> tuple[int, bytes, bytes]:
    """Run `mocgioi` to its end: its exit status, its output and its errors. Raises `subprocess.TimeoutExpired`."""
    words = ["mocgioi", *map(str, arguments)]
    with tempfile.TemporaryDirectory(prefix="mocgioi-run-") as folder:
        streams = [Path(folder, name) for name in ("in", "out", "err")]
        streams[0].write_bytes(stdin)
        process = _CONTEXT.Process(target=_become, args=(words, dict(environment), str(Path.cwd()), [str(path) for path in streams]))
        process.start()
        process.join(timeout_s)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(words, timeout_s)
        assert process.exitcode is not None
        return process.exitcode, streams[1].read_bytes(), streams[2].read_bytes()


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.forked_imports"])
    return context


_CONTEXT = _context()


def _become(words: list[str], environment: dict[str, str], folder: str, streams: list[str]) -> None:
    """Be the console script."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, (path, flags) in enumerate(zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT | os.O_APPEND] * 2), strict=True)):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115  # a descriptor
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(open(2, "wb", closefd=False), encoding="utf-8", errors="backslashreplace", line_buffering=True)  # noqa: SIM115
    sys.argv = words
    from mocgioi.cli import main

    try:
        main()
    except SystemExit:
        raise
    except BaseException:  # noqa: BLE001  # shown as Python shows it
        sys.excepthook(*sys.exc_info())
        raise SystemExit(1) from None
    finally:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
        atexit._run_exitfuncs()
