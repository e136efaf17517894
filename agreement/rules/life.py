"""Articles 14-16: production, life and works across the line."""

from collections.abc import Mapping

from agreement.rules.rule import AtLeast, AtMost, Flag, IfReported, Known, OneOf, Rule
from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

HAZARD_M = 1_000
"""15(3): metres from the line, own side."""
BLASTING_M = 2_000
"""15(4): metres from the line, own side."""
BLASTING_NOTICE_HOURS = 48
"""15(4): hours between the notice and the blast."""
BURNING_M = 1_000
"""15(5): metres from the line, each side."""
MINING_M = 500
"""15(6): metres from the line, each side."""
HUNTING_M = 1_000
"""15(7): metres from the line, each side."""


def produced_across(f: Known) -> Outcome:
    """14: nobody crosses to bury, fell, graze, cultivate, hunt, mine or gather."""
    return Outcome.BREACH if f["crossed"] else Outcome.NO_BREACH


def hazard_sited(f: Known) -> Outcome:
    """15(3): as seen it knows no exception, so an agreement excuses nothing."""
    return Outcome.BREACH if f["distance_m"] <= HAZARD_M else Outcome.NO_BREACH


def blasted(f: Known) -> Outcome:
    """15(4): due notice, and no harm even after it."""
    if f["distance_m"] > BLASTING_M:
        return Outcome.NO_BREACH
    return Outcome.BREACH if f["harm"] or f["notice_hours"] < BLASTING_NOTICE_HOURS else Outcome.NO_BREACH


def burnt(f: Known) -> Outcome:
    """15(5): no burning to clear land."""
    return Outcome.BREACH if f["distance_m"] <= BURNING_M and f["land_clearing"] else Outcome.NO_BREACH


def mined(f: Known) -> Outcome:
    """15(6): no mining unless agreed."""
    if f["distance_m"] > MINING_M:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


def shot(f: Known) -> Outcome:
    """15(7): no shot into the other territory, no hunting with guns near the line."""
    hunted_near = f["purpose"] == "hunting" and f["distance_m"] <= HUNTING_M
    return Outcome.BREACH if f["across"] or hunted_near else Outcome.NO_BREACH


def shot_across(kind: Kind, outcome: Outcome, facts: Mapping[str, Fact]) -> bool:
    """Item 3 is shooting across: known, or for a shooting still to be asked."""
    if outcome is Outcome.NEEDS_FACTS:
        return kind is Kind.SHOOTING and "across" not in facts
    return facts.get("across") is True


def built_across(f: Known) -> Outcome:
    """16(1): the competent bodies and the Joint Committee both agree."""
    return Outcome.EXEMPT if f["agreed_local"] and f["agreed_committee"] else Outcome.BREACH


RULES = (
    Rule(
        id="14.cross_production",
        clause="14",
        kinds=(Kind.CROSS_PRODUCTION,),
        title=Label("sản xuất qua đường biên giới", "production across the line"),
        asks={"crossed": Flag()},
        decide=produced_across,
        item=7,
        decisive="crossed",
        tells=("activity",),
    ),
    Rule(
        id="15.3.hazard_site",
        clause="15(3)",
        kinds=(Kind.HAZARD_SITE,),
        title=Label("kho hóa chất nguy hại, bãi chất thải nguy hại", "a hazardous storage or disposal site"),
        asks={"distance_m": AtMost(HAZARD_M)},
        decide=hazard_sited,
        limit="distance_m <= 1000",
    ),
    Rule(
        id="15.4.blasting",
        clause="15(4)",
        kinds=(Kind.BLASTING,),
        title=Label("nổ mìn", "blasting"),
        asks={"distance_m": AtMost(BLASTING_M), "notice_hours": AtLeast(BLASTING_NOTICE_HOURS), "harm": IfReported()},
        decide=blasted,
        limit="distance_m <= 2000, notice_hours >= 48",
        item=4,
    ),
    Rule(
        id="15.5.burning",
        clause="15(5)",
        kinds=(Kind.BURNING,),
        title=Label("đốt cây", "burning"),
        asks={"distance_m": AtMost(BURNING_M), "land_clearing": Flag()},
        decide=burnt,
        limit="distance_m <= 1000",
    ),
    Rule(
        id="15.6.mining",
        clause="15(6)",
        kinds=(Kind.MINING,),
        title=Label("khai thác khoáng sản", "mining"),
        asks={"distance_m": AtMost(MINING_M), "agreed": Flag()},
        decide=mined,
        limit="distance_m <= 500",
    ),
    Rule(
        id="15.7.shooting",
        clause="15(7)",
        kinds=(Kind.SHOOTING, Kind.GUN_HUNTING),
        title=Label("nổ súng", "shooting"),
        asks={"across": Flag(), "purpose": OneOf(("hunting", "other")), "distance_m": AtMost(HUNTING_M)},
        decide=shot,
        limit="distance_m <= 1000",
        item=3,
        item_when=shot_across,
        implied={Kind.GUN_HUNTING: {"purpose": "hunting"}},
    ),
    Rule(
        id="16.1.cross_works",
        clause="16(1)",
        kinds=(Kind.CROSS_WORKS,),
        title=Label("công trình qua đường biên giới", "works crossing the line"),
        asks={"agreed_local": Flag(), "agreed_committee": Flag()},
        decide=built_across,
        tells=("structure",),
    ),
)
