"""The circuit breaker on a real broker: the worker stops, remembers it over a restart, and goes on when somebody resumed it."""

from pathlib import Path

import psycopg

from tests.builders import payload, reported
from tests.support.publishing import publish
from tests.support.workers import Worker, fleet, wait_until

BAD = [payload(reported({"kind": "works"}, source=f"/posts/p{number % 3}/d1")) for number in range(70)]
GOOD = [payload(reported()) for _ in range(30)]


def stopped(worker: Worker) -> str | None:
    """What the worker's page says of it."""
    reason: str | None = worker.ready()[1]["classify"]["stopped"]
    return reason


def test_fifty_dead_letters_from_three_posts_stop_the_worker_until_it_is_resumed(
    fresh_topics: str, database_url: str, tmp_path: Path
) -> None:
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:

        def rows() -> tuple[int, int]:
            counts = record.execute("SELECT (SELECT count(*) FROM dead_letter), (SELECT count(*) FROM event)").fetchone()
            assert counts is not None
            return counts

        workers.start("record")
        classify = workers.start("classify")
        classify.wait_ready()
        publish(fresh_topics, [(b"one key", value) for value in BAD + GOOD])
        classify.wait_for(lambda: stopped(classify), "stopped")
        wait_until(lambda: rows()[0] >= 50, "the dead letters up to the one that opened it")
        assert "letters" not in (stopped(classify) or "").replace("deadletter", ""), "why is not for the page"
        assert "50 dead letters from 3 posts" in classify.logged("stopped")[-1]["reason"]
        assert classify.ready()[0] == 503
        assert classify.page("/healthz")[0] == 200, "a restart would not mend it"
        assert classify.metric("border_stopped") == 1
        assert classify.logged("stopped")[-1]["then"] == "mocgioi deadletter resume"
        assert classify.terminate() == 0
        again = workers.start("classify")
        again.wait_for(lambda: stopped(again), "remembering it")
        assert again.metric("border_stopped") == 1
        assert rows() == (50, 0), "nothing was read behind it"
        resumed = workers.run("deadletter", "resume")
        assert resumed.returncode == 0, resumed.stderr
        again.wait_for(lambda: stopped(again) is None, "resumed")
        wait_until(lambda: rows() == (70, 30), "the rest")
        assert again.ready()[0] == 200
        assert again.metric("border_stopped") == 0
