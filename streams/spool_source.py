"""A spool as a source for intake; the embedded pipeline reads it to its end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import msgspec
from typing_extensions import override

from schemas.records import DeadLetter, LastRecord, Partition, Position, PositionLost
from schemas.topics import DEAD_LETTERS
from streams.batch import Batch, LetterRecord, Record
from streams.source import OffsetStore, Source


class SpooledRecord(Record, Protocol):
    """A row of a spool."""

    @property
    def target(self) -> str:
        """The topic that it belongs to."""


class Spool(Protocol):
    """What a spool must offer, as `posts.spool.Spool` does."""

    id: str

    def read(self, position: int, limit: int) -> Sequence[SpooledRecord]:
        """The records from a position on."""

    def bounds(self) -> tuple[int, int]:
        """The position before which all rows may have been removed, and the position after the newest row."""


PARTITION: Partition = ("spool", 0)


def beginning(spool: Spool) -> dict[Partition, Position]:
    """Where reading a spool begins when no position in it is stored."""
    first, _ = spool.bounds()
    return {PARTITION: Position(first, spool.id)}


def letter_value(letter: DeadLetter) -> bytes:
    """A dead letter as the value of a row whose target is the topic of dead letters."""
    return msgspec.json.encode(letter)


def _letter(row: SpooledRecord) -> LetterRecord:
    letter = msgspec.json.decode(row.value or b"", type=DeadLetter)
    return LetterRecord(letter, row.offset, row.timestamp, row.topic, row.partition, row.key or b"", row.value or b"")


class Turn(Protocol):
    """The right to take a spool in, which one process has at a time."""

    def take(self) -> bool:
        """Whether it is ours now; false while another process has it."""

    def give_up(self) -> None:
        """Let others have it."""


class AlwaysOurs(Turn):
    """The turn of a command that is alone with its spool."""

    @override
    def take(self) -> bool:
        return True

    @override
    def give_up(self) -> None:
        """Do nothing."""


async def at_once() -> None:
    """Do not wait: the spool is read to its end, and nobody adds to it."""


class SpoolSource(Source):
    """A spool as a log of one partition, whose position record's transaction moves.

    Other processes may take it in too, in turns: ours lasts until all that was read is safe, and begins at the position that they left.
    """

    def __init__(
        self,
        spool: Spool,
        *,
        offsets: OffsetStore,
        max_records: int = 2000,
        turn: Turn | None = None,
        until_more: Callable[[], Awaitable[None]] = at_once,
    ) -> None:
        """The source awaits `until_more` where nothing is left to read."""
        self._spool = spool
        self._offsets = offsets
        self._max_records = max_records
        self._turn = turn or AlwaysOurs()
        self._until_more = until_more
        self._next: int | None = None
        self._released = 0
        self._is_ours = False
        self._paused: str | None = None

    @override
    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """Do nothing: the spool is open."""

    @override
    async def poll(self) -> Batch | None:
        if not self._is_ours and not await self._begin_turn():
            await self._until_more()
            return None
        if self._next is None:
            self._next = self._released = await self._position()
        records = [_letter(row) if row.target == DEAD_LETTERS else row for row in self._spool.read(self._next, self._max_records)]
        if not records:
            if self._released == self._next:
                self._turn.give_up()
                self._is_ours = False
                await self._until_more()
            return None
        start, self._next = self._next, records[-1].offset + 1
        return Batch(self._spool.id, records, {PARTITION: (start, self._next)})

    @override
    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        """Note what is safe; record's transaction has moved the position."""
        _, self._released = positions[PARTITION]

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
        """Let other processes take the spool in; its owner closes it."""
        self._turn.give_up()

    async def _begin_turn(self) -> bool:
        """Take the turn where there is something to read. Others may have moved the position since our last."""
        if self._next is not None and not self._spool.read(self._next, 1):
            return False
        self._is_ours = self._turn.take()
        self._next = None
        return self._is_ours

    async def _position(self) -> int:
        first, after = self._spool.bounds()
        position = (await self._offsets.positions(self._spool.id, beginning(self._spool)))[PARTITION].offset
        if not first <= position <= after:
            raise PositionLost(f"spool {self._spool.id} stands at {position}, it holds {first} to {after}")
        return position
