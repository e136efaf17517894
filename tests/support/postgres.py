"""A real PostgreSQL for tests: one server a run, a fresh migrated database a test."""

import itertools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from sinks.postgres.roles import DUTY, GRAFANA, READER, WORKER
from sinks.postgres.server import ROLE, EmbeddedServer
from sinks.postgres.upgrade import upgrade

_TEMPLATE = "template_record"
# No test cuts the power: data files need not reach the disk.
_QUICK = {"fsync": "off", "full_page_writes": "off", "max_connections": "60"}


class TunedServer(EmbeddedServer):
    """An embedded server with other settings than the product's."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        super().__init__(home)
        self._tuned = settings

    def _settings(self) -> dict[str, str]:
        return super()._settings() | self._tuned


def open_folder() -> Path:
    """A new folder that PostgreSQL's user can reach too: pytest's own are closed to all but their maker."""
    folder = Path(tempfile.mkdtemp(prefix="mocgioi-test-"))
    folder.chmod(0o755)
    return folder


class Databases:
    """A running server that gives out databases."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = itertools.count(1)
        create_roles(url)
        self._admin = psycopg.connect(url, autocommit=True)
        self._execute("CREATE DATABASE {}", _TEMPLATE)
        upgrade(self.url_of(_TEMPLATE))

    def fresh(self) -> str:
        """The URL of a new database with the newest schema and nothing in it."""
        name = f"test_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE " + _TEMPLATE, name)
        return self.url_of(name)

    def empty(self, encoding: str = "UTF8") -> str:
        """The URL of a new database that was never migrated."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {{}} ENCODING '{encoding}' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'", name)
        return self.url_of(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", database_name(url))

    def url_of(self, name: str) -> str:
        """The URL of a database of this server."""
        return self._url.replace("@/postgres?", f"@/{quote(name)}?")

    def close(self) -> None:
        """Leave the server."""
        self._admin.close()

    def _execute(self, statement: str, name: str) -> None:
        self._admin.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]


def create_roles(url: str) -> None:
    """Make the roles that `deploy/postgres/init` makes; on the tests' servers nobody needs a password."""
    with psycopg.connect(url, autocommit=True) as connection:
        for role in (WORKER, READER, GRAFANA):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (DUTY,)).fetchall():  # a migration may have made it
            connection.execute(f"CREATE ROLE {DUTY} NOLOGIN")
        connection.execute(f"GRANT {DUTY} TO {WORKER} WITH INHERIT FALSE, SET TRUE")


def as_role(url: str, role: str) -> str:
    """The URL of such a database for another role than its owner."""
    return url.replace(f"//{ROLE}@", f"//{role}@", 1)


def database_name(url: str) -> str:
    """The database of such a URL."""
    return url.partition("@/")[2].partition("?")[0]


@contextmanager
def running() -> Iterator[Databases]:
    """A server for as long as the context lasts; nothing of it remains."""
    home = open_folder()
    try:
        with TunedServer(home, _QUICK) as url:
            databases = Databases(url)
            try:
                yield databases
            finally:
                databases.close()
    finally:
        shutil.rmtree(home)


class OwnServer:
    """A server of one test's own, with one migrated database, to be stopped, killed and frozen."""

    def __init__(self, home: Path) -> None:
        self._server = TunedServer(home, _QUICK)
        self._frozen: list[int] = []
        self.url = self._server.start()
        create_roles(self.url)
        upgrade(self.url)

    def start(self) -> None:
        """Start it again, on the same socket."""
        self._server.start()

    def stop(self) -> None:
        """End it in good order, whoever is connected."""
        self.thaw()
        self._server.stop()

    def kill(self) -> None:
        """End it as a power cut would: kill -9."""
        pid = self._server.pid
        os.kill(pid, signal.SIGKILL)
        self._server._users.close()  # type: ignore[union-attr]  # nothing is left to stop
        self._server._users = None

    def freeze(self) -> None:
        """Stop all its processes without ending them: it takes connections and answers nobody."""
        parent = self._server.pid
        _stop(parent)
        # Listed only now: a stopped parent starts no process for a connection that was being made meanwhile.
        children = _children(parent)
        for pid in children:
            _stop(pid)
        self._frozen = [parent, *children]

    def thaw(self) -> None:
        """Let it go on."""
        for pid in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _stop(pid: int) -> None:
    """Stop a process; it has stopped, or is gone, when this returns."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, signal.SIGSTOP)
        while _stat(pid)[0] not in "TZ":
            time.sleep(0.001)


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process after its name: the letter of its state, its parent, and so on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _children(parent: int) -> list[int]:
    """The processes that a process started and that still run."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Such a server for as long as the context lasts; nothing of it remains."""
    home = open_folder()
    try:
        server = OwnServer(home)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)
