"""The command `mocgioi`, and a record that is ready to be filled."""

import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from sinks.record import Database
from tests.support.commands import Command
from tests.support.deliveries import Log
from tests.support.postgres import open_folder


@pytest.fixture
def embedded() -> Iterator[Command]:
    """The command as a new user has it: nothing set but a data folder."""
    home = open_folder()
    yield Command(home)
    shutil.rmtree(home)


@pytest.fixture
def command(database_url: str) -> Iterator[Command]:
    """The command with a database of the test's own."""
    home = open_folder()
    yield Command(home, MOCGIOI_DATABASE_URL=database_url)
    shutil.rmtree(home)


@pytest.fixture
def database(engine: Engine) -> Database:
    """The sink of a database of the test's own."""
    return Database(engine)


@pytest.fixture
def log(database: Database) -> Log:
    """A log of one partition that it is at the beginning of."""
    return Log(database)
