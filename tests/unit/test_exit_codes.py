"""How a command ends on an error of the system: what is not reachable is no fault of a file."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from agreement.packs import pack_named
from mocgioi import cli
from tests.support.kafka import free_port

HERE = Path(__file__)


async def _too_slow() -> None:
    async with asyncio.timeout(0):
        await asyncio.sleep(1)


def _nobody_listens() -> None:
    socket.create_connection(("127.0.0.1", free_port()))


def _no_such_host() -> None:
    socket.create_connection(("nohost.invalid", 80))


def _hung_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"unread")
        ours.close()
        theirs.recv(1)


def _disk_full() -> None:
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123  # unbuffered: the error is the write's, which names no file
        full.write(b"x")


@pytest.mark.parametrize(
    ("fail", "code", "exit_code"),
    [
        (_nobody_listens, "unreachable", 3),
        (_no_such_host, "unreachable", 3),
        (lambda: asyncio.run(_too_slow()), "unreachable", 3),
        (_hung_up, "unreachable", 3),
        ((HERE / "nothing").read_text, "file", 1),
        (HERE.parent.read_text, "file", 1),
        (_disk_full, "system", 1),
        (lambda: pack_named("2000.1"), "pack", 2),
    ],
)
def test_an_error_that_a_person_can_act_on_is_one_line_and_its_exit_code(
    fail: Callable[[], object], code: str, exit_code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", lambda **_: fail())
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (exit_code, "")
    assert err.startswith(f"problem: {code}: ")
    assert err.count("\n") == 1


def test_an_error_of_ours_shows_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli.main()
