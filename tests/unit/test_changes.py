"""What later events changed of an incident, field by field."""

from datetime import timedelta
from typing import Any

from agreement.changes import Change, changes
from schemas.validation import decode
from tests.builders import NOON, assessed, incident, payload, reinstated, reported, retracted, updated

S = "inc-changes"


def told(*raws: dict[str, Any]) -> list[Change]:
    return changes([decode(payload(raw)) for raw in raws])  # type: ignore[misc]


def at(hours: int) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


FIRST = reported(incident(facts={"distance_m": 40, "agreed": False}), subject=S)


def test_a_first_report_changes_nothing() -> None:
    assert told(FIRST) == []


def test_a_correction_names_the_field_both_values_and_both_events() -> None:
    later = updated(S, {"facts": {"distance_m": 18}, "side": "VN", "reason": "đo lại"}, source="/posts/tan-thanh/d2")
    found = {one.field: one for one in told(FIRST, later)}
    assert set(found) == {"facts.distance_m", "side"}
    distance = found["facts.distance_m"]
    assert (distance.before, distance.after, distance.reason) == (40, 18, "đo lại")
    assert distance.stated_by is not None
    assert (distance.stated_by.id, distance.by.id, distance.by.source) == (FIRST["id"], later["id"], "/posts/tan-thanh/d2")
    assert (found["side"].before, found["side"].after) == ("CN", "VN")


def test_what_is_said_again_is_no_change_and_what_is_new_has_no_before() -> None:
    found = told(FIRST, updated(S, {"facts": {"distance_m": 40, "permanent": True}, "side": "CN"}))
    assert [(one.field, one.before, one.stated_by, one.after) for one in found] == [("facts.permanent", None, None, True)]


def test_a_withdrawn_fact_is_unknown_again() -> None:
    found = told(FIRST, updated(S, {"facts": {"distance_m": None}}), updated(S, {"facts": {"distance_m": 12}}, time=at(2)))
    assert [(one.before, one.after) for one in found] == [(40, None), (None, 12)]


def test_an_assessment_and_a_retraction_are_changes() -> None:
    found = told(FIRST, assessed(S, {"outcome": "no_breach"}), retracted(S, time=at(5)))
    assert [(one.field, one.reason) for one in found] == [("assessment", "kết luận sau khảo sát"), ("retracted", "báo nhầm")]
    assert found[0].after["outcome"] == "no_breach"


def test_a_reinstatement_takes_the_retraction_back() -> None:
    (_, back) = told(FIRST, retracted(S, time=at(1)), reinstated(S))
    assert (back.field, back.before, back.after, back.reason) == ("retracted", True, False, "rút nhầm")


def test_words_without_effect_change_nothing() -> None:
    assert told(FIRST, retracted(S, time=at(1), source="/posts/chi-ma/d1"), reinstated(S, source="/offices/khong-biet")) == []


def test_the_order_of_arrival_does_not_matter() -> None:
    later = updated(S, {"side": "VN"})
    again = updated(S, {"side": "both"}, time=at(3))
    assert told(again, later, FIRST) == told(FIRST, later, again)
    assert [one.after for one in told(again, later, FIRST)] == ["VN", "both"]


def test_places_and_times_are_told_as_json_has_them() -> None:
    moved = updated(S, {"place": {"scheme": "gate", "gate": "tan-thanh"}, "known_at": at(0)})
    found = {one.field: one.after for one in told(FIRST, moved)}
    assert found["place"] == {"scheme": "gate", "gate": "tan-thanh"}
    assert found["known_at"] == at(0)
