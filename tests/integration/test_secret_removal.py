"""`mocgioi secret remove`: a secret payload goes from Kafka, dead letters and spool; nothing else is lost, and two persons answer for it."""

import asyncio
import hashlib
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from sqlalchemy import Engine

from schemas.records import DeadLetter
from schemas.topics import DEAD_LETTERS, DEVELOPMENT, INCIDENTS, VERDICTS, settings
from schemas.verdicts import Origin
from sinks.record.database import Database
from streams.classify import classify_records
from streams.kafka import Cluster, admin
from streams.log_cut import delete_before
from streams.same_log import cluster_id
from tests.builders import incident, payload, reported
from tests.support.classified_batches import RECEIVED_MS, Log, dead_letter
from tests.support.commands import Command, Ended
from tests.support.faults import WellAgain
from tests.support.kafka import Broker
from tests.support.kafka import fresh_topics as create_topics
from tests.support.publishing import contents, publish
from tests.support.rows import one, rows
from tests.support.workers import Fleet, fleet, wait_until

PERSONS = ("--by", "Nguyễn A", "--confirmed-by", "Trần B", "--reason", "công văn mật gửi nhầm")
SECRET = payload(reported(incident(text="TUYỆT MẬT k7391canary")))
CUT = b'{"specversion": "1.0", "text": "k7391canary, said a person, is secret'


def recorded(workers: Fleet, database_url: str, events: int, letters: int) -> None:
    workers.start("all")
    with psycopg.connect(database_url, autocommit=True) as record:
        counts = "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM dead_letter)"
        wait_until(lambda: record.execute(counts).fetchone() == (events, letters), "recorded")


def honest(count: int) -> list[tuple[bytes, bytes]]:
    return [(b"one key", payload(reported())) for _ in range(count)]


def place_of(engine: Engine, raw: bytes) -> str:
    sha256 = hashlib.sha256(raw).hexdigest()
    ((topic, partition, offset),) = rows(engine, f"SELECT topic, partition, \"offset\" FROM dead_letter WHERE sha256 = '{sha256}'")
    return f"{topic}:{partition}:{offset}"


@pytest.mark.fault(
    what="a secret payload lies in a source topic",
    how="`mocgioi secret remove` among honest records, one whose content a person found to be secret, too",
    then="Kafka, dead letters and their topic lose it; what else the database holds goes from Kafka too; two persons answer for it",
)
def test_a_secret_goes_from_every_log_and_nothing_else_is_lost(
    command: Command, fresh_topics: str, database_url: str, engine: Engine, tmp_path: Path, well_again: WellAgain
) -> None:
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics}
    before, after = honest(3), honest(2)
    twin = before[0]  # sent twice: a duplicate has no row of its own place
    conflict = (b"one key", payload(reported(incident(side="VN"), source="/posts/tan-thanh/d1", id="e-same", sequence="7")))
    first = (b"one key", payload(reported(incident(side="CN"), source="/posts/tan-thanh/d1", id="e-same", sequence="7")))
    publish(fresh_topics, [*before, twin, first, conflict, (b"k7391canary", CUT), (b"one key", SECRET), *after])
    sent = {record.value for record in contents(fresh_topics, INCIDENTS)}
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        recorded(workers, database_url, events=6, letters=2)
        cut, secret = place_of(engine, CUT), place_of(engine, SECRET)
        events = rows(engine, "SELECT source, id, body::text FROM event ORDER BY 1, 2")
        would = command("secret", "remove", cut, *PERSONS, "--dry-run", "--json").document
        assert (would["dead_letters"], would["dry_run"]) == ([cut], True)
        assert {record.value for record in contents(fresh_topics, INCIDENTS)} == sent, "nothing went"
        assert one(engine, "SELECT count(*) FROM secret_removal") == 0
        for place in (cut, secret):
            done = command("secret", "remove", place, *PERSONS)
            assert (done.code, done.err) == (0, ""), done
            assert "deploy/runbooks/secrets.md" in done.out
            assert b"k7391canary" not in done.out.encode()
        left = contents(fresh_topics, INCIDENTS)
        assert SECRET not in {record.value for record in left}
        assert [record.key for record in left] == [], "all are in the record, and a file with any of them would stay on Kafka's disk"
        assert not [r for r in contents(fresh_topics, DEAD_LETTERS) if b"k7391canary" in (r.key or b"") + (r.value or b"")]
        assert rows(engine, "SELECT source, id, body::text FROM event ORDER BY 1, 2") == events
        kept = rows(engine, "SELECT code, payload, key, source, sha256 FROM dead_letter ORDER BY sha256")
        expected = [
            ("secret", None, None, source, hashlib.sha256(raw).hexdigest())
            for raw, source in ((CUT, None), (SECRET, "/posts/tan-thanh/d1"))
        ]
        assert kept == sorted(expected, key=lambda row: row[4])
        assert rows(engine, "SELECT removed_by, confirmed_by, reason FROM secret_removal") == [("Nguyễn A", "Trần B", PERSONS[-1])] * 2
        listed = command("secret", "list", "--json").document
        assert [f"{row['topic']}:{row['partition']}:{row['offset']}" for row in listed] == [secret, cut]
        with pytest.raises(Exception, match="what was said stands"), engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM secret_removal")
        # Again does no harm; the workers go on, restarted ones too; what was computed follows from what is left.
        assert command("secret", "remove", secret, *PERSONS).code == 0
        assert command("deadletter", "redrive", cut).problems[0][0] == "payload_gone"
        for worker in workers.workers:
            assert worker.terminate() == 0
        with well_again():
            publish(fresh_topics, honest(1))
            recorded(workers, database_url, events=7, letters=2)
        assert command("db", "rebuild").code == 0


def test_nothing_is_removed_that_a_stage_has_still_to_read_or_the_record_does_not_hold(
    command: Command, fresh_topics: str, database: Database, engine: Engine, tmp_path: Path, database_url: str
) -> None:
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics}

    def source() -> list[bytes]:
        return [record.value for record in contents(fresh_topics, INCIDENTS)]

    def letters() -> list[DeadLetter]:
        """What classify makes of each copy of the secret."""
        copies = [record for record in contents(fresh_topics, INCIDENTS) if record.value == SECRET]
        return [letter for letter in classify_records(copies) if isinstance(letter, DeadLetter)]

    def remove() -> Ended:
        return command("secret", "remove", f"{INCIDENTS}:{origin.partition}:{origin.offset}", *PERSONS)

    def refusal() -> str:
        before = source()
        refused = remove()
        ((code, sentence),) = refused.problems
        assert (refused.code, code) == (1, "not_removable")
        assert (source(), one(engine, "SELECT count(*) FROM secret_removal")) == (before, 0)
        return sentence

    publish(fresh_topics, [*honest(2), (b"one key", SECRET)])
    (letter,) = letters()
    origin = letter.origin
    database.record(Log(database, "another cluster").batch([], [letter]))
    assert "another cluster" in refusal()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM dead_letter")
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        classify = workers.start("classify")
        wait_until(lambda: len(contents(fresh_topics, DEAD_LETTERS)) == 1, "classified")
        assert classify.terminate() == 0
        log = cluster_of(fresh_topics)
        database.record(Log(database, log).batch([], [letter]))
        assert f"{INCIDENTS}[{origin.partition}]@0, 1" in refusal(), "the honest ones are not recorded yet"
        record = workers.start("record")
        wait_until(lambda: one(engine, "SELECT count(*) FROM event") == 2, "recorded")
        assert record.terminate() == 0
        publish(fresh_topics, [(b"one key", SECRET), *(later := honest(1))])
        database.record(Log(database, log).batch([], letters()[1:]))
        assert "classify" in refusal(), "its second copy is not classified yet"
        classify = workers.start("classify")
        wait_until(lambda: len(contents(fresh_topics, VERDICTS)) == 3, "classified")
        assert classify.terminate() == 0
        assert remove().code == 0
        assert source() == [value for _, value in later], "all but what the record does not hold yet"
        recorded(workers, database_url, events=3, letters=2)


def cluster_of(bootstrap: str) -> str:
    return asyncio.run(cluster_id(Cluster(bootstrap=bootstrap)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"--confirmed-by": "nguyễn  a"}, "two_persons"),
        ({"--by": " "}, "usage"),
        ({"--reason": "\u200b"}, "usage"),
    ],
)
def test_two_persons_decide_for_a_reason(command: Command, changes: dict[str, str], code: str) -> None:
    options: dict[str, Any] = dict(zip(PERSONS[::2], PERSONS[1::2], strict=True)) | changes
    refused = command("secret", "remove", "spool:0:1", *(part for option in options.items() for part in option))
    assert refused.problems[0][0] == code


def test_a_secret_in_the_embedded_record_goes_from_its_dead_letter(command: Command, database: Database, engine: Engine) -> None:
    letter = dead_letter(CUT, origin=Origin("spool", 0, 7, RECEIVED_MS), key=b"k7391canary", source="/posts/k7391canary/d1")
    database.record(Log(database).batch([], [letter]))
    done = command("secret", "remove", "spool:0:7", *PERSONS, "--json").document
    assert (done["dead_letters"], done["cuts"]) == (["spool:0:7"], [])
    assert rows(engine, "SELECT code, payload, key, source FROM dead_letter") == [("secret", None, None, None)]
    assert one(engine, "SELECT payload_removed_at IS NOT NULL FROM dead_letter") is True


def test_its_bytes_leave_the_brokers_disk_once_a_new_segment_begins(own_broker: Broker) -> None:
    """What the runbook does by hand: `segment.ms`, the next record, and the broker's own look at its files."""
    own_broker.stop()
    with own_broker.properties.open("a") as properties:
        properties.write("\nlog.retention.check.interval.ms=1000\nlog.initial.task.delay.ms=1000\n")
    own_broker.start()
    create_topics(own_broker.bootstrap)
    cluster = Cluster(bootstrap=own_broker.bootstrap)
    publish(own_broker.bootstrap, [*honest(1), (b"one key", SECRET), *honest(1)])
    record = next(record for record in contents(own_broker.bootstrap, INCIDENTS) if record.value == SECRET)

    def on_disk() -> bool:
        logs = own_broker.properties.parent.rglob(f"{INCIDENTS}-*/*.log*")
        return any(b"k7391canary" in log.read_bytes() for log in logs if log.exists())

    assert on_disk()
    asyncio.run(delete_before(cluster, (INCIDENTS, record.partition), record.offset + 2))
    asyncio.run(delete_before(cluster, (INCIDENTS, record.partition), record.offset + 2))  # again changes nothing

    async def roll_soon() -> None:
        wanted = settings(INCIDENTS, DEVELOPMENT) | {"segment.ms": "1000"}
        async with admin(cluster) as kafka:
            await kafka.alter_configs([ConfigResource(ConfigResourceType.TOPIC, INCIDENTS, wanted)])

    asyncio.run(roll_soon())
    time.sleep(1.5)
    publish(own_broker.bootstrap, kept := honest(1))
    wait_until(lambda: not on_disk(), "gone from the disk", timeout_s=120)
    assert [record.value for record in contents(own_broker.bootstrap, INCIDENTS)] == [kept[0][1]]
