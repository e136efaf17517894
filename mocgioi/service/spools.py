"""The spools of this machine, each used by one command at a time."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from typing import BinaryIO, TypeVar

from mocgioi.service.settings import Settings
from mocgioi.views.output import notice, problem
from posts.post_spool import PostSpool
from posts.spool import Spool
from posts.spool_file import SpoolProblem, salvaged

S = TypeVar("S", bound=Spool)

_POLL_S = 0.05


def spool_of(settings: Settings) -> AbstractContextManager[Spool]:
    """The spool of the embedded pipeline."""
    return _alone(spool_path(settings))


def spool_path(settings: Settings) -> Path:
    """Its file."""
    return settings.home / "spool.db"


def outbox_of(settings: Settings) -> AbstractContextManager[Spool]:
    """The spool of what is to be published."""
    return _alone(settings.home / "outbox.db")


def post_spool_of(settings: Settings) -> AbstractContextManager[PostSpool]:
    """The spool of the post. Several commands may have it open: each writes in transactions of its own, and sending takes turns."""
    return _naming_set_aside(PostSpool(settings.home / "post.db"))


def spool_paths(settings: Settings) -> list[Path]:
    """The files of the spools that there are."""
    return [path for name in ("spool.db", "outbox.db", "post.db") if (path := settings.home / name).exists() or salvaged(path).exists()]


@contextmanager
def alone_with(path: Path, *, patience_s: float | None = None) -> Iterator[None]:
    """Keep other commands out of a spool for the length of the context, so that each counts its own events only.

    Another one is waited for, `patience_s` at most; then this raises `AnotherSends`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("ab") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            notice("đợi lệnh mocgioi khác xong · waiting for another mocgioi to finish")
            if patience_s is None:
                flock(lock, LOCK_EX)
            else:
                _lock_within(patience_s, lock, path)
        yield


class AnotherSends(SpoolProblem):
    """Another command has had the spool for longer than this one may wait."""

    code = "spool_busy"


class SpoolTurn:
    """The lock of `alone_with`, taken only while nobody else has it: for who takes in what there is, and then lets others."""

    def __init__(self, path: Path) -> None:
        self._file = path.with_suffix(".lock").open("ab")

    def take(self) -> bool:
        """Whether it is ours now."""
        try:
            flock(self._file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def give_up(self) -> None:
        """Let others have it."""
        flock(self._file, LOCK_UN)


def _lock_within(patience_s: float, lock: BinaryIO, path: Path) -> None:
    ends = time.monotonic() + patience_s
    while True:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                raise AnotherSends(f"{path}: lệnh khác đang gửi, chờ một lát rồi làm lại · another command is sending, try again") from None
            time.sleep(_POLL_S)
        else:
            return


@contextmanager
def _alone(path: Path) -> Iterator[Spool]:
    """A spool for this command alone."""
    with alone_with(path), _naming_set_aside(Spool(path)) as spool:
        yield spool


@contextmanager
def _naming_set_aside(spool: S) -> Iterator[S]:
    """Close a spool at the end, and name the rows that it had to set aside."""
    try:
        yield spool
    finally:
        spool.close()
        if spool.set_aside:
            rows = ", ".join(map(str, spool.set_aside))
            problem(
                "spool_damaged",
                f"{spool.path}: dòng {rows} đã bị hỏng trên đĩa, để riêng, không gửi: nạp lại các sự kiện ấy từ bản gốc · damaged on "
                "the disk and set aside, not sent: take those events in again from where they came: `mocgioi spool check`",
            )
