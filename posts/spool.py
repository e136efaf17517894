"""The spool: a post's events, on disk before anything else happens to them.

One SQLite file, written through (`synchronous=FULL`): what `append` returned from survives a power cut. Rows are never changed, and a
row's checksum shows if something else changed it; their numbers never come back, so a position in a spool means the same for ever.
"""

import contextlib
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from posts.spool_file import STORED, checksum, explained, is_sound, opened, transaction

log = structlog.get_logger(__name__)

TOPIC = "spool"
"""The topic of positions in a spool, which is one log whatever topics its events are published to."""


@dataclass(frozen=True, slots=True)
class SpoolRow:
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
class SpoolEntry:
    """One event to be written."""

    target: str
    key: bytes
    value: bytes


class Spool:
    """A spool file, created if absent. Safe for several processes; one connection a thread. Every method may raise `SpoolProblem`."""

    def __init__(self, path: Path, *, patience_s: float = 30.0) -> None:
        """`patience_s`: how long to wait for another process that writes."""
        self.path = path
        self._db = opened(path, patience_s)
        self.id: str = self._ask("SELECT id FROM spool")[0][0]
        """The id of this spool, which `renew` changes."""
        self.set_aside: list[int] = []
        """The damaged rows found since it was opened."""

    def append(self, entries: Iterable[SpoolEntry]) -> int:
        """Write events, all or none; when this returns they are on disk. Returns how many."""
        with self._transaction():
            return self._insert(entries)

    def append_numbered(self, source: str, make: Callable[[int], Sequence[SpoolEntry]]) -> None:
        """Write events that take the next numbers of a device's sequence: `make` is given the first of them.

        Numbers and events are one transaction, so that neither a kill nor a full disk nor an exception in `make` leaves a gap.
        """
        with self._transaction():
            number = self.last_number(source)
            number += self._insert(make(number + 1))
            self._ask("INSERT INTO device VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET number = excluded.number", source, number)

    def last_number(self, source: str) -> int:
        """The last number of a device's sequence; 0 before the first."""
        rows = self._ask("SELECT number FROM device WHERE source = ?", source)
        return int(rows[0][0]) if rows else 0

    def read(self, position: int, limit: int) -> list[SpoolRow]:
        """Rows from `position` on, oldest first. A row whose checksum is wrong is set aside and logged."""
        query = f"SELECT {STORED}, checksum FROM event WHERE row >= ? ORDER BY row LIMIT ?"  # noqa: S608  # our own column names
        while stored := self._ask(query, position, limit):
            sound = [
                SpoolRow(row, at, target.decode(), key, value)
                for row, at, target, key, value, written in stored
                if is_sound(row, at, target, key, value, written)
            ]
            if len(sound) < len(stored):
                self._put_aside({row for row, *_ in stored} - {row.offset for row in sound})
            if sound:
                return sound
        return []

    def bounds(self) -> tuple[int, int]:
        """The position before which everything is recorded or published, and the one after the newest row ever written."""
        ((sent, after),) = self._ask(_BOUNDS)
        return sent, after

    def waiting(self, position: int) -> int:
        """How many rows there are from a position on."""
        return int(self._ask("SELECT count(*) FROM event WHERE row >= ?", position)[0][0])

    def damaged(self) -> list[int]:
        """The rows set aside since the file was made."""
        return [row for (row,) in self._ask("SELECT row FROM damaged ORDER BY row")]

    def prune(self, position: int) -> None:
        """Delete the rows before `position`, which are recorded or published. Rows set aside stay."""
        with self._transaction():
            self.mark_sent(position)
            self._ask("DELETE FROM event WHERE row < ?", position)

    @property
    def sent(self) -> int:
        """The position before which everything is published or recorded."""
        return self.bounds()[0]

    def mark_sent(self, position: int) -> None:
        """Everything before `position` was acknowledged."""
        self._ask("UPDATE spool SET sent = max(sent, ?)", position)

    def renew(self) -> None:
        """Take a new id: the file was restored from a backup, so positions under the old id are not those of its rows."""
        former, self.id = self.id, str(uuid.uuid4())
        self._ask("UPDATE spool SET id = ?", self.id)
        log.warning("spool_renewed", file=str(self.path), former=former, spool=self.id)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _insert(self, entries: Iterable[SpoolEntry]) -> int:
        now = time.time_ns() // 1_000_000
        ((_, after),) = self._ask(_BOUNDS)
        rows = [
            (row, now, entry.target, entry.key, entry.value, checksum(row, now, entry.target.encode(), entry.key, entry.value))
            for row, entry in enumerate(entries, start=after)
        ]
        self._db.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
        return len(rows)

    def _put_aside(self, rows: Iterable[int]) -> None:
        for row in sorted(rows):
            with self._transaction():
                self._ask("INSERT INTO damaged SELECT row, at, target, key, value, checksum FROM event WHERE row = ?", row)
                self._ask("DELETE FROM event WHERE row = ?", row)
            self.set_aside.append(row)
            log.warning("spool_row_damaged", file=str(self.path), row=row)

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with explained(self.path):
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self.path), transaction(self._db):
            yield


_BOUNDS = "SELECT sent, (SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'event') FROM spool"
