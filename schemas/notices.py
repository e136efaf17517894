"""What else a post or an office says: what passed a gate, what the post has sent, what a duty officer did."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas import places
from schemas.codebook import Direction, Measure, Status
from schemas.fields import Count, Country, Interval, Key, Name, Several, Source, Strict, Text, refuse_parts


class Counted(Strict):
    """How many of what passed a gate."""

    what: Literal[Measure.PERSONS, Measure.VEHICLES, Measure.GOODS]
    n: Annotated[float, Field(ge=0, le=1e15)]
    unit: Name | None = None
    nationality: Country | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        refuse_parts(self.what, self.n)
        return self


class CrossingRecorded(Strict):
    """What passed a gate pair in one direction in one interval. Any name of either side becomes the pair's slug."""

    status: Status
    gate: Annotated[str, AfterValidator(places.known_gate)]
    interval: Interval
    direction: Literal[Direction.VN_CN, Direction.CN_VN]
    counts: Annotated[Several[Counted], Field(min_length=1)]
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
