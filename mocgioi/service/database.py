"""The database every command uses: the one in the settings, else an embedded server in the data folder, migrated."""

import contextlib
from collections.abc import Iterator

import structlog

from mocgioi.service.settings import Settings, load
from schemas.failures import Failure
from sinks.postgres.engine import Engine, away_is_unavailable, connect
from sinks.postgres.roles import connected_as
from sinks.postgres.server import EmbeddedServer
from sinks.postgres.upgrade import current, head, upgrade

log = structlog.get_logger(__name__)


class NotMigrated(Failure):
    """The database has not this program's tables."""

    code = "not_migrated"


@contextlib.contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The URL of a database that is there and migrated.

    An embedded one is started, migrated and stopped behind the last user. Raises `NotMigrated` for one in the settings that is behind:
    migrating that is for `mocgioi db upgrade`, on purpose.
    """
    with server_url(settings) as url:
        make_current(settings, url)
        yield url


def make_current(settings: Settings, url: str) -> None:
    """Migrate the embedded database; insist on it for any other. Raises `NotMigrated`, `DatabaseNewer`, `Unavailable`."""
    if (revision := current(url)) == head():
        return
    if settings.database_url is not None:
        raise NotMigrated(
            f"bảng đang ở bản {revision or '0'}, cần {head()}: chạy `mocgioi db upgrade` · the tables are at {revision or 'nothing'}, "
            f"this program needs {head()}: run that command"
        )
    upgrade(url)


def warn_of_owner(url: str) -> None:
    """Say in the log when the role of a worker's URL may rewrite what is recorded. Raises `Unavailable`."""
    engine = connect(url)
    try:
        role = connected_as(engine)
    finally:
        engine.dispose()
    if role.owns_record:
        log.warning("role_may_rewrite_record", role=role.name, see="deploy/runbooks/roles.md")


@contextlib.contextmanager
def server_url(settings: Settings) -> Iterator[str]:
    """The URL of a server that is there, whatever its database holds."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with EmbeddedServer(settings.home, bin_dir=settings.postgres_bin) as url:
        yield url


@contextlib.contextmanager
def record_engine(settings: Settings | None = None) -> Iterator[Engine]:
    """An engine on the record of these settings, else of those in force. A question to a database that went away raises `Unavailable`."""
    with database_url(settings or load()) as url:
        engine = connect(url)
        try:
            with away_is_unavailable():
                yield engine
        finally:
            engine.dispose()
