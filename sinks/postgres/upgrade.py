"""Migrate a database to the newest schema, and tell which schema it has. Only a migration itself needs Alembic, which is slow to load."""

from pathlib import Path

from sqlalchemy import text

from schemas.failures import UNREACHABLE, Failure
from sinks.postgres.engine import away_is_unavailable, connect
from sinks.postgres.roles import grant

_LOCK = 0x6D6F63_5570
"""Key of the advisory lock of whoever migrates."""
_MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseNewer(Failure):
    """The tables were made by a newer program, and this one would read them wrongly. The exit status says that a service is not usable."""

    code = "database_newer"
    exit_code = UNREACHABLE


def upgrade(url: str, revision: str = "head") -> list[str]:
    """Run the missing migrations up to a revision, all or none, one process at a time. At the newest revision, give each role its rights.

    Returns the roles that have rights now. Raises `DatabaseNewer`, `Unavailable`, and `Unusable` where another role owns the tables.
    """
    current(url)
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
            return grant(connection) if revision == "head" else []
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The revision a database has; None for one never migrated. Raises `DatabaseNewer`, `Unavailable`."""
    engine = connect(url)
    try:
        with away_is_unavailable(), engine.connect() as connection:
            if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
                return None
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    finally:
        engine.dispose()
    if revision is not None and revision not in _revisions():
        raise DatabaseNewer(
            f"bảng ở bản {revision}, chương trình này chỉ biết đến {head()}: cần chương trình mới hơn · the tables are at {revision}, "
            f"this program knows none later than {head()}: a newer program is needed"
        )
    return revision


def head() -> str:
    """The revision this program wants."""
    return max(_revisions())


def _revisions() -> set[str]:
    """Migrations are numbered, and their files begin with their number."""
    return {file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")}
