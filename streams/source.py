"""What intake reads from, and where a stage's positions are stored. `tests/support/source_contract.py` tests every source."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from schemas.records import LastRecord, Partition, Position
from streams.batch import Batch


class Source(Protocol):
    """A log to read from."""

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """Connect. The source awaits `drain` before it hands partitions back. Raises `Unavailable` while the log does not answer."""

    async def poll(self) -> Batch | None:
        """The next records, or None after a short wait. Raises `Unavailable`, `PositionLost`."""

    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        """Move these positions: everything between them is safe. `last` has the new last record of each partition that got one."""

    def rewind(self) -> None:
        """Forget what was read and not released. The next poll begins at the last safe positions."""

    async def keep_alive(self) -> None:
        """Stay in the group. Intake calls this every few seconds while it does not poll."""

    async def paused(self) -> str | None:
        """Why the workers of this log are paused; None if they may read. Raises `Unavailable`."""

    async def pause(self, reason: str) -> None:
        """Pause all workers of this log until a person resumes them, over restarts. Raises `Unavailable`."""

    async def close(self) -> None:
        """Leave the group and disconnect."""


class OffsetStore(Protocol):
    """Where a stage's positions are stored, if the log itself does not store them."""

    async def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> Mapping[Partition, Position]:
        """The position of each partition. Where none is stored, the beginning is stored and returned. Raises `Unavailable`."""
