"""What the door refused lies in no topic of the sources: it is sent to the topic of its type, and removed from where its copies are."""

import asyncio
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from mocgioi.service.embedded import drain
from posts.spool import Spool, SpoolEntry
from schemas.problems import Problem
from schemas.records import ClassifiedBatch, DeadLetter
from schemas.topics import CROSSINGS, DEAD_LETTERS, DOOR, INCIDENTS, NOTICES
from schemas.verdicts import Origin
from sinks.query.receipts import receipts
from sinks.record.database import Database
from streams.door import DoorPublisher
from streams.kafka import Cluster
from streams.spool_source import PARTITION, beginning, letter_value
from tests.builders import NOON, crossing, envelope, payload, reported
from tests.support.classified_batches import RECEIVED_MS, Log, dead_letter
from tests.support.commands import Command
from tests.support.publishing import contents
from tests.support.rows import one, rows
from tests.support.workers import fleet, wait_until

DEVICE = "/posts/tan-thanh/d1"
PERSONS = ("--by", "Nguyễn A", "--confirmed-by", "Trần B", "--reason", "công văn mật gửi nhầm")
CANARY = "k5120canary"


def letter(event: dict[str, Any], sequence: int, **changes: Any) -> DeadLetter:
    """What the door keeps of an event that it refused, here since its `time` was ahead."""
    kept = {"key": event["subject"].encode(), "source": DEVICE, "sequence": sequence, "event_id": event["id"], "code": "ahead"}
    return dead_letter(payload(event), **{"origin": Origin(DOOR, 0, sequence, RECEIVED_MS), **kept, **changes})


def numbered(event: dict[str, Any], sequence: int) -> dict[str, Any]:
    return event | {"source": DEVICE, "sequence": f"{sequence:08d}"}


def nil_report() -> dict[str, Any]:
    interval = {"start": "2025-12-27T00:00:00+07:00", "end": NOON.isoformat()}
    return envelope("post.reported", {"status": "actual", "interval": interval, "incidents": 0}, subject="tan-thanh")


def test_a_letter_of_the_door_goes_to_the_topic_of_its_type(
    command: Command, fresh_topics: str, database: Database, engine: Engine
) -> None:
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics}
    events = [numbered(event, number) for number, event in enumerate((reported(), crossing(), nil_report()), start=1)]
    unheard = numbered(reported(type="vn.mocgioi.weather.seen.v1"), 4)
    kept = [letter(event, int(event["sequence"])) for event in [*events, unheard]]
    database.record(Log(database, "a cluster").batch([], kept))
    done = command("deadletter", "redrive", "--code", "ahead")
    assert (done.code, done.out) == (1, "đã gửi lại · redriven: 3\n")
    ((code, sentence),) = done.problems
    assert (code, sentence.partition(": ")[0]) == ("no_topic", "door:0:4")
    for topic, event in zip((INCIDENTS, CROSSINGS, NOTICES), events, strict=True):
        assert [(sent.key, sent.value) for sent in contents(fresh_topics, topic)] == [(event["subject"].encode(), payload(event))]
    assert [row["offset"] for row in command("deadletter", "list", "--json").document] == [4]


def test_nothing_is_sent_where_the_content_of_one_is_gone(command: Command, fresh_topics: str, database: Database, engine: Engine) -> None:
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics}
    good, gone = numbered(reported(), 1), replace(letter(numbered(reported(), 2), 2), payload=None)
    in_topic = dead_letter(payload(reported()), origin=Origin(INCIDENTS, 0, 0, RECEIVED_MS))
    database.record(Log(database, "a cluster").batch([], [letter(good, 1), gone, in_topic]))
    done = command("deadletter", "redrive", "--all")
    ((code, sentence),) = done.problems
    assert (done.code, code, sentence.partition(": ")[0]) == (1, "payload_gone", "door:0:2")
    assert contents(fresh_topics, INCIDENTS) == []
    assert one(engine, "SELECT count(*) FROM dead_letter WHERE redriven_at IS NOT NULL") == 0


def test_without_kafka_it_is_recorded_at_once_and_its_receipt_says_so(command: Command, database: Database, engine: Engine) -> None:
    event = numbered(crossing(), 1)
    database.record(Log(database).batch([], [letter(event, 1)]))
    assert [receipt.status for receipt in receipts(engine, DEVICE, after=0, limit=9).receipts] == ["refused"]
    done = command("deadletter", "redrive", "door:0:1")
    assert (done.code, done.out) == (0, "đã gửi lại · redriven: 1\n"), done.err
    assert [receipt.status for receipt in receipts(engine, DEVICE, after=0, limit=9).receipts] == ["recorded"]
    assert command("deadletter", "list", "--json").document == []


@pytest.fixture
def found_secret() -> DeadLetter:
    """A letter that bears no marking, and whose content a person found to be secret."""
    event = numbered(reported(id=CANARY, subject=f"inc-{CANARY}"), 7)
    problem = Problem("value", f"data.side: {CANARY}", "data.side")
    return letter(event, 7, code="value", reason=problem.message, problems=(problem,))


STRIPPED = [("secret", None, None, DEVICE, None, None, 7)]


def kept_of_it(engine: Engine) -> list[Any]:
    assert CANARY not in json.dumps(rows(engine, "SELECT t::text FROM dead_letter t"), default=str)
    return rows(engine, "SELECT code, payload, key, source, event_id, problems::text, sequence FROM dead_letter")


def test_a_secret_that_the_door_refused_goes_from_the_topic_of_dead_letters(
    command: Command, fresh_topics: str, database_url: str, engine: Engine, tmp_path: Path, found_secret: DeadLetter
) -> None:
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics}

    async def refuse() -> None:
        publisher = DoorPublisher(Cluster(bootstrap=fresh_topics))
        await publisher.publish([found_secret])
        await publisher.close()

    asyncio.run(refuse())
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        workers.start("record")
        wait_until(lambda: one(engine, "SELECT count(*) FROM dead_letter") == 1, "recorded")
        done = command("secret", "remove", "door:0:7", *PERSONS, "--json")
        assert done.code == 0, done.err
        assert (done.document["dead_letters"], [cut["topic"] for cut in done.document["cuts"]]) == (["door:0:7"], [DEAD_LETTERS])
        assert contents(fresh_topics, DEAD_LETTERS) == []
        assert kept_of_it(engine) == STRIPPED
        assert one(engine, "SELECT count(*) FROM secret_removal") == 1
        again = command("deadletter", "redrive", "door:0:7")
        assert (again.code, again.problems[0][0]) == (1, "payload_gone")


def test_a_secret_that_the_embedded_door_refused_goes_from_the_spool(
    command: Command, database: Database, engine: Engine, found_secret: DeadLetter
) -> None:
    event = payload(reported())
    with closing(Spool(command.home / "spool.db")) as spool:
        spool.append([SpoolEntry(INCIDENTS, b"inc", event), SpoolEntry(DEAD_LETTERS, DEVICE.encode(), letter_value(found_secret))])
        drain(spool, database)
        assert [row.target for row in spool.read(1, 9)] == [INCIDENTS, DEAD_LETTERS]
        done = command("secret", "remove", "door:0:7", *PERSONS, "--json")
        assert (done.code, done.err) == (0, "")
        assert (done.document["dead_letters"], done.document["cuts"]) == (["door:0:7"], [])
        assert spool.read(1, 9) == []
    assert kept_of_it(engine) == STRIPPED


def test_nothing_goes_from_a_spool_with_rows_that_the_record_has_not(
    command: Command, database: Database, engine: Engine, found_secret: DeadLetter
) -> None:
    with closing(Spool(command.home / "spool.db")) as spool:
        spool.append([SpoolEntry(INCIDENTS, b"inc", payload(reported()))])
        database.positions(spool.id, beginning(spool))
        database.record(ClassifiedBatch(spool.id, {PARTITION: (1, 2)}, [], [found_secret]))
        done = command("secret", "remove", "door:0:7", *PERSONS)
        assert (done.code, [code for code, _ in done.problems]) == (1, ["not_removable"])
        assert len(spool.read(1, 9)) == 1
    assert rows(engine, "SELECT code FROM dead_letter") == [("value",)]
