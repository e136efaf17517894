"""Read a sound first report quickly, in half the time that the models of `schemas.events` take. Seven events of eight are such reports.

The models are the contract, and these structs shadow them for classify: every report that is read here would pass the models too, with
equal values under the same names (`tests/unit/test_sound.py`). Where there is any doubt, nothing is read here and the models decide.
`python -m bench.steps` measures both.
"""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from border import markers, places
from schemas.codebook import Action, Direction, Kind, Measure, Precision, Side, Status
from schemas.facts import REPORTED, Fact
from schemas.fields import LONGEST_SOURCE, SOURCE, refuse_parts
from schemas.incidents import Measured, Place
from schemas.strict_json import Plain


def _whole(pattern: str) -> str:
    r"""A pattern that matches to the very end: Python's `$` also matches before a last line break, pydantic's does not."""
    return pattern.removesuffix("$") + r"\Z"


Instant = Annotated[datetime, Meta(tz=True)]
Key = Annotated[str, Meta(min_length=1, max_length=255)]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Source = Annotated[str, Meta(pattern=_whole(SOURCE), max_length=LONGEST_SOURCE)]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]
Count = Annotated[int, Meta(ge=0, le=10**12)]


class _Data(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Base of all data."""


class SoundOccurred(_Data):
    """`schemas.incidents.Occurred`."""

    start: Instant
    precision: Precision
    end: Instant | None = None


class _Placed(_Data, tag_field="scheme"):
    text: Text | None = None
    province: places.Province | None = None
    district: Name | None = None
    commune: Name | None = None


class SoundMarkerPlace(_Placed, kw_only=True, tag="marker"):
    """`schemas.incidents.MarkerPlace`."""

    scheme: ClassVar[Literal["marker"]] = "marker"
    line: Annotated[str, Meta(pattern=r"^[A-Z]{2}-[A-Z]{2}\Z")]
    marker: Annotated[str, Meta(min_length=1, max_length=500)]


class SoundGatePlace(_Placed, kw_only=True, tag="gate"):
    """`schemas.incidents.GatePlace`, its gate written as the slug."""

    scheme: ClassVar[Literal["gate"]] = "gate"
    gate: str


class SoundSeaPlace(_Placed, kw_only=True, tag="sea"):
    """`schemas.incidents.SeaPlace`."""

    scheme: ClassVar[Literal["sea"]] = "sea"
    area: Name
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None


class SoundAreaPlace(_Placed, kw_only=True, tag="area"):
    """`schemas.incidents.AreaPlace`."""

    scheme: ClassVar[Literal["area"]] = "area"
    area: Name | None = None


SoundPlace = SoundMarkerPlace | SoundGatePlace | SoundSeaPlace | SoundAreaPlace


class SoundMeasured(_Data):
    """`schemas.incidents.Measured`."""

    what: Measure
    n: Annotated[float, Meta(ge=0, le=1e15)]
    unit: Name | None = None
    nationality: Country | None = None
    of: dict[Name, Count] | None = None


class SoundHandled(_Data):
    """`schemas.incidents.Handled`."""

    action: Action
    at: Instant | None = None
    by: Name | None = None
    note: Text | None = None


class SoundConfidence(_Data):
    """`schemas.incidents.Confidence`."""

    source: Literal["A", "B", "C", "D", "E", "F"] | None = None
    information: Literal["1", "2", "3", "4", "5", "6"] | None = None
    validated: bool | None = None


class SoundAttachment(_Data):
    """`schemas.incidents.Attachment`."""

    name: Name
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    media_type: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+\Z")]


class SoundIncident(_Data):
    """`schemas.incidents.IncidentReported`."""

    kind: Kind
    status: Status
    occurred: SoundOccurred
    place: SoundPlace
    side: Side
    known_at: Instant | None = None
    direction: Direction | None = None
    measures: tuple[SoundMeasured, ...] = ()
    facts: dict[str, Fact] = {}
    handling: tuple[SoundHandled, ...] = ()
    confidence: SoundConfidence | None = None
    text: Text | None = None
    attachments: tuple[SoundAttachment, ...] = ()


class SoundReport(msgspec.Struct, gc=False):
    """`schemas.events.Reported`. Unknown attributes are extensions."""

    specversion: Literal["1.0"]
    id: Key
    source: Source
    subject: Key
    time: Instant
    sequence: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
    datacontenttype: Literal["application/json"]
    type: Literal["vn.mocgioi.incident.reported.v1"]
    data: SoundIncident

    @property
    def number(self) -> int:
        """The sequence as a number: `42` and `00000042` are the same."""
        return int(self.sequence)


AnyPlace = Place | SoundPlace
AnyMeasured = Measured | SoundMeasured


def sound_report(plain: Plain) -> SoundReport | None:
    """The first report in plain JSON; None where it is another event, or where the models must decide."""
    try:
        report = msgspec.convert(plain.value, SoundReport)
        stated = report.data
        stated.facts = REPORTED[stated.kind].validate_python(stated.facts)
        for measured in stated.measures:
            refuse_parts(measured.what, measured.n)
    except (msgspec.ValidationError, ValueError):  # pydantic's is a ValueError
        return None
    usual = (
        (report.id + report.subject).isprintable()
        and stated.kind is not Kind.OTHER  # its text needs a closer look
        and _has_usual_times(plain.value)
        and unicodedata.is_normalized("NFC", plain.written.decode())  # then each text in it is NFC too: quotation marks do not compose
    )
    return report if usual and _is_in_order(report) and _is_readable(stated.place) else None


def _has_usual_times(value: dict[str, Any]) -> bool:
    """Whether every moment of a report is written in Vietnam's time and in whole seconds, as `2025-12-28T18:20:00+07:00`.

    msgspec and pydantic read such a moment alike; of longer fractions one rounds and the other cuts.
    """
    data = value["data"]
    occurred = data["occurred"]
    moments = [value["time"], occurred["start"], occurred.get("end"), data.get("known_at")]
    if "handling" in data:
        moments += [step.get("at") for step in data["handling"]]
    for text in moments:
        if text is None:
            continue
        if text[19:] != "+07:00" or text[10] != "T" or not "1900" <= text < "2201":
            return False
    return True


def _is_in_order(report: SoundReport) -> bool:
    occurred = report.data.occurred
    return occurred.start <= report.time and (occurred.end is None or occurred.start <= occurred.end)


def _is_readable(place: SoundPlace) -> bool:
    match place:
        case SoundMarkerPlace():
            return place.line != "VN-CN" or markers.parse(place.marker).review is None
        case SoundGatePlace():
            return place.gate in places.gates()
        case SoundAreaPlace():
            return place.area is not None or place.province is not None
    return True
