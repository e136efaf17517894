"""All rules as one table, and why some clauses and kinds have none."""

from agreement.rules.events39 import (
    arms_counterfeit,
    crossing,
    disease,
    drugs,
    fire_flood,
    gambling,
    illegal_residence,
    property_crime,
    smuggling,
    trafficking,
    violence,
)
from agreement.rules.life import blasting, burning, cross_production, cross_works, hazard_site, mining, shooting
from agreement.rules.markers import clear_strip, marker_damage, marker_repair
from agreement.rules.order import gate_restriction, permit
from agreement.rules.rule import Rule
from agreement.rules.waters import fishing, river_works, third_vessel
from agreement.rules.works import extended_works, flight, new_works
from schemas.codebook import Kind

RULES: tuple[Rule, ...] = (
    marker_damage.RULE,
    marker_repair.RULE,
    clear_strip.RULE,
    fishing.RULE,
    river_works.RULE,
    third_vessel.RULE,
    cross_production.RULE,
    hazard_site.RULE,
    blasting.RULE,
    burning.RULE,
    mining.RULE,
    shooting.RULE,
    cross_works.RULE,
    flight.RULE,
    new_works.RULE,
    extended_works.RULE,
    permit.RULE,
    gate_restriction.RULE,
    violence.RULE,
    crossing.RULE,
    illegal_residence.RULE,
    smuggling.RULE,
    property_crime.RULE,
    disease.RULE,
    gambling.RULE,
    fire_flood.RULE,
    trafficking.RULE,
    drugs.RULE,
    arms_counterfeit.RULE,
)

NO_RULE: dict[str, str] = {
    "1": "definitions",
    "2": "says which documents fix the line",
    "3": "respect for markers and the strip in general: its breaches are named by 5(1) and 7(3)",
    "4": "shares out the upkeep of markers: a side's neglect is seen by joint inspection, no reported fact shows it",
    "12(3)": "a joint duty to clear wrecks: neither side breaks it alone",
    "12(4)": "a vessel in distress may moor and reports at once: a right, and no kind of the codebook reports its use",
    "13": "flood co-operation by consent: no prohibition seen",
    "15(1)": "harm to the other side without a limit or a named act: 15(3) to 15(7) name the acts",
    "15(2)": "tell each other time and place, without a term: blasting, the act with one, is 15(4)",
    "16(2)": "the line by which structures over water are managed: no act",
    "21(2)": "the exceptions to 21(1) and 21(3), which consider them",
    "23": "gates are governed by an agreement of their own",
    "27": "joint fight against crime: the acts are items of Article 39",
    "28": "contacts of provinces; changed administrative units are notified by government, not seen by a post",
    "29": "contacts between services",
    "30": "trade and tourism",
    "38": "establishes the border representatives",
    "39": "its items are rules 39.*, and the item of the clause that each breach cites",
}
"""Clauses seen (`agreement.clauses`) that no rule cites, and the reason."""

PARTS_WITHOUT_RULE: dict[tuple[str, str], str] = {
    ("5(2)", "the finder tells the other side as soon as possible"): "no term was seen: a step of the runbook of 5.1.marker_damage",
    ("5(2)", "minutes in two copies, coordinates, photographs"): "papers of the work, which no event carries: a step of 5.2.marker_repair",
    ("10", "both sides stop illegal fishing"): "a joint duty: neither side breaks it alone",
    ("12(4)", "reports at once"): "no kind of the codebook reports it: an exception and a step of 12.1.third_vessel",
    ("20", "the other side answers at least 10 days before the flight"): "a duty of the side asked; without its answer there is no consent",
    ("22", "children under 16 are listed on a permit"): "what a permit shows is no matter between the sides",
    ("26", "the central authority and the local government are told"): "who was told is not seen by a post: only whether, in advance",
    ("28", "changed administrative units are notified"): "by government, not seen by a post",
}
"""Duties and terms within clauses that no rule reads, and the reason."""

KINDS_WITHOUT_RULE: frozenset[Kind] = frozenset(
    {
        Kind.MARKER_UPKEEP,
        Kind.WORKS_NOTICE,
        Kind.SURVEY,
        Kind.PATROL,
        Kind.LETTER,
        Kind.GATE_CHANGE,
        Kind.NATURAL_EVENT,
        Kind.SEA_OBSTRUCTION,
        Kind.OTHER,
    }
)
"""Recorded, never judged: `not_applicable`."""
