"""The embedded server: shared by all processes of a home, gone with the last, never left behind by a killed one."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sinks.postgres import binaries
from sinks.postgres.binaries import ServerProblem, runner
from sinks.postgres.server import LONGEST_SOCKET, EmbeddedServer
from tests.support.faults import WellAgain
from tests.support.postgres import open_folder

ROOT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
USER = """
import sys
from pathlib import Path
from sinks.postgres.server import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.readline()
server.stop()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


def another_process(home: Path) -> subprocess.Popen[str]:
    """A process that uses the server until its standard input ends."""
    process = subprocess.Popen([sys.executable, "-c", USER, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def runs(pid: int) -> bool:
    """Whether a process is there and not merely unreaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_two_processes_share_a_server_and_the_last_stops_it(home: Path) -> None:
    other = another_process(home)
    server = EmbeddedServer(home)
    url = server.start()
    pid = server.pid
    leave(other)
    assert answers(url)
    server.stop()
    assert not answers(url)
    assert not runs(pid)


def test_a_killed_user_leaves_nothing_stale(home: Path) -> None:
    other = another_process(home)
    other.kill()
    other.communicate()
    server = EmbeddedServer(home)
    url = server.start()
    assert answers(url)
    server.stop()
    assert not answers(url)


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    server = EmbeddedServer(home)
    url = server.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(server.pid, signal.SIGKILL)
    second = EmbeddedServer(home)
    with psycopg.connect(second.start()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    second.stop()
    server.stop()
    assert not answers(url)


@pytest.mark.fault(
    what="a container dies with its embedded server, and a new one has other processes under its numbers",
    how="`postmaster.pid` and the socket's lock name a living process that is no server",
    then="the server starts, with what was committed",
)
@pytest.mark.parametrize("whose", ["another's", "ours", "the first", "nobody's"])
def test_a_process_that_has_a_dead_servers_number_is_not_taken_for_it(home: Path, whose: str, well_again: WellAgain) -> None:
    with EmbeddedServer(home) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        lock = home / "postgres" / "pg" / "postmaster.pid"
        left = lock.read_text().splitlines()
    account = runner()
    bystander = subprocess.Popen(["sleep", "100"], user=account.uid if IS_ROOT else None)
    number = {"another's": str(bystander.pid), "ours": str(os.getpid()), "the first": "1", "nobody's": None}[whose]
    try:
        for file, lines in ((lock, left), (home / "postgres" / "run" / ".s.PGSQL.5432.lock", left[:5])):
            file.write_text("" if number is None else "\n".join([number, *lines[1:], ""]))
            file.chmod(0o600)
            os.chown(file, account.uid, account.gid)
        with well_again(), EmbeddedServer(home) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_copied_home_does_not_use_the_server_of_the_first(home: Path) -> None:
    first, copy = home / "first", home / "copy"
    with EmbeddedServer(first) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CHECKPOINT")
        shutil.copytree(first, copy, ignore=lambda folder, names: [name for name in names if name.startswith(".s.PGSQL")])
        account = runner()
        for folder in (copy / "postgres" / "pg", copy / "postgres" / "run"):
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.uid, account.gid)
        with EmbeddedServer(copy) as copied:
            assert copied != url
            assert answers(copied)
        assert answers(url)


@pytest.mark.skipif(not IS_ROOT, reason="whoever is not root changes nobody's files")
@pytest.mark.parametrize("planted", ["postgres", "postgres/run", "postgres/pg.new", "postgres/start.lock", "postgres/users.lock", "socket"])
@pytest.mark.fault(
    what="somebody plants a symlink where root keeps the embedded server",
    how="the data folder, the socket's folder or a lock is a symlink to a folder or file of root's",
    then="refused, and what the symlink points to keeps its owner and its mode",
)
def test_root_follows_no_symlink_into_a_folder_of_somebody_else(planted: str, home: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    for folder in (victim, victim / "run", victim / "pg.new"):
        folder.mkdir(mode=0o755)
    (victim / "shadow").write_text("root:*")
    before = {path: (path.stat().st_uid, path.stat().st_mode) for path in (victim, *victim.rglob("*"))}
    deep = home / ("sâu" * 20) / ("hơn" * 20)
    link = _temporary_sockets(deep) if planted == "socket" else home / planted
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(victim / "shadow" if link.suffix == ".lock" else victim)
    try:
        with pytest.raises(ServerProblem, match=r"symlink|symbolic link"):
            EmbeddedServer(deep if planted == "socket" else home).start()
    finally:
        link.unlink()
    assert {path: (path.stat().st_uid, path.stat().st_mode) for path in (victim, *victim.rglob("*"))} == before


def _temporary_sockets(home: Path) -> Path:
    """Where the socket of a home goes whose own path is too long for one."""
    with EmbeddedServer(home) as url, psycopg.connect(url) as connection:
        folder = Path(connection.info.host)
    folder.rmdir()
    return folder


def test_what_is_committed_is_on_the_disk(home: Path) -> None:
    with EmbeddedServer(home) as url, psycopg.connect(url) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert connection.execute("SELECT current_setting(%s)", (setting,)).fetchone() == ("on",)
        assert connection.execute("SELECT current_setting('TimeZone'), current_setting('server_encoding')").fetchone() == ("UTC", "UTF8")


def test_a_half_made_database_is_made_anew(home: Path) -> None:
    (home / "postgres" / "pg.new").mkdir(parents=True)
    (home / "postgres" / "pg.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(home) as url:
        assert answers(url)


def test_stopping_what_was_not_started_is_nothing(home: Path) -> None:
    server = EmbeddedServer(home)
    server.stop()
    with server as url:
        assert answers(url)
    server.stop()


def test_a_socket_of_a_deep_home_goes_to_the_temporary_folder(home: Path) -> None:
    deep = home / ("sâu" * 20) / ("hơn" * 20)
    with EmbeddedServer(deep) as url, psycopg.connect(url) as connection:
        assert len(connection.info.host.encode()) < LONGEST_SOCKET
        folder = Path(connection.info.host)
        assert folder.stat().st_mode & 0o777 == 0o700
        with EmbeddedServer(deep) as again:
            assert again == url
    folder.rmdir()


def test_a_folder_without_postgresql_is_named_in_both_languages(home: Path, tmp_path: Path) -> None:
    with pytest.raises(ServerProblem, match=r"không tìm thấy PostgreSQL.*MOCGIOI_POSTGRES_BIN.* / no PostgreSQL .*found"):
        EmbeddedServer(home, bin_dir=tmp_path).start()


def test_data_of_another_major_version_is_not_touched(home: Path) -> None:
    with EmbeddedServer(home):
        pass
    (home / "postgres" / "pg" / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerProblem, match="no PostgreSQL 12 found"):
        EmbeddedServer(home).start()


def test_a_closed_home_and_closed_programs_are_left_for_a_place_postgresql_can_reach(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under /root: the parent of both is open to its owner only. Who is not root runs PostgreSQL as themselves, where they are."""
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    (wheel,) = binaries._wheel()
    package = wheel.parent.parent
    programs = closed / package.name / wheel.parent.name
    shutil.copytree(wheel.parent, programs, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    shared = home / "shared"
    monkeypatch.setattr(binaries, "SHARED", shared)
    monkeypatch.setattr("sinks.postgres.server.SHARED", shared)
    data = closed / "home"
    with EmbeddedServer(data, bin_dir=programs / "bin") as url:
        assert answers(url)
        assert (f"{shared}/" in url.replace("%2F", "/")) == IS_ROOT
    copies = {copied: copied.stat().st_ctime_ns for copied in shared.glob("pgsql-*")}
    assert len(copies) == IS_ROOT
    with EmbeddedServer(data, bin_dir=programs / "bin") as again:
        assert again == url
    assert {copied: copied.stat().st_ctime_ns for copied in shared.glob("pgsql-*")} == copies
    assert bool(list(data.rglob("PG_VERSION"))) != IS_ROOT


def test_data_that_became_unreachable_is_refused_and_not_begun_anew(home: Path) -> None:
    inner = home / "inner"
    with EmbeddedServer(inner):
        pass
    inner.chmod(0o700)
    if IS_ROOT:
        with pytest.raises(ServerProblem, match="chmod o"):
            EmbeddedServer(inner).start()
    else:
        with EmbeddedServer(inner) as url:
            assert answers(url)
