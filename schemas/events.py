"""The events that posts and offices send, and the probe that the door sends: CloudEvents 1.0 envelopes around data of their own modules.

These models say what is well formed; `schemas.validation` reads bytes.
"""

from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from schemas.fields import Instant, Key, Source
from schemas.incidents import IncidentAssessed, IncidentReinstated, IncidentReported, IncidentRetracted, IncidentUpdated, Occurred
from schemas.notices import ConflictSettled, CrossingCorrected, CrossingRecorded, DutyActed, PostReported
from schemas.probe import ProbeSent
from schemas.problems import WrongField

E = TypeVar("E", bound="Envelope")


class Envelope(BaseModel):
    """A CloudEvents 1.0 envelope. Unknown attributes are extensions: the stored bytes keep them, and this model ignores them."""

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
    def _occurred_before_it_was_reported(self) -> Self:
        return _not_in_the_future(self, self.data.occurred)


class Updated(Envelope):
    """`incident.updated.v1`."""

    type: Literal["vn.mocgioi.incident.updated.v1"]
    data: IncidentUpdated

    @model_validator(mode="after")
    def _occurred_before_it_was_reported(self) -> Self:
        return _not_in_the_future(self, self.data.occurred)


class Retracted(Envelope):
    """`incident.retracted.v1`."""

    type: Literal["vn.mocgioi.incident.retracted.v1"]
    data: IncidentRetracted


class Reinstated(Envelope):
    """`incident.reinstated.v1`."""

    type: Literal["vn.mocgioi.incident.reinstated.v1"]
    data: IncidentReinstated


class Assessed(Envelope):
    """`incident.assessed.v1`."""

    type: Literal["vn.mocgioi.incident.assessed.v1"]
    data: IncidentAssessed


class Settled(Envelope):
    """`conflict.settled.v1`: subject is that of the recorded event."""

    type: Literal["vn.mocgioi.conflict.settled.v1"]
    data: ConflictSettled


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


class Probe(Envelope):
    """`probe.sent.v1`: the door sends it, and no post or office."""

    type: Literal["vn.mocgioi.probe.sent.v1"]
    source: Literal["/mocgioi/probe"]
    data: ProbeSent


IncidentEvent = Reported | Updated | Retracted | Reinstated | Assessed
"""The events an incident is folded from."""
CrossingEvent = Crossed | CrossingFixed
AnyEvent = IncidentEvent | Settled | CrossingEvent | PostSaid | Duty | Probe
Event = Annotated[AnyEvent, Field(discriminator="type")]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Event)


def _not_in_the_future(event: E, occurred: Occurred | None) -> E:
    if occurred is not None and occurred.start > event.time:
        raise WrongField("data.occurred.start", f"{occurred.start.isoformat()} sau time ({event.time.isoformat()})")
    return event
