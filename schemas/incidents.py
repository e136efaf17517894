"""The data of the five events of an incident."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SerializeAsAny, ValidationInfo, field_validator, model_validator

from border import markers, places
from schemas.codebook import Action, Direction, Kind, Measure, Outcome, Precision, Side, Status
from schemas.facts import CHANGED, REPORTED, AnyChangedFacts, AnyFacts, Fact
from schemas.fields import Count, Country, Instant, Name, Several, Strict, Text, refuse_parts
from schemas.problems import WrongField


class Occurred(Strict):
    """When an incident happened, and how exactly that is known. With a coarse precision `start` begins the span: the day, month or year."""

    start: Instant
    end: Instant | None = None
    precision: Precision

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise WrongField("end", f"{self.end.isoformat()} phải sau start ({self.start.isoformat()})")
        return self


class _Placed(Strict):
    text: Text | None = None
    province: places.Province | None = None
    district: Name | None = None
    """The district of that time; districts ended on 2025-07-01."""
    commune: Name | None = None


class MarkerPlace(_Placed):
    """At boundary markers. `marker` is what the post wrote; `border.markers.parse` reads it."""

    scheme: Literal["marker"]
    line: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z]{2}$")]
    marker: Annotated[str, Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.line == "VN-CN" and (review := markers.parse(self.marker).review):
            raise WrongField("marker", f"“{self.marker}”: {review}")
        return self


class GatePlace(_Placed):
    """At a gate pair or opening. `gate` is its slug, or a name of either side, which becomes the slug."""

    scheme: Literal["gate"]
    gate: Annotated[str, AfterValidator(places.known_gate)]


class SeaPlace(_Placed):
    """At sea: outside the land-border Agreement."""

    scheme: Literal["sea"]
    area: Name
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None


class AreaPlace(_Placed):
    """Somewhere in a province, or a named part of it, where no marker was given."""

    scheme: Literal["area"]
    area: Name | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.area is None and self.province is None:
            raise WrongField("province", "thiếu tỉnh (hoặc area: tên khu vực)")
        return self


Place = Annotated[MarkerPlace | GatePlace | SeaPlace | AreaPlace, Field(discriminator="scheme")]


class Measured(Strict):
    """A quantity. Incidents are never counted in it."""

    what: Measure
    n: Annotated[float, Field(ge=0, le=1e15)]
    unit: Name | None = None
    nationality: Country | None = None
    of: dict[Name, Count] | None = None
    """Parts of `n`: `{"wanted": 67}`."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        refuse_parts(self.what, self.n)
        return self


class Handled(Strict):
    """A step that was taken about the incident."""

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
    measures: Several[Measured] = ()
    facts: SerializeAsAny[dict[str, Fact]] = {}  # a validator of mode "plain" has it serialized twice: a tuple, and then a list
    handling: Several[Handled] = ()
    confidence: Confidence | None = None
    text: Text | None = None
    attachments: Several[Attachment] = ()

    @field_validator("facts", mode="plain", json_schema_input_type=AnyFacts)
    @classmethod
    def _facts_of_the_kind(cls, value: Any, info: ValidationInfo) -> dict[str, Fact]:
        kind = info.data.get("kind")
        return {} if kind is None else REPORTED[kind].validate_python(value, extra=info.context)

    @model_validator(mode="after")
    def _other_needs_words(self) -> Self:
        if self.kind is Kind.OTHER and self.text is None:
            raise WrongField("text", "thiếu, kind other cần có text mô tả")
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
    measures: Several[Measured] = ()
    facts: SerializeAsAny[dict[str, Fact | None]] = {}
    handling: Several[Handled] = ()
    confidence: Confidence | None = None
    text: Text | None = None
    attachments: Several[Attachment] = ()

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
    """The incident did not happen, or was reported by mistake. That is final, unless an office reinstates the incident."""

    reason: Text


class IncidentReinstated(Strict):
    """An office withdraws a retraction: the incident stands again, as if it had never been retracted."""

    reason: Text


class IncidentAssessed(Strict):
    """An officer's decision over the machine's outcome: it decides what counts and hides nothing."""

    reason: Text
    by_office: Name
    outcome: Outcome | None = None
    clause: Annotated[str, Field(pattern=r"^\d+(\(\d+\))?$")] | None = None
    article39: Annotated[int, Field(ge=1, le=16)] | None = None
    side: Side | None = None
