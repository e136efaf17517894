"""Bring a database to the newest schema, and say which one it has. Only a migration itself needs Alembic, which is slow to load."""

from pathlib import Path

from sqlalchemy import text

from sinks.engine import away_is_unavailable, connect

_LOCK = 0x6D6F63_5570
"""Key of the advisory lock of whoever migrates."""
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Run the missing migrations up to a revision, all or none, one process at a time.

    Raises `Unavailable` if the database does not answer.
    """
    from alembic import command  # noqa: PLC0415  # see the module's first line
    from alembic.config import Config  # noqa: PLC0415

    engine = connect(url)
    try:
        with away_is_unavailable(), engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The revision a database has; None for one never migrated. Raises `Unavailable`."""
    engine = connect(url)
    try:
        with away_is_unavailable(), engine.connect() as connection:
            if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
                return None
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return revision
    finally:
        engine.dispose()


def head() -> str:
    """The revision this program wants: migrations are numbered, and their files begin with their number."""
    return max(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
