"""The facts that a rule may ask for, by kind of incident. An absent fact is unknown.

Units stand in the names: `distance_m` is metres from the line, `distance_km` kilometres, `notice_hours` hours and
`notice_days` days between the notice and the act.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter, with_config
from typing_extensions import TypedDict

from schemas.codebook import Kind

Fact = bool | int | float | str | tuple[str, ...]
"""A tuple is several codes, each once and in the codebook's order: one code alone is a text."""
Facts = Mapping[str, Fact]

Metres = Annotated[float, Field(ge=0, le=100_000)]
Kilometres = Annotated[float, Field(ge=0, le=1_000)]
Hours = Annotated[float, Field(ge=0, le=336, description="hours of notice; longer notice is a date, not a number of hours")]
Days = Annotated[float, Field(ge=0, le=366)]
Words = Annotated[str, Field(min_length=1, max_length=200)]

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


@with_config(STRICT)
class MarkerDamageFacts(TypedDict, total=False):
    """Articles 5(1), 5(2); item 1."""

    state: Literal["damaged", "destroyed", "moved", "lost", "stolen"]
    cause: Literal["deliberate", "natural", "unknown"]


@with_config(STRICT)
class RiverWorksFacts(TypedDict, total=False):
    """Article 11(1); item 2."""

    structure: Words
    changes_course: bool
    agreed: bool


@with_config(STRICT)
class CrossWorksFacts(TypedDict, total=False):
    """Article 16(1)."""

    structure: Words
    changes_course: bool
    agreed_local: bool
    agreed_committee: bool


@with_config(STRICT)
class ShootingFacts(TypedDict, total=False):
    """Article 15(7); item 3."""

    across: bool
    purpose: Literal["hunting", "other"]
    distance_m: Metres


@with_config(STRICT)
class BlastingFacts(TypedDict, total=False):
    """Article 15(4); item 4."""

    distance_m: Metres
    notice_hours: Hours
    harm: bool


@with_config(STRICT)
class CrossingFacts(TypedDict, total=False):
    """Item 6."""

    subject: Literal["person", "livestock", "vehicle", "boat", "aircraft", "uav"]
    authorised: bool


@with_config(STRICT)
class CrossProductionFacts(TypedDict, total=False):
    """Article 14; item 7."""

    activity: Literal["burial", "felling", "grazing", "cultivation", "hunting", "mining", "gathering"]
    crossed: bool


@with_config(STRICT)
class SmugglingFacts(TypedDict, total=False):
    """Item 9."""

    goods: Words
    crossed: bool


@with_config(STRICT)
class SpreadFacts(TypedDict, total=False):
    """Items 11 and 13."""

    spread_across: bool


@with_config(STRICT)
class WorksFacts(TypedDict, total=False):
    """Article 21."""

    structure: Words
    purpose: Literal["patrol_road", "fence", "monitoring", "blocking", "gate", "other"]
    permanent: bool
    change: Literal["new", "extension", "upkeep"]
    distance_m: Metres
    agreed: bool


@with_config(STRICT)
class ClearStripFacts(TypedDict, total=False):
    """Article 7(3)."""

    activity: Words
    agreed: bool


@with_config(STRICT)
class BurningFacts(TypedDict, total=False):
    """Article 15(5)."""

    distance_m: Metres
    land_clearing: bool


@with_config(STRICT)
class NearLineFacts(TypedDict, total=False):
    """Articles 15(3) and 15(6)."""

    distance_m: Metres
    agreed: bool


@with_config(STRICT)
class FlightFacts(TypedDict, total=False):
    """Article 20."""

    purpose: Literal["aerial_survey", "other"]
    distance_km: Kilometres
    entered: bool
    notice_days: Days
    consent: bool


@with_config(STRICT)
class VesselFacts(TypedDict, total=False):
    """Article 12(1)."""

    flag: Literal["VN", "CN", "third"]
    agreed: bool


@with_config(STRICT)
class FishingFacts(TypedDict, total=False):
    """Article 10."""

    own_waters: bool
    method: Literal["normal", "explosive", "poison", "electric"]
    closed: bool
    science: bool


@with_config(STRICT)
class GateRestrictionFacts(TypedDict, total=False):
    """Article 26."""

    notified_in_advance: bool


@with_config(STRICT)
class MarkerRepairFacts(TypedDict, total=False):
    """Article 5(2)."""

    notice_days: Days
    in_place: bool


SeaAct = Literal["obstructed", "property_taken", "detained", "rammed", "chased"]
SeaActs = Annotated[list[SeaAct], Field(min_length=1, json_schema_extra={"uniqueItems": True})]
_SEA_ACT: TypeAdapter[SeaAct] = TypeAdapter(SeaAct, config=STRICT)
_SEA_ACTS: TypeAdapter[list[SeaAct]] = TypeAdapter(SeaActs, config=STRICT)


def _sea_acts(value: Any) -> Fact:
    """One act, or several: a boat may be chased, rammed and robbed in one incident."""
    if not isinstance(value, list | tuple):
        return _SEA_ACT.validate_python(value)
    acts = _SEA_ACTS.validate_python(list(value))
    if len(set(acts)) < len(acts):
        raise ValueError("mỗi hành vi chỉ ghi một lần")
    in_order = tuple(act for act in get_args(SeaAct) if act in acts)
    return in_order if len(in_order) > 1 else in_order[0]


@with_config(STRICT)
class SeaObstructionFacts(TypedDict, total=False):
    """Recorded, outside the land-border Agreement."""

    act: Annotated[SeaAct, PlainValidator(_sea_acts, json_schema_input_type=SeaAct | SeaActs)]


@with_config(STRICT)
class NoFacts(TypedDict, total=False):
    """The facts of a kind that no rule asks about: none."""


FACTS_BY_KIND: dict[Kind, type] = {
    **dict.fromkeys(Kind, NoFacts),
    Kind.MARKER_DAMAGE: MarkerDamageFacts,
    Kind.RIVER_WORKS: RiverWorksFacts,
    Kind.CROSS_WORKS: CrossWorksFacts,
    Kind.SHOOTING: ShootingFacts,
    Kind.GUN_HUNTING: ShootingFacts,
    Kind.BLASTING: BlastingFacts,
    Kind.CROSSING: CrossingFacts,
    Kind.CROSS_PRODUCTION: CrossProductionFacts,
    Kind.SMUGGLING: SmugglingFacts,
    Kind.DISEASE: SpreadFacts,
    Kind.FIRE_FLOOD: SpreadFacts,
    Kind.WORKS: WorksFacts,
    Kind.CLEAR_STRIP: ClearStripFacts,
    Kind.BURNING: BurningFacts,
    Kind.MINING: NearLineFacts,
    Kind.HAZARD_SITE: NearLineFacts,
    Kind.FLIGHT: FlightFacts,
    Kind.VESSEL: VesselFacts,
    Kind.FISHING: FishingFacts,
    Kind.GATE_RESTRICTION: GateRestrictionFacts,
    Kind.MARKER_REPAIR: MarkerRepairFacts,
    Kind.SEA_OBSTRUCTION: SeaObstructionFacts,
}


def _changes(kinds: list[type]) -> Any:
    """A typed dict of all facts of these kinds. Each may also be null, which withdraws it: it is unknown again."""
    types: dict[str, Any] = {}
    for kind in kinds:
        for name, wanted in kind.__annotations__.items():
            types[name] = types.get(name) | wanted
    changed = TypedDict("ChangedFacts", types, total=False)  # type: ignore[misc]
    return with_config(STRICT)(changed)


_KINDS_OF_FACTS: list[type] = list(dict.fromkeys(FACTS_BY_KIND.values()))
AnyFacts = Union[tuple(_KINDS_OF_FACTS)]  # type: ignore[valid-type]  # noqa: UP007  # a union made at run time, for the JSON Schema
AnyChangedFacts = _changes(_KINDS_OF_FACTS)

REPORTED: dict[Kind, TypeAdapter[dict[str, Fact]]] = {kind: TypeAdapter(facts) for kind, facts in FACTS_BY_KIND.items()}
"""The facts of a first report, by its kind."""
CHANGED: dict[Kind | None, TypeAdapter[dict[str, Fact | None]]] = {
    kind: TypeAdapter(_changes([facts])) for kind, facts in FACTS_BY_KIND.items()
} | {None: TypeAdapter(AnyChangedFacts)}
"""The facts of an update, by the kind that it states; an update without a kind (None) may have facts of any kind."""
