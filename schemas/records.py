"""What `streams` and `sinks` exchange: classified batches, positions, and the errors that record raises."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schemas.failures import UNREACHABLE, Failure
from schemas.problems import Problem
from schemas.verdicts import EventRow, GivenVerdict, Origin

Partition = tuple[str, int]
"""A topic and the number of a partition."""


class LastRecord(NamedTuple):
    """The last record that was read of a partition. A restored older log, or a new one, has another record in its place, or none."""

    offset: int
    timestamp: int
    """When the log took it, in milliseconds since the epoch."""
    digest: str
    """A digest of its key and value."""


class Position(NamedTuple):
    """Where a stage stands in a partition, and how that partition is recognised."""

    offset: int
    """The offset of the next record to read."""
    incarnation: str | None
    """Kafka's id of the topic, or the UUID of the spool. None where an older version stored the position."""
    last: LastRecord | None = None
    """None where nothing was read yet, or an older version read it."""


@dataclass(frozen=True, slots=True)
class ClassifiedEvent:
    """An accepted event and the verdict on this event alone."""

    raw: bytes
    """The event's bytes as the post wrote them, kept as evidence."""
    row: EventRow
    verdict: GivenVerdict
    origin: Origin
    received_ms: int | None = None
    """When the door received it, in milliseconds since the epoch. None where it came another way: the log's time stands for it."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A payload kept because it cannot be processed."""

    origin: Origin
    """Where the payload was read."""
    code: str
    """A `DeadLetterCode`, or any text in a message that another program wrote."""
    reason: str
    """One sentence for people."""
    payload: bytes | None
    """None where the payload is marked secret, is not UTF-8 and so cannot be searched for a marking, or is too large to carry."""
    sha256: str
    key: bytes | None = None
    """None, too, where the payload is marked secret or is not UTF-8."""
    source: str | None = None
    """The event's source, where it could be read. Of an event marked secret only registered names are kept."""
    sequence: int | None = None
    """The event's number in its device's sequence, where source and number could be read."""
    event_id: str | None = None
    """The event's id, where it could be read. Of an event marked secret only a UUID is kept."""
    problems: tuple[Problem, ...] = ()
    """Each thing that is wrong with it, as far as a post is told."""


@dataclass(frozen=True, slots=True)
class ClassifiedBatch:
    """The verdicts and dead letters of a batch. The record stores all of it, with the positions it moves, or nothing."""

    log: str
    """Which log the positions belong to: a cluster id or a spool's UUID."""
    positions: Mapping[Partition, tuple[int, int]]
    """For each partition: the expected position before this batch, and the position after it."""
    events: Sequence[ClassifiedEvent]
    dead: Sequence[DeadLetter]
    last: Mapping[Partition, LastRecord] = field(default_factory=dict)
    """The last record of each partition. A partition that only moved over the markers of transactions has none."""


@dataclass(slots=True)
class Recorded:
    """What a batch changed in the database; the metrics count this."""

    events: Counter[str] = field(default_factory=Counter)
    """Events inserted, by type."""
    duplicates: Counter[str] = field(default_factory=Counter)
    """Events that are recorded already, by type."""
    conflicts: Counter[str] = field(default_factory=Counter)
    """Events in conflict, by type, including those that were kept aside already."""
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Incident states appended, by outcome and side."""
    conflicts_kept: int = 0
    """Conflict rows inserted."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    """Dead letters inserted, by code."""
    judge_failures: int = 0
    probes: int = 0
    """Probes read. They are counted nowhere else."""
    ages_s: list[float] = field(default_factory=list)
    """Of each event inserted: the seconds from its device minting it to its recording. A total of several batches leaves them out."""

    def add(self, other: "Recorded") -> None:
        """Count another batch in."""
        self.events.update(other.events)
        self.duplicates.update(other.duplicates)
        self.conflicts.update(other.conflicts)
        self.verdicts.update(other.verdicts)
        self.dead_letters.update(other.dead_letters)
        self.probes += other.probes
        self.conflicts_kept += other.conflicts_kept
        self.judge_failures += other.judge_failures


class Unavailable(Failure):
    """A part outside this process does not answer now. Wait and repeat the request: either nothing of it was done, or all of it."""

    exit_code = UNREACHABLE

    def __init__(self, part: Literal["broker", "database", "spool"], why: object) -> None:
        super().__init__(str(why))
        self.part = part
        self.code = f"{part}_unavailable"

    @property
    def sentence(self) -> str:
        """Which part it is, and why it does not answer."""
        return f"{_AWAY[self.part]}: {super().sentence}"


_AWAY = {
    "broker": "Kafka không trả lời · Kafka does not answer",
    "database": "cơ sở dữ liệu không trả lời · the database does not answer",
    "spool": "hộp gửi không ghi được · the spool cannot be written",
}


class StalePosition(Exception):
    """The stored position is neither the batch's start nor its end: another worker recorded. Read the positions again and seek."""


class PositionLost(Failure):
    """The log is not the one that the position was stored for, or no longer holds it. A person must look: `deploy/runbooks/positions.md`."""

    code = "position_lost"
