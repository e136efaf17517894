"""A database that goes away: nothing is lost, nothing is counted twice, and the caller is told to wait."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine

from schemas.records import ClassifiedBatch, Position, Recorded, Unavailable
from schemas.topics import INCIDENTS
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import as_of_now
from sinks.postgres.engine import connect
from sinks.postgres.server import EmbeddedServer
from sinks.postgres.session import transaction
from sinks.postgres.staging import FIRST_STATES
from sinks.postgres.upgrade import current, upgrade
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.postgres import open_folder
from tests.support.proxy import Proxy
from tests.support.rows import one


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    proxy = Proxy(database_url)
    yield proxy
    proxy.close()


@pytest.fixture
def database(proxy: Proxy) -> Iterator[Database]:
    database = Database(proxy.url)
    yield database
    database.close()


@pytest.mark.fault(
    what="The answer to a commit is lost",
    how="a proxy cuts the connection behind the COMMIT",
    then="the batch is asked for again and found recorded; it counts once",
)
def test_a_lost_answer_to_a_commit_counts_once(database: Database, proxy: Proxy, engine: Engine) -> None:
    log = Log(database)
    for _ in range(3):
        database.positions(log.name, {(INCIDENTS, 0): Position(0, "a")})  # so that the next commit is the batch's
        batch = log.batch([builders.reported(), builders.reported()])
        proxy.swallow_commits = 1
        with pytest.raises(Unavailable) as away:
            database.record(batch)
        assert away.value.part == "database"
        assert database.record(batch) == Recorded()
    assert one(engine, "SELECT count(*) FROM event") == 6
    assert one(engine, "SELECT next_offset FROM consumed_offset") == 6


def test_a_cut_connection_is_replaced_and_the_batch_recorded_whole(database: Database, proxy: Proxy, engine: Engine) -> None:
    log = Log(database)
    for _ in range(3):
        batch = log.batch([builders.reported(), builders.reported()])
        proxy.cut()
        with pytest.raises(Unavailable):
            database.record(batch)
        assert one(engine, "SELECT count(*) FROM event") == batch.positions[INCIDENTS, 0][0]
        assert database.record(batch).events.total() == 2


def test_a_session_ended_by_an_administrator_is_unavailable_not_broken(database: Database, engine: Engine) -> None:
    log = Log(database)
    with engine.begin() as connection:
        ended = connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        assert ended.rowcount == 1
    batch = log.batch([builders.reported()])
    with pytest.raises(Unavailable):
        database.record(batch)
    assert database.record(batch).events.total() == 1


def test_whoever_asks_a_database_that_is_not_there_is_told_to_wait(proxy: Proxy) -> None:
    proxy.refuse = True
    with pytest.raises(Unavailable):
        Database(proxy.url).positions("log", {(INCIDENTS, 0): Position(0, "a")})
    with pytest.raises(Unavailable):
        current(proxy.url)
    with pytest.raises(Unavailable):
        as_of_now(connect(proxy.url))


def test_transactions_that_deadlock_are_tried_again(engine: Engine, database_url: str) -> None:
    """Another session holds an incident and then wants the position: PostgreSQL ends one of the two, and both get through."""
    database = Database(engine)
    log = Log(database)
    event = builders.reported()
    database.record(log.batch([event]))
    batch = log.batch([builders.updated(event["subject"], {"side": "VN"})])
    done: list[Recorded] = []
    with psycopg.connect(database_url) as other:
        other.execute("SET deadlock_timeout = '10s'")
        other.execute("SELECT FROM incident WHERE subject = %s FOR UPDATE", (event["subject"],))
        worker = threading.Thread(target=lambda: done.append(database.record(batch)))
        worker.start()
        deadline = time.monotonic() + 20
        while not one(engine, "SELECT count(*) FROM pg_locks WHERE NOT granted") and time.monotonic() < deadline:
            time.sleep(0.02)
        other.execute("SELECT FROM consumed_offset FOR UPDATE")
    worker.join(20)
    assert [recorded.events.total() for recorded in done] == [1]
    assert one(engine, "SELECT side FROM incident") == "VN"


def deliver(database: Database, batch: ClassifiedBatch, started: EmbeddedServer) -> None:
    """What the worker does: the same again until it is through; here it also brings the server back."""
    while True:
        try:
            database.record(batch)
        except Unavailable:
            started.start()
        else:
            return


def test_kill_9_of_the_server_in_mid_run_loses_and_doubles_nothing() -> None:
    home = open_folder()
    server, back = EmbeddedServer(home), EmbeddedServer(home)
    try:
        url = server.start()
        upgrade(url)
        database = Database(url)
        log = Log(database, "killed")
        killers = [threading.Timer(0.3, lambda: os.kill(server.pid, signal.SIGKILL)) for _ in range(1)]
        for killer in killers:
            killer.start()
        sent = 0
        until = time.monotonic() + 1.5
        while time.monotonic() < until or sent < 400:
            deliver(database, log.batch([builders.reported() for _ in range(40)]), back)
            sent += 40
        for killer in killers:
            killer.join()
        database.close()
        engine = connect(url)
        assert one(engine, "SELECT count(*) FROM event") == one(engine, "SELECT count(*) FROM incident_state") == sent
        assert one(engine, "SELECT next_offset FROM consumed_offset") == sent
        engine.dispose()
    finally:
        back.stop()
        server.stop()
        shutil.rmtree(home)


def test_a_transaction_that_took_us_too_long_is_our_own_fault_and_no_database_that_is_away(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sinks.postgres.session._IDLE_TIMEOUT", "SET idle_in_transaction_session_timeout = '50ms'")

    def ponder(cursor: Statements) -> None:
        cursor.execute("SELECT 1")
        time.sleep(0.3)
        cursor.execute("SELECT 1")

    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        transaction(engine, ponder)
    monkeypatch.undo()
    assert transaction(engine, lambda cursor: cursor.execute("SELECT 1").fetchone()) == (1,), "the next one has a session that lives"


def test_a_snapshot_sees_the_record_of_one_moment_and_writes_nothing(engine: Engine) -> None:
    """What lands between two statements of a preview is not there for the second; temporary tables may be filled all the same."""
    database = Database(engine)
    log = Log(database)
    database.record(log.batch([builders.reported()]))

    def events(cursor: Statements) -> int:
        return int(cursor.execute("SELECT count(*) FROM event").fetchall()[0][0])

    def preview(cursor: Statements) -> tuple[int, int]:
        before = events(cursor)
        database.record(log.batch([builders.reported()]))
        FIRST_STATES.fill(cursor, [])
        return before, events(cursor)

    assert transaction(engine, preview, snapshot=True) == (1, 1)
    assert transaction(engine, preview) == (2, 3), "without one, each statement sees what is committed by then"
    with pytest.raises(Unavailable, match="read-only"):
        transaction(engine, lambda cursor: cursor.execute("DELETE FROM baseline"), snapshot=True)
    assert database.record(log.batch([builders.reported()])).events.total() == 1, "the next transaction writes again"


@pytest.mark.parametrize("state", ["53100", "58030"])
def test_a_server_whose_disk_is_full_or_fails_is_away_and_no_record_is_at_fault(engine: Engine, state: str) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'disk' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(Unavailable, match="disk"):
        transaction(engine, lambda cursor: cursor.execute(raised))
