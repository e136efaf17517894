"""What later events changed of an incident, field by field."""

from datetime import timedelta
from typing import Any

from agreement.changes import Change, changes
from schemas.validation import decode
from tests.builders import NOON, assessed, incident, payload, reinstated, reported, retracted, updated

S = "inc-changes"


def changes_of(*raws: dict[str, Any]) -> list[Change]:
    return changes([decode(payload(raw)) for raw in raws])  # type: ignore[misc]


def at(hours: int) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


FIRST = reported(incident(facts={"distance_m": 40, "agreed": False}), subject=S)


def test_a_first_report_changes_nothing() -> None:
    assert changes_of(FIRST) == []


def test_a_correction_names_the_field_both_values_and_both_events() -> None:
    later = updated(S, {"facts": {"distance_m": 18}, "side": "VN", "reason": "đo lại"}, source="/posts/tan-thanh/d2")
    rows = {change.field: change for change in changes_of(FIRST, later)}
    assert set(rows) == {"facts.distance_m", "side"}
    distance = rows["facts.distance_m"]
    assert (distance.before, distance.after, distance.reason) == (40, 18, "đo lại")
    assert distance.stated_by is not None
    assert (distance.stated_by.id, distance.by.id, distance.by.source) == (FIRST["id"], later["id"], "/posts/tan-thanh/d2")
    assert (rows["side"].before, rows["side"].after) == ("CN", "VN")


def test_what_is_said_again_is_no_change_and_what_is_new_has_no_before() -> None:
    rows = changes_of(FIRST, updated(S, {"facts": {"distance_m": 40, "permanent": True}, "side": "CN"}))
    assert [(change.field, change.before, change.stated_by, change.after) for change in rows] == [("facts.permanent", None, None, True)]


def test_a_withdrawn_fact_is_unknown_again() -> None:
    rows = changes_of(FIRST, updated(S, {"facts": {"distance_m": None}}), updated(S, {"facts": {"distance_m": 12}}, time=at(2)))
    assert [(change.before, change.after) for change in rows] == [(40, None), (None, 12)]


def test_an_assessment_and_a_retraction_are_changes() -> None:
    rows = changes_of(FIRST, assessed(S, {"outcome": "no_breach"}), retracted(S, time=at(5)))
    assert [(change.field, change.reason) for change in rows] == [("assessment", "kết luận sau khảo sát"), ("retracted", "báo nhầm")]
    assert rows[0].after["outcome"] == "no_breach"


def test_a_reinstatement_takes_the_retraction_back() -> None:
    (_, back) = changes_of(FIRST, retracted(S, time=at(1)), reinstated(S))
    assert (back.field, back.before, back.after, back.reason) == ("retracted", True, False, "rút nhầm")


def test_words_without_effect_change_nothing() -> None:
    assert changes_of(FIRST, retracted(S, time=at(1), source="/posts/chi-ma/d1"), reinstated(S, source="/offices/khong-biet")) == []


def test_the_order_of_arrival_does_not_matter() -> None:
    later = updated(S, {"side": "VN"})
    again = updated(S, {"side": "both"}, time=at(3))
    assert changes_of(again, later, FIRST) == changes_of(FIRST, later, again)
    assert [change.after for change in changes_of(again, later, FIRST)] == ["VN", "both"]


def test_places_and_times_are_told_as_json_has_them() -> None:
    moved = updated(S, {"place": {"scheme": "gate", "gate": "tan-thanh"}, "known_at": at(0)})
    rows = {change.field: change.after for change in changes_of(FIRST, moved)}
    assert rows["place"] == {"scheme": "gate", "gate": "tan-thanh"}
    assert rows["known_at"] == at(0)
