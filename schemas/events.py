"""What a post may say: CloudEvents 1.0 envelopes and their data, as frozen pydantic models.

Reading bytes is `schemas.doorway`'s task; these models say what is well formed.
"""

import json
import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from schemas import markers, places
from schemas.codebook import Action, Direction, Kind, Measure, Outcome, Precision, Side, Status
from schemas.facts import CHANGED, REPORTED, AnyChangedFacts, AnyFacts, Fact

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _key(text: str) -> str:
    if CONTROL.search(text) or not unicodedata.is_normalized("NFC", text):
        raise ValueError("phải là chuỗi NFC không có ký tự điều khiển")
    return text


def _nfc(value: object) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _written(value: object) -> object:
    """A time as people write it; pydantic alone would also take a bare date, and a number of seconds."""
    if isinstance(value, datetime) or (isinstance(value, str) and value[10:11] in ("T", "t")):
        return value
    raise ValueError(f"{json.dumps(value, default=str)[:40]} không hợp lệ, cần thời điểm như 2025-12-28T18:20:00+07:00")


def _of_our_time(value: datetime) -> datetime:
    # Beyond these a change of time zone may leave the calendar, in Python or in PostgreSQL.
    if not 1900 <= value.year <= 2200:
        raise ValueError(f"năm {value.year} không hợp lệ, cần từ 1900 đến 2200")
    return value


E = TypeVar("E", bound="Envelope")

Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_of_our_time)]
"""A moment with its offset from UTC, written as RFC 3339."""
Key = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_key)]
"""An identifier: compared as it stands, so it must be normalised already."""
Text = Annotated[str, BeforeValidator(_nfc), Field(min_length=1, max_length=20_000)]
"""Words for people, NFC."""
Name = Annotated[str, BeforeValidator(_nfc), Field(min_length=1, max_length=200)]
Source = Annotated[str, Field(pattern=r"^/(posts|offices)/[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$")]
"""One enrolled device of a post (`/posts/tan-thanh/d3`) or an office (`/offices/so-ngoai-vu-lang-son`)."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Count = Annotated[int, Field(ge=0, le=10**12)]


class Strict(BaseModel):
    """Base of all data: no unknown field, nothing coerced, no infinities, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Interval(Strict):
    """A half-open interval of time."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("end phải sau start")
        return self


class Occurred(Strict):
    """When it happened, and how exactly that is known: a date coarser than its precision is the start of that span."""

    start: Instant
    end: Instant | None = None
    precision: Precision

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("end phải sau start")
        return self


class _Placed(Strict):
    text: Text | None = None
    province: places.Province | None = None


class MarkerPlace(_Placed):
    """At boundary markers. `marker` as the post wrote it; `schemas.markers.parse` reads it."""

    scheme: Literal["marker"]
    line: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z]{2}$")]
    marker: Annotated[str, Field(min_length=1, max_length=500)]

    @field_validator("marker")
    @classmethod
    def _readable(cls, marker: str, info: ValidationInfo) -> str:
        if info.data.get("line") == "VN-CN" and (review := markers.parse(marker).review):
            raise ValueError(f"“{marker}”: {review}")
        return marker


class GatePlace(_Placed):
    """At a gate pair or opening, by its slug."""

    scheme: Literal["gate"]
    gate: Annotated[str, AfterValidator(places.known_gate)]


class SeaPlace(_Placed):
    """At sea: outside the land-border Agreement."""

    scheme: Literal["sea"]
    area: Name
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None


class AreaPlace(_Placed):
    """Somewhere in an area that no marker was given for."""

    scheme: Literal["area"]
    area: Name


Place = Annotated[MarkerPlace | GatePlace | SeaPlace | AreaPlace, Field(discriminator="scheme")]


class Measured(Strict):
    """How many of what. Never a number of incidents."""

    what: Measure
    n: Annotated[float, Field(ge=0, le=1e15)]
    unit: Name | None = None
    nationality: Country | None = None
    of: dict[Name, Count] | None = None
    """Parts of `n`: `{"wanted": 67}`."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _refuse_parts(self.what, self.n)
        return self


class Handled(Strict):
    """One step taken."""

    action: Action
    at: Instant | None = None
    by: Name | None = None
    """A unit or office, never a person."""
    note: Text | None = None


class Confidence(Strict):
    """Reliability of the source, credibility of the information, validation (EU 2021/581, Article 16)."""

    source: Literal["A", "B", "C", "D", "E", "F"] | None = None
    information: Literal["1", "2", "3", "4", "5", "6"] | None = None
    validated: bool | None = None


class Attachment(Strict):
    """A file that stays at the post."""

    name: Name
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Annotated[str, Field(pattern=r"^[\w.+-]+/[\w.+-]+$")]


class IncidentReported(Strict):
    """A first, whole report of an incident."""

    kind: Kind
    status: Status
    occurred: Occurred
    place: Place
    side: Side
    known_at: Instant | None = None
    direction: Direction | None = None
    measures: tuple[Measured, ...] = ()
    facts: dict[str, Fact] = {}
    handling: tuple[Handled, ...] = ()
    confidence: Confidence | None = None
    text: Text | None = None
    attachments: tuple[Attachment, ...] = ()

    @field_validator("facts", mode="plain", json_schema_input_type=AnyFacts)
    @classmethod
    def _facts_of_the_kind(cls, value: Any, info: ValidationInfo) -> dict[str, Fact]:
        kind = info.data.get("kind")
        return {} if kind is None else REPORTED[kind].validate_python(value, extra=info.context)

    @model_validator(mode="after")
    def _other_needs_words(self) -> Self:
        if self.kind is Kind.OTHER and self.text is None:
            raise ValueError("kind other cần có text mô tả")
        return self


class IncidentUpdated(Strict):
    """More facts, or a correction: only what changed, and why. A fact set to null is unknown again."""

    reason: Text
    kind: Kind | None = None
    status: Status | None = None
    occurred: Occurred | None = None
    place: Place | None = None
    side: Side | None = None
    known_at: Instant | None = None
    direction: Direction | None = None
    measures: tuple[Measured, ...] = ()
    facts: dict[str, Fact | None] = {}
    handling: tuple[Handled, ...] = ()
    confidence: Confidence | None = None
    text: Text | None = None
    attachments: tuple[Attachment, ...] = ()

    @field_validator("kind", "status", "occurred", "place", "side")
    @classmethod
    def _never_withdrawn(cls, value: object) -> object:
        if value is None:
            raise ValueError("không thể bỏ trống (null); chỉ có thể thay bằng giá trị khác")
        return value

    @field_validator("facts", mode="plain", json_schema_input_type=AnyChangedFacts)
    @classmethod
    def _facts_of_the_kind(cls, value: Any, info: ValidationInfo) -> dict[str, Fact | None]:
        return CHANGED[info.data.get("kind")].validate_python(value, extra=info.context)


class IncidentRetracted(Strict):
    """It did not happen, or was reported by mistake. Final."""

    reason: Text


class IncidentAssessed(Strict):
    """An officer's finding over the machine's: it decides what counts and hides nothing."""

    reason: Text
    by_office: Name
    outcome: Outcome | None = None
    clause: Annotated[str, Field(pattern=r"^\d+(\(\d+\))?$")] | None = None
    article39: Annotated[int, Field(ge=1, le=16)] | None = None
    side: Side | None = None


class Counted(Strict):
    """How many of what passed a gate."""

    what: Literal[Measure.PERSONS, Measure.VEHICLES, Measure.GOODS]
    n: Annotated[float, Field(ge=0, le=1e15)]
    unit: Name | None = None
    nationality: Country | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _refuse_parts(self.what, self.n)
        return self


class CrossingRecorded(Strict):
    """What passed a gate pair in one direction in one interval."""

    status: Status
    gate: Annotated[str, AfterValidator(places.known_gate)]
    interval: Interval
    direction: Literal[Direction.VN_CN, Direction.CN_VN]
    counts: Annotated[tuple[Counted, ...], Field(min_length=1)]
    text: Text | None = None


class EventRef(Strict):
    """Which event is meant."""

    source: Source
    id: Key


class CrossingCorrected(CrossingRecorded):
    """A record of a crossing count, whole, in place of the one it names."""

    corrects: EventRef
    reason: Text | None = None


class PostReported(Strict):
    """What a post says it sent for an interval, zero included: the nil report."""

    status: Status
    interval: Interval
    incidents: Count
    crossings: Count
    text: Text | None = None
    waiting: Count | None = None
    last_sequence: Annotated[str, Field(pattern=r"^\d{1,18}$")] | None = None
    client_version: Name | None = None


class DutyActed(Strict):
    """What a duty officer did about an incident. Outside its fold."""

    by_office: Name
    to_office: Name | None = None
    note: Text | None = None


class Envelope(BaseModel):
    """CloudEvents 1.0. Unknown attributes are extensions: kept in the stored bytes, ignored here."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, allow_inf_nan=False)

    specversion: Literal["1.0"]
    id: Key
    source: Source
    subject: Key
    time: Instant
    sequence: Annotated[str, Field(pattern=r"^\d{1,18}$")]
    datacontenttype: Literal["application/json"]

    @property
    def number(self) -> int:
        """The sequence as a number: `42` and `00000042` are the same."""
        return int(self.sequence)


class Reported(Envelope):
    """`incident.reported.v1`."""

    type: Literal["vn.mocgioi.incident.reported.v1"]
    data: IncidentReported

    @model_validator(mode="after")
    def _happened_before_it_was_told(self) -> Self:
        return _not_in_the_future(self, self.data.occurred)


class Updated(Envelope):
    """`incident.updated.v1`."""

    type: Literal["vn.mocgioi.incident.updated.v1"]
    data: IncidentUpdated

    @model_validator(mode="after")
    def _happened_before_it_was_told(self) -> Self:
        return _not_in_the_future(self, self.data.occurred)


class Retracted(Envelope):
    """`incident.retracted.v1`."""

    type: Literal["vn.mocgioi.incident.retracted.v1"]
    data: IncidentRetracted


class Assessed(Envelope):
    """`incident.assessed.v1`."""

    type: Literal["vn.mocgioi.incident.assessed.v1"]
    data: IncidentAssessed


class Crossed(Envelope):
    """`crossing.recorded.v1`."""

    type: Literal["vn.mocgioi.crossing.recorded.v1"]
    data: CrossingRecorded


class CrossingFixed(Envelope):
    """`crossing.corrected.v1`."""

    type: Literal["vn.mocgioi.crossing.corrected.v1"]
    data: CrossingCorrected


class PostSaid(Envelope):
    """`post.reported.v1`."""

    type: Literal["vn.mocgioi.post.reported.v1"]
    data: PostReported


class Duty(Envelope):
    """`duty.*.v1`: subject is the incident."""

    type: Literal[
        "vn.mocgioi.duty.acknowledged.v1",
        "vn.mocgioi.duty.assigned.v1",
        "vn.mocgioi.duty.noted.v1",
        "vn.mocgioi.duty.handed_over.v1",
    ]
    data: DutyActed


IncidentEvent = Reported | Updated | Retracted | Assessed
"""The events an incident is folded from."""
CrossingEvent = Crossed | CrossingFixed
Event = Annotated[IncidentEvent | CrossingEvent | PostSaid | Duty, Field(discriminator="type")]
EVENT: TypeAdapter[IncidentEvent | CrossingEvent | PostSaid | Duty] = TypeAdapter(Event)


def _not_in_the_future(event: E, occurred: Occurred | None) -> E:
    if occurred is not None and occurred.start > event.time:
        raise ValueError(f"data.occurred.start ({occurred.start.isoformat()}) sau time ({event.time.isoformat()})")
    return event


_IN_PARTS = (Measure.GOODS, Measure.AREA, Measure.VALUE)


def _refuse_parts(what: Measure, n: float) -> None:
    if what not in _IN_PARTS and not n.is_integer():
        raise ValueError(f"{what} phải là số nguyên, không phải {n:g}")
