"""The fold of an incident: whatever order events arrive in, and however often."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agreement.incident import Incident, fold, of_one_report, of_several
from agreement.judge import judge
from agreement.packs import PACKS
from agreement.unit import unit_of
from border.places import Province
from schemas.codebook import Direction, Kind, Outcome, Side, Status
from schemas.events import IncidentEvent, Reported
from schemas.validation import decode
from tests.builders import NOON, assessed, incident, payload, reinstated, reported, retracted, updated


def event(raw: dict[str, Any]) -> IncidentEvent:
    return decode(payload(raw))  # type: ignore[return-value]


def folded(*raws: dict[str, Any]) -> Incident:
    return fold([event(raw) for raw in raws])


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


S = "inc-fold"
REPORT = reported(subject=S)


def test_a_report_alone_is_the_incident() -> None:
    result = folded(REPORT)
    assert (result.subject, result.kind, result.status, result.side) == (S, Kind.WORKS, Status.ACTUAL, Side.CN)
    assert result.facts == incident()["facts"]
    assert result.complete
    assert not result.retracted
    assert list(result.events) == [(REPORT["source"], REPORT["id"])]
    assert result.reporter == REPORT["source"]
    assert result.first_time == result.last_time == NOON


changes = st.fixed_dictionaries(
    {},
    optional={
        "side": st.sampled_from(["VN", "CN", "natural", "contested"]),
        "direction": st.sampled_from(["VN-CN", "along", None]),
        "text": st.sampled_from(["một", "hai", None]),
        "measures": st.sampled_from([[], [{"what": "area", "n": 12.5, "unit": "m2"}]]),
        "handling": st.sampled_from([[], [{"action": "talks"}]]),
        "facts": st.dictionaries(st.sampled_from(["distance_m", "notice_days"]), st.sampled_from([None, 1, 29, 31]), max_size=2),
    },
)
clocks = st.integers(min_value=0, max_value=3)
speakers = st.sampled_from(["/posts/tan-thanh/d1", "/posts/tan-thanh/d2", "/offices/so-ngoai-vu-lang-son"])
strangers = st.sampled_from(["/posts/chi-ma/d1", "/posts/khong-biet/d1", "/offices/so-ngoai-vu-cao-bang", "/offices/khong-biet"])


@st.composite
def histories(draw: st.DrawFn, sources: st.SearchStrategy[str] = speakers | strangers, name: str = "e") -> list[IncidentEvent]:
    """Events of one subject, of every type, with clocks and sources that collide."""
    raws: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        common = {"time": at(draw(clocks)), "source": draw(sources), "sequence": str(number), "id": f"{name}{number}"}
        match draw(st.sampled_from(["reported", "updated", "updated", "assessed", "retracted", "reinstated"])):
            case "reported":
                stated = {key: value for key, value in draw(changes).items() if key != "facts"}
                facts = {"distance_m": draw(st.sampled_from([5, 40]))}
                raws.append(reported(incident(facts=facts, **stated), subject=S, **common))
            case "updated":
                raws.append(updated(S, draw(changes), **common))
            case "assessed":
                raws.append(assessed(S, {"outcome": draw(st.sampled_from(["breach", "exempt"]))}, **common))
            case "reinstated":
                raws.append(reinstated(S, **common))
            case _:
                raws.append(retracted(S, **common))
    return [event(raw) for raw in raws]


@given(histories(), st.data())
def test_any_order_and_any_duplication_give_the_same_incident(events: list[IncidentEvent], data: st.DataObject) -> None:
    arrived = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    assert fold(arrived) == fold(events)


@given(histories())
def test_every_event_is_named_once_in_the_order_of_the_fold(events: list[IncidentEvent]) -> None:
    def clock(event: IncidentEvent) -> datetime:
        return max(other.time for other in events if other.source == event.source and other.number <= event.number)

    wanted = sorted(events, key=lambda event: (clock(event), event.source, event.number, event.id))
    assert list(fold(events).events) == [(event.source, event.id) for event in wanted]


@given(histories())
def test_a_report_alone_folds_as_any_events_do(events: list[IncidentEvent]) -> None:
    for event in events:
        if isinstance(event, Reported):
            assert of_one_report(event) == of_several((event,), ())


@given(histories())
def test_events_of_one_source_keep_their_sequence(events: list[IncidentEvent]) -> None:
    numbers = {(event.source, event.id): event.number for event in events}
    by_source: dict[str, list[int]] = {}
    for key in fold(events).events:
        by_source.setdefault(key[0], []).append(numbers[key])
    assert all(of_source == sorted(of_source) for of_source in by_source.values())


def test_a_device_whose_clock_was_set_back_does_not_lose_its_correction() -> None:
    device = {"source": "/posts/tan-thanh/d1"}
    first = reported(incident(facts={"distance_m": 18}), subject=S, sequence="1", **device)
    wrong = updated(S, {"facts": {"distance_m": 40}}, sequence="2", time=at(1), **device)
    right = updated(S, {"facts": {"distance_m": 12}}, sequence="3", time=at(-20), **device)
    assert folded(right, first, wrong).facts["distance_m"] == 12
    assert folded(first, wrong, right | {"sequence": "1", "id": "before"}).facts["distance_m"] == 40


def test_a_clock_set_back_loses_to_another_device_only_where_that_one_spoke_later() -> None:
    own = [REPORT, updated(S, {"text": "máy 1"}, time=at(-9))]
    assert folded(*own, updated(S, {"text": "máy 2"}, time=at(-1), source="/posts/tan-thanh/d2")).text == "máy 1"
    assert folded(*own, updated(S, {"text": "máy 2"}, time=at(1), source="/posts/tan-thanh/d2")).text == "máy 2"


@given(histories(speakers), histories(strangers, "s"))
def test_strangers_change_nothing_but_what_is_without_effect(own: list[IncidentEvent], others: list[IncidentEvent]) -> None:
    report = event(REPORT | {"source": "/posts/tan-thanh/d9", "time": at(-1)})
    alone, together = fold([report, *own]), fold([report, *own, *others])
    unheard = {(ref.source, ref.id) for ref in together.without_effect} - {(ref.source, ref.id) for ref in alone.without_effect}
    assert unheard == {(event.source, event.id) for event in others}
    of_strangers = ("events", "without_effect", "second_reports")
    assert replace(together, **{name: getattr(alone, name) for name in of_strangers}) == alone
    assert {ref.id for ref in together.second_reports} == {event.id for event in others if isinstance(event, Reported)}


def test_every_order_of_a_whole_life_is_one_incident() -> None:
    life = [
        event(REPORT),
        event(updated(S, {"facts": {"distance_m": None}}, time=at(1))),
        event(updated(S, {"facts": {"distance_m": 12}, "side": "VN"}, time=at(3))),
        event(assessed(S, {"outcome": "exempt"}, time=at(2))),
        event(retracted(S, time=at(1.5))),
    ]
    incidents = [fold(order) for order in permutations(life)]
    assert all(result == incidents[0] for result in incidents)
    assert incidents[0].facts["distance_m"] == 12
    assert incidents[0].side is Side.VN
    assert incidents[0].retracted
    assert incidents[0].facts_after_assessment


def test_events_at_the_same_moment_go_by_source_and_by_the_number_of_their_sequence() -> None:
    nine = updated(S, {"text": "chín"}, time=at(1), sequence="9")
    ten = updated(S, {"text": "mười"}, time=at(1), sequence="0010")
    assert folded(REPORT, ten, nine).text == "mười"
    office = updated(S, {"text": "sở"}, time=at(1), sequence="1", source="/offices/so-ngoai-vu-lang-son")
    assert folded(REPORT, ten, office).text == "mười"


def test_the_clock_of_who_said_it_decides_and_not_the_offset_it_was_written_in() -> None:
    earlier = updated(S, {"text": "trước"}, time="2025-12-28T14:00:00+08:00")
    later = updated(S, {"text": "sau"}, time="2025-12-28T13:30:00+07:00")
    assert folded(later, earlier, REPORT).text == "sau"


def test_facts_merge_key_by_key_and_null_withdraws() -> None:
    result = folded(REPORT, updated(S, {"facts": {"agreed": None, "distance_m": 25}}))
    assert "agreed" not in result.facts
    assert result.facts["distance_m"] == 25
    assert result.facts["purpose"] == "other"


def test_a_withdrawn_fact_may_be_stated_again() -> None:
    assert (
        folded(REPORT, updated(S, {"facts": {"agreed": None}}), updated(S, {"facts": {"agreed": True}}, time=at(2))).facts["agreed"] is True
    )


def test_lists_are_replaced_whole() -> None:
    first = reported(incident(measures=[{"what": "persons", "n": 3}], handling=[{"action": "talks"}]), subject=S)
    result = folded(first, updated(S, {"measures": [{"what": "area", "n": 12.5}], "handling": []}))
    assert [measured.what for measured in result.measures] == ["area"]
    assert result.handling == ()


def test_what_an_update_does_not_name_stays() -> None:
    first = reported(incident(direction="CN-VN", text="nhà mới"), subject=S)
    result = folded(first, updated(S, {"side": "VN"}))
    assert (result.direction, result.text, result.kind) == (Direction.CN_VN, "nhà mới", Kind.WORKS)


def test_an_optional_field_set_to_null_is_withdrawn() -> None:
    first = reported(
        incident(direction="CN-VN", text="nhà mới", known_at=at(-1), confidence={"source": "A"}),
        subject=S,
    )
    result = folded(first, updated(S, {"direction": None, "text": None, "known_at": None, "confidence": None}))
    assert (result.direction, result.text, result.known_at, result.confidence) == (None, None, None, None)


def test_a_second_report_of_the_same_post_states_its_own_fields_over_the_first() -> None:
    first = reported(incident(text="nhà mới", direction="CN-VN"), subject=S)
    second = reported(incident(side="VN", facts={"distance_m": 40}), subject=S, time=at(1), source="/posts/tan-thanh/d2")
    result = folded(second, first)
    assert (result.side, result.text, result.direction) == (Side.VN, "nhà mới", Direction.CN_VN)
    assert result.facts == incident()["facts"] | {"distance_m": 40}
    assert result.reporter == "/posts/tan-thanh/d1"
    assert result.second_reports == ()


def test_a_retraction_is_final_even_before_its_report_and_after_later_updates() -> None:
    result = folded(retracted(S, time=at(-1)), REPORT, updated(S, {"side": "VN"}))
    assert (result.retracted, result.retraction_reason, result.side) == (True, "báo nhầm", Side.VN)


def test_an_office_reinstates_what_was_retracted_as_if_it_had_not_been() -> None:
    result = folded(REPORT, retracted(S, time=at(1)), retracted(S, time=at(2)), reinstated(S), updated(S, {"side": "VN"}, time=at(3)))
    assert (result.retracted, result.retraction_reason, result.reinstatement_reason, result.side) == (False, None, "rút nhầm", Side.VN)


def test_a_reinstated_incident_may_be_retracted_again() -> None:
    result = folded(REPORT, retracted(S, time=at(1)), reinstated(S), retracted(S, time=at(5)))
    assert (result.retracted, result.reinstatement_reason) == (True, None)
    nothing_to_withdraw = folded(REPORT, reinstated(S), retracted(S, time=at(5)))
    assert nothing_to_withdraw.retracted
    assert folded(REPORT, reinstated(S)).reinstatement_reason is None


@pytest.mark.parametrize("early", [updated(S, {"side": "VN"}), retracted(S), assessed(S, {"outcome": "breach"})])
def test_without_its_report_an_incident_is_incomplete(early: dict[str, Any]) -> None:
    result = folded(early)
    assert not result.complete
    assert result.kind is None
    assert folded(early, REPORT).complete


def test_an_update_that_states_everything_is_still_no_report() -> None:
    assert not folded(updated(S, incident())).complete


def test_the_latest_assessment_wins_whole() -> None:
    first = assessed(S, {"outcome": "breach", "clause": "21(1)", "side": "CN"}, time=at(2))
    second = assessed(S, {"outcome": "exempt"}, time=at(3))
    result = folded(second, REPORT, first)
    assert result.assessment is not None
    assert (result.assessment.outcome, result.assessment.clause, result.assessment.side) == (Outcome.EXEMPT, None, None)


@pytest.mark.parametrize(
    ("change", "hours", "flag"),
    [
        ({"facts": {"distance_m": 12}}, 3, True),
        ({"facts": {"distance_m": None}}, 3, True),
        ({"side": "VN"}, 3, True),
        ({"facts": {"distance_m": 12}}, 1, False),
        ({"handling": [{"action": "talks"}]}, 3, False),
    ],
)
def test_facts_after_the_assessment_raise_a_flag(change: dict[str, Any], hours: int, flag: bool) -> None:
    result = folded(REPORT, assessed(S, {"outcome": "exempt"}), updated(S, change, time=at(hours)))
    assert result.facts_after_assessment is flag


def test_a_new_assessment_answers_the_facts_before_it() -> None:
    result = folded(REPORT, assessed(S, {}), updated(S, {"side": "VN"}, time=at(3)), assessed(S, {}, time=at(4)))
    assert not result.facts_after_assessment


def test_nothing_folds_to_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        fold([])


def test_events_of_several_subjects_are_no_incident() -> None:
    with pytest.raises(ValueError, match="inc-other"):
        folded(REPORT, reported(subject="inc-other"))


def test_one_id_with_two_contents_is_a_conflict() -> None:
    with pytest.raises(ValueError, match=REPORT["id"]):
        folded(REPORT, REPORT | {"data": incident(side="VN")})


def test_setting_a_field_to_null_is_another_content_than_leaving_it_out() -> None:
    update = updated(S, {"side": "VN"}, id="same", sequence="7")
    other = updated(S, {"side": "VN", "text": None}, id="same", sequence="7")
    with pytest.raises(ValueError, match="same"):
        folded(REPORT, update, other)


def test_the_same_id_of_two_sources_is_two_events() -> None:
    update = updated(S, {"side": "VN"}, id="same")
    other = updated(S, {"side": "both"}, id="same", source="/posts/coc-nam/d1")
    assert len(folded(REPORT, update, other).events) == 3


def test_a_distance_in_a_second_event_makes_the_breach() -> None:
    facts = {key: value for key, value in incident()["facts"].items() if key != "distance_m"}
    first = reported(incident(facts=facts), subject=S)
    before = judge(folded(first), PACKS[0])
    assert (before.outcome, before.findings[0].missing) == (Outcome.NEEDS_FACTS, ("distance_m",))
    assert judge(folded(updated(S, {"facts": {"distance_m": 30}}), first), PACKS[0]).outcome is Outcome.BREACH
    assert judge(folded(updated(S, {"facts": {"distance_m": 30.5}}), first), PACKS[0]).outcome is Outcome.NO_BREACH


@pytest.mark.parametrize(
    ("place", "source", "day", "unit"),
    [
        ({"scheme": "marker", "line": "VN-CN", "marker": "1088/2"}, "/posts/tra-linh/d1", "2025-12-28", Province.LANG_SON),
        ({"scheme": "marker", "line": "VN-CN", "marker": "1088/2", "province": "cao-bang"}, "/posts/x", "2025-12-28", Province.CAO_BANG),
        ({"scheme": "marker", "line": "VN-CN", "marker": "300"}, "/posts/x", "2025-06-30", Province.HA_GIANG),
        ({"scheme": "marker", "line": "VN-CN", "marker": "300"}, "/posts/x", "2025-07-01", Province.TUYEN_QUANG),
        ({"scheme": "marker", "line": "VN-CN", "marker": "300", "province": "ha-giang"}, "/posts/x", "2025-07-01", Province.HA_GIANG),
        ({"scheme": "marker", "line": "VN-LA", "marker": "585"}, "/offices/x", "2025-12-28", None),
        ({"scheme": "gate", "gate": "tra-linh"}, "/posts/tan-thanh/d1", "2025-12-28", Province.CAO_BANG),
        ({"scheme": "area", "area": "Hoàng Văn Thụ"}, "/posts/tan-thanh/d1", "2025-12-28", Province.LANG_SON),
        ({"scheme": "area", "area": "Hoàng Văn Thụ"}, "/posts/khong-co/d1", "2025-12-28", None),
        ({"scheme": "sea", "area": "Hoàng Sa", "province": "quang-ngai"}, "/offices/x", "2025-12-28", Province.QUANG_NGAI),
    ],
)
def test_an_incident_counts_for_the_province_stated_or_known(place: dict[str, Any], source: str, day: str, unit: Province | None) -> None:
    occurred = {"start": f"{day}T00:30:00+07:00", "precision": "hour"}
    assert unit_of(folded(reported(incident(place=place, occurred=occurred), source=source, subject=S))) is unit


def test_an_incident_nobody_located_counts_for_the_province_of_its_post() -> None:
    assert unit_of(folded(updated(S, {"side": "VN"}))) is Province.LANG_SON
