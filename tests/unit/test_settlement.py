"""Conflicts that offices settle: which bodies stand."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.incident import fold
from agreement.settlement import Aside, SettledEvents, standing
from agreement.speakers import Why
from schemas.codebook import Side
from schemas.events import AnyEvent, IncidentEvent, Settled
from schemas.problems import InvalidEvent
from schemas.validation import decode
from tests.builders import NOON, crossing, incident, payload, reported, settled, updated

S, T = "inc-settled", "inc-elsewhere"
FIRST = reported(subject=S, id="one", sequence="1")
BY_ID = FIRST | {"data": incident(side="VN")}
BY_SEQUENCE = reported(incident(side="both"), subject=T, id="two", sequence="1")


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


def digest(raw: dict[str, Any]) -> str:
    return hashlib.sha256(payload(raw)).hexdigest()


def aside(raw: dict[str, Any], with_id: str = "one") -> Aside:
    return Aside(decode(payload(raw)), digest(raw), with_id)


def stands(recorded: list[dict[str, Any]], bodies: list[Aside], *settlements: dict[str, Any]) -> SettledEvents:
    events = [decode(payload(raw)) for raw in settlements]
    return standing([decode(payload(raw)) for raw in recorded], bodies, [event for event in events if isinstance(event, Settled)])


def sides(result: SettledEvents) -> dict[str, Side | None]:
    """The side each subject comes to."""
    subjects: dict[str, list[IncidentEvent]] = {}
    for event in result.events:
        assert isinstance(event, IncidentEvent)
        subjects.setdefault(event.subject, []).append(event)
    return {subject: fold(events).side for subject, events in subjects.items()}


def test_while_nobody_settles_the_first_stands() -> None:
    result = stands([FIRST], [aside(BY_ID)])
    assert sides(result) == {S: Side.CN}
    assert [body.digest for body in result.unsettled] == [digest(BY_ID)]


@pytest.mark.parametrize(("choice", "side"), [("first", Side.CN), ("other", Side.VN)])
def test_an_office_chooses_the_body_that_stands(choice: str, side: Side) -> None:
    result = stands([FIRST], [aside(BY_ID)], settled(FIRST, choice))
    assert sides(result) == {S: side}
    assert (result.unsettled, result.without_effect) == ((), ())
    assert len(result.events) == 1


def test_both_stand_as_two_events_and_the_other_gets_the_sequence_it_was_given() -> None:
    result = stands([FIRST], [aside(BY_ID)], settled(FIRST, "both", data={"sequence": "00000009"}))
    first, admitted = sorted(result.events, key=lambda event: event.number)
    assert (first.id, first.number, admitted.id, admitted.number) == ("one", 1, f"one+{digest(BY_ID)[:16]}", 9)
    assert sides(result) == {S: Side.VN}, "the same post's later report"


def test_a_number_that_two_ids_claim_is_settled_for_both_their_incidents() -> None:
    """A copied spool: two incidents under one number. The one kept aside is known by its own id, and settled by the first's office."""
    of = BY_SEQUENCE | {"subject": S}
    assert sides(stands([FIRST], [aside(BY_SEQUENCE)], settled(of, "first"))) == {S: Side.CN}
    assert sides(stands([FIRST], [aside(BY_SEQUENCE)], settled(of, "other"))) == {T: Side.BOTH}
    both = stands([FIRST], [aside(BY_SEQUENCE)], settled(of, "both", data={"sequence": "9"}))
    assert sides(both) == {S: Side.CN, T: Side.BOTH}
    elsewhere = stands([FIRST], [aside(BY_SEQUENCE)], settled(BY_SEQUENCE, "other"))
    assert sides(elsewhere) == {S: Side.CN}
    assert len(elsewhere.unsettled) == 1, "said of another subject than the recorded event's"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("/offices/so-ngoai-vu-lang-son/2", None),
        ("/offices/uy-ban-bien-gioi", None),
        ("/offices/so-ngoai-vu-cao-bang", Why.ANOTHER_PROVINCE),
        ("/offices/khong-biet", Why.UNKNOWN_OFFICE),
        ("/posts/tan-thanh/d1", Why.OFFICES_ONLY),
    ],
)
def test_only_offices_that_speak_for_the_incident_settle(source: str, why: Why | None) -> None:
    result = stands([FIRST], [aside(BY_ID)], settled(FIRST, "other", source=source))
    assert [ref.why for ref in result.without_effect] == ([] if why is None else [why])
    assert sides(result) == {S: Side.VN if why is None else Side.CN}
    assert len(result.unsettled) == (why is not None)


@pytest.mark.parametrize(("source", "is_settled"), [("/offices/so-ngoai-vu-lang-son", True), ("/offices/so-ngoai-vu-cao-bang", False)])
def test_what_is_no_incident_is_settled_by_the_office_of_its_post(source: str, is_settled: bool) -> None:
    first = crossing()
    result = stands(
        [first], [aside(first | {"data": crossing(counts=[])["data"] | {"counts": [{"what": "persons", "n": 1}]}}, first["id"])]
    )
    assert len(result.unsettled) == 1
    again = stands([first], list(result.unsettled), settled(first, "other", source=source))
    assert (len(again.unsettled) == 0) is is_settled
    (event,) = again.events
    assert (len(event.data.counts) == 1) is is_settled  # type: ignore[union-attr]


def test_the_latest_settlement_decides_in_the_sequence_of_its_office() -> None:
    office = {"source": "/offices/so-ngoai-vu-lang-son/1"}
    early = settled(FIRST, "other", sequence="1", **office)
    late = settled(FIRST, "first", sequence="2", time=at(-20), **office)
    assert sides(stands([FIRST], [aside(BY_ID)], late, early)) == {S: Side.CN}
    assert sides(stands([FIRST], [aside(BY_ID)], early, late | {"sequence": "0"})) == {S: Side.VN}


def test_of_several_bodies_the_digest_names_the_one_that_is_meant() -> None:
    third = FIRST | {"data": incident(side="both")}
    bodies = [aside(BY_ID), aside(third)]
    unnamed = stands([FIRST], bodies, settled(FIRST, "other"))
    assert (sides(unnamed), len(unnamed.unsettled)) == ({S: Side.CN}, 2)
    named = settled(FIRST, "other", data={"digest": digest(third)})
    result = stands([FIRST], bodies, named)
    assert (sides(result), len(result.unsettled)) == ({S: Side.BOTH}, 1)
    then = settled(FIRST, "other", data={"digest": digest(BY_ID)}, time=at(6))
    assert sides(stands([FIRST], bodies, then, named)) == {S: Side.VN}, "one of them at most replaces the first"
    all_of_them = stands([FIRST], bodies, named, settled(FIRST, "first", time=at(6)))
    assert (sides(all_of_them), all_of_them.unsettled) == ({S: Side.CN}, ())


def test_bodies_that_share_an_id_and_a_sequence_stand_as_events_of_their_own() -> None:
    """Whatever offices settle, no two events of one id go into a fold."""
    recorded = [FIRST, updated(S, {"text": "bản ghi sau"}, id="two", sequence="3")]
    third = FIRST | {"data": incident(side="both")}
    bodies = [aside(BY_ID), aside(third), aside(BY_SEQUENCE | {"subject": S})]
    decided = [settled(FIRST, "both", data={"digest": digest(raw), "sequence": "9"}) for raw in (BY_ID, third)]
    result = stands(recorded, bodies, *decided, settled(BY_SEQUENCE | {"subject": S}, "other"))
    assert sides(result) == {S: Side.BOTH}
    assert len({(event.source, event.id) for event in result.events}) == len(result.events) == 4


def test_a_second_posts_report_is_answered_by_letting_the_first_stand() -> None:
    second = reported(incident(side="VN"), subject=S, source="/posts/chi-ma/d1", time=at(1))
    result = stands([FIRST, second], [], settled(second, "first"))
    assert result.answered == {(second["source"], second["id"])}
    assert fold([event for event in result.events if isinstance(event, IncidentEvent)], settled=result.answered).second_reports == ()
    for unanswered in (
        settled(second, "other"),
        settled(second, "first", source="/offices/khong-biet"),
        settled(second, "first", subject=T),
    ):
        assert stands([FIRST, second], [], unanswered).answered == frozenset()


@pytest.mark.parametrize(("stands_", "sequence"), [("both", None), ("first", "7"), ("other", "7")])
def test_a_sequence_is_given_exactly_where_both_stand(stands_: str, sequence: str | None) -> None:
    with pytest.raises(InvalidEvent, match="sequence"):
        decode(payload(settled(FIRST, stands_, data={} if sequence is None else {"sequence": sequence})))


OFFICES = ("/offices/so-ngoai-vu-lang-son/1", "/offices/uy-ban-bien-gioi", "/offices/khong-biet", "/posts/tan-thanh/d1")


@st.composite
def settlements(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Settlements of several conflicts by several offices, with clocks that collide."""
    raws = []
    for number in range(draw(st.integers(0, 6))):
        of = draw(st.sampled_from([FIRST, BY_SEQUENCE | {"subject": S}]))
        choice = draw(st.sampled_from(["first", "other", "both"]))
        data = {"sequence": str(50 + number)} if choice == "both" else {}
        common = {
            "id": f"s{number}",
            "sequence": str(number),
            "time": at(draw(st.integers(0, 3))),
            "source": draw(st.sampled_from(OFFICES)),
        }
        raws.append(settled(of, choice, data=data, **common))
    return raws


@given(settlements(), st.data())
def test_the_order_of_arrival_does_not_matter(raws: list[dict[str, Any]], data: st.DataObject) -> None:
    recorded = [FIRST, updated(S, {"text": "bổ sung"}, sequence="2")]
    bodies = [aside(BY_ID), aside(BY_SEQUENCE)]

    def outcome(result: SettledEvents) -> tuple[Any, ...]:
        events: list[AnyEvent] = sorted(result.events, key=lambda event: (event.source, event.id))
        return events, result.answered, {body.digest for body in result.unsettled}, {(ref.source, ref.id) for ref in result.without_effect}

    whole = stands(recorded, bodies, *raws)
    assert len({(event.source, event.id) for event in whole.events}) == len(whole.events)
    arrived = stands(data.draw(st.permutations(recorded)), data.draw(st.permutations(bodies)), *data.draw(st.permutations(raws + raws[:2])))
    assert outcome(arrived) == outcome(whole)
