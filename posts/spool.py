"""The spool: what a post has said, on disk before anything else happens to it.

One SQLite file, written through (`synchronous=FULL`): what `append` returned from survives a power cut. Rows are never changed; their
numbers never come back, so a position in a spool means the same for ever.
"""

import contextlib
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.failures import Failure

TOPIC = "spool"
"""What positions in a spool are kept under: it is one log, whatever topics its events are meant for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event in a spool, in the shape of a log's record."""

    offset: int
    timestamp: int
    """Milliseconds since the epoch: when it was written here."""
    target: str
    """The topic it is to be published to."""
    key: bytes
    value: bytes
    topic: str = TOPIC
    partition: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be written."""

    target: str
    key: bytes
    value: bytes


class SpoolProblem(Failure):
    """The spool cannot be read or written now. Names the file and says why; nothing was written."""

    code = "spool"


class Spool:
    """A spool file, made if it is not there. Safe for several processes; one connection a thread. Every method may raise `SpoolProblem`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
        with self._transaction():
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS event (row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
                " target TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL) STRICT"
            )
            self._db.execute("CREATE TABLE IF NOT EXISTS spool (id TEXT NOT NULL, sent INTEGER NOT NULL) STRICT")
            self._db.execute("CREATE TABLE IF NOT EXISTS device (source TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT")
            self._db.execute("INSERT INTO spool SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM spool)", (str(uuid.uuid4()),))
        self.id: str = self._ask("SELECT id FROM spool")[0][0]
        """This spool and no other, for ever."""

    def append(self, entries: Iterable[Entry]) -> int:
        """Write events, all or none; when this returns they are on disk. Returns how many."""
        now = time.time_ns() // 1_000_000
        rows = [(now, entry.target, entry.key, entry.value) for entry in entries]
        with self._transaction():
            self._db.executemany("INSERT INTO event (at, target, key, value) VALUES (?, ?, ?, ?)", rows)
        return len(rows)

    def next_number(self, source: str) -> int:
        """The next number of a device's sequence, never given out again: a number lost is a gap that shows, a number twice a conflict."""
        query = "INSERT INTO device VALUES (?, 1) ON CONFLICT (source) DO UPDATE SET number = number + 1 RETURNING number"
        return int(self._ask(query, source)[0][0])

    def read(self, position: int, limit: int) -> list[Row]:
        """Rows from `position` on, oldest first."""
        query = "SELECT row, at, target, key, value FROM event WHERE row >= ? ORDER BY row LIMIT ?"
        return [Row(*row) for row in self._ask(query, position, limit)]

    def bounds(self) -> tuple[int, int]:
        """The position of the oldest row kept, and the one after the newest ever written."""
        query = "SELECT (SELECT min(row) FROM event), (SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'event')"
        first, after = self._ask(query)[0]
        return (after if first is None else first), after

    def prune(self, position: int) -> None:
        """Forget what is before `position`: it is safe elsewhere."""
        self._ask("DELETE FROM event WHERE row < ?", position)

    @property
    def sent(self) -> int:
        """The position up to which everything was published."""
        return int(self._ask("SELECT sent FROM spool")[0][0])

    def mark_sent(self, position: int) -> None:
        """Everything before `position` was acknowledged."""
        self._ask("UPDATE spool SET sent = max(sent, ?)", position)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._told():
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk ends it
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise SpoolProblem(f"{self._path}: {error}") from error
