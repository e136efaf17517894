"""A database that cannot hold Vietnamese, or whose server could lose what was recorded, is said to be so in one line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sinks.postgres.engine import connect
from sinks.postgres.requirements import LEAST_VERSION, Unusable, unusable
from sinks.postgres.safety import unsafe_settings
from sinks.postgres.upgrade import current, upgrade
from sinks.record.database import Database
from tests.builders import reported
from tests.support.commands import Command, write_events
from tests.support.postgres import Databases


@pytest.fixture(params=["LATIN1", "SQL_ASCII"])
def encoding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(databases: Databases, encoding: str) -> Iterator[str]:
    database = databases.empty(encoding)
    yield database
    databases.drop(database)


def test_a_command_on_a_database_in_another_encoding_is_exit_3_with_one_line(
    embedded: Command, url: str, encoding: str, tmp_path: Path
) -> None:
    embedded.environment["MOCGIOI_DATABASE_URL"] = url
    events = write_events(tmp_path / "events.jsonl", [reported()])
    commands = ["db upgrade", "db rebuild", "incidents list", "deadletter list", "report due", f"ingest {events}"]
    for arguments in commands:
        done = embedded(*arguments.split())
        assert (done.code, done.out) == (3, ""), arguments
        ((code, sentence),) = done.problems
        assert code == "database"
        assert all(word in sentence for word in (encoding, "UTF8", "CREATE DATABASE", " · ")), sentence


def test_a_worker_on_such_a_database_ends_at_once_and_says_so_in_one_line(embedded: Command, url: str, encoding: str) -> None:
    done = embedded("worker", "record", MOCGIOI_DATABASE_URL=url, MOCGIOI_KAFKA="127.0.0.1:1", MOCGIOI_METRICS_PORT="0")
    assert done.code == 3
    ((code, sentence),) = done.problems
    assert code == "database"
    assert encoding in sentence


def test_a_url_that_cannot_be_read_is_wrong_usage_and_keeps_its_password(embedded: Command) -> None:
    done = embedded("incidents", "list", MOCGIOI_DATABASE_URL="postgresql://post:hunter2@[::1/record")
    assert (done.code, done.problems[0][0]) == (2, "settings")
    assert "hunter2" not in done.err


def test_doctor_says_what_to_do_about_a_database_in_another_encoding(embedded: Command, url: str, encoding: str) -> None:
    done = embedded("doctor", "--json", MOCGIOI_DATABASE_URL=url)
    assert (done.code, done.err) == (3, "")
    (row,) = [row for row in done.document if row["part"] == "PostgreSQL"]
    assert row["state"] == "unreachable"
    assert encoding in row["found"]
    assert "CREATE DATABASE" in row["found"]


def test_whoever_connects_is_told_each_time(url: str) -> None:
    for ask in (current, upgrade, lambda url: Database(url).positions("log", {}), lambda url: connect(url).connect()):
        for _ in range(2):
            with pytest.raises(Unusable):
                ask(url)


def test_a_database_in_utf_8_of_a_new_enough_server_is_taken() -> None:
    assert unusable(LEAST_VERSION, "UTF8", "record") is None
    assert "14" in (unusable(LEAST_VERSION - 1, "UTF8", "record") or "")


def test_the_tests_own_server_is_known_to_be_unsafe(database_url: str) -> None:
    engine = connect(database_url)
    assert {unsafe.setting for unsafe in unsafe_settings(engine)} == {"fsync", "full_page_writes"}
    engine.dispose()
