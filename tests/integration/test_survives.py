"""Exactly the right events, verdicts and incidents, whatever dies meanwhile: real workers, real Kafka, real PostgreSQL."""

import asyncio
import random
import threading
import time
from pathlib import Path

import pytest

from tests.support.traffic import traffic
from tests.support.workers import fleet, publish, settled


def in_background(bootstrap: str, sent: list[tuple[bytes, bytes]], seconds: float) -> threading.Thread:
    thread = threading.Thread(target=lambda: asyncio.run(publish(bootstrap, sent, seconds=seconds)))
    thread.start()
    return thread


@pytest.mark.parametrize("static", ["0", "1"], ids=["dynamic", "static"])
def test_kill_9_at_random_moments(fresh_topics: str, database_url: str, tmp_path: Path, static: str) -> None:
    chance = random.Random(1088)
    sent = traffic(4000, seed=int(static) + 1)
    with fleet(tmp_path / "logs", fresh_topics, database_url, MOCGIOI_STATIC_MEMBERSHIP=static) as workers:
        running = {stage: workers.start(stage) for stage in ("classify", "record")}
        sender = in_background(fresh_topics, sent.sent, seconds=8)
        for _ in range(5):
            time.sleep(chance.uniform(0.3, 2.5))
            stage = chance.choice(list(running))
            workers.kill(running[stage])
            running[stage] = workers.start(stage)
        sender.join()
        settled(database_url, sent, workers)
        assert [workers.terminate(process) for process in running.values()] == [0, 0]
