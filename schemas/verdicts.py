"""Verdicts on an event or an incident, and the message that carries them from classify to record.

msgspec writes and reads these structs and keeps the original event's bytes as they were (`msgspec.Raw`).
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from schemas.codebook import Outcome, Side
from schemas.facts import Fact

VERDICT_TYPE = "vn.mocgioi.verdict.given.v1"
CLASSIFY_SOURCE = "/mocgioi/classify"
_NAMESPACE = uuid.UUID("6f1f7a1c-3a44-5d0e-9b7e-2a5c7e1d1088")
_NAMED = hashlib.sha1(_NAMESPACE.bytes, usedforsecurity=False)
"""The beginning of `uuid.uuid5`, which hashes the namespace first."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence, as an official would write it."""

    vi: str
    en: str


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rule's statement."""

    rule_id: str
    clause: str | None
    """Clause of the Agreement, `15(7)`; None where no clause is at stake."""
    article39: int | None
    """Item of Article 39 whose own words are met."""
    outcome: Outcome
    side: Side
    markers: tuple[str, ...]
    """Canonical items of the place."""
    facts: Mapping[str, Fact]
    """Only what the rule used."""
    missing: tuple[str, ...]
    """Unknown facts that would decide."""
    limit: str | None
    """`distance_m <= 30`."""
    explanation: Explanation
    shadow: bool = False
    """The rule is on trial: its finding is kept and never counts. Left out of JSON where false."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings under one rule pack; `outcome` is the strongest of those that count."""

    outcome: Outcome
    rule_pack: str
    judge_version: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read. In a spool the topic is the topic it would be published to."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    """When Kafka or the spool took the record, in milliseconds since the epoch."""


class GivenVerdict(msgspec.Struct, frozen=True):
    """A `Verdict` on its way to the record, which stores the findings' JSON as it comes."""

    outcome: Outcome
    rule_pack: str
    judge_version: int
    findings: msgspec.Raw


class MeasureRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A quantity, as an incident's report or a crossing record states it."""

    what: str
    n: float
    unit: str | None = None
    nationality: str | None = None
    of: Mapping[str, int] | None = None
    """Parts of `n`."""


class IncidentState(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What an incident's fold and verdict come to: the columns that lists and figures filter by. `agreement.state` computes it."""

    outcome: Outcome
    """The outcome that counts: an assessment's where there is one."""
    machine_outcome: Outcome
    rule_pack: str
    judge_version: int
    reporter: str
    """Source of the first report, or of the first event while there is none."""
    kind: str | None = None
    status: str | None = None
    occurred_start: datetime | None = None
    occurred_precision: str | None = None
    side: str | None = None
    """The side that counts."""
    direction: str | None = None
    scheme: str | None = None
    """The kind of place: marker, gate, sea or area."""
    gate: str | None = None
    area: str | None = None
    province: str | None = None
    """The province it counts for, computed where the place does not state it."""
    district: str | None = None
    commune: str | None = None
    act: str | None = None
    """The fact `act` of an incident at sea, several with commas between them; the fact `state` of a damaged marker."""
    clauses: tuple[str, ...] = ()
    article39: tuple[int, ...] = ()
    markers: tuple[str, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    complete: bool = True
    retracted: bool = False
    assessed: bool = False
    facts_after_assessment: bool = False
    judge_failed: bool = False
    known_at: datetime | None = None
    """When the unit came to know of it, where that is stated."""

    @property
    def acts(self) -> tuple[str, ...]:
        """Each of them; empty where none is known."""
        return tuple(self.act.split(",")) if self.act else ()


class CrossingState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a crossing record or correction states. The gate is its slug."""

    gate: str
    direction: str
    status: str
    interval_start: datetime
    interval_end: datetime
    counts: tuple[MeasureRow, ...]
    corrects: tuple[str, str] | None = None
    """Source and id of the event that a correction names."""


class EventRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event's row in the record's tables. Classify computes it, so that record need not validate the event again."""

    source: str
    id: str
    subject: str
    type: str
    time: datetime
    sequence: int
    occurred_start: datetime | None = None
    """The start of the incident, or of the interval of a count or notice, as the event states it."""
    incident: IncidentState | None = None
    """Only of a first report: the state of an incident that has no other event."""
    crossing: CrossingState | None = None

    @property
    def number(self) -> int:
        """The sequence, under the name that events have for it."""
        return self.sequence


class VerdictData(msgspec.Struct, frozen=True):
    """The data of a verdict message."""

    event: msgspec.Raw
    verdict: GivenVerdict
    origin: Origin
    row: EventRow | None = None
    """None in a message of a version before 0.2."""
    received_ms: int | None = None
    """When the door received the event, in milliseconds since the epoch. None where it came another way."""


class VerdictMessage(msgspec.Struct, frozen=True):
    """A verdict as a CloudEvent between our own stages. Unknown attributes are ignored."""

    id: str
    subject: str
    time: datetime
    data: VerdictData
    specversion: str = "1.0"
    type: str = VERDICT_TYPE
    source: str = CLASSIFY_SOURCE
    datacontenttype: str = "application/json"


def verdict_id(source: str, event_id: str, pack: str) -> str:
    """The id of a verdict, a UUID of version 5: always the same for the same event and pack."""
    digest = _NAMED.copy()
    digest.update(f"{source}\n{event_id}\n{pack}".encode())
    name = bytearray(digest.digest()[:16])
    name[6] = name[6] & 0x0F | 0x50
    name[8] = name[8] & 0x3F | 0x80
    text = name.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(VerdictMessage)


def write_verdict(message: VerdictMessage) -> bytes:
    """The message as JSON, default values included."""
    return _encoder.encode(message)


def read_verdict(value: bytes) -> VerdictMessage:
    """The message in a record. Raises `msgspec.DecodeError` if it is none."""
    return _decoder.decode(value)
