"""Where a stage stands is the database's to say: from the beginning, again after a redelivery, and never past what is missing."""

from pathlib import Path

import psycopg

from schemas.topics import INCIDENTS, VERDICTS
from tests.support.exact import settled
from tests.support.kafka import fresh_topics as renew
from tests.support.postgres import Databases
from tests.support.publishing import delete_records, publish
from tests.support.traffic import traffic
from tests.support.workers import fleet, stopped_for_good


def test_a_database_without_positions_is_filled_from_the_beginning(fresh_topics: str, databases: Databases, tmp_path: Path) -> None:
    sent = traffic(300, seed=61)
    publish(fresh_topics, sent.sent)
    first, second = databases.fresh(), databases.fresh()
    with fleet(tmp_path / "first", fresh_topics, first) as workers:
        workers.start("all")
        settled(first, sent, workers)
    with fleet(tmp_path / "second", fresh_topics, second) as workers:
        workers.start("record")
        settled(second, sent, workers)
    databases.drop(first)
    databases.drop(second)


def test_metrics_move_by_what_was_inserted_and_by_nothing_when_it_comes_again(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    sent = traffic(600, seed=62, poison=0.05)
    publish(fresh_topics, sent.sent)
    counted = {
        "border_verdicts_total": "SELECT count(*) FROM incident_state WHERE side IS NOT NULL",
        "border_dead_letters_total": "SELECT count(*) FROM dead_letter",
        "border_judge_failures_total": "SELECT count(*) FROM incident_state WHERE judge_failed",
    }
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:

        def rows() -> dict[str, float]:
            return {name: float(record.execute(query).fetchone()[0]) for name, query in counted.items()}  # type: ignore[index]

        workers.start("classify")
        first = workers.start("record")
        settled(database_url, sent, workers)
        stored = rows()
        assert {name: first.metric(name) for name in counted} == stored
        assert stored["border_dead_letters_total"] == first.metric("border_dead_letters_total") > 10
        duplicates = len(sent.sent) - len(sent.accepted) - sent.poison - sent.conflicts
        ends = {"recorded": len(sent.accepted), "duplicate": duplicates, "conflict": sent.conflicts}
        assert {name: first.metric("border_events_total", disposition=name) for name in ends} == ends
        assert first.metric("border_event_age_seconds_count") == len(sent.accepted)
        assert duplicates > 0
        for code, count in record.execute("SELECT code, count(*) FROM dead_letter GROUP BY code").fetchall():
            assert first.metric("border_dead_letters_total", code=code) == count
        assert first.terminate() == 0
        record.execute("UPDATE consumed_offset SET next_offset = 0")
        again = workers.start("record")
        again.wait_for(
            lambda: again.metric("border_events_total", disposition="duplicate") == duplicates + len(sent.accepted),
            "everything a second time",
        )
        again.wait_for(
            lambda: record.execute("SELECT min(next_offset) FROM consumed_offset WHERE topic = %s", (VERDICTS,)).fetchone() != (0,),
            "at the end",
        )
        assert {name: again.metric(name) for name in counted} == dict.fromkeys(counted, 0.0)
        assert again.metric("border_events_total", disposition="recorded") == again.metric("border_event_age_seconds_count") == 0
        assert rows() == stored


def test_a_position_that_the_log_no_longer_has_stops_the_worker_loudly(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    sent, missed = traffic(200, seed=63), traffic(200, seed=64)
    publish(fresh_topics, sent.sent)
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        both = workers.start("all")
        settled(database_url, sent, workers)
        assert both.terminate() == 0
        for stage, topic in (("classify", INCIDENTS), ("record", VERDICTS)):
            publish(fresh_topics, missed.sent, topic=topic)
            delete_records(fresh_topics, topic)
            worker = workers.start(stage)
            reason = stopped_for_good(worker)
            assert f"{topic}[" in reason
            assert "records are missing" in reason
            assert worker.terminate() == 0
        renew(fresh_topics)
        assert "the topic was made anew" in stopped_for_good(workers.start("record"))
