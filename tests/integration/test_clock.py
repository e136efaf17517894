"""The record's clock: nothing appears before a moment already reported, no report waits out a rejudging, and no stamp goes back."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Engine

from sinks.postgres import session
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import CLOCK, ahead_of_server, as_of_now, hold_history, stamp, stamp_under_lock
from sinks.postgres.session import transaction
from tests.support.rows import one
from tests.support.workers import wait_until

NOTE = "INSERT INTO rejudging (number, rule_pack, judge_version, reason, recorded_at) SELECT count(*), %s, 1, '', %s FROM rejudging"
WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_database ON database = pg_database.oid
WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""


class Gates:
    """Where transactions of a test wait for each other."""

    def __init__(self) -> None:
        self._reached: dict[str, threading.Event] = {}
        self._open: dict[str, threading.Event] = {}

    def _event(self, events: dict[str, threading.Event], name: str) -> threading.Event:
        return events.setdefault(name, threading.Event())

    def wait_here(self, name: str) -> None:
        """Say that this point is reached and stay until it is let through."""
        self._event(self._reached, name).set()
        assert self._event(self._open, name).wait(30), name

    def reached(self, name: str) -> None:
        assert self._event(self._reached, name).wait(30), name

    def let_through(self, name: str) -> None:
        self._event(self._open, name).set()


@pytest.fixture
def gates() -> Gates:
    return Gates()


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def record(cursor: Statements, name: str = "recorded") -> datetime:
    """What a recorder does: stamp, then write."""
    moment = stamp_under_lock(cursor)
    cursor.execute(NOTE, (name, moment))
    return moment


def appeared(engine: Engine, moment: datetime) -> int:
    return int(one(engine, "SELECT count(*) FROM rejudging WHERE recorded_at <= :moment", moment=moment))


def test_a_report_waits_for_who_has_stamped_and_sees_it(
    engine: Engine, worker: Engine, reader: Engine, gates: Gates, beside: ThreadPoolExecutor
) -> None:
    def recorder(cursor: Statements) -> datetime:
        moment = record(cursor)
        gates.wait_here("stamped")
        return moment

    recording = beside.submit(transaction, worker, recorder)
    gates.reached("stamped")
    reporting = beside.submit(as_of_now, reader)
    wait_until(lambda: one(engine, WAITING) == 1, "the report waits")
    late = beside.submit(transaction, worker, lambda cursor: record(cursor, "late"))
    gates.let_through("stamped")
    assert recording.result(30) < reporting.result(30) < late.result(30)
    assert appeared(engine, reporting.result()) == 1


def test_a_report_does_not_wait_out_a_rejudging_and_nothing_of_it_is_before_the_report(
    engine: Engine, worker: Engine, reader: Engine, gates: Gates, beside: ThreadPoolExecutor
) -> None:
    def rejudging(cursor: Statements) -> datetime:
        hold_history(cursor)
        gates.wait_here("computing")
        moment = stamp_under_lock(cursor)
        cursor.execute(NOTE, ("rejudged", moment))
        gates.wait_here("written")
        return moment

    transaction(worker, record)
    working = beside.submit(transaction, worker, rejudging)
    gates.reached("computing")
    recording = beside.submit(transaction, worker, record)
    wait_until(lambda: one(engine, WAITING) == 1, "the recorder waits")
    early = as_of_now(reader)  # in this thread: it does not wait at all, neither for the rejudging nor behind the recorder
    assert appeared(engine, early) == 1
    gates.let_through("computing")
    gates.reached("written")
    reporting = beside.submit(as_of_now, reader)
    wait_until(lambda: one(engine, WAITING) == 2, "the report waits for what is stamped")
    gates.let_through("written")
    assert early < working.result(30) < reporting.result(30)
    recording.result(30)
    assert appeared(engine, early) == 1, "nothing appeared before a moment already reported"
    assert appeared(engine, reporting.result()) in (2, 3)


def test_who_holds_the_history_sees_all_that_was_recorded_and_waits_for_who_records(
    engine: Engine, worker: Engine, gates: Gates, beside: ThreadPoolExecutor
) -> None:
    def recorder(cursor: Statements) -> None:
        record(cursor)
        gates.wait_here("stamped")

    def rejudging(cursor: Statements) -> int:
        hold_history(cursor)
        cursor.execute("SELECT count(*) FROM rejudging")
        return int(cursor.fetchall()[0][0])

    recording = beside.submit(transaction, worker, recorder)
    gates.reached("stamped")
    working = beside.submit(transaction, worker, rejudging)
    wait_until(lambda: one(engine, WAITING) == 1, "the rejudging waits")
    gates.let_through("stamped")
    recording.result(30)
    assert working.result(30) == 1


def test_no_order_of_recorders_rejudgings_and_reports_is_a_deadlock(
    worker: Engine, reader: Engine, beside: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_TRIES", 1)  # one that PostgreSQL ended would be tried again, and nobody would see it

    def rejudging(cursor: Statements) -> None:
        hold_history(cursor)
        stamp_under_lock(cursor)

    def again(work: Callable[[], object]) -> None:
        for _ in range(60):
            work()

    works: list[Callable[[], object]] = [
        lambda: transaction(worker, stamp_under_lock),
        lambda: transaction(worker, stamp_under_lock),
        lambda: transaction(worker, rejudging),
        lambda: as_of_now(reader),
    ]
    running: list[Future[None]] = [beside.submit(again, work) for work in works]
    for future in running:
        future.result(60)


def set_back_an_hour(engine: Engine) -> None:
    """As if the server's clock had been an hour later until now: what it gave then is what it gave last."""
    one(engine, "SELECT setval('record_clock', (extract(epoch FROM clock_timestamp() + interval '1 hour') * 1000000)::bigint)")


def test_a_clock_set_back_goes_on_where_it_was(engine: Engine, worker: Engine, reader: Engine) -> None:
    set_back_an_hour(engine)
    recorded = transaction(worker, record)
    reported = as_of_now(reader)
    again = transaction(worker, lambda cursor: (record(cursor), stamp(cursor)))
    assert recorded < reported < again[0] < again[1] < as_of_now(reader)
    assert appeared(engine, reported) == 1
    assert recorded > one(engine, "SELECT clock_timestamp() + interval '59 minutes'")
    assert timedelta(minutes=59) < ahead_of_server(engine) < timedelta(hours=1)


def test_a_clock_that_goes_forward_is_the_servers(engine: Engine, worker: Engine, reader: Engine) -> None:
    before = one(engine, "SELECT clock_timestamp()")
    moments = [as_of_now(reader), transaction(worker, stamp_under_lock), as_of_now(reader)]
    assert before < moments[0] < moments[1] < moments[2] < one(engine, "SELECT clock_timestamp()")
    assert ahead_of_server(engine) < timedelta(0)


def test_stamps_of_many_at_once_are_all_different_and_none_is_behind_the_clock(
    engine: Engine, worker: Engine, reader: Engine, beside: ThreadPoolExecutor
) -> None:
    def stamps(_: int) -> list[datetime]:
        return transaction(worker, lambda cursor: [stamp_under_lock(cursor), *(stamp(cursor) for _ in range(300))])

    set_back_an_hour(engine)
    each = list(beside.map(stamps, range(4)))
    assert all(moments == sorted(moments) for moments in each)
    assert len({moment for moments in each for moment in moments}) == 4 * 301
    assert max(moment for moments in each for moment in moments) < as_of_now(reader)


def test_a_stamp_that_is_cancelled_or_rolled_back_leaves_the_clock_usable_and_no_earlier(database_url: str, reader: Engine) -> None:
    with psycopg.connect(database_url, autocommit=True) as holder, psycopg.connect(database_url) as writer:
        key = 0x6D6F634E6F77
        holder.execute("SELECT pg_advisory_lock(%s)", (key,))
        writer.execute("SET statement_timeout = '50ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            writer.execute("SELECT record_now()")
        writer.rollback()
        holder.execute("SELECT pg_advisory_unlock(%s)", (key,))
        moment = writer.execute("SELECT record_now()").fetchall()[0][0]
        writer.rollback()
        held = holder.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchall()[0][0]
        assert held == 0
    assert as_of_now(reader) > moment


def test_the_clock_is_not_held_while_the_history_is(worker: Engine, database_url: str) -> None:
    def rejudging(cursor: Statements) -> bool:
        hold_history(cursor)
        with psycopg.connect(database_url, autocommit=True) as other:
            return bool(other.execute("SELECT pg_try_advisory_lock(%s)", (CLOCK,)).fetchall()[0][0])

    assert transaction(worker, rejudging)
