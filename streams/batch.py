"""The values of a stream: a record, a batch of records, a batch in flight, and a message to write to Kafka."""

import asyncio
import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from schemas.records import ClassifiedBatch, DeadLetter, LastRecord, Partition
from streams.breaker import CircuitBreaker


class Record(Protocol):
    """A record of a log: of Kafka, or a row of a spool in the same shape."""

    @property
    def topic(self) -> str:
        """The topic of the log."""

    @property
    def partition(self) -> int:
        """The partition of the topic."""

    @property
    def offset(self) -> int:
        """The place in the partition; each record's is larger than the one before."""

    @property
    def timestamp(self) -> int:
        """When the log took the record, in milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """The subject of the event."""

    @property
    def value(self) -> bytes | None:
        """The payload."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Names and values that accompany the payload."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A record that is in no log, such as a line of a file, whose offset is its number."""

    offset: int
    value: bytes
    topic: str = "line"
    partition: int = 0
    timestamp: int = 0
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A record of a spool that is a dead letter already: the door refused it, and its sender is told so by a receipt."""

    letter: DeadLetter
    offset: int
    timestamp: int
    topic: str
    partition: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


RECEIVED = "mg-received"
"""The header of an event that came through the door: when the door received it, in milliseconds since the epoch."""


class Message(NamedTuple):
    """A record to write to Kafka."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""


class Refusal(NamedTuple):
    """Why a record is not processed: the code and the reason of its dead letter."""

    code: str
    reason: str


REFUSED = "mg-refused"
"""The header of a stand-in for a record that our Kafka client cannot read. Its value is a `Refusal` and not bytes, so no producer can send it."""


class RecordFailed(Exception):
    """Our own code raised on one record of a batch. The message says where the record is and what was raised."""

    def __init__(self, record: Record, error: Exception, *, code: str = "quarantined") -> None:
        super().__init__(f"{place(record)}: {type(error).__name__}: {error}")
        self.record = record
        self.error = error
        self.code = code
        """The code of the dead letter that the record becomes."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of one poll, and the positions they move."""

    log: str
    """Which log the positions belong to: a cluster id or a spool's UUID."""
    records: Sequence[Record]
    """Empty where only the position moved: Kafka's transaction markers take offsets and are no records."""
    positions: Mapping[Partition, tuple[int, int]]
    """For each partition: where this batch begins, and where the next one begins."""
    set_aside: Mapping[Place, Refusal] = field(default_factory=dict)
    """Records of the batch that are not processed: each becomes a dead letter unread."""
    polled_at: float = field(default_factory=time.monotonic)


class Run:
    """A run of batches read one after the other. When one of them fails, all later batches of the run are void."""

    __slots__ = ("breaker", "over")

    def __init__(self, breaker: CircuitBreaker) -> None:
        self.breaker = breaker
        """The breaker as it will be once every batch of the run is released."""
        self.over = False


class InFlight:
    """A batch in flight. Intake creates it and awaits its end; only the agents (`streams.agents`) change it in between."""

    __slots__ = ("batch", "breaker", "classified", "done", "run")

    def __init__(self, batch: Batch, run: Run) -> None:
        self.batch = batch
        self.run = run
        self.breaker = run.breaker
        """The breaker as it will be once this batch is released."""
        self.classified: ClassifiedBatch | None = None
        """The batch as an agent classified it; None before."""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def live(self) -> bool:
        """Whether its effects may still happen."""
        return not self.run.over and not self.done.done()

    def fail(self, error: BaseException) -> None:
        """Void this batch and all later ones of its run; intake reads them again."""
        self.run.over = True
        if isinstance(error, asyncio.CancelledError):
            self.done.cancel()
        elif not self.done.done():
            self.done.set_exception(error)

    @property
    def failure(self) -> BaseException | None:
        """Why the finished batch failed; None if all its effects happened."""
        return asyncio.CancelledError() if self.done.cancelled() else self.done.exception()


def ends_of(records: Iterable[Record]) -> dict[Partition, int]:
    """The position after the last record of each partition. Records of a partition must be in order."""
    return {(record.topic, record.partition): record.offset + 1 for record in records}


def fingerprint(record: Record) -> LastRecord:
    """What identifies this record, and with it its log, later."""
    digest = hashlib.blake2b(record.key or b"", digest_size=8)
    digest.update(record.value or b"")
    return LastRecord(record.offset, record.timestamp, digest.hexdigest())


def last_of(records: Iterable[Record]) -> dict[Partition, LastRecord]:
    """The fingerprint of the last record of each partition. Records of a partition must be in order."""
    last = {(record.topic, record.partition): record for record in records}
    return {partition: fingerprint(record) for partition, record in last.items()}


def at(record: Record) -> Place:
    """Where a record is."""
    return record.topic, record.partition, record.offset


def refusal_of(record: Record) -> Refusal | None:
    """Why our Kafka client could not read a record; None where the record is not a stand-in."""
    refusal = dict(record.headers).get(REFUSED)
    return refusal if isinstance(refusal, Refusal) else None


def place(record: Record) -> str:
    """Where a record is, as people and logs write it."""
    return f"{record.topic}[{record.partition}]@{record.offset}"
