"""`mocgioi incidents`: what the record holds, now and then, and an officer's word on it."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.builders import assessed, incident, reported, retracted, updated
from tests.support.commands import Command, write_events

KEYS = ["incident", "kind", "outcome", "clauses", "article39", "side", "markers", "province", "occurred", "status"]


def ingest(command: Command, folder: Path, *events: dict[str, Any]) -> None:
    assert command("ingest", write_events(folder / "events.jsonl", events)).code in (0, 1)


def now() -> str:
    """This moment, with a little room on both sides of it."""
    time.sleep(0.01)
    moment = datetime.now(UTC).isoformat()
    time.sleep(0.01)
    return moment


def test_rows_have_the_keys_of_the_contract(command: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(command, tmp_path, event)
    (row,) = command("incidents", "list", "--json").document
    assert list(row)[: len(KEYS)] == KEYS
    assert {name: row[name] for name in KEYS} == {
        "incident": event["subject"],
        "kind": "works",
        "outcome": "breach",
        "clauses": row["clauses"],
        "article39": None,
        "side": "CN",
        "markers": ["1088/2"],
        "province": "lang-son",
        "occurred": "2025-12-28T09:00:00+07:00",
        "status": "actual",
    }
    assert "21(1)" in row["clauses"]


def test_the_list_is_chosen_from_and_the_latest_stands_first(command: Command, tmp_path: Path) -> None:
    def at(hour: int, **changes: Any) -> dict[str, Any]:
        return reported(incident(occurred={"start": f"2025-12-27T{hour:02}:00:00+07:00", "precision": "hour"}, **changes))

    early = at(1, side="VN")
    late = at(3, kind="patrol", facts={})
    middle = at(2, place={"scheme": "area", "area": "xã Trà Lĩnh", "province": "cao-bang"}, facts={})
    ingest(command, tmp_path, late, early, middle)

    def listed(*options: str) -> list[str]:
        return [row["incident"] for row in command("incidents", "list", *options, "--json").document]

    assert listed() == [late["subject"], middle["subject"], early["subject"]]
    assert listed("--limit", "1") == [late["subject"]]
    assert listed("--side", "VN") == [early["subject"]]
    assert listed("--kind", "patrol") == [late["subject"]]
    assert listed("--outcome", "breach") == [early["subject"]]
    assert listed("--province", "cao-bang") == [middle["subject"]]
    assert listed("--side", "both") == []
    assert listed("--side", "Việt Nam", "--outcome", "vi pham hiep dinh") == [early["subject"]]
    assert listed("--province", "Cao Bang", "--kind", "xây dựng công trình") == [middle["subject"]]


def test_an_assessment_overrides_what_is_shown_and_hides_nothing(embedded: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(embedded, tmp_path, event)
    before = now()
    reason = "hai bên đã thỏa thuận [biên bản 12]"
    options = ["--outcome", "exempt", "--clause", "21(2)", "--side", "VN", "--reason", reason, "--office", "so-ngoai-vu-lang-son"]
    done = embedded("incidents", "assess", event["subject"], *options)
    assert (done.code, done.err) == (0, "")

    (row,) = embedded("incidents", "list", "--json").document
    assert (row["outcome"], row["machine_outcome"], row["clauses"], row["side"]) == ("exempt", "breach", ["21(2)"], "VN")
    assert row["assessed"]
    listed = embedded("incidents", "list").out
    assert "thuộc ngoại lệ" in listed
    assert "máy: vi phạm" in listed

    shown = embedded("incidents", "show", event["subject"]).out
    for words in ("thuộc ngoại lệ · exempt", "so-ngoai-vu-lang-son", reason, "máy · machine", "vi phạm Hiệp định · breach"):
        assert words in shown

    (then,) = embedded("incidents", "list", "--as-of", before, "--json").document
    assert (then["outcome"], then["assessed"], then["side"]) == ("breach", False, "CN")
    assert embedded("incidents", "show", event["subject"], "--as-of", before, "--json").document["outcome"] == "breach"


def test_the_latest_assessment_wins_and_facts_after_it_raise_a_flag(command: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(command, tmp_path, event)
    for outcome in ("exempt", "no_breach"):
        options = ["--outcome", outcome, "--reason", "khảo sát", "--office", "so-ngoai-vu-lang-son"]
        assert command("incidents", "assess", event["subject"], *options).code == 0
    shown = command("incidents", "show", event["subject"], "--json").document
    assert (shown["outcome"], len(shown["versions"])) == ("no_breach", 3)
    assert not shown["facts_after_assessment"]
    ingest(command, tmp_path, updated(event["subject"], {"facts": {"distance_m": 12}}, time=now()))
    shown = command("incidents", "show", event["subject"], "--json").document
    assert (shown["outcome"], shown["facts_after_assessment"]) == ("no_breach", True)
    assert "facts came after the officer's finding" in command("incidents", "show", event["subject"]).out


def test_offices_on_one_machine_do_not_take_each_others_numbers(command: Command, tmp_path: Path) -> None:
    """An imported office has used number 1 already: an assessment minted here is another device's."""
    event = reported(source="/offices/so-ngoai-vu-cao-bang", sequence="1")
    ingest(command, tmp_path, event)
    options = ["--outcome", "exempt", "--reason", "khảo sát", "--office", "so-ngoai-vu-cao-bang"]
    assert command("incidents", "assess", event["subject"], *options).code == 0
    assert command("incidents", "conflicts", "--json").document == []
    assert command("incidents", "show", event["subject"], "--json").document["outcome"] == "exempt"


@pytest.mark.parametrize(
    ("changes", "code"), [({"reason": "MẬT"}, "secret"), ({"reason": ""}, "value"), ({"clause": "hai mươi mốt"}, "value")]
)
def test_a_bad_assessment_is_refused_and_nothing_is_recorded(command: Command, tmp_path: Path, changes: dict[str, str], code: str) -> None:
    event = reported()
    ingest(command, tmp_path, event)
    finding = {"reason": "khảo sát", "office": "so-ngoai-vu-lang-son", "outcome": "exempt"} | changes
    done = command("incidents", "assess", event["subject"], *(part for name, value in finding.items() for part in (f"--{name}", value)))
    assert done.code == 1
    assert [problem for problem, _ in done.problems] == [code]
    assert len(command("incidents", "show", event["subject"], "--json").document["versions"]) == 1


@pytest.mark.parametrize("arguments", [["show", "inc-nobody"], ["assess", "inc-nobody", "--reason", "x", "--office", "o", "--side", "CN"]])
def test_an_incident_that_nobody_knows_is_a_problem(command: Command, arguments: list[str]) -> None:
    done = command("incidents", *arguments)
    assert (done.code, done.out) == (1, "")
    ((code, sentence),) = done.problems
    assert code == "not_found"
    assert "inc-nobody" in sentence


def test_an_incident_that_was_not_known_then_says_so(command: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(command, tmp_path, event)
    done = command("incidents", "show", event["subject"], "--as-of", "2019-12-14")
    assert done.code == 1
    assert "2019-12-14" in done.problems[0][1]
    assert command("incidents", "list", "--as-of", "2019-12-14", "--json").document == []


def test_a_bare_day_means_its_end_in_vietnam(command: Command, database_url: str, tmp_path: Path) -> None:
    event = reported()
    ingest(command, tmp_path, event)
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("UPDATE incident_state SET recorded_at = '2025-12-31T23:59:59.5+07:00'")
    assert command("incidents", "list", "--as-of", "2025-12-30", "--json").document == []
    assert command("incidents", "list", "--as-of", "2025-12-31T23:59:59", "--json").document == []
    assert len(command("incidents", "list", "--as-of", "2025-12-31", "--json").document) == 1


def test_what_does_not_count_says_why(command: Command, tmp_path: Path) -> None:
    withdrawn, practice, alone = reported(), reported(incident(status="exercise")), updated("inc-alone", {"facts": {"distance_m": 5}})
    ingest(command, tmp_path, withdrawn, retracted(withdrawn["subject"]), practice, alone)
    for subject, words in (
        (withdrawn["subject"], "đã rút, không tính · retracted, does not count: báo nhầm"),
        (practice["subject"], "exercise, không tính · does not count"),
        ("inc-alone", "chưa có báo cáo đầu, không tính · its report has not arrived"),
    ):
        assert words in command("incidents", "show", subject).out
    listed = command("incidents", "list").out
    for words in ("đã rút", "(exercise)", "chưa có báo cáo đầu"):
        assert words in listed


def test_conflicts_are_listed_and_shown_with_their_incident(command: Command, tmp_path: Path) -> None:
    event = reported()
    other = reported(incident(side="VN"), id=event["id"], subject=event["subject"], sequence=event["sequence"])
    ingest(command, tmp_path, event, other)
    (row,) = command("incidents", "conflicts", "--json").document
    assert (row["source"], row["id"], row["subject"], row["conflicts_by"]) == (event["source"], event["id"], event["subject"], "id")
    assert event["id"] in command("incidents", "conflicts").out
    shown = command("incidents", "show", event["subject"])
    assert "conflicts, kept aside" in shown.out
    assert "Trung Quốc · China" in shown.out, "the first stands"


def test_words_without_effect_are_shown_as_such_in_the_order_of_the_fold(command: Command, tmp_path: Path) -> None:
    event = reported(sequence="1")
    late = updated(event["subject"], {"side": "VN"}, sequence="2", time="2025-12-29T12:00:00+07:00")
    set_back = updated(event["subject"], {"side": "both"}, sequence="3", time="2025-12-28T10:00:00+07:00")
    stranger = retracted(event["subject"], source="/posts/chi-ma/d1", time="2025-12-28T11:00:00+07:00")
    ingest(command, tmp_path, event, late, set_back, stranger)
    shown = command("incidents", "show", event["subject"], "--json").document
    assert [told["id"] for told in shown["events"]] == [stranger["id"], event["id"], late["id"], set_back["id"]]
    assert [told["without_effect"] and told["without_effect"]["code"] for told in shown["events"]] == ["another_post", None, None, None]
    assert (shown["owner"], shown["side"], shown["retracted"]) == ("/posts/tan-thanh", "both", False)
    assert "không có hiệu lực: vì vụ việc không thuộc đồn này" in " ".join(command("incidents", "show", event["subject"]).out.split())
    explained = command("explain", stranger["id"])
    assert "không có hiệu lực: vì vụ việc không thuộc đồn này" in explained.out
    assert command("explain", stranger["id"], "--json").document["without_effect"]["code"] == "another_post"
    assert command("explain", late["id"], "--json").document["without_effect"] is None


def test_an_office_reinstates_what_was_retracted(embedded: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(embedded, tmp_path, event, retracted(event["subject"]))
    assert embedded("incidents", "list", "--json").document[0]["retracted"]
    done = embedded("incidents", "reinstate", event["subject"], "--reason", "rút nhầm vụ", "--by", "so-ngoai-vu-lang-son")
    assert (done.code, done.err) == (0, "")
    assert not embedded("incidents", "list", "--json").document[0]["retracted"]
    assert "reinstated: rút nhầm vụ" in embedded("incidents", "show", event["subject"]).out
    assert "rút nhầm vụ" in embedded("explain", event["id"]).out


@pytest.mark.parametrize("office", ["so-ngoai-vu-cao-bang", "khong-biet"])
@pytest.mark.parametrize("command_", [["assess", "--outcome", "exempt"], ["reinstate"]])
def test_an_office_without_a_say_is_told_so_and_nothing_is_sent(command: Command, tmp_path: Path, office: str, command_: list[str]) -> None:
    event = reported()
    ingest(command, tmp_path, event)
    name, *options = command_
    done = command("incidents", name, event["subject"], *options, "--reason", "khảo sát", "--office", office)
    ((code, sentence),) = done.problems
    assert (done.code, code) == (1, "without_effect")
    assert office in sentence
    assert len(command("incidents", "show", event["subject"], "--json").document["events"]) == 1


def test_a_conflict_is_shown_field_by_field_and_settled_by_an_office(embedded: Command, tmp_path: Path) -> None:
    event = reported()
    other = reported(incident(side="VN", facts={"distance_m": 12}), id=event["id"], subject=event["subject"], sequence=event["sequence"])
    ingest(embedded, tmp_path, event, other)
    which = [event["source"], event["id"]]
    (row,) = embedded("incidents", "conflicts", "show", *which, "--json").document
    fields = {one["field"]: (one["first"], one["other"]) for one in row["differences"]}
    assert fields["data.side"] == ("CN", "VN")
    assert fields["data.facts.distance_m"] == (18, 12)
    assert fields["data.facts.agreed"] == (False, None)
    assert "data.kind" not in fields
    shown = embedded("incidents", "conflicts", "show", *which).out
    assert "phía (data.side)" in shown
    assert "Bản để riêng" in shown

    def settle(*options: str) -> Any:
        return embedded("incidents", "conflicts", "settle", *which, "--reason", "đồn xác nhận", *options)

    refused = settle("--stands", "other", "--by", "so-ngoai-vu-cao-bang")
    assert [code for code, _ in refused.problems] == ["without_effect"]
    assert settle("--stands", "neither", "--by", "so-ngoai-vu-lang-son").code == 2
    done = settle("--stands", "both", "--by", "so-ngoai-vu-lang-son")
    assert (done.code, done.err) == (0, "")
    sent = embedded("incidents", "show", event["subject"], "--json").document["events"][-1]
    assert sent["type"] == "vn.mocgioi.conflict.settled.v1"
    said = json.loads(sent["body"])["data"]
    assert said == {
        "of": {"source": event["source"], "id": event["id"]},
        "stands": "both",
        "reason": "đồn xác nhận",
        "sequence": f"{int(event['sequence']) + 1:08d}",
    }


def test_an_office_sees_both_events_of_a_squatted_number_and_admits_the_one_set_aside(command: Command, tmp_path: Path) -> None:
    squatter = reported(incident(status="test"), sequence="12")
    event = reported(sequence="12")
    ingest(command, tmp_path, squatter, event)
    which = [event["source"], event["id"]]
    (row,) = command("incidents", "conflicts", "show", *which, "--json").document
    assert (row["conflicts_by"], row["recorded"]["id"], row["id"]) == ("sequence", squatter["id"], event["id"])
    assert row["offset"] == row["recorded"]["offset"] + 1
    shown = command("incidents", "conflicts", "show", *which).out
    for each in (row, row["recorded"]):
        assert f"{each['id']} ({each['topic']}[{each['partition']}]@{each['offset']})" in shown
    settled = ["--stands", "both", "--reason", "máy khác mạo số", "--by", "so-ngoai-vu-lang-son"]
    assert command("incidents", "conflicts", "settle", *which, *settled).code == 0
    incidents = command("incidents", "list", "--json").document
    assert {row["incident"]: row["outcome"] for row in incidents if row["status"] == "actual"} == {event["subject"]: "breach"}


def test_of_several_bodies_kept_aside_one_is_named(command: Command, tmp_path: Path) -> None:
    event = reported()
    twins = [reported(incident(side=side), **{name: event[name] for name in ("id", "subject", "sequence")}) for side in ("VN", "both")]
    ingest(command, tmp_path, event, *twins)
    which = [event["source"], event["id"], "--reason", "x", "--by", "uy-ban-bien-gioi"]
    unnamed = command("incidents", "conflicts", "settle", *which, "--stands", "other")
    assert (unnamed.code, unnamed.problems[0][0]) == (2, "ambiguous")
    digest = command("incidents", "conflicts", "--json").document[0]["digest"]
    assert command("incidents", "conflicts", "settle", *which, "--stands", "other", "--digest", digest[:12]).code == 0
    sent = command("incidents", "show", event["subject"], "--json").document["events"][-1]
    assert json.loads(sent["body"])["data"]["digest"] == digest


def test_a_second_posts_report_is_settled_by_letting_the_first_stand(command: Command, tmp_path: Path) -> None:
    event = reported()
    second = reported(subject=event["subject"], source="/posts/chi-ma/d1", time="2025-12-28T13:00:00+07:00")
    ingest(command, tmp_path, event, second)
    assert "another unit's report" in command("incidents", "show", event["subject"]).out

    def settle(report: dict[str, Any], stands: str) -> Any:
        which = [report["source"], report["id"], "--stands", stands]
        return command("incidents", "conflicts", "settle", *which, "--reason", "cùng một vụ", "--by", "so-ngoai-vu-lang-son")

    for refused in (settle(second, "both"), settle(event, "first")):
        assert (refused.code, refused.problems[0][0]) == (1, "no_conflict")
    assert settle(second, "first").code == 0
    shown = command("incidents", "show", event["subject"], "--json").document
    assert shown["second_reports"] == []


@pytest.mark.parametrize("arguments", [["show"], ["settle", "--stands", "first", "--reason", "x", "--by", "uy-ban-bien-gioi"]])
def test_what_is_no_conflict_is_a_problem(command: Command, arguments: list[str]) -> None:
    name, *options = arguments
    done = command("incidents", "conflicts", name, "/posts/tan-thanh/d1", "e-nobody", *options)
    assert (done.code, [code for code, _ in done.problems]) == (1, ["not_found"])


def test_an_officers_finding_that_came_as_an_event_is_shown_too(command: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(command, tmp_path, event, assessed(event["subject"], {"outcome": "no_breach"}))
    shown = command("incidents", "show", event["subject"]).out
    assert "không vi phạm · no breach" in shown
    assert "so-ngoai-vu-lang-son: kết luận sau khảo sát" in shown
