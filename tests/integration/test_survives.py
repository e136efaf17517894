"""Exactly the right events, verdicts and incidents, whatever happens to the workers: real processes, real Kafka, real PostgreSQL."""

import random
import time
from pathlib import Path

import pytest

from tests.support.exact import settled
from tests.support.kafka import Broker, fresh_topics
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


def test_a_restart_with_static_membership_does_not_wait_out_the_session(own_broker: Broker, database_url: str, tmp_path: Path) -> None:
    fresh_topics(own_broker.bootstrap)
    settings = {"MOCGIOI_STATIC_MEMBERSHIP": "1", "MOCGIOI_SESSION_TIMEOUT": "120"}
    with fleet(tmp_path, own_broker.bootstrap, database_url, **settings) as workers:
        first = workers.start("record")
        first.wait_ready()
        first.kill()
        second = workers.start("record")
        second.wait_for(lambda: second.assigned() == 24, "given its partitions", timeout_s=40)
        second.wait_ready()
