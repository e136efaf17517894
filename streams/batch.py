"""One poll's worth of records, and what becomes of it."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from schemas.records import ClassifiedBatch, Partition


class Record(Protocol):
    """What a log gives: a Kafka record, or a spool's row in the same shape."""

    @property
    def topic(self) -> str:
        """The log's topic."""

    @property
    def partition(self) -> int:
        """The partition of it."""

    @property
    def offset(self) -> int:
        """The place in the partition; the next record's is larger."""

    @property
    def timestamp(self) -> int:
        """When the log took it: milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """The subject of the event."""

    @property
    def value(self) -> bytes | None:
        """The payload."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """What travels beside it."""


class Run:
    """Batches read one after the other from the same positions: when one fails, those behind it are void."""

    __slots__ = ("last", "over")

    def __init__(self) -> None:
        self.over = False
        self.last: Batch | None = None
        """The batch behind which nothing may be read, if so."""


class Batch:
    """Records, the positions they move, and the future that says they are safe.

    It travels through an agent and its sinks; whoever fails on it fails the run.
    """

    __slots__ = ("delivery", "done", "log", "polled_at", "positions", "records", "run", "stop")

    def __init__(self, *, log: str, records: Sequence[Record], positions: Mapping[Partition, tuple[int, int]], run: Run) -> None:
        self.log = log
        self.records = records
        self.positions = dict(positions)
        """For each partition: where this batch begins, and where the next one will."""
        self.run = run
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.delivery: ClassifiedBatch | None = None
        """What the records came to, once an agent has read them."""
        self.stop: str | None = None
        """Why nothing may be read after this batch, if so."""
        self.polled_at = time.monotonic()

    @property
    def live(self) -> bool:
        """Whether its effects may still happen."""
        return not self.run.over and self.run.last in (None, self) and not self.done.done()

    def fail(self, error: BaseException) -> None:
        """Void this batch and those behind it: the records will come again."""
        self.run.over = True
        if isinstance(error, asyncio.CancelledError):
            self.done.cancel()
        elif not self.done.done():
            self.done.set_exception(error)

    def release(self) -> None:
        """Everything about it is safe: its positions may move."""
        if not self.done.done():
            self.done.set_result(None)

    def stop_after(self, count: int, reason: str) -> None:
        """Keep the first `count` records only, and let nothing come behind them."""
        self.stop = reason
        self.run.last = self
        kept = self.records[:count]
        ends = ends_of(kept)
        self.positions = {partition: (start, ends[partition]) for partition, (start, _) in self.positions.items() if partition in ends}
        self.records = kept


def ends_of(records: Iterable[Record]) -> dict[Partition, int]:
    """The position after the last record of each partition; records of a partition are in order."""
    return {(record.topic, record.partition): record.offset + 1 for record in records}
