"""The embedded PostgreSQL: one server for all processes that share a home, there while any of them needs it.

Each user process holds a shared `flock` on `users.lock`; whoever leaves and can turn it exclusive was the last and stops the server. The
kernel drops the lock of a killed process, so nothing goes stale. `start.lock` is held while starting or stopping.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from sinks.postgres.binaries import SHARED, Account, Runner, ServerProblem, find, reachable, runner
from sinks.postgres.lock_file import disown, is_folder, lines_of
from sinks.postgres.own_folders import lock_file, own_folder, refuse_symlink

ROLE = "mocgioi"
SOCKET_PORT = 5432
LONGEST_SOCKET = 107
"""Bytes of a Unix socket's path, by the kernel."""
START_TRIES_S = 20.0


class EmbeddedServer:
    """A PostgreSQL of our own in a folder; a context manager that gives the URL.

    `port`: listen on loopback TCP too, with a password (`tcp_url`). `settings`: more server settings, such as `max_connections`.
    """

    def __init__(
        self, home: Path, bin_dir: Path | None = None, *, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self._home = home.absolute()
        self._bin_dir = bin_dir
        self._port = port
        self._settings = dict(settings or {})
        self._users: IO[bytes] | None = None
        self._base = self._home
        self._bin = self._home
        self._runner: Runner | None = None
        self.url = ""
        """`postgresql://…` over the Unix socket, once started."""
        self.tcp_url = ""
        """`postgresql://…` over loopback, where a port was asked for."""

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return int(self._postmaster()[0])

    @property
    def _account(self) -> Runner:
        assert self._runner is not None, "not started"  # noqa: S101
        return self._runner

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> str:
        """Start the server, or join the one that runs. Gives its URL. Raises `ServerProblem`."""
        self._runner = self._runner or runner()
        self._base = _base_of(self._home, self._runner)
        with _Lock(self._base / "start.lock"):
            users = lock_file(self._base / "users.lock")
            try:
                alone = _nobody_has(users)
                fcntl.flock(users, fcntl.LOCK_SH)
                self._bin = find(self._bin_dir, _major(self._base / "pg"), self._runner)
                if not (self._base / "pg").exists():
                    self._initialise()
                if not self._ready():
                    if alone:
                        self._disown_locks()
                    self._start()
                self._locate()
            except BaseException:
                users.close()
                raise
            self._users = users
        return self.url

    def stop(self) -> None:
        """Leave; the last user stops the server. Does nothing when not started."""
        if self._users is None:
            return
        with _Lock(self._base / "start.lock"):
            if _nobody_has(self._users):
                self._run("pg_ctl", "-w", "-m", "fast", "-D", self._base / "pg", "stop")
            self._users.close()
            self._users = None

    def _initialise(self) -> None:
        fresh = self._base / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)  # what a killed initdb left
        own_folder(fresh, self._account)
        made = self._run(
            *("initdb", "-D", fresh, "-U", ROLE, "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--data-checksums"),
        )
        if made:
            raise ServerProblem(f"initdb không tạo được {fresh} / initdb could not make {fresh}: {made}")
        fresh.rename(self._base / "pg")

    def _start(self) -> None:
        sockets = self._sockets()
        port = self._port or SOCKET_PORT
        options = {
            "listen_addresses": "127.0.0.1" if self._port else "",
            "port": str(port),
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "shared_buffers": "32MB",
        } | self._settings
        # A killed server holds its memory and its lock file until all its children are gone: tried again for some seconds.
        until = time.monotonic() + START_TRIES_S
        while problem := self._run(
            *("pg_ctl", "-w", "-D", self._base / "pg", "-l", self._base / "run" / "postgres.log"),
            *("-o", " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items()), "start"),
        ):
            if time.monotonic() > until:
                log = self._base / "run" / "postgres.log"
                raise ServerProblem(f"PostgreSQL không khởi động, xem {log} / PostgreSQL does not start, see {log}: {problem}")
            time.sleep(0.2)

    def _ready(self) -> bool:
        """Whether it answers. Not `pg_ctl status`, which takes a killed server that nobody has reaped for a running one."""
        lines = self._postmaster()
        # The file of a copied home names the data of the first: its server is not ours.
        return (
            len(lines) > 4 and is_folder(lines[1], self._base / "pg") and not self._run("pg_isready", "-q", "-h", lines[4], "-p", lines[3])
        )

    def _disown_locks(self) -> None:
        """Nobody uses a server of this home: what holds its locks is one that was left behind, or no server at all."""
        data = self._base / "pg"
        for lock in (data / "postmaster.pid", self._sockets() / f".s.PGSQL.{self._port or SOCKET_PORT}.lock"):
            disown(lock, data)

    def _locate(self) -> None:
        lines = self._postmaster()
        self.url = f"postgresql://{ROLE}@/postgres?host={quote(lines[4], safe='')}&port={lines[3]}"
        if self._port:
            password = secrets.token_urlsafe(16)
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(ROLE), sql.Literal(password)))
            self.tcp_url = f"postgresql://{ROLE}:{password}@127.0.0.1:{lines[3]}/postgres"

    def _postmaster(self) -> list[str]:
        return lines_of(self._base / "pg" / "postmaster.pid")

    def _sockets(self) -> Path:
        """The folder of the socket: `run/`, or a short one of our own under the temporary folder."""
        run = own_folder(self._base / "run", self._account)
        if len(os.fsencode(run / f".s.PGSQL.{self._port or SOCKET_PORT}")) < LONGEST_SOCKET:
            return run
        return own_folder(Path(tempfile.gettempdir()).resolve() / f"mocgioi-{_digest(self._base)}", self._account)

    def _run(self, program: str, *arguments: str | Path) -> str:
        """Run one of PostgreSQL's programs: what it said if it failed, else an empty string."""
        ended = self._account.run([self._bin / program, *arguments])
        return "" if ended.returncode == 0 else ended.stdout.decode("utf-8", "replace").strip() or f"exit {ended.returncode}"


def _base_of(home: Path, account: Runner) -> Path:
    """The folder of data, socket and locks: in the home, or in `/var/lib/mocgioi` where PostgreSQL's user cannot reach the home."""
    inside, outside = home / "postgres", SHARED / _digest(home)
    if isinstance(account, Account):
        refuse_symlink(inside)
        for base in (inside, outside):
            if (base / "pg").exists():
                if not reachable(base, account):
                    raise ServerProblem(
                        f"người dùng {account.name} không vào được {base}: cho phép (chmod o+x) các thư mục trên nó / "
                        f"user {account.name} cannot reach {base}: open (chmod o+x) the folders above it"
                    )
                return base
    try:
        inside.mkdir(parents=True, exist_ok=True)
        if isinstance(account, Account) and not reachable(inside, account):
            inside = outside
            inside.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise ServerProblem(f"không tạo được {inside}: đặt MOCGIOI_HOME / cannot make {inside}, set MOCGIOI_HOME: {error}") from error
    return inside


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _major(data: Path) -> int | None:
    """The major version data were made by; None where there are none."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _quoted(value: str) -> str:
    """A server option inside `pg_ctl -o`, which goes through a shell."""
    return "'" + value.replace("'", "'\\''") + "'"


def _nobody_has(users: IO[bytes]) -> bool:
    """Whether no other process, and no other server object, uses the server; then the lock is ours alone."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Lock:
    """An exclusive lock of a file, waited for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._file = lock_file(self._path)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._file is not None  # noqa: S101  # entered
        self._file.close()
