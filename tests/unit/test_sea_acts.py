"""The fact `act` of an incident at sea: one code or several, from validation to the columns of its state."""

import json
from itertools import permutations
from typing import Any

import pytest

from agreement.incident import fold
from agreement.judge import judge
from agreement.state import pack_of, state_of
from schemas.codebook import Kind
from schemas.problems import InvalidEvent
from schemas.sound import SoundReport
from schemas.validation import decode, decode_quickly
from schemas.verdicts import IncidentState
from tests import builders
from texts.sentence.draft import facts_in

AT_SEA = {"kind": "sea_obstruction", "place": {"scheme": "sea", "area": "Hoàng Sa", "province": "quang-ngai"}}


def reported(act: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(**AT_SEA, facts={"act": act}))


def written(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def state(*events: dict[str, Any]) -> IncidentState:
    incident = fold([decode(written(event)) for event in events])  # type: ignore[misc]  # all are of an incident
    return state_of(incident, judge(incident, pack_of(incident)))


@pytest.mark.parametrize(
    ("act", "fact", "column"),
    [
        ("rammed", "rammed", "rammed"),
        (["rammed"], "rammed", "rammed"),
        *(
            (list(order), ("property_taken", "rammed", "chased"), "property_taken,rammed,chased")
            for order in permutations(("rammed", "chased", "property_taken"))
        ),
    ],
)
def test_several_acts_stand_in_the_order_of_the_codebook_however_they_were_written(act: Any, fact: Any, column: str) -> None:
    event = reported(act)
    quick, close = decode_quickly(written(event)), decode(written(event))
    assert isinstance(quick, SoundReport)
    assert (quick.data.facts, close.data.facts) == ({"act": fact}, {"act": fact})  # type: ignore[union-attr]  # a report
    assert (state(event).act, state(event).acts) == (column, tuple(column.split(",")))


def test_an_incident_whose_act_is_not_known_has_none() -> None:
    assert state(builders.reported(builders.incident(**AT_SEA, facts={}))).acts == ()


def test_a_later_word_replaces_all_acts_and_null_withdraws_them() -> None:
    event = reported(["rammed", "chased"])
    more, withdrawn = (builders.updated(event["subject"], {"facts": {"act": act}}) for act in (["detained", "chased"], None))
    assert state(event, more).acts == ("detained", "chased")
    assert state(event, withdrawn).acts == ()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        ([], "data.facts.act: không được để trống"),
        (["rammed", "rammed"], "data.facts.act: mỗi hành vi chỉ ghi một lần"),
        (["chased", "đâm va"], 'data.facts.act.1: "đâm va" không hợp lệ, cần một trong: .*(gần nhất: rammed)'),
        ("đâm va", 'data.facts.act: "đâm va" không hợp lệ, cần một trong: .*(gần nhất: rammed)'),
        (["rammed", None], "data.facts.act.1"),
        ({"rammed": True}, "data.facts.act: "),
    ],
)
def test_what_is_no_act_is_refused_by_its_field(act: Any, message: str) -> None:
    with pytest.raises(InvalidEvent, match=message):
        decode(written(reported(act)))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Tàu Trung Quốc rượt đuổi, đâm va và lấy tài sản của 01 tàu cá cùng 11 ngư dân.", ["rammed", "chased", "property_taken"]),
        ("Một tàu cá bị đâm chìm, ngư dân không bị bắt giữ.", "rammed"),
    ],
)
def test_a_sentence_states_every_act_that_it_names(text: str, act: Any) -> None:
    assert facts_in(text, Kind.SEA_OBSTRUCTION) == {"act": act}
