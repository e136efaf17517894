"""A database whose tables are of a newer program is told apart from a broken one, and left as it is."""

from pathlib import Path

import psycopg
import pytest

from sinks.postgres.upgrade import DatabaseNewer, upgrade
from tests.builders import reported
from tests.support.commands import Command, write_events

COMMANDS = [
    *("db upgrade", "db rebuild", "incidents list", "incidents show x", "explain x", "deadletter list", "deadletter expire"),
    *("report due", "report build --unit lang-son --period 2025", "export incidents --format csv", "baseline list", "ingest EVENTS"),
]


@pytest.fixture
def newer(database_url: str) -> str:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    return database_url


@pytest.mark.fault(
    what="the database's tables are of a newer program",
    how="`alembic_version` names a migration that this program does not know",
    then="every command and worker ends with `problem: database_newer`, exit 3, and changes nothing",
)
def test_every_command_says_that_a_newer_program_is_needed(command: Command, newer: str, tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.jsonl", [reported()])
    for arguments in COMMANDS:
        done = command(*arguments.replace("EVENTS", str(events)).split())
        assert (done.code, done.out) == (3, ""), (arguments, done)
        ((code, sentence),) = done.problems
        assert code == "database_newer"
        assert "9999" in sentence
        assert "newer program" in sentence
    with pytest.raises(DatabaseNewer):
        upgrade(newer)


def test_a_worker_and_doctor_say_so_too(command: Command, newer: str) -> None:
    worker = command("worker", "record", MOCGIOI_KAFKA="127.0.0.1:1", MOCGIOI_METRICS_PORT="0")
    assert (worker.code, [code for code, _ in worker.problems]) == (3, ["database_newer"])
    doctor = command("doctor", "--json")
    (tables,) = [row for row in doctor.document if row["part"].startswith("bảng")]
    assert (doctor.code, tables["state"]) == (3, "unreachable")
    assert "newer program" in tables["remedy"]
