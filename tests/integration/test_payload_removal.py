"""Dead letters lose their payload after some days, and keep all that says what it was and where it was read."""

import asyncio
import hashlib
from pathlib import Path

from sqlalchemy import Engine, text

from mocgioi.service.payload_removal import PayloadRemoval
from schemas.topics import INCIDENTS, PARTITIONS
from schemas.verdicts import Origin
from sinks.metrics import Metrics
from sinks.postgres.upgrade import upgrade
from sinks.query.dead_letters import dead_letters
from sinks.record.database import Database
from sinks.record.dead_letters import remove_old_payloads
from tests.support.classified_batches import RECEIVED_MS, Log, dead_letter
from tests.support.commands import Command
from tests.support.postgres import Databases
from tests.support.publishing import contents, publish
from tests.support.rows import one, rows
from tests.support.workers import fleet, wait_until

KEPT = 'topic, partition, "offset", code, reason, sha256, key, source, redriven_at'


def make_older(engine: Engine, days: int, *offsets: int) -> None:
    with engine.begin() as connection:
        statement = text('UPDATE dead_letter SET recorded_at = recorded_at - make_interval(days => :days) WHERE "offset" = ANY(:offsets)')
        connection.execute(statement, {"days": days, "offsets": list(offsets)})


def test_a_payload_is_removed_after_its_days_and_the_rest_stays(engine: Engine, worker: Engine) -> None:
    database = Database(worker)
    log = Log(database)
    letters = [dead_letter(b"Nguyen Van A", offset=offset, key=b"inc-1") for offset in range(3)] + [
        dead_letter(None, offset=3, code="secret")
    ]
    database.record(log.batch([], letters))
    make_older(engine, 91, 0, 3)
    make_older(engine, 89, 1)
    before = rows(engine, f"SELECT {KEPT} FROM dead_letter ORDER BY 3")
    assert remove_old_payloads(worker, 0) == 0
    assert remove_old_payloads(worker, 90) == 1
    assert rows(engine, 'SELECT payload, payload_removed_at IS NOT NULL FROM dead_letter ORDER BY "offset"') == [
        (None, True),
        (b"Nguyen Van A", False),
        (b"Nguyen Van A", False),
        (None, False),  # a secret one never had any
    ]
    assert rows(engine, f"SELECT {KEPT} FROM dead_letter ORDER BY 3") == before
    assert remove_old_payloads(worker, 90) == 0
    again = Log(database)
    database.record(again.batch([], letters))
    assert one(engine, "SELECT count(*) FROM dead_letter WHERE payload_removed_at IS NOT NULL") == 1
    assert remove_old_payloads(worker, 88) == 1


def test_a_letter_that_is_delivered_again_does_not_bring_its_payload_back(engine: Engine, worker: Engine) -> None:
    database = Database(worker)
    log = Log(database, "log")
    database.record(log.batch([], [dead_letter(b"x")]))
    make_older(engine, 2, 0)
    remove_old_payloads(worker, 1)
    database.record(log.batch([], [dead_letter(b"x")]))
    assert rows(engine, "SELECT payload FROM dead_letter") == [(None,)]


def test_a_person_is_told_when_and_why_a_payload_is_gone(command: Command, engine: Engine, worker: Engine) -> None:
    database = Database(worker)
    database.record(Log(database).batch([], [dead_letter(b"Nguyen Van A", origin=Origin("spool", 0, 7, RECEIVED_MS))]))
    make_older(engine, 8, 7)
    assert "removed: 0" in command("deadletter", "expire").out
    assert "removed: 1" in command("deadletter", "expire", MOCGIOI_DEADLETTER_DAYS="7").out
    shown = command("deadletter", "show", "spool:0:7", "--json").document
    assert (shown["payload"], shown["sha256"]) == (None, hashlib.sha256(b"Nguyen Van A").hexdigest())
    assert shown["payload_removed_at"] == dead_letters(engine)[0]["payload_removed_at"]
    people = command("deadletter", "show", "spool:0:7").out
    assert shown["payload_removed_at"] in people
    assert "MOCGIOI_DEADLETTER_DAYS" in people
    refused = command("deadletter", "redrive", "spool:0:7")
    ((code, sentence),) = refused.problems
    assert (refused.code, code) == (1, "payload_gone")
    assert "MOCGIOI_DEADLETTER_DAYS" in sentence
    assert one(engine, "SELECT redriven_at FROM dead_letter") is None


def test_the_record_worker_removes_payloads_and_redrive_reads_them_where_they_were(
    command: Command, fresh_topics: str, database_url: str, engine: Engine, worker: Engine, tmp_path: Path
) -> None:
    command.environment |= {"MOCGIOI_KAFKA": fresh_topics}
    publish(fresh_topics, [(b"inc-1", b"not json")])
    (record,) = contents(fresh_topics, INCIDENTS)
    beside = (record.partition + 1) % PARTITIONS
    letters = [
        dead_letter(b"not json", origin=Origin(INCIDENTS, record.partition, record.offset, RECEIVED_MS), key=record.key),
        dead_letter(b"another", origin=Origin(INCIDENTS, record.partition, record.offset + 1, RECEIVED_MS)),
        dead_letter(b"nowhere", origin=Origin(INCIDENTS, beside, record.offset, RECEIVED_MS)),
    ]
    database = Database(worker)
    database.record(Log(database).batch([], letters))
    with engine.begin() as connection:
        connection.execute(text("UPDATE dead_letter SET recorded_at = recorded_at - interval '91 days'"))
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        worker = workers.start("record")
        wait_until(lambda: one(engine, "SELECT count(*) FROM dead_letter WHERE payload IS NOT NULL") == 0, "removed")
        wait_until(lambda: worker.logged("payloads_removed"), "said")
        assert worker.logged("payloads_removed")[-1]["dead_letters"] == 3
    assert "redriven: 1" in command("deadletter", "redrive", f"{INCIDENTS}:{record.partition}:{record.offset}").out
    assert [(sent.key, sent.value) for sent in contents(fresh_topics, INCIDENTS)] == [(b"inc-1", b"not json")] * 2
    gone = command("deadletter", "redrive", f"{INCIDENTS}:{beside}:{record.offset}")
    assert (gone.code, gone.problems[0][0]) == (1, "payload_gone")
    # The record sent again stands there now: it is not the one that was refused.
    other = command("deadletter", "redrive", f"{INCIDENTS}:{record.partition}:{record.offset + 1}")
    assert (other.code, other.problems[0][0]) == (1, "payload_gone")
    assert "another record" in other.problems[0][1]


def test_a_worker_whose_database_is_not_migrated_yet_tries_again(databases: Databases) -> None:
    url = databases.empty()

    async def live() -> None:
        removal = PayloadRemoval(url, Metrics(), days=90, every_s=0.05)
        await removal.start()
        await asyncio.sleep(0.3)
        assert removal.crash_reason is None
        await asyncio.to_thread(upgrade, url)
        await asyncio.sleep(0.3)
        assert removal.crash_reason is None
        await removal.stop()

    asyncio.run(live())
    databases.drop(url)
