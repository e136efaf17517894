"""Everything at once over 50,000 events: kills, frozen workers, the database and the broker away, poison. Seeded; about ten minutes."""

import random
import time
from pathlib import Path

import pytest

from tests.support.exact import settled
from tests.support.kafka import Broker, fresh_topics
from tests.support.postgres import OwnServer
from tests.support.publishing import publishing
from tests.support.traffic import traffic
from tests.support.workers import Worker, fleet

EVENTS = 50_000
ROUNDS = 20
"""Each with 2,500 events and one `kill -9` of a worker."""
FROZEN_S = 35.0
"""Longer than a session, and than PostgreSQL keeps an idle transaction (`sinks.postgres.session`)."""


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("static", "seed"), [("0", 2009), ("1", 1999)], ids=["dynamic", "static"])
def test_twenty_kills_and_everything_else(own_broker: Broker, own_postgres: OwnServer, tmp_path: Path, static: str, seed: int) -> None:
    chance = random.Random(seed)
    fresh_topics(own_broker.bootstrap)
    sent = traffic(EVENTS, seed=seed)
    settings = {"MOCGIOI_POLL_INTERVAL": "6", "MOCGIOI_STATIC_MEMBERSHIP": static}
    with fleet(tmp_path, own_broker.bootstrap, own_postgres.url, **settings) as workers:
        running = {stage: workers.start(stage) for stage in ("classify", "record")}
        frozen: Worker | None = None
        for number in range(ROUNDS):
            start, end = (len(sent.sent) * place // ROUNDS for place in (number, number + 1))
            with publishing(own_broker.bootstrap, sent.sent[start:end], seconds=3):
                time.sleep(chance.uniform(0.3, 3))
                stage = chance.choice(list(running))
                running[stage].kill()
                running[stage] = workers.start(stage)
                if number % 5 == 1:
                    leave, come_back = chance.choice(((OwnServer.kill, OwnServer.start), (OwnServer.freeze, OwnServer.thaw)))
                    leave(own_postgres)
                    time.sleep(10)
                    come_back(own_postgres)
                if number == 7 and static == "0":
                    frozen = running["record"]
                    frozen.freeze()
                    running["record"] = workers.start("record")
                    time.sleep(FROZEN_S)
                    frozen.thaw()
            if number % 5 == 3:
                own_broker.kill()
                time.sleep(chance.uniform(0, 8))
                own_broker.start()
        settled(own_postgres.url, sent, workers, timeout_s=400)
        for worker in workers.workers:
            if worker.process.poll() is None:
                worker.wait_for(lambda w=worker: w.ready()[0] == 200, "ready")
        assert frozen is None or frozen.logged("assigned")
