"""The record's transaction, on a real PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text

from schemas.codebook import Kind, Outcome
from schemas.records import StalePosition
from sinks.record import Database
from tests import builders
from tests.support.deliveries import Log, judged


def rows(engine: Engine, query: str) -> Sequence[Any]:
    with engine.connect() as connection:
        return connection.execute(text(query)).all()


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(engine)


def test_a_reported_breach_is_one_event_one_verdict_and_one_incident(database: Database, engine: Engine) -> None:
    event = builders.reported()
    recorded = database.record(Log(database).batch([event]))
    assert recorded.events == {("vn.mocgioi.incident.reported.v1", Outcome.BREACH): 1}
    assert recorded.incidents == {(Kind.WORKS, Outcome.BREACH): 1}
    assert rows(engine, "SELECT id, body::text FROM event") == [(event["id"], builders.payload(event).decode())]
    assert rows(engine, "SELECT id, outcome FROM verdict") == [(event["id"], "breach")]
    assert rows(
        engine, "SELECT subject, version, kind, outcome, clauses, side, markers, province, complete, judge_failed FROM incident"
    ) == [(event["subject"], 1, "works", "breach", ["21(1)"], "CN", ["1088/2"], "lang-son", True, False)]


def test_a_redelivered_batch_is_recorded_once(database: Database, engine: Engine) -> None:
    log = Log(database)
    events = [builders.reported() for _ in range(3)]
    batch = log.batch(events)
    assert sum(database.record(batch).events.values()) == 3
    assert database.record(batch) == type(database.record(batch))()
    again = database.record(log.batch(events))
    assert (again.duplicates, sum(again.events.values()), sum(again.incidents.values())) == (3, 0, 0)
    assert rows(engine, "SELECT count(*) FROM incident_version") == [(3,)]


def test_what_was_said_cannot_be_changed_or_removed(database: Database, engine: Engine) -> None:
    database.record(Log(database).batch([builders.reported()]))
    for statement in (
        "UPDATE event SET subject = 'x'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE event SET subject = 'x' WHERE false",
    ):
        with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
            with pytest.raises(psycopg.errors.RestrictViolation, match="what was said stands"):
                connection.execute(statement)  # type: ignore[call-overload]
    assert rows(engine, "SELECT count(*) FROM event") == [(1,)]


def test_a_zombie_worker_records_nothing(database: Database, engine: Engine) -> None:
    log = Log(database)
    zombie = log.batch([builders.reported()])
    log.next_offset -= 1
    database.record(log.batch([builders.reported(), builders.reported()]))
    with pytest.raises(StalePosition, match="stored"):
        database.record(zombie)
    assert rows(engine, "SELECT count(*) FROM event") == [(2,)]
