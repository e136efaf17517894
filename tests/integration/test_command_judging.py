"""`mocgioi marker` and `mocgioi classify`: no data folder, no service, no clock."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.probe import probe
from tests.builders import NOON, crossing, incident, reported, retracted
from tests.support.commands import Command, write_events

FINDING = {"rule_id", "clause", "article39", "outcome", "side", "markers", "facts", "missing", "limit", "explanation"}


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command where nothing can be kept: a file stands where the data folder would be."""
    (tmp_path / "home").write_text("")
    return Command(tmp_path / "home")


def mark(main: int, aux: int | None = None, post: int | None = None, offset_m: int | None = None) -> dict[str, Any]:
    return {"main": main, "aux": aux, "post": post, "offset_m": offset_m}


def test_markers_are_a_json_line_an_argument(bare: Command) -> None:
    texts = ["mốc 1088/2 - 1089", "836(2), 1363(2)-500m", "không có gì"]
    done = bare("marker", "parse", *texts, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.lines == [
        {
            "raw": "mốc 1088/2 - 1089",
            "items": [{"from": mark(1088, 2), "to": mark(1089), "canonical": "1088/2-1089"}],
            "canonical": "1088/2-1089",
            "review": None,
        },
        {
            "raw": "836(2), 1363(2)-500m",
            "items": [
                {"from": mark(836, post=2), "to": None, "canonical": "836(2)"},
                {"from": mark(1363, post=2, offset_m=-500), "to": None, "canonical": "1363(2)-500m"},
            ],
            "canonical": "836(2), 1363(2)-500m",
            "review": None,
        },
        {"raw": "không có gì", "items": [], "canonical": "", "review": done.lines[2]["review"]},
    ]
    assert done.lines[2]["review"]


def test_markers_for_people_say_what_to_look_at(bare: Command) -> None:
    done = bare("marker", "parse", "khu vực mốc 556/1-556/2, 560-561 và 836(2)", "9999")
    assert done.code == 0
    assert "556/1-556/2, 560-561, 836(2)" in done.out
    assert "9999" in done.out


@pytest.mark.parametrize(
    ("a", "b", "relation", "gap"),
    [
        ("1088/2", "mốc 1088/2", "same", 0),
        ("836(1)", "836(2)", "same", 0),
        ("560-570", "565", "contains", 0),
        ("561", "560-561", "within", 0),
        ("560-562", "561-563", "overlaps", 0),
        ("560-561", "561-562", "touches", 0),
        ("560", "561", "before", 0),
        ("560", "570", "before", 9),
        ("570", "560", "after", 9),
    ],
)
def test_two_markers_are_related_by_a_json_document(bare: Command, a: str, b: str, relation: str, gap: int) -> None:
    assert bare("marker", "relate", a, b, "--json").document == {"relation": relation, "gap": gap}
    assert relation in bare("marker", "relate", a, b).out


def test_a_text_without_a_marker_cannot_be_related(bare: Command) -> None:
    done = bare("marker", "relate", "560", "đồn")
    assert (done.code, done.out) == (1, "")
    assert done.problems[0][0] == "marker"
    assert "đồn" in done.problems[0][1]


def test_events_are_judged_a_json_line_each(bare: Command, tmp_path: Path) -> None:
    breach, others = reported(), [crossing(), retracted("inc-1"), json.loads(probe(NOON))]
    file = write_events(tmp_path / "events.jsonl", [breach, *others])
    done = bare("classify", file)
    assert (done.code, done.err) == (0, "")
    answer, *rest = done.lines
    assert list(answer) == ["event_id", "subject", "outcome", "rule_pack", "findings"]
    assert (answer["event_id"], answer["subject"], answer["outcome"]) == (breach["id"], breach["subject"], "breach")
    assert answer["rule_pack"]
    finding = next(finding for finding in answer["findings"] if finding["outcome"] == "breach")
    assert set(finding) == FINDING
    assert (finding["clause"], finding["side"], finding["markers"], finding["missing"]) == ("21(1)", "CN", ["1088/2"], [])
    assert finding["limit"] == "distance_m <= 30"
    assert set(finding["explanation"]) == {"vi", "en"}
    assert finding["facts"].items() <= breach["data"]["facts"].items()
    assert finding["article39"] is None
    assert [(line["event_id"], line["outcome"]) for line in rest] == [(event["id"], "not_applicable") for event in others]


def test_missing_facts_are_named(bare: Command, tmp_path: Path) -> None:
    facts = {"purpose": "other", "permanent": True, "change": "new", "distance_m": 10}
    file = write_events(tmp_path / "events.jsonl", [reported(incident(facts=facts))])
    (answer,) = bare("classify", file).lines
    assert answer["outcome"] == "needs_facts"
    assert any(finding["missing"] == ["agreed"] for finding in answer["findings"])


def test_a_refused_line_is_told_with_its_number_and_the_rest_goes_on(bare: Command) -> None:
    good = json.dumps(reported())
    bad = json.dumps(reported(incident(kind="war")))
    secret = json.dumps(reported(incident(text="TUYỆT MẬT: bí số 123")), ensure_ascii=False)
    done = bare("classify", stdin=f"\ufeff{good}\n\n  \n{bad}\nnot json\n{secret}\n{good}\n".encode())
    assert (done.code, done.err) == (1, "")
    first, refused, broken, hidden, last = done.lines
    assert "event_id" in first
    assert "event_id" in last
    assert [one["line"] for one in (refused, broken, hidden)] == [4, 5, 6], "blank lines are counted and not answered"
    assert all(set(one) == {"line", "problem"} and set(one["problem"]) == {"code", "message"} for one in (refused, broken, hidden))
    assert (refused["problem"]["code"], broken["problem"]["code"], hidden["problem"]["code"]) == ("value", "json", "secret")
    assert "war" in refused["problem"]["message"]
    assert "123" not in done.out


def test_stdin_is_the_default_and_a_dash(bare: Command) -> None:
    event = reported()
    for arguments in (["classify"], ["classify", "-"]):
        (answer,) = bare(*arguments, stdin=json.dumps(event).encode()).lines
        assert answer["event_id"] == event["id"]


def test_nothing_in_is_nothing_out_and_said(bare: Command) -> None:
    done = bare("classify", stdin=b"\n\n")
    assert (done.code, done.out) == (1, "")
    ((code, sentence),) = done.problems
    assert (code, sentence) == ("no_events", "stdin: tệp không có sự kiện nào · holds no events")


def test_an_array_is_judged_event_by_event(bare: Command) -> None:
    events = [reported(), reported(incident(kind="war")), reported()]
    done = bare("classify", stdin=json.dumps(events).encode())
    first, refused, last = done.lines
    assert (done.code, first["event_id"], last["event_id"]) == (1, events[0]["id"], events[2]["id"])
    assert (refused["line"], refused["number"], refused["problem"]["code"]) == (1, 2, "value")


def test_a_word_file_is_one_problem(bare: Command) -> None:
    done = bare("classify", stdin=b"PK\x03\x04" + b"\n\x00\x08" * 500 + b"word/document.xml")
    assert (done.code, done.out) == (1, "")
    ((code, sentence),) = done.problems
    assert code == "no_events"
    assert ".docx" in sentence


@pytest.mark.parametrize("settings", [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C"}])
def test_what_is_written_is_utf_8_whatever_the_code_page(bare: Command, settings: dict[str, str]) -> None:
    parsed = bare("marker", "parse", "mốc 1088/2 界碑", **settings)
    refused = bare("marker", "relate", "1088", "sau núi", **settings)
    assert (parsed.code, refused.code) == (0, 1)
    assert "Cần xem lại" in parsed.out
    assert "'sau núi'" in refused.err
