"""A spool as a source for intake: the embedded pipeline reads it to its end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from schemas.records import LastRecord, Partition, Position, PositionLost
from streams.batch import Batch, Record
from streams.source import OffsetStore


class Spool(Protocol):
    """What a spool must offer. `posts.spool.Spool` does."""

    id: str

    def read(self, position: int, limit: int) -> Sequence[Record]:
        """Records from a position on."""

    def bounds(self) -> tuple[int, int]:
        """The position up to which everything is safe elsewhere, and the one after the newest row."""


PARTITION: Partition = ("spool", 0)


def beginning(spool: Spool) -> dict[Partition, Position]:
    """Where a spool is read from when no position in it is stored."""
    first, _ = spool.bounds()
    return {PARTITION: Position(first, spool.id)}


class SpoolSource:
    """One spool, one partition. The record's transaction moves its position, and nobody takes it away, so most of `Source` is nothing."""

    def __init__(self, spool: Spool, *, offsets: OffsetStore, max_records: int = 2000) -> None:
        self._spool = spool
        self._offsets = offsets
        self._max_records = max_records
        self._next: int | None = None
        self._paused: str | None = None

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """See `Source`."""

    async def poll(self) -> Batch | None:
        """See `Source`."""
        if self._next is None:
            self._next = await self._position()
        records = self._spool.read(self._next, self._max_records)
        if not records:
            return None
        start, self._next = self._next, records[-1].offset + 1
        return Batch(self._spool.id, records, {PARTITION: (start, self._next)})

    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        """See `Source`."""

    def rewind(self) -> None:
        """See `Source`."""
        self._next = None

    async def keep_alive(self) -> None:
        """See `Source`."""

    async def paused(self) -> str | None:
        """See `Source`."""
        return self._paused

    async def pause(self, reason: str) -> None:
        """See `Source`, but an embedded run ends with its process: a person starts the next one, and that resumes."""
        self._paused = reason

    async def close(self) -> None:
        """See `Source`."""

    async def _position(self) -> int:
        first, after = self._spool.bounds()
        position = (await self._offsets.positions(self._spool.id, beginning(self._spool)))[PARTITION].offset
        if not first <= position <= after:
            raise PositionLost(f"spool {self._spool.id} stands at {position}, it holds {first} to {after}")
        return position
