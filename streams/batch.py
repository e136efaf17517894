"""What travels from a log through an agent and its sinks: records, a batch of them, the batch in flight, and what is written to Kafka."""

import asyncio
import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from schemas.records import ClassifiedBatch, LastRecord, Partition
from streams.breaker import CircuitBreaker


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


@dataclass(frozen=True, slots=True)
class Loose:
    """A record that stands in no log: a line of a file, whose offset is its number."""

    offset: int
    value: bytes
    topic: str = "line"
    partition: int = 0
    timestamp: int = 0
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class Message(NamedTuple):
    """One record to write."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""


class Refusal(NamedTuple):
    """Why a record is not worked on: the code and the reason of its dead letter."""

    code: str
    reason: str


REFUSED = "mg-refused"
"""The header that stands in for a record our Kafka client cannot read. What it holds is no bytes but a `Refusal`, so nobody can send one."""


class RecordFailed(Exception):
    """Our own code raised on one record of a batch. Says where the record stands, and what was raised."""

    def __init__(self, record: Record, error: Exception, *, code: str = "quarantined") -> None:
        super().__init__(f"{place(record)}: {type(error).__name__}: {error}")
        self.record = record
        self.error = error
        self.code = code
        """Of the dead letter it becomes."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One poll's worth of records, and the positions they move."""

    log: str
    """Which log the positions belong to: a cluster id or a spool's UUID."""
    records: Sequence[Record]
    """Empty where the log only moved on: of a transaction, Kafka counts offsets that hold no record."""
    positions: Mapping[Partition, tuple[int, int]]
    """For each partition: where this batch begins, and where the next one will."""
    set_aside: Mapping[Place, Refusal] = field(default_factory=dict)
    """Records of it that are not worked on: each becomes a dead letter unread."""
    polled_at: float = field(default_factory=time.monotonic)


class Run:
    """Batches read one after the other from the same positions: when one fails, those behind it are void."""

    __slots__ = ("breaker", "over")

    def __init__(self, breaker: CircuitBreaker) -> None:
        self.breaker = breaker
        """As it would be once all that was read is released."""
        self.over = False


class InFlight:
    """A batch on its way. Intake makes it and learns of its end; only the agents (`streams.agents`) change it in between."""

    __slots__ = ("batch", "breaker", "classified", "done", "run")

    def __init__(self, batch: Batch, run: Run) -> None:
        self.batch = batch
        self.run = run
        self.breaker = run.breaker
        """As it is once this batch is released."""
        self.classified: ClassifiedBatch | None = None
        """What the records came to, once an agent has read them."""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def live(self) -> bool:
        """Whether its effects may still happen."""
        return not self.run.over and not self.done.done()

    def fail(self, error: BaseException) -> None:
        """Void this batch and those behind it: the records will come again."""
        self.run.over = True
        if isinstance(error, asyncio.CancelledError):
            self.done.cancel()
        elif not self.done.done():
            self.done.set_exception(error)

    @property
    def failure(self) -> BaseException | None:
        """Why it failed, once it is done; None: everything about it is safe."""
        return asyncio.CancelledError() if self.done.cancelled() else self.done.exception()


def ends_of(records: Iterable[Record]) -> dict[Partition, int]:
    """The position after the last record of each partition; records of a partition are in order."""
    return {(record.topic, record.partition): record.offset + 1 for record in records}


def known_by(record: Record) -> LastRecord:
    """What this record, and with it its log, is known by later on."""
    digest = hashlib.blake2b(record.key or b"", digest_size=8)
    digest.update(record.value or b"")
    return LastRecord(record.offset, record.timestamp, digest.hexdigest())


def last_of(records: Iterable[Record]) -> dict[Partition, LastRecord]:
    """What the last record of each partition is known by; records of a partition are in order."""
    last = {(record.topic, record.partition): record for record in records}
    return {partition: known_by(record) for partition, record in last.items()}


def at(record: Record) -> Place:
    """Where a record stands."""
    return record.topic, record.partition, record.offset


def refusal_of(record: Record) -> Refusal | None:
    """Why a record without a value has none, where our client could not read it."""
    held = dict(record.headers).get(REFUSED)
    return held if isinstance(held, Refusal) else None


def place(record: Record) -> str:
    """Where a record stands, as people and logs write it."""
    return f"{record.topic}[{record.partition}]@{record.offset}"
