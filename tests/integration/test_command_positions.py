"""`mocgioi positions`: where the stages stand, and where a person lets them go on."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mocgioi.service.cluster import GROUPS
from schemas.topics import INCIDENTS, RESULTS, SOURCES, VERDICTS
from tests.builders import payload, reported
from tests.support.commands import Command, write_events
from tests.support.kafka import free_port
from tests.support.publishing import publish
from tests.support.rows import one, rows
from tests.support.workers import Fleet, fleet

EVENTS = 3
KEY = b"one subject, so one partition"
RESET = ("positions", "reset", "--json", "--reason")


@pytest.fixture
def site(command: Command, fresh_topics: str, database_url: str, tmp_path: Path, engine: Engine) -> Command:
    """The command on a broker and a database in which both stages have read three events; no worker runs."""
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics, "MOCGIOI_TOPICS_REPLICATED": "no"}
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        publish(fresh_topics, [(KEY, payload(reported())) for _ in range(EVENTS)])
        run_until(workers, engine, EVENTS)
    return command


def run_until(workers: Fleet, engine: Engine, events: int) -> None:
    worker = workers.start("all")
    worker.wait_for(lambda: one(engine, "SELECT count(*) FROM event") == events, f"{events} events recorded")
    assert worker.terminate() == 0


def shown(site: Command) -> list[dict[str, Any]]:
    done = site("positions", "show", "--json")
    assert (done.code, done.err) == (0, "")
    return list(done.document)


def at(rows: list[dict[str, Any]], stage: str) -> dict[str, Any]:
    """The one partition in which something was read."""
    (row,) = [row for row in rows if row["stage"] == stage and row["offset"]]
    return row


def test_each_position_is_held_against_its_log(site: Command) -> None:
    positions = shown(site)
    assert {(row["stage"], row["topic"]) for row in positions} == {
        *(("classify", topic) for topic in SOURCES),
        *(("record", topic) for topic in RESULTS),
    }
    assert all(row["agrees"] and row["difference"] is None and row["incarnation"] == row["log_incarnation"] for row in positions)
    for stage, topic in (("classify", INCIDENTS), ("record", VERDICTS)):
        row = at(positions, stage)
        assert (row["topic"], row["offset"], row["beginning"], row["end"]) == (topic, EVENTS, 0, EVENTS)
        assert row["last"] == row["record"]
        assert row["last"]["offset"] == EVENTS - 1
        assert "+07:00" in row["last"]["at"]
    people = site("positions", "show")
    assert f"{INCIDENTS}[" in people.out
    assert "✗" not in people.out


def test_a_reset_moves_what_was_chosen_and_keeps_who_when_and_why(site: Command, engine: Engine, database_url: str, tmp_path: Path) -> None:
    partition = str(at(shown(site), "record")["partition"])
    chosen = ("--stage", "record", "--topic", VERDICTS, "--partition", partition)
    done = site(*RESET, "phục hồi, biên bản số 7", "--by", "Đại úy Hà", *chosen, "--to", "1")
    assert (done.code, done.err) == (0, "")
    (moved,) = done.document
    assert (moved["offset"], moved["last"]["offset"]) == (1, 0)
    assert at(shown(site), "record") | moved == at(shown(site), "record"), "and it agrees with its log"
    assert site(*RESET, "đọc lại tất cả").code == 0
    assert {row["offset"] for row in shown(site)} == {0}
    last, first = site("positions", "history", "--json").document
    assert (first["reset_by"], first["reason"]) == ("Đại úy Hà", "phục hồi, biên bản số 7")
    assert [row["offset"] for row in first["before"] + first["after"]] == [EVENTS, 1]
    assert len(last["before"]) == len(last["after"]) == len(shown(site))
    assert last["reset_by"]
    assert "biên bản số 7" in site("positions", "history").out
    with pytest.raises(DBAPIError, match="refused"), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM position_reset")
    with fleet(tmp_path / "again", site.environment["MOCGIOI_KAFKA"], database_url) as workers:
        publish(site.environment["MOCGIOI_KAFKA"], [(KEY, payload(reported()))])
        run_until(workers, engine, EVENTS + 1)
    assert rows(engine, "SELECT count(*) FROM conflict") == [(0,)], "what was read again is a duplicate"


def test_a_reset_that_is_refused_moves_nothing(site: Command, database_url: str, tmp_path: Path) -> None:
    before = shown(site)
    place = ("--topic", VERDICTS, "--partition", str(at(before, "record")["partition"]))
    for arguments, code, problem in (
        (("--to", "7"), 2, "usage"),
        (("--to", "soon", *place), 2, "usage"),
        (("--to", str(EVENTS + 1), *place), 1, "offset"),
        (("--topic", "no.such.topic"), 1, "not_found"),
    ):
        done = site(*RESET, "đọc lại", *arguments)
        assert (done.code, done.problems[0][0]) == (code, problem), arguments
    with fleet(tmp_path / "live", site.environment["MOCGIOI_KAFKA"], database_url) as workers:
        worker = workers.start("all")
        worker.wait_for(lambda: len(worker.logged("assigned")) >= len(GROUPS), "a member of both groups")
        for stage in GROUPS:
            done = site(*RESET, "đọc lại", "--stage", stage)
            assert (done.code, done.problems[0][0]) == (1, "worker_live")
    assert shown(site) == before
    assert site("positions", "history", "--json").document == []


def test_doctor_and_show_name_a_position_that_does_not_agree(site: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE consumed_offset SET last_digest = '0123456789abcdef' WHERE last_digest IS NOT NULL")
    done = site("positions", "show", "--json")
    assert (done.code, done.problems[0][0]) == (1, "position_lost")
    (different,) = [row for row in done.document if not row["agrees"]]
    assert different["stage"] == "record"
    checked = site("doctor", "--json")
    (part,) = [row for row in checked.document if row["part"].endswith("positions")]
    assert (checked.code, part["state"], part["remedy"]) == (1, "unwell", "deploy/runbooks/positions.md")
    assert different["difference"] in part["found"]
    assert site(*RESET, "đọc lại", "--differing").code == 0
    assert at(shown(site), "classify")["offset"] == EVENTS, "only the one that differed was moved"
    assert site(*RESET, "đọc lại", "--differing").problems[0][0] == "not_found"


def test_a_reset_needs_a_reason_and_kafka(command: Command) -> None:
    assert command("positions", "reset").code == 2
    assert command(*RESET, "  ", MOCGIOI_KAFKA="127.0.0.1:1").code == 2
    assert command(*RESET, "đọc lại").problems[0][0] == "settings"


def test_without_kafka_positions_are_shown_and_held_against_nothing(command: Command, tmp_path: Path) -> None:
    command("ingest", write_events(tmp_path / "events.jsonl", [reported(), reported()]))
    (row,) = shown(command)
    assert (row["topic"], row["offset"], row["last"]["offset"], row["agrees"]) == ("spool", 3, 2, None)
    away = command("positions", "show", "--json", MOCGIOI_KAFKA=f"127.0.0.1:{free_port()}")
    assert (away.code, away.problems[0][0], away.document) == (3, "broker_unavailable", [row])
