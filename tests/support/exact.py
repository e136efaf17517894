"""The claim of all tests that kill: the record holds exactly what was sent."""

import time
from collections import Counter

import psycopg

from tests.support.traffic import Traffic
from tests.support.workers import Fleet

COUNTS = "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM dead_letter), (SELECT count(*) FROM conflict)"


def settled(database: str, expected: Traffic, fleet: Fleet, timeout_s: float = 120.0) -> None:
    """Wait until the record has as much as it must, then hold it against what was sent, one by one."""
    wanted = len(expected.accepted), expected.poison, expected.conflicts
    deadline = time.monotonic() + timeout_s
    with psycopg.connect(database, autocommit=True) as connection:
        while (counts := connection.execute(COUNTS).fetchone()) != wanted:
            fleet.check_running()
            assert time.monotonic() < deadline, f"events, dead letters, conflicts: {counts} instead of {wanted}\n{fleet.tail()}"
            time.sleep(0.1)
    exact(database, expected)


def exact(database: str, expected: Traffic) -> None:
    """Every event, verdict and dead letter once, every incident as the pure functions have it."""
    with psycopg.connect(database) as connection:
        events = {(source, event_id): body for source, event_id, body in connection.execute("SELECT source, id, body::text FROM event")}
        assert {key: raw.decode() for key, raw in expected.accepted.items()} == events
        assert Counter(connection.execute("SELECT source, id FROM verdict").fetchall()) == Counter(dict.fromkeys(events, 1))
        rows = connection.execute("SELECT subject, complete, retracted, kind, CASE WHEN complete THEN outcome END FROM incident").fetchall()
        assert {subject: tuple(state) for subject, *state in rows} == expected.incidents()
        assert len(rows) == len(expected.incidents())
        newest = "SELECT subject FROM incident EXCEPT SELECT subject FROM incident JOIN incident_state USING (subject, version)"
        assert not connection.execute(newest).fetchall()
        letters = connection.execute('SELECT count(*), count(DISTINCT (topic, partition, "offset")) FROM dead_letter').fetchone()
        assert letters == (expected.poison, expected.poison)
        assert connection.execute("SELECT count(*) FROM conflict").fetchone() == (expected.conflicts,)
        leaked = connection.execute("SELECT count(*) FROM dead_letter WHERE code = 'secret' AND payload IS NOT NULL").fetchone()
        assert leaked == (0,), "nothing of a secret payload is kept"
