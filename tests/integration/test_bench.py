"""The benchmarks still run, and measure what they say."""

import os
import subprocess
import sys
import time
from collections import Counter
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import select

from bench import afternoon, pipeline, trees
from bench.events import events
from bench.measure import Result
from bench.pipeline import Bar, Measurements, judged, rate
from bench.reports import Timed
from bench.server_cpu import server_cpu_s
from schemas.events import Assessed, Reported, Retracted, Updated
from schemas.validation import decode
from sinks.postgres.engine import connect
from sinks.postgres.tables import incident_state
from sinks.record.database import Database
from tests.support.classified_batches import Log
from tests.support.kafka import ROOT
from tests.support.postgres import Databases, OwnServer


def test_the_events_measured_with_are_valid_repeatable_and_of_the_size_stated():
    sent = list(events(3000))
    assert sent == list(events(3000))
    assert 800 < sum(len(event.value) for event in sent) / len(sent) < 1000
    decoded = [decode(event.value) for event in sent]
    assert len({(event.source, event.id) for event in decoded}) == len({(event.source, event.number) for event in decoded}) == 3000
    kinds = Counter(event.type.split(".")[3] for event in decoded)
    assert kinds["reported"] > 2500
    assert min(kinds[kind] for kind in ("updated", "retracted", "assessed", "recorded")) > 10


def test_only_the_post_that_reported_an_incident_and_an_office_speak_of_it():
    decoded = [decode(event.value) for event in events(3000)]
    reporters = {event.subject: event.source for event in decoded if isinstance(event, Reported)}
    assert all(event.source == reporters[event.subject] for event in decoded if isinstance(event, Updated | Retracted))
    assert all(event.source.startswith("/offices/") for event in decoded if isinstance(event, Assessed))


@pytest.mark.parametrize(
    ("bar", "kept"), [(Bar("a", 0.74, 0.75, at_least=True), False), (Bar("a", 12.1, 12), False), (Bar("a", 12, 12), True)]
)
def test_a_bar_says_whether_it_is_kept(bar: Bar, kept: bool):
    assert bar.kept is kept


def result(rate: float) -> Result:
    return Result(seconds=1.0, rate=rate, cpu_us=60.0, server_us=30.0, peak_rss_mb=100.0)


def test_a_ratio_is_the_median_of_the_rounds_and_what_was_not_measured_has_no_bar():
    rounds = {"ours": [result(10), result(30), result(90)], "afternoon": [result(10), result(10), result(10)]}
    measured = Measurements({"both": rounds})
    assert measured.ratio("both", "afternoon", rate) == 3
    assert measured.ratio("both", "before", rate) is None
    assert [bar.limit for bar in judged(measured)] == [1.5, 75, 35, 250]


def test_the_processor_time_of_a_server_holds_living_and_ended_sessions(own_postgres: OwnServer):
    burn = "SELECT count(*) FROM generate_series(1, 3000000)"
    idle = server_cpu_s(own_postgres._server.pid)
    with psycopg.connect(own_postgres.url) as session:
        session.execute(burn)
        living = server_cpu_s(own_postgres._server.pid)
        session.execute(burn)
    time.sleep(0.5)  # the postmaster waits for its child
    ended = server_cpu_s(own_postgres._server.pid)
    assert idle + 0.1 < living < ended - 0.1


def test_a_commit_that_the_clone_does_not_hold_is_left_out_and_said_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(trees, "BEFORE", "0" * 40)
    monkeypatch.setattr(sys, "argv", ["bench.pipeline", "--quick", "--only", "help"])
    assert pipeline.main() == 0
    assert f"left out all bars to the commit before: this clone does not hold {'0' * 40}" in capsys.readouterr().out


def test_the_afternoons_loop_comes_to_the_same_states_as_the_record(databases: Databases):
    """Of incidents reported once, which is all it folds: what is measured beside us does the same job."""
    theirs, ours = afternoon.connect(databases.fresh()), connect(databases.fresh())
    reports = [event for event in events(300) if b"incident.reported" in event.value]
    records = [
        SimpleNamespace(topic=event.topic, partition=0, offset=at, timestamp=0, value=event.value) for at, event in enumerate(reports)
    ]
    for _ in range(2):  # the second time nothing is new
        afternoon.store(theirs, records)
    database = Database(ours)
    database.record(Log(database).batch([event.value for event in reports]))
    columns = [column for column in incident_state.columns if column.name != "recorded_at"]
    query = select(*columns).order_by(incident_state.c.subject)
    with theirs.connect() as there, ours.connect() as here:
        rows = there.execute(query).all()
        assert len(rows) == len(reports)
        assert rows == here.execute(query).all()
    theirs.dispose()
    ours.dispose()


@pytest.mark.parametrize(
    ("seconds", "most", "said"), [(2.01, 2, "MISSED, at most 2"), (2, 2, "kept, at most 2"), (1.9, 2, "kept, at most 2"), (9, None, "")]
)
def test_a_time_says_how_it_stands_to_its_bar(seconds: float, most: float | None, said: str):
    assert Timed("a", seconds, most, load=1).judgement == said


def quick(bench: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", bench, "--quick", *options],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=560,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_quick_run_of_reports_prints_every_time_and_the_bars():
    told = quick("bench.reports")
    for period in ("all 2024", "lang-son 2024", "all 2024-10", "all 2024H1", "all 2015..2024"):
        assert f"report {period} " in told
        assert f"audit {period} " in told
    for said in (
        "8,000 crossings, 200 incidents; bare pass",
        "figures of 120 months",
        "write json",
        "write md",
        "write docx",
        "write xlsx",
    ):
        assert said in told
    judged = [line for line in told.splitlines() if "kept" in line or "MISSED" in line]
    assert len(judged) == 11
