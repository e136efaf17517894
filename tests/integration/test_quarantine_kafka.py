"""No record stops the nation, with real processes: a record that kills, one that the database refuses, what nobody can read."""

import os
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemas.topics import CONTROL, DEAD_LETTERS, VERDICTS
from tests.builders import incident, payload, reported
from tests.support.faults import WellAgain
from tests.support.kafka_batches import batch, undecodable
from tests.support.publishing import publish, publish_batch
from tests.support.workers import fleet, wait_until

DYING = (sys.executable, "-m", "tests.support.dying")
BURNING = reported(incident(kind="burning", facts={"distance_m": 100, "land_clearing": True}))
LETTERS = "SELECT topic, code, reason FROM dead_letter ORDER BY recorded_at"


def counts(record: psycopg.Connection[Any]) -> tuple[int, int]:
    """Events and dead letters."""
    row = record.execute("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM dead_letter)").fetchone()
    assert row is not None
    return row


@pytest.mark.fault(
    what="A record ends the process",
    how="kill -9 of the worker whenever it works on one record, as the kernel does when memory runs out",
    then="from the third restart on records are read one at a time, from the fifth on that one is a dead letter, unread; all others are recorded",
)
@pytest.mark.parametrize("stage", ["classify", "record"])
def test_a_record_that_ends_the_process_again_and_again_is_refused_unread(
    fresh_topics: str, database_url: str, tmp_path: Path, stage: str, well_again: WellAgain
) -> None:
    events = [*(reported() for _ in range(30)), BURNING, *(reported() for _ in range(30))]
    publish(fresh_topics, [(b"one key", payload(event)) for event in events])
    publish(fresh_topics, [(event["subject"].encode(), payload(event)) for event in (reported() for _ in range(30))])
    other = "record" if stage == "classify" else "classify"
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record, well_again():
        workers.start(other)
        deaths = 0
        worker = workers.start(stage, command=DYING)
        while counts(record) != (90, 1):
            if worker.process.poll() is not None:
                deaths += 1
                assert deaths <= 5, workers.tail()
                worker = workers.start(stage, command=DYING)
            os.sched_yield()
        assert deaths == 4
        ((topic, code, _),) = record.execute(LETTERS).fetchall()
        assert code == "crashed"
        assert topic == (VERDICTS if stage == "record" else "border.incidents.v1")
        assert worker.terminate() == 0
        again = workers.start(stage, command=DYING)
        again.wait_ready()
        assert not again.logged("read_closely"), "it was left in good order"


def test_ordinary_kills_quarantine_nothing(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        for _ in range(5):
            worker = workers.start("all")
            worker.wait_ready()
            publish(fresh_topics, [(b"one key", payload(reported())) for _ in range(3)])
            worker.kill()
        workers.start("all")
        wait_until(lambda: counts(record) == (15, 0), "all of it")


@pytest.mark.fault(
    what="The database refuses one event",
    how="a trigger that raises at one event among 90",
    then="its batch is taken apart; that event is a dead letter, which can be redriven, and all others are recorded",
)
def test_an_event_that_the_database_refuses_is_a_dead_letter_and_is_redriven_once_it_is_mended(
    fresh_topics: str, database_url: str, tmp_path: Path, well_again: WellAgain
) -> None:
    events = [reported() for _ in range(90)]
    bad = events[40]["id"]
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        record.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'row is too big'; END $$;"
            f"CREATE TRIGGER refuse BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.id = '{bad}') EXECUTE FUNCTION refuse()"
        )
        workers.start("all")
        publish(fresh_topics, [(b"one key", payload(event)) for event in events])
        with well_again():
            wait_until(lambda: counts(record) == (89, 1), "all others, and the dead letter")
        assert record.execute(LETTERS).fetchall() == [("border.incidents.v1", "quarantined", "RaiseException: row is too big")]
        workers.check_running()
        shown = workers.run("deadletter", "list", "--json")
        assert '"quarantined"' in shown.stdout, shown.stderr
        record.execute("DROP TRIGGER refuse ON event")
        redriven = workers.run("deadletter", "redrive", "--code", "quarantined")
        assert redriven.returncode == 0, redriven.stderr
        wait_until(lambda: counts(record) == (90, 1), "the event")


@pytest.mark.fault(
    what="Records that our Kafka client cannot read",
    how="one MB of gzip that unpacks to 300, and a header whose name is no UTF-8",
    then="a dead letter each; what lies between them is recorded, and memory stays as it was",
)
def test_what_our_client_cannot_read_is_a_dead_letter(fresh_topics: str, database_url: str, tmp_path: Path, well_again: WellAgain) -> None:
    good = [payload(reported()) for _ in range(3)]
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        publish_batch(fresh_topics, batch(good[0]))
        publish_batch(fresh_topics, batch(b"y" * 300_000_000, codec="gzip"))
        publish_batch(fresh_topics, undecodable(batch(good[1], b"{}", headers={1: ("ZZ", b"value")})))
        publish_batch(fresh_topics, batch(good[2]))
        publish_batch(fresh_topics, undecodable(batch(b"{}", headers={0: ("ZZ", None)})), topic=CONTROL)
        worker = workers.start("classify")
        workers.start("record")
        with well_again():
            wait_until(lambda: counts(record) == (3, 2), "all of it")
        assert sorted(code for _, code, _ in record.execute(LETTERS).fetchall()) == ["too_large", "undecodable"]
        assert len(worker.logged("undecodable")) >= 2
        assert worker.metric("process_resident_memory_bytes") < 400e6


def test_messages_of_our_own_that_cannot_be_read_are_dead_letters_loudly(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        worker = workers.start("record")
        worker.wait_ready()
        publish(fresh_topics, [(b"key", b'{"not": "a verdict"}')], topic=VERDICTS)
        wait_until(lambda: counts(record) == (0, 1), "alone in its topic")
        publish(fresh_topics, [(b"key", b"of no dead letter")], topic=DEAD_LETTERS)
        publish_batch(fresh_topics, undecodable(batch(b"{}", headers={0: ("ZZ", None)})), topic=DEAD_LETTERS)
        wait_until(lambda: counts(record) == (0, 3), "the others")
        letters = record.execute(LETTERS).fetchall()
        assert [(topic, code) for topic, code, _ in letters] == [(VERDICTS, "unreadable"), *[(DEAD_LETTERS, "unreadable")] * 2]
        assert len(worker.logged("quarantined")) == 3
        assert worker.metric("border_dead_letters_total", code="unreadable") == 3
        workers.check_running()


def test_where_no_message_can_be_read_the_worker_ends_and_skips_none(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    """As a record worker does that is older than the verdicts it reads."""
    publish(fresh_topics, [(b"key", b'{"of": "a later version"}')] * 12, topic=VERDICTS)
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        worker = workers.start("record")
        assert worker.wait() not in (0, None)
        (crash,) = worker.logged("crashed")
        assert f"{VERDICTS}[" in crash["error"]
        assert counts(record) == (0, 0)
        assert record.execute("SELECT max(next_offset) FROM consumed_offset WHERE topic = %s", (VERDICTS,)).fetchone() == (0,)
