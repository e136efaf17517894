"""The embedded PostgreSQL: one server for all processes that share a home, running while any of them needs it.

Each process holds a shared `flock` on `users.lock`. A process that leaves and can make its lock exclusive was the last, and stops the server.
The kernel drops the lock of a killed process, so no lock goes stale. `start.lock` is held while the server is started or stopped.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from sinks.postgres.binaries import SHARED, OtherUser, Runner, ServerProblem, find, reachable, runner
from sinks.postgres.lock_file import disown, is_folder, lines_of
from sinks.postgres.own_folders import lock_file, own_folder, refuse_symlink

ROLE = "mocgioi"
LONGEST_SOCKET = 107
"""The kernel's limit of a Unix socket's path, in bytes."""
START_TRIES_S = 20.0
_SOCKET = ".s.PGSQL.5432"


class EmbeddedServer:
    """A PostgreSQL of our own in a folder: a context manager that gives its URL."""

    def __init__(self, home: Path, bin_dir: Path | None = None) -> None:
        self._home = home.absolute()
        self._bin_dir = bin_dir
        self._users: IO[bytes] | None = None
        self._base = self._home
        self._bin = self._home
        self._runner: Runner | None = None
        self.url = ""
        """`postgresql://…` over the Unix socket, once started."""

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
        """Start the server, or join the one that runs. Returns its URL. Raises `ServerProblem`."""
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
                lines = self._postmaster()
                self.url = f"postgresql://{ROLE}@/postgres?host={quote(lines[4], safe='')}&port={lines[3]}"
            except BaseException:
                users.close()
                raise
            self._users = users
        return self.url

    def stop(self) -> None:
        """Leave the server; the last process stops it. Does nothing when not started."""
        if self._users is None:
            return
        with _Lock(self._base / "start.lock"):
            if _nobody_has(self._users):
                self._run("pg_ctl", "-w", "-m", "fast", "-D", self._base / "pg", "stop")
            self._users.close()
            self._users = None

    def _initialise(self) -> None:
        fresh = self._base / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)  # an initdb that was killed left it
        own_folder(fresh, self._account)
        security = "--auth-local=trust", "--auth-host=scram-sha-256", "--data-checksums"
        locale = "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"
        if problem := self._run("initdb", "-D", fresh, "-U", ROLE, *security, *locale):
            raise ServerProblem(f"initdb không tạo được {fresh} / initdb could not make {fresh}: {problem}")
        fresh.rename(self._base / "pg")

    def _start(self) -> None:
        settings = " ".join(f"-c {name}={_quoted(value)}" for name, value in self._settings().items())
        log = self._base / "run" / "postgres.log"
        # A killed server keeps its memory and its lock file until all its children have ended, so the start is tried for some seconds.
        until = time.monotonic() + START_TRIES_S
        while problem := self._run("pg_ctl", "-w", "-D", self._base / "pg", "-l", log, "-o", settings, "start"):
            if time.monotonic() > until:
                raise ServerProblem(f"PostgreSQL không khởi động, xem {log} / PostgreSQL does not start, see {log}: {problem}")
            time.sleep(0.2)

    def _settings(self) -> dict[str, str]:
        return {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(self._sockets()),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "shared_buffers": "32MB",
        }

    def _ready(self) -> bool:
        """Whether the server answers. `pg_ctl status` does not tell: it takes a killed server that nobody has reaped for a running one."""
        lines = self._postmaster()
        # The file in a copied home names the data of the first home, whose server is not ours.
        return (
            len(lines) > 4 and is_folder(lines[1], self._base / "pg") and not self._run("pg_isready", "-q", "-h", lines[4], "-p", lines[3])
        )

    def _disown_locks(self) -> None:
        """Free the server's lock files. Nobody uses a server of this home, so they belong to one left behind, or to no server at all."""
        data = self._base / "pg"
        for lock in (data / "postmaster.pid", self._sockets() / f"{_SOCKET}.lock"):
            disown(lock, data)

    def _postmaster(self) -> list[str]:
        return lines_of(self._base / "pg" / "postmaster.pid")

    def _sockets(self) -> Path:
        """The folder of the socket: `run/` or, where that path is too long, a folder of our own under the temporary folder."""
        run = own_folder(self._base / "run", self._account)
        if len(os.fsencode(run / _SOCKET)) < LONGEST_SOCKET:
            return run
        return own_folder(Path(tempfile.gettempdir()).resolve() / f"mocgioi-{_digest(self._base)}", self._account)

    def _run(self, program: str, *arguments: str | Path) -> str:
        """Run one of PostgreSQL's programs. Returns its output if it failed, else an empty string."""
        ended = self._account.run([self._bin / program, *arguments])
        return "" if ended.returncode == 0 else ended.stdout.decode("utf-8", "replace").strip() or f"exit {ended.returncode}"


def _base_of(home: Path, account: Runner) -> Path:
    """The folder of data, socket and locks: in the home or, where PostgreSQL's user cannot reach that, in `/var/lib/mocgioi`."""
    inside, outside = home / "postgres", SHARED / _digest(home)
    if isinstance(account, OtherUser):
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
        if isinstance(account, OtherUser) and not reachable(inside, account):
            inside = outside
            inside.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise ServerProblem(f"không tạo được {inside}: đặt MOCGIOI_HOME / cannot make {inside}, set MOCGIOI_HOME: {error}") from error
    return inside


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _major(data: Path) -> int | None:
    """The major version of PostgreSQL that made the data; None where there are none."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _quoted(value: str) -> str:
    """The value of a setting inside `pg_ctl -o`, which a shell reads."""
    return "'" + value.replace("'", "'\\''") + "'"


def _nobody_has(users: IO[bytes]) -> bool:
    """Whether no other process, and no other `EmbeddedServer`, uses the server. Then the lock is ours alone."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Lock:
    """Waits for an exclusive lock of a file."""

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
