"""What classify hands to record, and how record may fail: the seam between `streams` and `sinks`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schemas.codebook import Kind, Outcome
from schemas.failures import Failure
from schemas.verdicts import EventRow, GivenVerdict, Origin

Partition = tuple[str, int]
"""A topic and a partition of it."""


class LastRecord(NamedTuple):
    """The last record that was read of a partition: an older log that is put back, or a new one, has another in its place, or none."""

    offset: int
    timestamp: int
    """When the log took it: milliseconds since the epoch."""
    digest: str
    """Of its key and value."""


class Position(NamedTuple):
    """Where a stage stands in a partition, and what that partition is known by."""

    offset: int
    """The next one to read."""
    incarnation: str | None
    """Which making of the log: Kafka's id of the topic, the UUID of a spool. None where an older version stored the position."""
    last: LastRecord | None = None
    """None where nothing was read yet, or only by an older version."""


@dataclass(frozen=True, slots=True)
class ClassifiedEvent:
    """An accepted event and the verdict on what it alone says."""

    raw: bytes
    """The event as the post wrote it: the evidence."""
    row: EventRow
    verdict: GivenVerdict
    origin: Origin


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A payload kept because it cannot be processed."""

    origin: Origin
    """Where the payload was read."""
    code: str
    """A `DeadLetterCode`; in a message that we did not write, whatever stands there."""
    reason: str
    """One sentence for people."""
    payload: bytes | None
    """None for a payload that is marked secret, that is no UTF-8 and so cannot be read for a marking, or that is too large to carry."""
    sha256: str
    key: bytes | None = None
    """None for a payload that is marked secret or no UTF-8, too."""
    source: str | None = None
    """The event's source, where it could be read; of one marked secret only what the register knows."""


@dataclass(frozen=True, slots=True)
class ClassifiedBatch:
    """One batch for the record: stored whole, with the positions it moves, or not at all."""

    log: str
    """Which log the positions belong to: a cluster id or a spool's UUID."""
    positions: Mapping[Partition, tuple[int, int]]
    """For each partition read: the position expected before this batch, and the next one after it."""
    events: Sequence[ClassifiedEvent]
    dead: Sequence[DeadLetter]
    last: Mapping[Partition, LastRecord] = field(default_factory=dict)
    """The last record of each partition; a partition that only moved on, over the marks of transactions, has none."""


@dataclass(slots=True)
class Recorded:
    """What a batch really changed: what the metrics may count."""

    events: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    """Events inserted, by type and outcome of their verdict."""
    incidents: Counter[tuple[Kind, Outcome]] = field(default_factory=Counter)
    """Incident states appended, by kind and outcome."""
    duplicates: int = 0
    conflicts: int = 0
    """Events that came into conflict, those kept already too."""
    conflicts_kept: int = 0
    """Conflict rows inserted."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    """Dead letters inserted, by code."""
    judge_failures: int = 0

    def add(self, other: "Recorded") -> None:
        """Count another batch in."""
        self.events.update(other.events)
        self.incidents.update(other.incidents)
        self.dead_letters.update(other.dead_letters)
        self.duplicates += other.duplicates
        self.conflicts += other.conflicts
        self.conflicts_kept += other.conflicts_kept
        self.judge_failures += other.judge_failures


class Unavailable(Exception):
    """A part outside this process does not answer now. Wait and try the same again: nothing was done, or the whole of it."""

    def __init__(self, part: Literal["broker", "database"], why: object) -> None:
        super().__init__(str(why))
        self.part = part


class StalePosition(Exception):
    """The stored position is neither this batch's start nor its end: somebody else recorded from this log. Read the positions again and seek."""


class PositionLost(Failure):
    """The log is not the one the position was stored of, or holds it no longer. A person must look: `deploy/runbooks/positions.md`."""

    code = "position_lost"
