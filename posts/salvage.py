"""Salvages a damaged spool: what can still be read of its file goes into a new one.

Rows are read one by one, so that a bad page costs only the rows on it. Nothing is deleted: the bad file is kept beside the new one.
"""

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from posts.spool_file import STORED, SUFFIXES, checksum, explained, is_sound, opened, salvaged, transaction

_LEAST_ROW_BYTES = 16
_Stored = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What can be read of a spool's file."""

    sound: list[_Stored]
    """Rows whose checksum is right, as stored."""
    damaged: list[_Stored]
    """Rows whose checksum is wrong, with those set aside before."""
    lost: list[int]
    """The numbers of rows that cannot be read at all."""
    bounds: tuple[int, int]
    """As `Spool.bounds`; at the widest where the file does not say."""
    devices: list[_Stored]
    """The last number of each device's sequence."""
    is_whole: bool
    """Whether SQLite finds nothing wrong with the file."""

    @property
    def needs_salvage(self) -> bool:
        """Whether a spool cannot go on with this file."""
        return bool(self.lost) or not self.is_whole


def survey(path: Path) -> Survey:
    """Look at a spool's file without changing it. Raises `SpoolProblem`."""
    with explained(path), _read_only(path) as db:
        bounds = _bounds(db)
        rows, lost = _rows(db, range(_first(db, bounds[0]), bounds[1]))
        sound = [row for row in rows if is_sound(*row)]
        damaged = [row for row in rows if not is_sound(*row)] + _asked(db, "SELECT * FROM damaged")
        devices = _asked(db, "SELECT source, number FROM device")
        return Survey(sound, damaged, lost, bounds, devices, is_whole=_asked(db, "PRAGMA quick_check(1)") == [("ok",)])


def salvage(path: Path) -> tuple[Survey, Path]:
    """Replace a spool's file by a new one with all that can be read. Returns the survey, and where the bad file is now.

    It may be killed at any point and run again. The new file has a new spool id and is read from its beginning; recorded events are duplicates then.
    Raises `SpoolProblem`.
    """
    with explained(path):
        new = salvaged(path)
        if not new.exists():
            part = path.with_name(f"{path.name}.part")
            _build(part, survey(path))
            part.rename(new)
        bad = _set_aside(path)
        surveyed = survey(bad)
        new.rename(path)
        _sync(path.parent)
    return surveyed, bad


def _set_aside(path: Path) -> Path:
    """Move a bad file and its companions to a name that says so, or the rest that a killed salvage left. Returns that name."""
    names = (_beside(path, f".damaged-{number}") for number in itertools.count(1))
    earlier = list(itertools.takewhile(Path.exists, names))
    bad = _beside(path, f".damaged-{len(earlier) + 1}") if path.exists() else earlier[-1]
    for suffix in SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            _beside(path, suffix).rename(_beside(bad, suffix))
    return bad


def _build(path: Path, surveyed: Survey) -> None:
    """Write a new spool from a survey."""
    for suffix in SUFFIXES:
        _beside(path, suffix).unlink(missing_ok=True)  # what a killed salvage had begun
    with contextlib.closing(opened(path)) as db:
        with transaction(db):
            sent, after = surveyed.bounds
            db.execute("UPDATE spool SET sent = ?", (sent,))
            rows = ((row, at, target.decode(), *rest) for row, at, target, *rest in surveyed.sound)
            db.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
            db.executemany("INSERT INTO damaged VALUES (?, ?, ?, ?, ?, ?)", surveyed.damaged)
            # A device is named after its spool: where its numbers are lost, the new spool's device has others.
            db.executemany("INSERT INTO device VALUES (?, ?)", surveyed.devices)
            db.execute("DELETE FROM sqlite_sequence")
            db.execute("INSERT INTO sqlite_sequence VALUES ('event', ?)", (after - 1,))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the file is all there is


def _rows(db: sqlite3.Connection, numbers: Iterable[int]) -> tuple[list[_Stored], list[int]]:
    """The rows that can be read, with their checksums; the numbers of those that cannot."""
    stored = f"row_checksum({STORED})" if _asked(db, "PRAGMA user_version") == [(0,)] else "checksum"
    query = f"SELECT {STORED}, {stored} FROM event WHERE row = ?"  # noqa: S608  # our own column names
    rows: list[_Stored] = []
    lost: list[int] = []
    for number in numbers:
        try:
            rows += db.execute(query, (number,)).fetchall()
        except sqlite3.DatabaseError:
            lost.append(number)
    return rows, lost


def _bounds(db: sqlite3.Connection) -> tuple[int, int]:
    ((sent,),) = _asked(db, "SELECT sent FROM spool") or [(1,)]
    start = max(1, int(sent))
    if newest := _asked(db, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence"):
        return start, max(start, int(newest[0][0]) + 1)
    ((pages,), *_), ((page_bytes,), *_) = db.execute("PRAGMA page_count").fetchall(), db.execute("PRAGMA page_size").fetchall()
    return start, start + int(pages) * int(page_bytes) // _LEAST_ROW_BYTES


def _first(db: sqlite3.Connection, sent: int) -> int:
    """The number of the first row: a post keeps its events after they are sent."""
    rows = _asked(db, "SELECT min(row) FROM event")
    return min(sent, rows[0][0]) if rows and rows[0][0] is not None else sent


def _asked(db: sqlite3.Connection, query: str) -> list[_Stored]:
    """The rows of a query; none where damage prevents reading them."""
    try:
        return db.execute(query).fetchall()
    except sqlite3.DatabaseError:
        return []


@contextlib.contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as db:
        db.create_function("row_checksum", 5, checksum, deterministic=True)
        db.execute("SELECT count(*) FROM sqlite_schema")  # where not even this can be read, nothing can
        yield db


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _sync(folder: Path) -> None:
    """Write the new file names to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
