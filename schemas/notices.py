"""The data of all other events: crossing counts, posts' reports of what they sent, duty officers' acts, settled conflicts."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from border import places
from schemas.codebook import Direction, Measure, Stands, Status
from schemas.fields import Count, Country, Instant, Interval, Key, Name, Several, Source, Strict, Text, refuse_parts
from schemas.problems import WrongField


class Counted(Strict):
    """A quantity that passed a gate."""

    what: Literal[Measure.PERSONS, Measure.VEHICLES, Measure.GOODS]
    n: Annotated[float, Field(ge=0, le=1e15)]
    unit: Name | None = None
    nationality: Country | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        refuse_parts(self.what, self.n)
        return self


class CrossingRecorded(Strict):
    """What passed a gate pair in one direction in one interval. `gate` may be any name of either side and becomes the pair's slug."""

    status: Status
    gate: Annotated[str, AfterValidator(places.known_gate)]
    interval: Interval
    direction: Literal[Direction.VN_CN, Direction.CN_VN]
    counts: Annotated[Several[Counted], Field(min_length=1)]
    text: Text | None = None


class EventRef(Strict):
    """The event that another event refers to."""

    source: Source
    id: Key


class CrossingCorrected(CrossingRecorded):
    """A whole crossing record that replaces the one it names."""

    corrects: EventRef
    reason: Text | None = None


class PostReported(Strict):
    """What a post has sent for an interval. With zeros it is the nil report."""

    status: Status
    interval: Interval
    incidents: Count
    crossings: Count
    text: Text | None = None
    waiting: Count | None = None
    last_sequence: Annotated[str, Field(pattern=r"^\d{1,18}$")] | None = None
    client_version: Name | None = None


class DutyActed(Strict):
    """What a duty officer did about an incident. It is no part of the incident's fold."""

    by_office: Name
    by: Name | None = None
    """The login of who did it."""
    to: Name | None = None
    """The login of who is to see to it."""
    to_office: Name | None = None
    due: Instant | None = None
    """By when it is to be done."""
    note: Text | None = None
    seen_as: Literal["flash", "breach", "needs_facts", "other"] | None = None
    """As what the officer saw the incident: an acknowledgement of less does not hold for a flash incident."""


class ConflictSettled(Strict):
    """An office settles a conflict, or a second post's report on an incident (then `stands` is `first`)."""

    of: EventRef
    """The event that was kept aside, or the second report."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Tells which body that was kept aside is meant, where several came under this id."""
    stands: Stands
    reason: Text
    sequence: Annotated[str, Field(pattern=r"^\d{1,18}$")] | None = None
    """The sequence under which the body that was kept aside is admitted. Required where both stand, refused otherwise."""

    @model_validator(mode="after")
    def _both_need_a_sequence(self) -> Self:
        if self.sequence is None and self.stands is Stands.BOTH:
            raise WrongField("sequence", "thiếu, stands both cần số thứ tự mới cho nội dung để riêng")
        if self.sequence is not None and self.stands is not Stands.BOTH:
            raise WrongField("sequence", f"thừa, stands {self.stands} không cấp số thứ tự mới")
        return self
