"""Exactly the right events, verdicts and incidents, whatever happens to the workers: real processes, real Kafka, real PostgreSQL."""

import random
import time
from pathlib import Path

import pytest

from tests.support.exact import settled
from tests.support.publishing import publishing
from tests.support.traffic import traffic
from tests.support.workers import fleet


@pytest.mark.parametrize("static", ["0", "1"], ids=["dynamic", "static"])
def test_kill_9_at_random_moments(fresh_topics: str, database_url: str, tmp_path: Path, static: str) -> None:
    chance = random.Random(1088)
    sent = traffic(3000, seed=int(static) + 1)
    with fleet(tmp_path, fresh_topics, database_url, MOCGIOI_STATIC_MEMBERSHIP=static) as workers:
        running = {stage: workers.start(stage) for stage in ("classify", "record")}
        with publishing(fresh_topics, sent.sent, seconds=8):
            for _ in range(5):
                time.sleep(chance.uniform(0.3, 2.5))
                stage = chance.choice(list(running))
                running[stage].kill()
                running[stage] = workers.start(stage)
        settled(database_url, sent, workers)
