"""What no waiting mends: poison, a rule that crashes, a message of our own that cannot be read."""

import hashlib
import sys
from pathlib import Path

import psycopg

from schemas.secrecy import is_legible
from schemas.topics import DEAD_LETTERS, MAX_EVENT_BYTES, MAX_MESSAGE_BYTES
from tests.builders import incident, payload, reported, updated
from tests.support.publishing import contents, publish
from tests.support.traffic import POISON
from tests.support.workers import fleet, wait_until

CRASHING = (sys.executable, "-m", "tests.support.crashing")
BURNING = incident(kind="burning", facts={"distance_m": 100, "land_clearing": True})


def test_every_kind_of_poison_is_one_dead_letter_and_the_rest_goes_on(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    good = payload(reported())
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        workers.start("all")
        publish(fresh_topics, [(b"one key", value) for bad in POISON for value in (bad, good)])
        query = 'SELECT "offset", code, payload, sha256, key FROM dead_letter ORDER BY "offset"'
        wait_until(lambda: len(record.execute(query).fetchall()) == len(POISON), "all dead letters")
        wait_until(lambda: record.execute("SELECT count(*) FROM event").fetchone() == (1,), "the event between them")
        letters = record.execute(query).fetchall()
        assert [offset for offset, *_ in letters] == [2 * number for number in range(len(POISON))]
        assert [digest for *_, digest, _ in letters] == [hashlib.sha256(bad).hexdigest() for bad in POISON]
        for (_, code, kept, _, key), bad in zip(letters, POISON, strict=True):
            assert (kept, key) == ((None, None) if code == "secret" or not is_legible(bad) else (bad, b"one key"))
        published = {record.value for record in contents(fresh_topics, DEAD_LETTERS) if dict(record.headers)["mg-code"] == b"secret"}
        assert published == {None}, "not in Kafka either"
        codes = [code for _, code, *_ in letters]
        assert {"secret", "duplicate_key", "nul", "too_large", "json"} <= set(codes)


def test_the_largest_event_and_the_largest_poison_fit(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    event = reported() | {"filler": ""}  # an extension of the envelope, kept and ignored
    event["filler"] = "x" * (MAX_EVENT_BYTES - len(payload(event)))
    largest, huge = payload(event), b"x" * (MAX_MESSAGE_BYTES - 1000)
    assert len(largest) == MAX_EVENT_BYTES
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        workers.start("all")
        publish(fresh_topics, [(b"one key", huge), (b"one key", largest)])
        wait_until(lambda: record.execute("SELECT octet_length(body::text) FROM event").fetchall() == [(MAX_EVENT_BYTES,)], "the event")
        (letter,) = record.execute("SELECT code, payload, sha256 FROM dead_letter").fetchall()
        assert letter == ("too_large", None, hashlib.sha256(huge).hexdigest()), "it stays where it is, and the letter says where"


def test_a_rule_that_crashes_at_classify_makes_a_dead_letter_of_its_event_only(
    fresh_topics: str, database_url: str, tmp_path: Path
) -> None:
    events = [reported(), reported(BURNING, source="/posts/p7/d1"), reported()]
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        workers.start("classify", command=CRASHING)
        workers.start("record")
        publish(fresh_topics, [(event["subject"].encode(), payload(event)) for event in events])
        wait_until(lambda: record.execute("SELECT count(*) FROM event").fetchone() == (2,), "the others")
        wait_until(lambda: record.execute("SELECT count(*) FROM dead_letter").fetchone() == (1,), "the dead letter")
        letter = record.execute("SELECT code, source, payload FROM dead_letter").fetchone()
        assert letter == ("rule_crash", "/posts/p7/d1", payload(events[1]))


def test_a_rule_that_crashes_in_the_record_keeps_the_event_and_the_last_outcome(
    fresh_topics: str, database_url: str, tmp_path: Path
) -> None:
    report = reported(BURNING)
    subject = report["subject"]
    update = updated(subject, {"facts": {"distance_m": 5000}})
    state = "SELECT outcome, judge_failed, version FROM incident"
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:
        workers.start("classify")
        worker = workers.start("record", command=CRASHING)
        publish(fresh_topics, [(subject.encode(), payload(report))])
        wait_until(lambda: record.execute(state).fetchone() == ("breach", False, 1), "the report, as classify judged it")
        publish(fresh_topics, [(subject.encode(), payload(update))])
        wait_until(lambda: record.execute(state).fetchone() == ("breach", True, 2), "judge_failed")
        assert record.execute("SELECT count(*) FROM event").fetchone() == (2,)
        assert record.execute("SELECT count(*) FROM dead_letter").fetchone() == (0,)
        assert worker.metric("border_judge_failures_total") == 1
