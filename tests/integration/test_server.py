"""The embedded server: shared by all processes of a home, gone with the last, never left behind by a killed one."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sinks import binaries
from sinks.binaries import ServerProblem
from sinks.server import LONGEST_SOCKET, EmbeddedServer
from tests.support.postgres import open_folder

ROOT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
USER = """
import sys
from pathlib import Path
from sinks.server import EmbeddedServer
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


def test_loopback_is_opened_on_request_and_wants_a_password(home: Path) -> None:
    server = EmbeddedServer(home, port=free_port(), settings={"max_connections": "17"})
    try:
        server.start()
        with psycopg.connect(server.tcp_url) as connection:
            assert connection.execute("SHOW max_connections").fetchone() == ("17",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.tcp_url.partition("@")[0].rpartition(":")[0] + ":wrong@" + server.tcp_url.partition("@")[2])
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


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
    monkeypatch.setattr("sinks.server.SHARED", shared)
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
