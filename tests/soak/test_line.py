"""The whole line for a month: 200 posts, each offline a third of the time, report through a door and workers that are killed at random."""

import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import Engine

from border.vietnam import HANOI
from mocgioi.service import simulating
from posts.centre import Patience
from posts.simulation.comparing import differences
from posts.simulation.expected import expected
from sinks.postgres.engine import connect
from sinks.postgres.roles import WORKER
from tests.support.door import RunningDoor
from tests.support.kafka import Broker, free_port, fresh_topics
from tests.support.postgres import OwnServer, as_role
from tests.support.workers import Fleet, Worker, fleet

POSTS, DAYS, SEED = 200, 30, 2026
KILL_EVERY_S = (2.0, 12.0)
PATIENCE = Patience(attempts=1000, timeout_s=300.0)
"""Of the posts, while the door starts again."""
SETTLED_S = 300.0
"""So long at most nothing of what is still different is settled."""


class Killer(threading.Thread):
    """Kills the door or a worker now and then, and starts another in its place."""

    def __init__(self, chance: random.Random, workers: Fleet, folder: Path, port: int, settings: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.kills = 0
        self._chance, self._workers, self._folder, self._port, self._settings = chance, workers, folder, port, settings
        self._done = threading.Event()
        self.door = self._open_door()
        self._stages: dict[str, Worker] = {stage: workers.start(stage) for stage in ("classify", "record")}

    def run(self) -> None:
        while not self._done.wait(self._chance.uniform(*KILL_EVERY_S)):
            victim = self._chance.choice(["door", *self._stages])
            if victim == "door":
                self.door.kill()
                self.door = self._open_door()
            else:
                self._stages[victim].kill()
                self._stages[victim] = self._workers.start(victim)
            self.kills += 1

    def stop(self) -> None:
        """Kill no more."""
        self._done.set()
        self.join(60)

    def _open_door(self) -> RunningDoor:
        door = RunningDoor(self._folder / "home", self._folder / "door.log", self._port, **self._settings)
        door.wait_listening()
        return door


@contextmanager
def killing(workers: Fleet, folder: Path, settings: dict[str, str]) -> Iterator[Killer]:
    folder.mkdir()
    killer = Killer(random.Random(SEED), workers, folder, free_port(), settings)
    killer.start()
    try:
        yield killer
    finally:
        killer.stop()
        killer.door.kill()


@pytest.fixture
def engine(own_postgres: OwnServer) -> Iterator[Engine]:
    """The record, for enrolling and for comparing."""
    made = connect(own_postgres.url)
    yield made
    made.dispose()


@pytest.mark.timeout(3600)
def test_a_month_of_two_hundred_posts_is_exact(own_broker: Broker, own_postgres: OwnServer, engine: Engine, tmp_path: Path) -> None:
    fresh_topics(own_broker.bootstrap)
    keys = simulating.enrol(engine, POSTS)
    simulation = simulating.simulated(seed=SEED, sources=list(keys), days=DAYS, start=datetime(2026, 1, 1, tzinfo=HANOI))
    plan = expected(simulation)
    settings = {"MOCGIOI_KAFKA": own_broker.bootstrap, "MOCGIOI_DATABASE_URL": as_role(own_postgres.url, WORKER)}
    with fleet(tmp_path, own_broker.bootstrap, own_postgres.url) as workers, killing(workers, tmp_path / "door", settings) as killer:
        for _, day in groupby(simulation.sent, lambda each: each.at.date()):
            simulating.send(list(day), killer.door.url, keys, patience=PATIENCE)
        killer.stop()
        assert killer.kills >= 5
        left, deadline = sys.maxsize, time.monotonic() + SETTLED_S
        while different := list(differences(plan, simulating.recorded(engine, list(keys)))):
            workers.check_running()
            if len(different) < left:  # a slow machine may take long, as long as it gets on
                left, deadline = len(different), time.monotonic() + SETTLED_S
            assert time.monotonic() < deadline, "\n".join([*different[:50], workers.tail()])
            time.sleep(2)
