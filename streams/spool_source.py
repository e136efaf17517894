"""A spool as a source for intake; the embedded pipeline reads it to its end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from typing_extensions import override

from schemas.records import LastRecord, Partition, Position, PositionLost
from streams.batch import Batch, Record
from streams.source import OffsetStore, Source


class ReadableSpool(Protocol):
    """What a spool must offer, as `posts.spool.Spool` does."""

    id: str

    def read(self, position: int, limit: int) -> Sequence[Record]:
        """The records from a position on."""

    def bounds(self) -> tuple[int, int]:
        """The position before which all rows may have been removed, and the position after the newest row."""


PARTITION: Partition = ("spool", 0)


def beginning(spool: ReadableSpool) -> dict[Partition, Position]:
    """Where reading a spool begins when no position in it is stored."""
    first, _ = spool.bounds()
    return {PARTITION: Position(first, spool.id)}


class SpoolSource(Source):
    """A spool as a log of one partition. Record's transaction moves its position, and no other reader shares it."""

    def __init__(self, spool: ReadableSpool, *, offsets: OffsetStore, max_records: int = 2000) -> None:
        self._spool = spool
        self._offsets = offsets
        self._max_records = max_records
        self._next: int | None = None
        self._paused: str | None = None

    @override
    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """Do nothing: the spool is open."""

    @override
    async def poll(self) -> Batch | None:
        if self._next is None:
            self._next = await self._position()
        records = self._spool.read(self._next, self._max_records)
        if not records:
            return None
        start, self._next = self._next, records[-1].offset + 1
        return Batch(self._spool.id, records, {PARTITION: (start, self._next)})

    @override
    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        """Do nothing: record's transaction has moved the position."""

    @override
    def rewind(self) -> None:
        self._next = None

    @override
    async def keep_alive(self) -> None:
        """Do nothing: a spool has no group to stay in."""

    @override
    async def paused(self) -> str | None:
        return self._paused

    @override
    async def pause(self, reason: str) -> None:
        """Pause this run only: a person starts the next one, which resumes."""
        self._paused = reason

    @override
    async def close(self) -> None:
        """Do nothing: the owner of the spool closes it."""

    async def _position(self) -> int:
        first, after = self._spool.bounds()
        position = (await self._offsets.positions(self._spool.id, beginning(self._spool)))[PARTITION].offset
        if not first <= position <= after:
            raise PositionLost(f"spool {self._spool.id} stands at {position}, it holds {first} to {after}")
        return position
