"""The file of a spool: who may open it, its tables, and the checksum of each row.

A file that an older version made is brought up to date when it is opened, in one transaction.
"""

import contextlib
import os
import sqlite3
import stat
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path

from schemas.failures import Failure

VERSION = 1
SUFFIXES = ("", "-wal", "-shm")
"""SQLite keeps what it committed last beside the file: all three are one spool."""
STORED = "row, at, CAST(target AS BLOB), key, value"
"""The columns of a row that its checksum covers. The topic as bytes: a damaged one may be no text at all."""

_OURS_ALONE = 0o077
_REMEDIES = {
    sqlite3.SQLITE_BUSY: ": lệnh khác đang dùng hộp gửi, chờ một lát rồi làm lại · another command is using the spool, try again in a while",
    sqlite3.SQLITE_FULL: ": hết chỗ trên đĩa, xóa bớt tệp khác rồi làm lại; tin này chưa được ghi · no space left, this was not written",
    sqlite3.SQLITE_CORRUPT: ": tệp hỏng, cứu những dòng còn tốt · the file is damaged, save its good rows: `mocgioi spool salvage`",
    sqlite3.SQLITE_NOTADB: ": không đọc được gì, để tệp sang chỗ khác · nothing of it can be read: put the file elsewhere",
}
_TABLES_0 = (
    """CREATE TABLE IF NOT EXISTS event (row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
    target TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL) STRICT""",
    "CREATE TABLE IF NOT EXISTS spool (id TEXT NOT NULL, sent INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS device (source TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT",
)
_TO_1 = (
    "ALTER TABLE event ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
    f"UPDATE event SET checksum = row_checksum({STORED})",  # noqa: S608  # our own column names
    "CREATE TABLE damaged (row INTEGER PRIMARY KEY, at ANY, target ANY, key ANY, value ANY, checksum ANY) STRICT",
    # Version 0 deleted what was safe elsewhere, and noted it for a spool that was published only.
    "UPDATE spool SET sent = max(sent, coalesce((SELECT min(row) FROM event), (SELECT max(seq) + 1 FROM sqlite_sequence), 1))",
)


class SpoolProblem(Failure):
    """The spool cannot be read or written now. Names the file and says why; nothing was written."""

    code = "spool"


def checksum(row: int, at: int, target: bytes, key: bytes, value: bytes) -> int:
    """CRC-32 of a whole row, its number too.

    It finds damage by a disk, or by a page read from the wrong place. A longer checksum would not protect against people: whoever can write
    the file can write any checksum.
    """
    return zlib.crc32(value, zlib.crc32(b"%d %d %d %d " % (row, at, len(target), len(key)) + target + key))


def is_sound(row: int, at: int, target: bytes, key: bytes, value: bytes, stored: int) -> bool:
    """Whether a row is as it was written. Damage may change the types of its values too."""
    try:
        return checksum(row, at, target, key, value) == stored
    except TypeError:
        return False


def opened(path: Path, patience_s: float = 30.0) -> sqlite3.Connection:
    """A connection to the spool in a file, created if absent, that only its owner may read. Raises `SpoolProblem`.

    Whoever writes while another process does waits for `patience_s`.
    """
    with explained(path):
        if salvaged(path).exists():
            raise SpoolProblem(f"{path}: việc cứu hộp bị dừng giữa chừng · its salvage was interrupted: `mocgioi spool salvage`")
        _keep_private(path)
        db = sqlite3.connect(path, timeout=patience_s, isolation_level=None, check_same_thread=False)
        try:
            db.create_function("row_checksum", 5, checksum, deterministic=True)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            with transaction(db):
                _make_current(path, db)
        except BaseException:
            db.close()
            raise
        return db


def salvaged(path: Path) -> Path:
    """Where a salvage puts the new file until the bad one is moved."""
    return path.with_name(f"{path.name}.salvaged")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise errors of SQLite or the disk as `SpoolProblem`."""
    try:
        yield
    except sqlite3.Error as error:
        primary_code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # Python's own errors have none
        raise SpoolProblem(f"{path}: {error}{_REMEDIES.get(primary_code, '')}") from error
    except OSError as error:
        raise SpoolProblem(f"{path}: {error}") from error


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all that is done inside, on disk at the end, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk ends it
            db.execute("ROLLBACK")
        raise


def _keep_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for suffix in SUFFIXES:
        file = path.with_name(path.name + suffix)
        with contextlib.suppress(FileNotFoundError):
            mode = file.lstat().st_mode
            if stat.S_ISREG(mode) and mode & _OURS_ALONE:  # what a link names is not ours to change
                file.chmod(0o600)


def _make_current(path: Path, db: sqlite3.Connection) -> None:
    ((version,),) = db.execute("PRAGMA user_version")
    if version > VERSION:
        raise SpoolProblem(
            f"{path}: hộp ở bản {version}, chương trình này chỉ biết đến bản {VERSION}: cần bản mocgioi mới hơn · "
            f"the spool is of version {version}, this program knows {VERSION} at most: a newer mocgioi is needed"
        )
    if version == VERSION:
        return
    for statement in _TABLES_0:
        db.execute(statement)
    db.execute("INSERT INTO spool SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM spool)", (str(uuid.uuid4()),))
    for statement in _TO_1:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {VERSION}")
