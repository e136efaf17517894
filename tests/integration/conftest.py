"""The command `mocgioi`, and a record that is ready to be filled."""

import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from sinks.postgres.engine import connect
from sinks.postgres.roles import READER, WORKER
from sinks.record.database import Database
from tests.support.classified_batches import Log
from tests.support.commands import Command, CommandByRole
from tests.support.postgres import as_role, open_folder


@pytest.fixture
def embedded() -> Iterator[Command]:
    """The command as a new user has it: nothing set but a data folder."""
    home = open_folder()
    yield Command(home)
    shutil.rmtree(home)


@pytest.fixture
def command(database_url: str) -> Iterator[Command]:
    """The command with a database of the test's own, under the role of each."""
    home = open_folder()
    yield CommandByRole(home, database_url)
    shutil.rmtree(home)


@pytest.fixture
def worker(database_url: str) -> Iterator[Engine]:
    """That database for the workers' role: all that our processes do is done through it. `engine` is the owner's, for looking and spoiling."""
    own_engine = connect(as_role(database_url, WORKER))
    yield own_engine
    own_engine.dispose()


@pytest.fixture
def reader(database_url: str) -> Iterator[Engine]:
    """That database for the role of reports, lists and exports."""
    own_engine = connect(as_role(database_url, READER))
    yield own_engine
    own_engine.dispose()


@pytest.fixture
def database(worker: Engine) -> Database:
    """The sink of a database of the test's own."""
    return Database(worker)


@pytest.fixture
def log(database: Database) -> Log:
    """A log of one partition that it is at the beginning of."""
    return Log(database)
