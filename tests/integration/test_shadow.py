"""A rule on trial, all the way: its findings are kept and shown, and nothing counts them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from agreement import packs
from agreement.packs import Pack
from agreement.rules.table import RULES
from mocgioi.cli import app
from schemas.codebook import Outcome, Side
from sinks.query.incidents import incidents
from sinks.record.database import Database
from sinks.record.rebuild import rebuild
from tests import builders
from tests.support.classified_batches import Log
from tests.support.figures import counted
from tests.support.packs import changed
from tests.support.rows import contents, one

SHOOTING = next(rule for rule in RULES if rule.id == "15.7.shooting")


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The program's rules, of which shooting is on trial, and one more, on trial too, that finds a breach in every mine."""
    mines = replace(next(rule for rule in RULES if rule.id == "15.6.mining"), id="15.6.on_trial", decide=lambda f: Outcome.BREACH)
    pack = changed("2099.2", *RULES, mines, shadow=frozenset({SHOOTING.id, mines.id}))
    monkeypatch.setattr(packs, "PACKS", (pack,))
    return pack


def shot() -> dict[str, Any]:
    return builders.reported(builders.incident(kind="shooting", facts={"across": True}))


def mine() -> dict[str, Any]:
    return builders.reported(builders.incident(kind="mining", facts={"distance_m": 5000}))


def test_the_record_keeps_what_it_finds_and_counts_nothing_of_it(trial: Pack, engine: Engine) -> None:
    database = Database(engine)
    done = database.record(Log(database).batch([shot(), mine()]))
    assert done.verdicts == {(Outcome.NOT_APPLICABLE, Side.CN): 1, (Outcome.NO_BREACH, Side.CN): 1}
    rows = {row["kind"]: row for row in incidents(engine)}
    assert (rows["shooting"]["outcome"], rows["shooting"]["clauses"], rows["shooting"]["article39"]) == ("not_applicable", [], None)
    assert (rows["mining"]["outcome"], rows["mining"]["clauses"]) == ("no_breach", ["15(6)"])
    assert counted(engine, "breach") == {}
    kept = json.loads(one(engine, "SELECT findings::text FROM verdict WHERE outcome = 'no_breach'"))
    assert [(finding["rule_id"], finding["outcome"], finding.get("shadow", False)) for finding in kept] == [
        ("15.6.mining", "no_breach", False),
        ("15.6.on_trial", "breach", True),
    ]


def test_a_rebuild_keeps_it_as_it_is(trial: Pack, engine: Engine) -> None:
    database = Database(engine)
    database.record(Log(database).batch([shot(), mine()]))
    before = contents(engine, "incident_state")
    assert rebuild(engine).states_repaired == 0
    assert contents(engine, "incident_state") == before


def test_classify_prints_it_marked(trial: Pack, tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(builders.payload(mine()))
    answer = json.loads(CliRunner().invoke(app, ["classify", str(tmp_path / "events.jsonl")]).stdout)
    assert set(answer) == {"event_id", "subject", "outcome", "rule_pack", "findings"}
    assert answer["outcome"] == "no_breach"
    counting, on_trial = answer["findings"]
    assert "shadow" not in counting
    assert (on_trial["rule_id"], on_trial["shadow"]) == ("15.6.on_trial", True)


def test_an_incident_is_shown_with_it_marked(
    trial: Pack, engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    event = mine()
    database = Database(engine)
    database.record(Log(database).batch([event]))
    monkeypatch.setenv("MOCGIOI_DATABASE_URL", database_url)
    monkeypatch.setenv("MOCGIOI_HOME", str(tmp_path))
    shown = CliRunner().invoke(app, ["incidents", "show", event["subject"]]).stdout
    assert "[thử, không tính · shadow] Điều 15(6)" in shown
    life = json.loads(CliRunner().invoke(app, ["explain", event["id"], "--json"]).stdout)
    assert life["figures"] == {"counts": False, "why": "no_breach", "unit": "lang-son", "breach": []}
    listed = json.loads(CliRunner().invoke(app, ["rules", "list", "--json"]).stdout)
    assert {row["id"] for row in listed if row["packs"] == [{"id": "2099.2", "shadow": True}]} == {SHOOTING.id}
