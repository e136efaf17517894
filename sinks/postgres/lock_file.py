"""The lock files of a PostgreSQL server (`postmaster.pid`) and of its socket. Their first line is the process id of the holder."""

import os
from pathlib import Path

NOBODY = 2**31 - 1
"""A number that no process has."""


def lines_of(lock: Path) -> list[str]:
    """The lines of `postmaster.pid`: process id, data folder, start, port, socket folder, address, …; none where there is no file."""
    try:
        return lock.read_text().splitlines()
    except FileNotFoundError:
        return []


def disown(lock: Path, data: Path) -> None:
    """Take the lock from a process that is no server of these data.

    The process id of a dead server may belong to another process by now, as in a new container, and PostgreSQL would take that for a server.
    The other lines stay: from them PostgreSQL sees whether children of the dead server still use the data.
    """
    if not lock.exists():
        return
    holder, _, rest = lock.read_text().partition("\n")
    if holder.strip().isdecimal() and _serves(int(holder), data):
        return
    handle = os.open(lock, os.O_WRONLY | os.O_NOFOLLOW)  # in place: the file stays its owner's
    try:
        os.truncate(handle, os.pwrite(handle, f"{NOBODY}\n{rest}".encode(), 0))
    finally:
        os.close(handle)


def _serves(process: int, data: Path) -> bool:
    """Whether a process is the server of these data, by its command line, which everybody may read."""
    try:
        program, *arguments = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(program)).name == "postgres" and any(is_folder(os.fsdecode(argument), data) for argument in arguments)


def is_folder(name: str, folder: Path) -> bool:
    """Whether a path leads to this folder, however it is spelt."""
    return Path(name).is_dir() and folder.samefile(name)
