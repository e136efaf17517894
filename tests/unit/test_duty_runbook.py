"""The steps that an officer reads of an incident: every rule's, with the incident's own words, and without what is known already."""

from typing import Any

import pytest

from agreement.rules.rule import Rule
from agreement.rules.table import RULES
from duty.runbook import steps


def incident(rule_id: str, outcome: str = "needs_facts", **folded: Any) -> dict[str, Any]:
    fields = {"side": "CN", "place": {"scheme": "marker", "marker": "1088/2"}, "reporter": "/posts/tan-thanh/d1", "facts": {}}
    return {"incident": "inc-1", "findings": [{"rule_id": rule_id, "outcome": outcome}], "folded": fields | folded}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("unknown", [False, True])
def test_no_step_has_a_gap_left_in_it(rule: Rule, unknown: bool) -> None:
    nothing = {"side": None, "place": None, "reporter": "/offices/so-ngoai-vu-lang-son"}
    filled = steps(incident(rule.id, **(nothing if unknown else {})))
    assert len(filled) == len(rule.runbook)
    assert not any("{" in text or "}" in text for step in filled for text in step)
    assert "mocgioi incidents show inc-1" in filled[0].vi


def test_the_words_are_those_of_the_incident_in_both_languages() -> None:
    texts = {language: " ".join(step[language] for step in steps(incident("21.1.new_works", "breach"))) for language in (0, 1)}
    assert "tại mốc 1088/2" in texts[0]
    assert "đồn Tân Thanh" in texts[0]
    assert "at marker 1088/2" in texts[1]
    gate = " ".join(step.vi for step in steps(incident("21.1.new_works", "breach", place={"scheme": "gate", "gate": "tan-thanh"})))
    assert "tại mốc" not in gate


def test_nobody_is_told_to_find_out_what_is_known() -> None:
    asked = " ".join(step.vi for step in steps(incident("21.1.new_works")))
    known = " ".join(step.vi for step in steps(incident("21.1.new_works", facts={"distance_m": 12, "agreed": False})))
    assert asked.count("Thiếu ") == known.count("Thiếu ") + 2


@pytest.mark.parametrize("finding", [{"outcome": "no_breach"}, {"outcome": "breach", "shadow": True}, {"rule_id": "scope.kind"}])
def test_a_finding_that_needs_nobody_gives_no_step(finding: dict[str, Any]) -> None:
    of_incident = incident("21.1.new_works", "breach")
    of_incident["findings"][0] |= finding
    assert steps(of_incident) == []
