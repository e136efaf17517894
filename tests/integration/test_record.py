"""The record's transaction: each event once, whatever is delivered how often."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from schemas.codebook import Outcome, Side
from schemas.records import LastRecord, Position, Recorded, StalePosition
from schemas.topics import CROSSINGS, INCIDENTS
from schemas.verdicts import Origin
from sinks.postgres import tables
from sinks.query.dead_letters import dead_letters
from sinks.record.database import Database
from sinks.record.dead_letters import mark_redriven
from tests import builders
from tests.support.classified_batches import Log, dead_letter
from tests.support.rows import one, rows

REPORTED = "vn.mocgioi.incident.reported.v1"


def ends(recorded: Recorded) -> tuple[int, int, int]:
    """Inserted, duplicates, conflicts."""
    return recorded.events.total(), recorded.duplicates.total(), recorded.conflicts.total()


def test_a_reported_breach_is_one_event_one_verdict_and_one_incident(database: Database, log: Log, engine: Engine) -> None:
    event = builders.reported()
    recorded = database.record(log.batch([event]))
    assert recorded.events == {REPORTED: 1}
    assert recorded.verdicts == {(Outcome.BREACH, Side.CN): 1}
    assert rows(engine, "SELECT id, body::text FROM event") == [(event["id"], builders.payload(event).decode())]
    assert rows(engine, "SELECT id, outcome FROM verdict") == [(event["id"], "breach")]
    assert rows(
        engine, "SELECT subject, version, kind, outcome, clauses, side, markers, province, complete, judge_failed FROM incident"
    ) == [(event["subject"], 1, "works", "breach", ["21(1)"], "CN", ["1088/2"], "lang-son", True, False)]


def test_the_body_is_kept_byte_for_byte(database: Database, log: Log, engine: Engine) -> None:
    raw = json.dumps(builders.reported(), ensure_ascii=True, indent=3).encode()
    database.record(log.batch([raw]))
    assert one(engine, "SELECT body::text FROM event").encode() == raw


def test_a_batch_delivered_again_is_recorded_once(database: Database, log: Log, engine: Engine) -> None:
    batch = log.batch([builders.reported() for _ in range(3)])
    assert ends(database.record(batch)) == (3, 0, 0)
    assert database.record(batch) == Recorded()
    assert one(engine, "SELECT count(*) FROM incident_state") == 3


def test_events_published_again_are_duplicates_and_change_nothing(database: Database, log: Log, engine: Engine) -> None:
    events = [builders.reported(), builders.crossing(), builders.updated("inc-x", {"side": "VN"})]
    database.record(log.batch(events))
    again = database.record(log.batch(events))
    assert ends(again) == (0, 3, 0)
    assert again.verdicts == {}
    assert [one(engine, f"SELECT count(*) FROM {table}") for table in ("event", "verdict", "incident_state", "crossing", "conflict")] == [
        *(3, 3, 2, 2, 0)
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET subject = 'x'", "DELETE FROM event", "TRUNCATE event", "DELETE FROM event WHERE false"]
)
def test_what_was_said_cannot_be_changed_or_removed(
    database: Database, log: Log, engine: Engine, database_url: str, statement: Any
) -> None:
    database.record(log.batch([builders.reported()]))
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RestrictViolation, match="what was said stands"):
        connection.execute(statement)
    assert one(engine, "SELECT count(*) FROM event") == 1


def test_a_zombie_worker_records_nothing(database: Database, log: Log, engine: Engine) -> None:
    zombie = log.batch([builders.reported()])
    log.next_offset -= 1
    database.record(log.batch([builders.reported(), builders.reported()]))
    with pytest.raises(StalePosition, match=r"stored .*\[0\]=2, expected .*\[0\]=0"):
        database.record(zombie)
    assert one(engine, "SELECT count(*) FROM event") == 2


def test_a_log_nobody_asked_the_position_of_is_stale(database: Database, log: Log) -> None:
    batch = log.batch([builders.reported()])
    with pytest.raises(StalePosition, match="stored nothing"):
        database.record(type(batch)("another log", batch.positions, batch.events, batch.dead))


def test_positions_begin_where_they_are_told_and_then_stand_where_the_record_does(database: Database, log: Log) -> None:
    first = {(INCIDENTS, 3): Position(17, "topic-a"), (CROSSINGS, 0): Position(4, "topic-b")}
    assert database.positions("new", first) == first
    later = {(INCIDENTS, 3): Position(90, "topic-c"), (INCIDENTS, 4): Position(5, "topic-c")}
    assert database.positions("new", later) == {(INCIDENTS, 3): Position(17, "topic-a"), (INCIDENTS, 4): Position(5, "topic-c")}
    database.record(log.batch([builders.reported()] * 4))
    assert database.positions(log.name, {(INCIDENTS, 0): Position(0, "a")}) == {(INCIDENTS, 0): Position(4, "a")}


def test_a_position_keeps_the_last_record_read_while_its_log_only_moves_on(database: Database, log: Log) -> None:
    last = LastRecord(0, 1_766_898_000_000, "0123456789abcdef")
    database.record(replace(log.batch([builders.reported()]), last={(INCIDENTS, 0): last}))
    database.record(log.batch([]))
    assert database.positions(log.name, {(INCIDENTS, 0): Position(0, "a")}) == {(INCIDENTS, 0): Position(2, "a", last)}


def test_a_position_that_an_older_version_stored_is_of_the_log_as_it_is_found(database: Database, log: Log, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE consumed_offset SET incarnation = NULL")
    for incarnation in ("first", "second"):
        assert database.positions(log.name, {(INCIDENTS, 0): Position(0, incarnation)}) == {(INCIDENTS, 0): Position(0, "first")}


def test_two_spellings_of_one_body_are_the_same_event(database: Database, log: Log, engine: Engine) -> None:
    event = builders.reported()
    event["data"]["facts"]["distance_m"] = 5
    database.record(log.batch([event]))
    backwards = dict(reversed(event.items()))
    spelled = builders.payload(backwards).replace(b'"distance_m": 5', b'"distance_m":   5.00')
    exponent = builders.payload(event).replace(b'"distance_m": 5', b'"distance_m": 0.5E+1')
    escaped = json.dumps(event, ensure_ascii=True).encode()
    assert ends(database.record(log.batch([spelled, exponent, escaped]))) == (0, 3, 0)
    assert one(engine, "SELECT count(*) FROM conflict") == 0


def test_true_is_not_one_and_null_is_not_absent(database: Database, log: Log, engine: Engine) -> None:
    event = builders.reported(extension=1, other=None)
    database.record(log.batch([event]))
    assert ends(database.record(log.batch([event | {"extension": True}]))) == (0, 0, 1)
    del event["other"]
    assert ends(database.record(log.batch([event]))) == (0, 0, 1)
    assert one(engine, "SELECT count(*) FROM conflict") == 2


def test_the_same_id_with_another_body_is_kept_aside_once(database: Database, log: Log, engine: Engine) -> None:
    event = builders.reported()
    other = event | {"data": builders.incident(side="VN")}
    database.record(log.batch([event]))
    assert ends(database.record(log.batch([other]))) == (0, 0, 1)
    assert ends(database.record(log.batch([other, dict(reversed(other.items()))]))) == (0, 0, 2)
    assert rows(engine, 'SELECT source, id, conflicts_by, with_id, sequence, body::text, log, "offset" FROM conflict') == [
        (event["source"], event["id"], "id", event["id"], int(event["sequence"]), builders.payload(other).decode(), log.name, 1)
    ]
    assert one(engine, "SELECT side FROM incident") == "CN"
    assert one(engine, "SELECT count(*) FROM verdict") == 1


def test_the_same_sequence_under_another_id_is_a_conflict(database: Database, log: Log, engine: Engine) -> None:
    first = builders.reported()
    second = builders.reported(sequence=first["sequence"])
    assert ends(database.record(log.batch([first, second]))) == (1, 0, 1)
    assert rows(engine, "SELECT id, conflicts_by, with_id FROM conflict") == [(second["id"], "sequence", first["id"])]
    assert [subject for (subject,) in rows(engine, "SELECT subject FROM incident")] == [first["subject"]]


def test_another_device_may_use_the_same_id_and_sequence(database: Database, log: Log) -> None:
    event = builders.reported()
    assert ends(database.record(log.batch([event, event | {"source": "/posts/tan-thanh/d2"}]))) == (2, 0, 0)


def one_by_one(log: Log, database: Database, events: list[dict[str, Any]]) -> list[Recorded]:
    return [database.record(log.batch([event])) for event in events]


def in_one_batch(log: Log, database: Database, events: list[dict[str, Any]]) -> list[Recorded]:
    return [database.record(log.batch(events))]


@pytest.mark.parametrize("deliver", [one_by_one, in_one_batch])
def test_twins_in_a_batch_end_as_they_would_one_by_one(
    deliver: Callable[..., list[Recorded]], database: Database, log: Log, engine: Engine
) -> None:
    stored = builders.reported(id="stored", sequence="900")
    database.record(log.batch([stored]))
    events = [
        twin := builders.reported(id="twin", sequence="901"),
        twin,  # duplicate
        twin | {"data": builders.incident(side="VN")},  # conflict by id
        dict(reversed(twin.items())),  # duplicate, spelled otherwise
        builders.reported(id="stored", sequence="902"),  # conflict by id with what is stored …
        builders.reported(id="late", sequence="902"),  # … so its sequence is still free
        builders.reported(id="later", sequence="902"),  # conflict by sequence
        stored,  # duplicate
        stored,
    ]
    ended = deliver(log, database, events)
    assert tuple(sum(column) for column in zip(*map(ends, ended), strict=True)) == (2, 4, 3)
    assert {event_id for (event_id,) in rows(engine, "SELECT id FROM event")} == {"stored", "twin", "late"}
    assert set(rows(engine, "SELECT id, conflicts_by, with_id FROM conflict")) == {
        ("twin", "id", "twin"),
        ("stored", "id", "stored"),
        ("later", "sequence", "late"),
    }


def test_a_conflicting_twin_of_a_conflict_is_no_duplicate(database: Database, log: Log) -> None:
    stored = builders.reported()
    database.record(log.batch([stored]))
    other = stored | {"data": builders.incident(side="VN")}
    assert ends(database.record(log.batch([other, other, stored]))) == (0, 1, 2)


def test_acts_of_duty_and_nil_reports_are_kept_and_make_no_incident(database: Database, log: Log, engine: Engine) -> None:
    noted = builders.envelope("duty.noted", {"by_office": "truc-ban", "note": "đã gọi đồn"}, subject="inc-1")
    interval = {"start": "2025-12-28T00:00:00+07:00", "end": "2025-12-29T00:00:00+07:00"}
    nil = builders.envelope(
        "post.reported", {"status": "actual", "interval": interval, "incidents": 0, "crossings": 0}, subject="tan-thanh"
    )
    assert ends(database.record(log.batch([noted, nil]))) == (2, 0, 0)
    assert one(engine, "SELECT count(*) FROM incident") == 0


def test_a_dead_letter_is_kept_once_and_a_secret_one_without_its_content(database: Database, log: Log, engine: Engine) -> None:
    letters = [
        dead_letter(b"{\x00", offset=1, key=b"\xff", source="/posts/\x00\ud800", reason="xấu \x00"),
        dead_letter(None, offset=2, code="secret"),
    ]
    assert database.record(log.batch([], letters)).dead_letters == {"json": 1, "secret": 1}
    assert database.record(log.batch([], letters)).dead_letters == {}
    assert rows(engine, 'SELECT "offset", code, payload, key, source, reason FROM dead_letter ORDER BY "offset"') == [
        (1, "json", b"{\x00", b"\xff", "/posts/\ufffd?", "xấu \ufffd"),
        (2, "secret", None, None, None, "không phải JSON hợp lệ"),
    ]


def test_a_dead_letter_of_another_log_is_kept_beside_that_of_the_same_place(database: Database, log: Log, engine: Engine) -> None:
    """A topic made anew, or an older log put back, has other records where the record has read already."""
    first = dead_letter(b"{bad 1", offset=1)
    later = Origin(INCIDENTS, 0, 1, first.origin.timestamp + 1)
    for letters in ([first], [dead_letter(b"{bad 2", offset=1)], [replace(first, origin=later)]):
        assert database.record(log.batch([], letters)).dead_letters == {"json": 1}
        assert database.record(log.batch([], letters)).dead_letters == {}
    assert one(engine, "SELECT count(*) FROM dead_letter") == 3
    newest, *others = dead_letters(engine)
    mark_redriven(engine, newest)
    assert dead_letters(engine, waiting=True) == others


def test_a_key_that_is_not_normalised_is_refused_by_the_database_itself(database: Database, log: Log, engine: Engine) -> None:
    database.record(log.batch([builders.reported()]))
    row = dict(rows(engine, "SELECT * FROM event")[0]._mapping)
    with pytest.raises(IntegrityError, match="ck_event_nfc"), engine.begin() as connection:
        connection.execute(tables.event.insert(), row | {"id": "m\u0323", "sequence": 5})


def test_a_batch_that_cannot_be_stored_leaves_nothing(database: Database, log: Log, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE incident_state ADD CONSTRAINT no_vn CHECK (side <> 'VN')")
    batch = log.batch([builders.reported(), builders.reported(builders.incident(side="VN"))])
    with pytest.raises(psycopg.errors.CheckViolation):
        database.record(batch)
    assert one(engine, "SELECT count(*) FROM event") == 0
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE incident_state DROP CONSTRAINT no_vn")
    assert ends(database.record(batch)) == (2, 0, 0)
