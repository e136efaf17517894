"""The real parts tests share. What a fixture needs is imported when it is first used: unit tests start at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.support.faults import WellAgain
    from tests.support.kafka import Broker
    from tests.support.postgres import Databases, OwnServer

settings.register_profile("here", deadline=None, derandomize=True)  # the same examples everywhere, and no stopwatch on a shared machine
settings.load_profile("here")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Keep the line of `docs/faults.md` of a marked test that passed."""
    yield
    if item.get_closest_marker("fault") is not None:
        from tests.support.faults import WellAgain, keep

        assert isinstance(item, pytest.Function)
        keep(item, item.funcargs.get("well_again", WellAgain()))


@pytest.fixture
def well_again() -> WellAgain:
    """A stopwatch for `with well_again():` around the wait until all is well again: the seconds in `docs/faults.md`."""
    from tests.support.faults import WellAgain

    return WellAgain()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker of the whole run: share it, never stop it."""
    from tests.support.kafka import single_node

    broker = single_node(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def fresh_topics(kafka: Broker) -> str:
    """The bootstrap address of the shared broker, with the topics new and empty."""
    from tests.support.kafka import fresh_topics

    fresh_topics(kafka.bootstrap)
    return kafka.bootstrap


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A started broker for one test, with no topics, to be killed and restarted at will."""
    from tests.support.kafka import single_node

    broker = single_node(tmp_path / "kafka")
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The PostgreSQL server of the whole run."""
    from tests.support.postgres import running

    with running() as server:
        yield server


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test's own database."""
    from sinks.postgres.engine import connect

    own_engine = connect(database_url)
    yield own_engine
    own_engine.dispose()


@pytest.fixture
def own_postgres() -> Iterator[OwnServer]:
    """A PostgreSQL server for one test, migrated, to be stopped, killed and frozen at will."""
    from tests.support.postgres import own_server

    with own_server() as server:
        yield server
