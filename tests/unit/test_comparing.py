"""What another pack would change, over a history of incidents."""

from dataclasses import replace
from datetime import date
from typing import Any

from agreement.comparing import Rejudged, compare
from agreement.figures import FigureChange, PeriodFigure
from agreement.incident import fold
from agreement.judge import judge, judge_event
from agreement.packs import IN_FORCE, PACKS, Pack
from agreement.periods import Regime
from agreement.rules.table import RULES
from schemas.codebook import Outcome
from schemas.events import Reported
from schemas.notices import EventRef
from schemas.validation import decode
from tests.builders import assessed, incident, payload, reported
from tests.support.packs import WIDER, changed, laxer

OLD = PACKS[0]


def history(new: Pack, *raws: dict[str, Any]) -> Rejudged:
    events = [decode(payload(raw)) for raw in raws]
    whole = fold(events)  # type: ignore[arg-type]
    reports = [
        (EventRef(source=event.source, id=event.id), judge_event(event, (OLD,)), judge_event(event, (new,)))
        for event in events
        if isinstance(event, Reported)
    ]
    return Rejudged(whole, judge(whole, OLD), judge(whole, new), reports)


def test_a_wider_strip_makes_a_breach_and_moves_its_figures() -> None:
    near = reported(incident(facts=incident()["facts"] | {"distance_m": 35}))
    difference = compare([history(WIDER, near), history(WIDER, reported())])
    assert (difference.incidents_judged, difference.events_judged) == (2, 2)
    event, cited = difference.events
    assert (event.event.id, event.before.outcome, event.after.outcome) == (near["id"], Outcome.NO_BREACH, Outcome.BREACH)
    assert (cited.before.outcome, cited.after.outcome) == (Outcome.BREACH, Outcome.BREACH)  # by another rule, with another limit
    (change,) = difference.incidents
    assert (change.incident.subject, change.before.outcome, change.after.outcome) == (near["subject"], Outcome.NO_BREACH, Outcome.BREACH)
    assert len(difference.figures) == 2 * 4 * 2 * 2
    assert FigureChange(PeriodFigure(Regime.CALENDAR, "2025", "lang-son", "breach.CN"), 1, 2) in difference.figures
    assert FigureChange(PeriodFigure(Regime.ND09, "2026Q1", "all", "breach.total"), 1, 2) in difference.figures


def test_the_same_rules_under_another_name_change_nothing() -> None:
    renamed = changed("other", *RULES)
    difference = compare([history(renamed, reported())])
    assert (difference.events, difference.incidents, difference.figures) == ([], [], [])


def test_words_alone_are_no_change() -> None:
    reworded = changed("other", *(replace(rule, ends={}, scene=None) for rule in RULES))
    difference = compare([history(reworded, reported())])
    assert (difference.events, difference.incidents, difference.figures) == ([], [], [])


def test_an_assessment_keeps_the_outcome_and_the_machines_change_is_listed() -> None:
    raw = reported(subject="inc-a")
    difference = compare([history(laxer("21.1.new_works"), raw, assessed("inc-a", {"outcome": "breach"}))])
    (change,) = difference.incidents
    assert (change.before.outcome, change.after.outcome) == (Outcome.BREACH, Outcome.BREACH)
    assert (change.machine_before, change.machine_after) == (Outcome.BREACH, Outcome.NOT_APPLICABLE)
    assert difference.figures == []


def test_a_rule_on_trial_is_told_apart_and_changes_nothing() -> None:
    stricter = replace(next(rule for rule in RULES if rule.id == "21.1.new_works"), id="21.1.on_trial")
    difference = compare([history(changed("t", *RULES, stricter, shadow=frozenset({"21.1.on_trial"})), reported())])
    assert (difference.events, difference.incidents, difference.figures) == ([], [], [])
    assert difference.shadow == {("21.1.on_trial", Outcome.BREACH): 1}


def test_a_pack_of_the_tests_is_none_of_the_programs() -> None:
    assert WIDER not in PACKS
    assert WIDER.valid_from == IN_FORCE == date(2010, 7, 14)
