"""`mocgioi explain`: an event's whole life."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from agreement import packs
from agreement.packs import PACKS
from mocgioi.views import life, life_page
from sinks.query import trace
from sinks.record.database import Database
from sinks.record.rejudge import rejudge
from tests import builders
from tests.integration.test_crossing_counts import corrected
from tests.support.classified_batches import Log
from tests.support.commands import Command
from tests.support.packs import WIDER


def at(hours: float) -> str:
    return (builders.NOON + timedelta(hours=hours)).isoformat()


@pytest.fixture
def record(engine: Engine) -> Any:
    database = Database(engine)
    log = Log(database)

    def send(*events: dict[str, Any]) -> None:
        for event in events:
            database.record(log.batch([event]))

    return send


def life_json(engine: Engine, event: dict[str, Any]) -> dict[str, Any]:
    event_trace = trace.of_event(engine, event["source"], event["id"])
    assert event_trace is not None
    return life.of(event_trace)


def story() -> Sequence[dict[str, Any]]:
    """A house whose distance nobody measured, then measured, then measured again by another post."""
    first = builders.reported(builders.incident(facts={"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new"}))
    subject = first["subject"]
    return (
        first,
        builders.updated(subject, {"facts": {"distance_m": 40, "agreed": False}, "reason": "đo đạc"}, time=at(1)),
        builders.updated(
            subject, {"facts": {"distance_m": 12}, "side": "VN", "reason": "đo lại"}, time=at(2), source="/posts/tan-thanh/d2"
        ),
    )


def test_the_clocks_the_rules_and_what_was_missing(engine: Engine, record: Any) -> None:
    first, *rest = story()
    record(first, *rest)
    life_of = life_json(engine, first)
    assert life_of["clocks"]["occurred"] == {"start": at(-3), "precision": "hour"}
    assert life_of["clocks"]["time"] == first["time"]
    assert life_of["clocks"]["known_at"] is None
    assert life_of["clocks"]["received_at"] < life_of["clocks"]["recorded_at"]
    assert life_of["event"]["body"] == first
    assert life_of["origin"]["topic"] == "border.incidents.v1"
    (verdict,) = life_of["verdicts"]
    assert (verdict["outcome"], verdict["rule_pack"]) == ("needs_facts", "2009.1")
    assert [(row["rule_id"], row["outcome"]) for row in verdict["findings"]] == [("21.1.new_works", "needs_facts")]
    assert verdict["silent"] == ["21.3.extended_works"]  # it looked, and had nothing to say of new works
    assert life_of["missing"] == {"then": ["distance_m", "agreed"], "now": []}


def test_the_corrections_name_field_values_and_events(engine: Engine, record: Any) -> None:
    first, second, third = story()
    record(first, second, third)
    changes = life_json(engine, second)["changes"]
    assert [(row["field"], row["before"], row["after"], row["by"]["id"], row["reason"]) for row in changes] == [
        ("facts.agreed", None, False, second["id"], "đo đạc"),
        ("facts.distance_m", None, 40, second["id"], "đo đạc"),
        ("facts.distance_m", 40, 12, third["id"], "đo lại"),
    ]
    assert changes[2]["of"] == {"source": second["source"], "id": second["id"]}
    assert [(row["field"], row["before"], row["after"]) for row in life_json(engine, first)["changes"]] == [("side", "CN", "VN")]


def test_the_incident_and_every_figure_it_stands_in(engine: Engine, record: Any) -> None:
    first, second, third = story()
    record(first, second, third)
    life_of = life_json(engine, third)
    incident = life_of["incident"]
    assert (incident["outcome"], incident["side"], incident["clauses"], incident["version"]) == ("breach", "VN", ["21(1)"], 3)
    assert [row["holds_this_event"] for row in incident["versions"]] == [False, False, True]
    assert life_of["periods"] == {
        "nd09": ["2026-01", "2026Q1", "2026H1", "2026"],
        "calendar": ["2025-12", "2025Q4", "2025H2", "2025"],
    }
    figures = {(row["regime"], row["period"], row["unit"], row["id"]) for row in life_of["figures"]["breach"]}
    assert len(figures) == 2 * 4 * 2 * 2
    assert {("nd09", "2026Q1", "lang-son", "breach.VN"), ("calendar", "2025", "all", "breach.total")} <= figures


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (lambda subject: builders.retracted(subject, time=at(5)), "retracted"),
        (lambda subject: builders.updated(subject, {"status": "exercise"}, time=at(5)), "status_exercise"),
        (lambda subject: builders.assessed(subject, {"outcome": "no_breach"}, time=at(5)), "no_breach"),
        (lambda subject: builders.updated(subject, {"facts": {"distance_m": 60}}, time=at(5)), "no_breach"),
    ],
)
def test_what_stands_in_no_figure_says_why(engine: Engine, record: Any, later: Any, why: str) -> None:
    first = builders.reported()
    record(first, later(first["subject"]))
    figures = life_json(engine, first)["figures"]
    assert (figures["counts"], figures["why"], figures["breach"]) == (False, why, [])


def test_an_update_without_its_report_waits(engine: Engine, record: Any) -> None:
    lone = builders.updated("inc-nobody", {"side": "VN"})
    record(lone)
    life_of = life_json(engine, lone)
    assert life_of["figures"]["why"] == "incomplete"
    assert life_of["incident"]["complete"] is False
    assert life_of["periods"] == {}


def test_a_crossing_record_its_correction_and_the_counts_of_both(engine: Engine, record: Any) -> None:
    first = builders.crossing()
    fix = corrected(first, 150, hours=1)
    record(first, fix)
    life_of = life_json(engine, first)
    assert [row["id"] for row in life_of["corrected_by"]] == [fix["id"]]
    assert {(row["n"], "superseded_at" in row) for row in life_of["crossing_counts"] if row["what"] == "vehicles"} == {
        (150, False),
        (120, True),
    }
    assert life_of["incident"] is None
    assert life_of["figures"]["why"] == "not_an_incident"
    assert life_of["periods"]["calendar"][0] == "2025-12"
    assert [row["stated_id"] for row in life_json(engine, fix)["crossing_counts"]] == [fix["id"]]


def test_a_rejudging_adds_a_verdict_and_a_version_with_its_reason(engine: Engine, record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = builders.reported(builders.incident(facts=builders.incident()["facts"] | {"distance_m": 40}))
    record(first)
    monkeypatch.setattr(packs, "PACKS", (*PACKS, WIDER))
    rejudge(engine, WIDER, "dải 50 m")
    life_of = life_json(engine, first)
    assert [(row["rule_pack"], row["outcome"]) for row in life_of["verdicts"]] == [("2009.1", "no_breach"), ("2099.1", "breach")]
    assert [row.get("rejudged") for row in life_of["incident"]["versions"]] == [None, "dải 50 m"]
    assert life_of["figures"]["counts"]


def test_the_paper_holds_all_of_it(engine: Engine, record: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = story()
    record(first, second, third)
    life_page.show(life_json(engine, second))
    paper = capsys.readouterr().out
    for part in (
        second["id"],
        "Ghi · recorded at",
        "facts.distance_m",
        "đo lại",
        "2026Q1: breach.total[lang-son]",
        "Điều 21(1)",
        "breach.VN[all]",
    ):
        assert part in paper
    life_page.show(life_json(engine, first))
    assert "21.3.extended_works: không có gì để nói" in capsys.readouterr().out


def test_the_command_finds_an_event_by_its_id_and_asks_where_it_is_ambiguous(command: Command, engine: Engine, record: Any) -> None:
    original, twin = builders.reported(id="e-twin"), builders.reported(id="e-twin", source="/posts/tan-thanh/d2")
    other = builders.reported()
    record(original, twin, other)
    assert command("explain", other["id"], "--json").document["event"]["subject"] == other["subject"]
    ambiguous = command("explain", "e-twin")
    assert ambiguous.code == 1
    assert [code for code, _ in ambiguous.problems] == ["ambiguous"]
    assert "/posts/tan-thanh/d2" in ambiguous.err
    chosen = command("explain", "e-twin", "--source", "/posts/tan-thanh/d2", "--json")
    assert chosen.document["event"]["subject"] == twin["subject"]
    assert "e-twin" in command("explain", "e-twin", "--source", "/posts/tan-thanh/d2").out
    assert command("explain", "e-nobody").problems[0][0] == "not_found"


def test_an_event_kept_aside_is_told_as_such(command: Command, record: Any) -> None:
    first = builders.reported()
    record(first, builders.reported(id="e-aside", sequence=first["sequence"]))
    refused = command("explain", "e-aside")
    assert refused.code == 1
    assert "incidents conflicts" in refused.err
    assert command("explain", first["id"], "--json").document["conflicts"][0]["conflicts_by"] == "sequence"
