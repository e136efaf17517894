"""The command `mocgioi`, ready to be run."""

import shutil
from collections.abc import Iterator

import pytest

from tests.support.commands import Command
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
