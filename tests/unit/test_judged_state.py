"""From the recorded events of an incident to its state and verdict."""

from typing import Any

import pytest

from agreement import judged_state
from agreement.incident import Incident
from agreement.judge import RuleCrash
from agreement.judged_state import JudgedState, first_state, fold_inputs, next_state
from agreement.packs import Pack
from agreement.settlement import Aside
from schemas.codebook import Outcome
from schemas.events import AnyEvent
from schemas.validation import decode
from schemas.verdicts import Verdict
from tests.builders import incident, payload, reported, settled, updated

REPORT = reported()
SUBJECT = REPORT["subject"]


def events(*raws: dict[str, Any]) -> list[AnyEvent]:
    return [decode(payload(raw)) for raw in raws]


def state(*raws: dict[str, Any]) -> JudgedState:
    return first_state(fold_inputs(events(*raws), (), [SUBJECT])[SUBJECT], never)


def never() -> Any:
    raise AssertionError("not needed here")


def test_an_incident_is_judged_as_a_whole_in_whatever_order_its_events_arrive() -> None:
    update = updated(SUBJECT, {"facts": {"agreed": True}})
    alone, whole = state(REPORT), state(REPORT, update)
    assert alone.state.outcome is Outcome.BREACH
    assert whole.state.outcome is not Outcome.BREACH
    assert state(update, REPORT) == whole


def test_each_subject_has_its_own_events_and_no_settlement_among_them() -> None:
    other = reported()
    inputs = fold_inputs(events(REPORT, other, settled(REPORT, "first")), (), [SUBJECT])
    assert [event.id for event in inputs[SUBJECT].events] == [REPORT["id"]]
    assert inputs.keys() == {SUBJECT}
    assert inputs[SUBJECT].is_settled


def test_where_no_event_stands_the_newest_state_is_kept_as_incomplete() -> None:
    elsewhere = reported(incident(side="VN"), source=REPORT["source"], sequence=REPORT["sequence"])
    body = Aside(decode(payload(elsewhere)), "digest", REPORT["id"])
    inputs = fold_inputs(events(REPORT, settled(elsewhere, "other", subject=SUBJECT)), [body], [SUBJECT, elsewhere["subject"]])
    assert [event.id for event in inputs[elsewhere["subject"]].events] == [elsewhere["id"]]
    before = state(REPORT)
    after = next_state(inputs[SUBJECT], lambda: before)
    assert (before.state.complete, after.state.complete) == (True, False)
    assert (after.state.outcome, after.verdict) == (before.state.outcome, before.verdict)


def test_where_a_rule_crashes_the_earlier_verdict_is_kept_and_the_state_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(incident: Incident, pack: Pack) -> Verdict:
        raise RuleCrash("art21.1")

    before = state(REPORT)
    monkeypatch.setattr(judged_state, "judge", crash)
    after = next_state(fold_inputs(events(REPORT), (), [SUBJECT])[SUBJECT], lambda: before)
    assert after.verdict is before.verdict
    assert after.state.judge_failed
    assert after.crash is not None
    assert after.crash.rule_id == "art21.1"
