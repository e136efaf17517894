"""The codebook: every closed set of codes that an event may use, and the name of each code.

The text of a code is the wire's text. Labels are what people see; they, definitions and examples stand in `schemas/data/kinds.toml`,
`codes.toml` and `facts.toml`, which `schemas.codebook_entries` reads whole.
Kinds and their Article 39 items: Agreement of 18/11/2009, Article 39, items 1-16 (the wording of item 16 was not seen: provisional).
"""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import resources
from typing import Any, NamedTuple, TypeVar

from border.codes import Code


class Status(Code):
    """CAP 1.2 `status`: only `actual` ever counts."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"
    DRAFT = "draft"


class Precision(Code):
    """How exactly the time of an occurrence is known."""

    MINUTE = "minute"
    HOUR = "hour"
    NIGHT = "night"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class Side(Code):
    """Whose act it was. Never derived from a marker's number, a direction or a nationality."""

    VN = "VN"
    CN = "CN"
    BOTH = "both"
    THIRD = "third"
    NATURAL = "natural"
    UNDETERMINED = "undetermined"
    CONTESTED = "contested"


class Direction(Code):
    """Which way it went over the line."""

    VN_CN = "VN-CN"
    CN_VN = "CN-VN"
    ALONG = "along"


class Stands(Code):
    """Which of two bodies in conflict an office lets stand."""

    FIRST = "first"
    """The recorded body, as before."""
    OTHER = "other"
    """The body that was kept aside, in place of the recorded one."""
    BOTH = "both"
    """Both bodies: they are two events, and the body that was kept aside gets its own sequence."""


class Outcome(Code):
    """What a finding or a verdict says, strongest first."""

    BREACH = "breach"
    NEEDS_FACTS = "needs_facts"
    BORDER_EVENT = "border_event"
    EXEMPT = "exempt"
    NO_BREACH = "no_breach"
    NOT_APPLICABLE = "not_applicable"


STRENGTH: dict[Outcome, int] = {outcome: rank for rank, outcome in enumerate(reversed(Outcome))}
"""Rank of an outcome: the larger is the stronger."""


class Measure(Code):
    """What a number counts. "vụ" is never a measure: it is the incident itself."""

    PERSONS = "persons"
    VEHICLES = "vehicles"
    BOATS = "boats"
    LIVESTOCK = "livestock"
    GOODS = "goods"
    AREA = "area"
    VALUE = "value"


class Part(Code):
    """Into what a count of persons may be divided. A post may name others; who is meant by those is not known, so they are protected."""

    MEN = "men"
    WOMEN = "women"
    ADULTS = "adults"
    WANTED = "wanted"
    MINORS = "minors"
    CHILDREN = "children"
    VICTIMS = "victims"


class Action(Code):
    """What was done about an incident."""

    RECORDED = "recorded"
    ARRESTED = "arrested"
    DETAINED = "detained"
    PREVENTED = "prevented"
    RESCUED = "rescued"
    RECEIVED = "received"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    QUARANTINED = "quarantined"
    FINED = "fined"
    PROSECUTED = "prosecuted"
    CONFISCATED = "confiscated"
    DESTROYED = "destroyed"
    INVESTIGATING = "investigating"
    TALKS = "talks"
    MEETING = "meeting"
    LETTER = "letter"
    PROTEST_LETTER = "protest_letter"
    SURVEY = "survey"
    MONITORED = "monitored"
    ADVISED = "advised"
    REPORTED = "reported"
    SUBMITTED = "submitted"
    REPAIRED = "repaired"


class Kind(Code):
    """What happened. Article 39 matters first, then other matters of the regime, then what is recorded but never a breach."""

    MARKER_DAMAGE = "marker_damage"
    RIVER_WORKS = "river_works"
    SHOOTING = "shooting"
    BLASTING = "blasting"
    VIOLENCE = "violence"
    CROSSING = "crossing"
    CROSS_PRODUCTION = "cross_production"
    ILLEGAL_RESIDENCE = "illegal_residence"
    SMUGGLING = "smuggling"
    PROPERTY_CRIME = "property_crime"
    DISEASE = "disease"
    GAMBLING = "gambling"
    FIRE_FLOOD = "fire_flood"
    TRAFFICKING = "trafficking"
    DRUGS = "drugs"
    ARMS_COUNTERFEIT = "arms_counterfeit"
    WORKS = "works"
    CLEAR_STRIP = "clear_strip"
    BURNING = "burning"
    MINING = "mining"
    GUN_HUNTING = "gun_hunting"
    HAZARD_SITE = "hazard_site"
    FLIGHT = "flight"
    VESSEL = "vessel"
    FISHING = "fishing"
    CROSS_WORKS = "cross_works"
    GATE_RESTRICTION = "gate_restriction"
    MARKER_REPAIR = "marker_repair"
    PERMIT = "permit"
    MARKER_UPKEEP = "marker_upkeep"
    WORKS_NOTICE = "works_notice"
    SURVEY = "survey"
    PATROL = "patrol"
    LETTER = "letter"
    GATE_CHANGE = "gate_change"
    NATURAL_EVENT = "natural_event"
    SEA_OBSTRUCTION = "sea_obstruction"
    OTHER = "other"


class Label(NamedTuple):
    """What a code is called."""

    vi: str
    en: str
    zh: str = ""
    """Chinese: every code of the codebook has it, a rule's words need not."""


C = TypeVar("C", bound=StrEnum)


class Labels(Mapping[C, Label]):
    """The names of the codes of one set, read from `schemas/data` at the first use."""

    def __init__(self, codes: type[C], file: str, within: str | None = None) -> None:
        self._codes, self._file, self._within = codes, file, within

    @functools.cached_property
    def _read(self) -> dict[C, Label]:
        rows = toml_table(self._file)
        rows = rows if self._within is None else rows[self._within]
        return {code: Label(rows[code]["vi"], rows[code]["en"], rows[code]["zh"]) for code in self._codes}

    def __getitem__(self, code: C) -> Label:
        return self._read[code]

    def __iter__(self) -> Iterator[C]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


@functools.cache
def toml_table(name: str) -> dict[str, Any]:
    """A table of `schemas/data` that is written in TOML."""
    return tomllib.loads(resources.files("schemas").joinpath("data", name).read_text(encoding="utf-8"))


KIND_LABELS = Labels(Kind, "kinds.toml")
SIDE_LABELS = Labels(Side, "codes.toml", "side")
OUTCOME_LABELS = Labels(Outcome, "codes.toml", "outcome")
PART_LABELS = Labels(Part, "codes.toml", "part")

ARTICLE39: dict[Kind, int] = {
    kind: item
    for item, kind in enumerate(
        (
            Kind.MARKER_DAMAGE,
            Kind.RIVER_WORKS,
            Kind.SHOOTING,
            Kind.BLASTING,
            Kind.VIOLENCE,
            Kind.CROSSING,
            Kind.CROSS_PRODUCTION,
            Kind.ILLEGAL_RESIDENCE,
            Kind.SMUGGLING,
            Kind.PROPERTY_CRIME,
            Kind.DISEASE,
            Kind.GAMBLING,
            Kind.FIRE_FLOOD,
            Kind.TRAFFICKING,
            Kind.DRUGS,
            Kind.ARMS_COUNTERFEIT,
        ),
        start=1,
    )
}
"""The item of Article 39 a kind belongs to; a kind without one is absent."""
