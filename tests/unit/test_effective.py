"""What counts: the machine's verdict, an officer's assessment over it, and what is never a case."""

from itertools import product
from typing import Any

import pytest

from agreement.effective import Effective, counts_as_breach, effective
from agreement.incident import Incident, fold
from agreement.judge import judge
from agreement.packs import PACKS
from schemas.codebook import Outcome, Side
from schemas.validation import decode
from schemas.verdicts import Verdict
from tests.builders import assessed, incident, payload, reported, retracted, updated

S = "inc-effective"


def case(*raws: dict[str, Any]) -> tuple[Incident, Verdict]:
    whole = fold([decode(payload(raw)) for raw in raws])  # type: ignore[misc]
    return whole, judge(whole, PACKS[0])


def counted(*raws: dict[str, Any]) -> Effective:
    return effective(*case(*raws))


def breach(**changes: Any) -> dict[str, Any]:
    return reported(incident(**changes), subject=S)


def test_without_an_assessment_the_machine_counts() -> None:
    assert counted(breach()) == Effective(Outcome.BREACH, Side.CN, ("21(1)",), (), assessed=False)
    assert counts_as_breach(*case(breach()))


def test_an_assessment_overrides_the_outcome_and_hides_nothing() -> None:
    whole, verdict = case(breach(), assessed(S, {"outcome": "no_breach"}))
    assert effective(whole, verdict) == Effective(Outcome.NO_BREACH, Side.CN, ("21(1)",), (), assessed=True)
    assert verdict.outcome is Outcome.BREACH
    assert not counts_as_breach(whole, verdict)


def test_an_officer_may_find_a_breach_where_the_machine_found_none() -> None:
    told = (breach(facts={"distance_m": 31}), assessed(S, {"outcome": "breach", "clause": "11(1)", "article39": 2, "side": "VN"}))
    assert counted(*told) == Effective(Outcome.BREACH, Side.VN, ("11(1)",), (2,), assessed=True)
    assert counts_as_breach(*case(*told))


def test_what_an_assessment_does_not_state_the_machine_says() -> None:
    assert counted(breach(), assessed(S, {"side": "both"})) == Effective(Outcome.BREACH, Side.BOTH, ("21(1)",), (), assessed=True)
    shot = breach(kind="shooting", facts={"across": True})
    assert counted(shot, assessed(S, {"clause": "15(7)"})).article39 == (3,)


def test_items_of_article_39_fall_with_the_accusation() -> None:
    shot = breach(kind="shooting", facts={"across": True})
    assert counted(shot).article39 == (3,)
    assert counted(shot, assessed(S, {"outcome": "no_breach"})).article39 == ()


def test_both_works_clauses_at_stake_are_cited_once_each() -> None:
    assert counted(breach(facts={})).clauses == ("21(1)", "21(3)")


def test_found_to_be_nature_is_no_breach() -> None:
    assert counted(breach(), assessed(S, {"side": "natural"})).outcome is Outcome.NOT_APPLICABLE
    marker = breach(kind="marker_damage", facts={"cause": "deliberate"})
    assert counted(marker, assessed(S, {"side": "natural"})).outcome is Outcome.BORDER_EVENT


def test_an_officers_breach_on_a_report_of_nature_is_somebodys() -> None:
    result = counted(breach(side="natural"), assessed(S, {"outcome": "breach"}))
    assert (result.outcome, result.side) == (Outcome.BREACH, Side.UNDETERMINED)


@pytest.mark.parametrize(("side", "outcome", "over"), list(product(Side, [None, *Outcome], [None, *Side])))
def test_a_case_always_has_a_column(side: Side, outcome: Outcome | None, over: Side | None) -> None:
    stated = {name: value for name, value in (("outcome", outcome), ("side", over)) if value is not None}
    told = (breach(side=side), assessed(S, stated))
    if counts_as_breach(*case(*told)):
        assert counted(*told).side in (Side.VN, Side.CN, Side.BOTH, Side.THIRD, Side.UNDETERMINED, Side.CONTESTED)


@pytest.mark.parametrize("status", ["exercise", "test", "draft"])
def test_only_what_really_happened_counts(status: str) -> None:
    assert not counts_as_breach(*case(breach(status=status)))


def test_a_retracted_incident_does_not_count() -> None:
    assert not counts_as_breach(*case(breach(), retracted(S)))


def test_an_incomplete_incident_does_not_count_even_when_assessed() -> None:
    assert not counts_as_breach(*case(updated(S, incident()), assessed(S, {"outcome": "breach"})))


@pytest.mark.parametrize("facts", [{"distance_m": 31}, {"purpose": "fence"}, {"distance_m": 18}])
def test_what_is_no_breach_does_not_count(facts: dict[str, Any]) -> None:
    assert not counts_as_breach(*case(breach(facts=facts)))
