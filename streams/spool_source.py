"""A spool as a source for intake: the embedded pipeline reads it to its end."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from schemas.records import Partition, PositionLost
from streams.batch import Batch, Record, Run
from streams.kafka_source import Ledger


class Spool(Protocol):
    """What a spool must offer. `posts.spool.Spool` does."""

    id: str

    def read(self, position: int, limit: int) -> Sequence[Record]:
        """Records from a position on."""

    def bounds(self) -> tuple[int, int]:
        """The first position kept, and the one after the last."""


class SpoolSource:
    """One spool, one partition; where it stands is in the database."""

    def __init__(self, spool: Spool, *, ledger: Ledger, max_records: int = 2000) -> None:
        self._spool = spool
        self._ledger = ledger
        self._max_records = max_records
        self._run = Run()
        self._next: int | None = None
        self._stopped: str | None = None

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """See `Source`: nobody takes a spool away."""

    async def poll(self) -> Batch | None:
        """See `Source`."""
        if self._next is None:
            self._next = await self._position()
        records = self._spool.read(self._next, self._max_records)
        if not records:
            return None
        start, self._next = self._next, records[-1].offset + 1
        return Batch(log=self._spool.id, records=records, positions={_PARTITION: (start, self._next)}, run=self._run)

    async def release(self, batch: Batch) -> None:
        """See `Source`: the record's transaction moved the position."""

    def rewind(self) -> None:
        """See `Source`."""
        self._run.over = True
        self._run = Run()
        self._next = None

    async def keep_alive(self) -> None:
        """See `Source`: a spool is never away."""

    async def stopped(self) -> str | None:
        """See `Source`."""
        return self._stopped

    async def remember_stop(self, reason: str) -> None:
        """See `Source`: an embedded run ends with its process, so the next run is the resumption."""
        self._stopped = reason

    async def close(self) -> None:
        """See `Source`."""

    async def _position(self) -> int:
        first, after = self._spool.bounds()
        position = (await self._ledger.positions(self._spool.id, {_PARTITION: first}))[_PARTITION]
        if not first <= position <= after:
            raise PositionLost(f"spool {self._spool.id} stands at {position}, it holds {first} to {after}")
        return position


_PARTITION: Partition = ("spool", 0)
