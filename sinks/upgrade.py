"""Bring a database to the newest schema, and say which one it has."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from sinks.engine import away_is_unavailable, connect

_LOCK = 0x6D6F63_5570
"""Key of the advisory lock of whoever migrates."""


def upgrade(url: str) -> None:
    """Run the missing migrations, all or none, one process at a time. Raises `Unavailable` if the database does not answer."""
    engine = connect(url)
    try:
        with away_is_unavailable(), engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The revision a database has; None for one never migrated. Raises `Unavailable`."""
    engine = connect(url)
    try:
        with away_is_unavailable(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """The revision this program wants."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None  # noqa: S101  # there is a first revision
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
