"""What else a post or an office says: what passed a gate, what the post has sent, what a duty officer did, which of two bodies stands."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from border import places
from schemas.codebook import Direction, Measure, Stands, Status
from schemas.fields import Count, Country, Interval, Key, Name, Several, Source, Strict, Text, refuse_parts
from schemas.problems import WrongField


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


class ConflictSettled(Strict):
    """An office settles a conflict, or answers a second post's report on an incident (`stands` is `first` then)."""

    of: EventRef
    """The event that was kept aside, or the second report."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Which body kept aside is meant, where several came under this id."""
    stands: Stands
    reason: Text
    sequence: Annotated[str, Field(pattern=r"^\d{1,18}$")] | None = None
    """The sequence that the body kept aside is admitted under: exactly where both stand."""

    @model_validator(mode="after")
    def _both_need_a_sequence(self) -> Self:
        if self.sequence is None and self.stands is Stands.BOTH:
            raise WrongField("sequence", "thiếu, stands both cần số thứ tự mới cho nội dung để riêng")
        if self.sequence is not None and self.stands is not Stands.BOTH:
            raise WrongField("sequence", f"thừa, stands {self.stands} không cấp số thứ tự mới")
        return self
