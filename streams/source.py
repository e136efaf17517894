"""What intake reads from, and who knows where it stands. `tests/flow/source_contract.py` is what every source keeps to."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from schemas.records import LastRecord, Partition, Position
from streams.batch import Batch


class Source(Protocol):
    """A log to read from."""

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """Connect. `drain` is to be awaited before partitions are handed back. Raises `Unavailable` while the log does not answer."""

    async def poll(self) -> Batch | None:
        """The next records, or None after a short wait. Raises `Unavailable`, `PositionLost`."""

    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        """What lies between these positions is safe: they may move. `last`: what each partition is known by from now on, where it changed."""

    def rewind(self) -> None:
        """Forget what was read and not released: the next poll begins at the last safe positions."""

    async def keep_alive(self) -> None:
        """Called every few seconds while nothing is polled."""

    async def paused(self) -> str | None:
        """Why the workers of this log are paused, if one paused them and nobody resumed. Raises `Unavailable`."""

    async def pause(self, reason: str) -> None:
        """Pause all workers of this log until a person resumes them, over restarts. Raises `Unavailable`."""

    async def close(self) -> None:
        """Disconnect, leaving the group."""


class OffsetStore(Protocol):
    """Who knows where a stage stands, where that is not the log itself."""

    async def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> Mapping[Partition, Position]:
        """The position of each partition; its beginning, which is stored, where none is. Raises `Unavailable`."""
