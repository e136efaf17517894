"""What every figure counts, over typed states and counts: no database."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from agreement.figure_families import FAMILIES, SIDES, Counts
from reports.figures.crossing import CrossingCount, count_crossings
from reports.figures.incidents import figures
from reports.figures.tally import tally, total
from reports.model import Subtotal
from reports.units import unit_named
from schemas.codebook import Kind, Outcome
from schemas.verdicts import IncidentState, MeasureRow, Verdict
from sinks.query.states import StateAsOf
from tests import builders


def counted(*states: dict[str, Any]) -> Sequence[StateAsOf]:
    """Incidents that count, numbered."""
    common: dict[str, Any] = {
        "machine_outcome": Outcome.BREACH,
        "rule_pack": "2009.1",
        "judge_version": 2,
        "reporter": "/posts/tan-thanh/d1",
        "kind": "works",
        "status": "actual",
        "side": "CN",
        "occurred_start": builders.NOON,
    }
    verdict = Verdict(Outcome.BREACH, "2009.1", 2, ())
    return [
        StateAsOf(f"inc-{place}", 1, IncidentState(**({"outcome": Outcome.BREACH} | common | state)), verdict)
        for place, state in enumerate(states)
    ]


def values(*states: dict[str, Any]) -> dict[str, float | None]:
    return {figure.id: figure.value for figure in figures(tally(counted(*states))) if figure.value}


def test_parts_add_up_to_their_whole_whatever_the_kind_side_and_outcome() -> None:
    states = [{"kind": kind, "side": side, "outcome": outcome} for kind, side, outcome in product(Kind, (*SIDES, "natural", None), Outcome)]
    tallies = tally(counted(*states))
    wholes = {family.prefix: total(amounts) for family in FAMILIES for amounts in [tallies[family.prefix, Counts.CASES].get("", {})]}
    wholes |= {f"outcome.{key}": total(amounts) for key, amounts in tallies["outcome.", Counts.CASES].items()}
    divided = [family for family in FAMILIES if family.whole is not None]
    assert len(divided) >= 8
    for family in divided:
        assert sum(map(total, tallies[family.prefix, family.counts].values())) == wholes[str(family.whole)] > 0, family.prefix


def test_a_state_stands_in_every_figure_of_its_own() -> None:
    state = {
        "clauses": ("15(7)", "21(1)"),
        "article39": (3,),
        "markers": ("1088/2", "940"),
        "province": "lang-son",
        "commune": "Tân Mỹ",
        "side": "natural",
    }
    assert values(state) == dict.fromkeys(
        (
            *("incident.total", "outcome.breach", "breach.total", "breach.undetermined", "breach.clause.15(7)", "breach.clause.21(1)"),
            *("breach.article39.3", "breach.kind.works", "breach.stretch.1050-1099", "breach.province.lang-son", "breach.district.none"),
            "breach.commune.Tân Mỹ",
        ),
        1,
    )


def test_measures_are_exact_sums_by_unit_and_parts_are_of_people_only() -> None:
    measures = (
        *(MeasureRow("goods", n, "kg", of={"wet": 1}) for n in (0.1, 0.2)),
        MeasureRow("goods", 5.0),
        MeasureRow("persons", 70.0, of={"wanted": 67}),
    )
    event: dict[str, Any] = {"outcome": Outcome.BORDER_EVENT, "kind": "crossing", "article39": (6,), "measures": measures}
    assert {name: value for name, value in values(event, event).items() if name.startswith("article39.6.")} == {
        "article39.6.goods.kg": 0.6,
        "article39.6.goods.none": 10,
        "article39.6.persons": 140,
        "article39.6.persons.wanted": 134,
    }


def test_an_incident_of_several_acts_at_sea_stands_in_each_of_them_and_is_one_matter() -> None:
    boats = (MeasureRow("boats", 1), MeasureRow("persons", 11))
    at_sea: dict[str, Any] = {"outcome": Outcome.NOT_APPLICABLE, "kind": "sea_obstruction", "measures": boats}
    counts = values(at_sea | {"act": "property_taken,rammed,chased"}, at_sea | {"act": "rammed"}, at_sea)
    assert {name: value for name, value in counts.items() if name.startswith(("sea.", "matter."))} == {
        "matter.sea_obstruction": 3,
        "matter.sea_obstruction.boats": 3,
        "matter.sea_obstruction.persons": 33,
        **{
            f"sea.{act}{what}": n
            for act in ("property_taken", "chased", "unknown")
            for what, n in (("", 1), (".boats", 1), (".persons", 11))
        },
        "sea.rammed": 2,
        "sea.rammed.boats": 2,
        "sea.rammed.persons": 22,
    }


def test_counts_of_a_gate_under_any_of_its_names_are_one_subtotal_and_those_of_other_units_are_left_out() -> None:
    counts = [
        CrossingCount("/posts/tan-thanh/d1", "tan-thanh", "VN-CN", "persons", None, 2, Decimal(30)),
        CrossingCount("/posts/tan-thanh/d2", "Tân Thanh", "VN-CN", "persons", None, 1, 4),
        CrossingCount("/posts/tan-thanh/d1", "tan-thanh", "CN-VN", "goods", None, 1, Decimal("0.1")),
        CrossingCount("/posts/mong-cai/d1", "mong-cai", "VN-CN", "persons", None, 1, 9),
    ]
    passed = count_crossings(unit_named("lang-son"), counts)
    by_id = {figure.id: figure for figure in passed.figures}
    assert by_id["crossing.VN-CN.persons"].subjects == (Subtotal(gate="tan-thanh", direction="VN-CN", rows=3, n=34),)
    assert by_id["crossing.total.goods.none"].value == 0.1
    assert by_id["crossing.total.vehicles"].value == 0
    assert passed.sources == {"/posts/tan-thanh/d1", "/posts/tan-thanh/d2"}
