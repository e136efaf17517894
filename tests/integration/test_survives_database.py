"""The database goes away under load, freezes, loses answers; a worker freezes in a transaction: the record stays exact."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from sinks.postgres.clock import CLOCK
from sinks.postgres.session import transaction
from tests.support.exact import settled
from tests.support.postgres import OwnServer
from tests.support.proxy import Proxy
from tests.support.publishing import publish, publishing
from tests.support.traffic import traffic
from tests.support.workers import fleet, wait_until

AWAY_S = 10.0
ENDINGS: dict[str, tuple[Callable[[OwnServer], None], Callable[[OwnServer], None]]] = {
    "killed": (OwnServer.kill, OwnServer.start),
    "frozen": (OwnServer.freeze, OwnServer.thaw),
}


@pytest.mark.parametrize(("how", "poll_interval"), [("killed", "300"), ("frozen", "4")])
def test_a_database_away_for_ten_seconds(fresh_topics: str, own_postgres: OwnServer, tmp_path: Path, how: str, poll_interval: str) -> None:
    leave, come_back = ENDINGS[how]
    sent = traffic(1500, seed=31)
    with fleet(tmp_path, fresh_topics, own_postgres.url, MOCGIOI_POLL_INTERVAL=poll_interval, MOCGIOI_BATCH="50") as workers:
        classify, record = workers.start("classify"), workers.start("record")
        record.wait_ready()
        classify.wait_ready()
        with publishing(fresh_topics, sent.sent, seconds=8):
            wait_until(lambda: record.metric("border_events_total", disposition="recorded") > 0, "something recorded")
            leave(own_postgres)
            left = time.monotonic()
            record.wait_for(lambda: record.ready()[0] == 503, "not ready")
            status, page = record.ready()
            assert (status, page["record"]["waiting"]) == (503, "database")
            assert record.metric("border_waiting", part="database") == 1
            assert record.logged("waiting")[-1]["part"] == "database"
            assert record.page("/healthz")[0] == 200, "a restart would not bring the database back"
            assert classify.ready()[0] == 200, "classify needs no database"
            time.sleep(max(0.0, left + AWAY_S - time.monotonic()))
            assert len(record.logged("assigned")) == 1, "the group kept it: it went on polling"
            come_back(own_postgres)
        settled(own_postgres.url, sent, workers)
        record.wait_for(lambda: record.ready()[0] == 200, "ready again")
        assert record.metric("border_waiting", part="database") == 0
        assert record.logged("answered")
        assert len(record.logged("assigned")) == 1


def test_a_stop_while_the_database_is_away_takes_no_more_than_ten_seconds(
    fresh_topics: str, own_postgres: OwnServer, tmp_path: Path
) -> None:
    sent = traffic(300, seed=32)
    with fleet(tmp_path, fresh_topics, own_postgres.url) as workers:
        classify, record = workers.start("classify"), workers.start("record")
        record.wait_ready()
        own_postgres.freeze()
        publish(fresh_topics, sent.sent)
        record.wait_for(lambda: record.ready()[0] == 503, "not ready")
        assert record.terminate() == 0
        own_postgres.stop()
        early = workers.start("record")
        early.wait_for(lambda: early.ready()[1]["record"]["waiting"] == "database", "waiting")
        assert early.page("/healthz")[0] == 200
        assert early.terminate() == 0
        late = workers.start("record")
        late.wait_for(lambda: late.ready()[1]["record"]["waiting"] == "database", "waiting")
        own_postgres.start()
        settled(own_postgres.url, sent, workers)
        assert [classify.terminate(), late.terminate()] == [0, 0]


def test_lost_commit_replies_and_cut_connections(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    chance = random.Random(33)
    sent = traffic(1500, seed=33)
    proxy = Proxy(database_url)
    try:
        with fleet(tmp_path, fresh_topics, proxy.url, MOCGIOI_BATCH="50") as workers:
            workers.start("classify").wait_ready()
            record = workers.start("record")
            record.wait_ready()
            with publishing(fresh_topics, sent.sent, seconds=5):
                for lost in range(1, 5):
                    proxy.swallow_commits = 1
                    record.wait_for(lambda lost=lost: len(record.logged("waiting")) == lost, "a lost answer")
                    record.wait_for(lambda lost=lost: len(record.logged("answered")) == lost, "asking again")
                    time.sleep(chance.uniform(0, 0.2))
                proxy.cut()
            settled(database_url, sent, workers)
            assert not record.logged("batch_failed"), "asked again, the record knows that it has the batch"
    finally:
        proxy.close()


def test_a_zombie_that_wakes_up_after_another_took_over_writes_nothing(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    sent = traffic(600, seed=34)
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as gate:
        workers.start("classify").wait_ready()
        zombie = workers.start("record")
        zombie.wait_ready()
        # The writers' clock, held: the worker's transaction waits between its positions and its rows.
        gate.execute("SELECT pg_advisory_lock(%s)", (CLOCK,))
        publish(fresh_topics, sent.sent)
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: gate.execute(waits).fetchone() == (1,), "the worker in its transaction")
        zombie.freeze()
        gate.execute("SELECT pg_advisory_unlock(%s)", (CLOCK,))
        holding = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
        wait_until(lambda: gate.execute(holding).fetchall(), "the frozen worker's transaction")
        held = gate.execute(holding).fetchall()
        heir = workers.start("record")
        heir.wait_for(lambda: heir.assigned() == 24, "taking over")
        # PostgreSQL would end it by itself after the time `sinks.postgres.session` gives it.
        assert [gate.execute("SELECT pg_terminate_backend(%s)", pid).fetchone() for pid in held] == [(True,)]
        settled(database_url, sent, workers)
        recorded = heir.metric("border_events_total", disposition="recorded")
        assert recorded == len(sent.accepted), "the heir recorded everything"
        stands = "SELECT topic, partition, next_offset FROM consumed_offset ORDER BY 1, 2"
        positions = gate.execute(stands).fetchall()
        zombie.thaw()
        zombie.wait_for(lambda: zombie.logged("answered"), "having tried to record its batch")
        zombie.wait_for(lambda: zombie.assigned() == heir.assigned() == 12, "sharing the work again")
        assert zombie.metric("border_events_total", disposition="recorded") == 0
        assert gate.execute(stands).fetchall() == positions, "a zombie moves no position"
        late = traffic(200, seed=35, poison=0)
        publish(fresh_topics, late.sent)
        settled(database_url, sent.and_then(late), workers)
        assert zombie.metric("border_events_total", disposition="recorded") + heir.metric(
            "border_events_total", disposition="recorded"
        ) == recorded + len(late.accepted)


def test_a_transaction_that_waits_for_a_frozen_worker_waits_half_a_minute_at_most(engine: Engine) -> None:
    asked = transaction(engine, lambda cursor: cursor.execute("SHOW idle_in_transaction_session_timeout").fetchone())
    assert asked == ("30s",)
