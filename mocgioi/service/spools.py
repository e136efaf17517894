"""The spools of this machine, each used by one command at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path

from mocgioi.service.settings import Settings
from mocgioi.views.output import notice, problem
from posts.spool import Spool
from posts.spool_file import salvaged


def spool_of(settings: Settings) -> AbstractContextManager[Spool]:
    """The spool of the embedded pipeline."""
    return _opened(spool_path(settings))


def spool_path(settings: Settings) -> Path:
    """Its file."""
    return settings.home / "spool.db"


def outbox_of(settings: Settings) -> AbstractContextManager[Spool]:
    """The spool of what is to be published."""
    return _opened(settings.home / "outbox.db")


def spool_paths(settings: Settings) -> list[Path]:
    """The files of the spools that there are."""
    return [path for name in ("spool.db", "outbox.db") if (path := settings.home / name).exists() or salvaged(path).exists()]


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Keep other commands out of a spool for the length of the context, so that each counts its own events only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("ab") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            notice("đợi lệnh mocgioi khác xong · waiting for another mocgioi to finish")
            flock(lock, LOCK_EX)
        yield


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


@contextmanager
def _opened(path: Path) -> Iterator[Spool]:
    """Open a spool for this command alone. At the end it names the rows that it had to set aside."""
    with alone_with(path):
        spool = Spool(path)
        try:
            yield spool
        finally:
            spool.close()
            if spool.set_aside:
                rows = ", ".join(map(str, spool.set_aside))
                problem(
                    "spool_damaged",
                    f"{path}: dòng {rows} đã bị hỏng trên đĩa, để riêng, không gửi: nạp lại các sự kiện ấy từ bản gốc · damaged on "
                    "the disk and set aside, not sent: take those events in again from where they came: `mocgioi spool check`",
                )
