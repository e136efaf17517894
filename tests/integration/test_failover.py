"""Another server takes over: whoever was connected to the old one, which only reads now, goes on with the new one."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text

from schemas.records import Position, Unavailable
from schemas.topics import INCIDENTS
from sinks.postgres.clock import as_of_now
from sinks.postgres.engine import connect
from sinks.postgres.session import transaction
from sinks.record.database import Database
from sinks.record.report_runs import last_runs, remember_run
from tests import builders
from tests.support.classified_batches import Log
from tests.support.postgres import OwnServer, own_server
from tests.support.proxy import Proxy
from tests.support.rows import one
from tests.support.workers import wait_until


class Pair:
    """Two servers behind one address, the second of which can take over from the first."""

    def __init__(self, first: OwnServer, second: OwnServer) -> None:
        self._first = first
        self._second = second
        self.proxy = Proxy(first.url)
        self.engine = connect(self.proxy.url)

    def fail_over(self) -> None:
        """The first becomes read-only and keeps its connections; new ones go to the second."""
        with psycopg.connect(self._first.url, autocommit=True) as first:
            first.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            first.execute("SELECT pg_reload_conf()")
            wait_until(lambda: first.execute("SHOW default_transaction_read_only").fetchone() == ("on",), "read-only")
        time.sleep(0.2)  # each session of the server hears of it by itself
        self.proxy.fail_over(self._second.url)

    def close(self) -> None:
        self.engine.dispose()
        self.proxy.close()


@pytest.fixture
def pair(own_postgres: OwnServer) -> Iterator[Pair]:
    with own_server() as second:
        both = Pair(own_postgres, second)
        yield both
        both.close()


def keep_open(engine: Engine, connections: int) -> None:
    """Leave as many connections in the pool."""
    held = [engine.connect() for _ in range(connections)]
    for connection in held:
        connection.execute(text("SELECT 1"))
        connection.close()


def test_the_writer_goes_on_with_the_server_that_took_over(pair: Pair) -> None:
    database = Database(pair.engine)
    log = Log(database)
    database.record(log.batch([builders.reported()]))
    keep_open(pair.engine, 3)
    pair.fail_over()
    with pytest.raises(Unavailable, match="read-only"):
        database.record(log.batch([builders.reported()]))
    after = Log(database, log.name)  # as intake does: it reads its positions again
    assert database.record(after.batch([builders.reported()])).events.total() == 1
    assert database.positions(log.name, {(INCIDENTS, 0): Position(0, "1")})[INCIDENTS, 0].offset == 1


def test_every_pooled_connection_is_given_up_with_the_first_that_failed(pair: Pair) -> None:
    keep_open(pair.engine, 4)
    pair.fail_over()
    with pytest.raises(Unavailable):
        as_of_now(pair.engine)
    held = [pair.engine.connect() for _ in range(4)]
    assert [connection.execute(text("SHOW default_transaction_read_only")).scalar() for connection in held] == ["off"] * 4
    for connection in held:
        connection.close()


def test_a_transaction_of_sqlalchemys_goes_on_with_the_server_that_took_over(pair: Pair) -> None:
    began = as_of_now(pair.engine)
    remember_run(pair.engine, started_at=began, built=1, reason=None)
    pair.fail_over()
    with pytest.raises(Unavailable):
        remember_run(pair.engine, started_at=began, built=1, reason=None)
    assert last_runs(pair.engine) is None
    remember_run(pair.engine, started_at=began, built=1, reason=None)
    assert last_runs(pair.engine) is not None


def test_an_error_of_a_statement_costs_no_connection(engine: Engine) -> None:
    def session_of(statement: str) -> int:
        return transaction(
            engine, lambda cursor: (cursor.execute(statement), cursor.execute("SELECT pg_backend_pid()").fetchall()[0][0])[1]
        )

    first = session_of("SELECT 1")
    with pytest.raises(psycopg.errors.DivisionByZero):
        session_of("SELECT 1 / 0")
    assert session_of("SELECT 1") == first == one(engine, "SELECT pg_backend_pid()")


def test_a_url_may_name_several_hosts_and_the_one_that_answers_is_taken(own_postgres: OwnServer) -> None:
    user, _, where = own_postgres.url.partition("@")
    host = where.partition("host=")[2].partition("&")[0]
    several = connect(f"{user}@/postgres?host=127.0.0.1,{host}&port=1,5432")
    assert one(several, "SELECT 1") == 1
    several.dispose()
