"""The spool's file: what a disk does to it is noticed, what is good of it is saved, and an older version's is read."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from posts import salvage as saving
from posts.salvage import salvage, survey
from posts.spool import Spool, SpoolEntry
from posts.spool_file import SpoolProblem, salvaged
from schemas.topics import INCIDENTS
from tests.builders import incident, payload, reported

VERSION_0 = """
PRAGMA journal_mode = WAL;
CREATE TABLE event (row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
    target TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL) STRICT;
CREATE TABLE spool (id TEXT NOT NULL, sent INTEGER NOT NULL) STRICT;
CREATE TABLE device (source TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
INSERT INTO spool VALUES ('5b0c7c76-5e2c-4f1b-93ea-0c5c2d4f6a11', 0);
INSERT INTO device VALUES ('/offices/uy-ban-bien-gioi/5b0c7c76', 7);
"""
APPEND_UNTIL_FULL = """
import resource, sys
from pathlib import Path
from posts.spool import SpoolEntry, Spool
spool = Spool(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
for number in range(1_000_000):
    spool.append([SpoolEntry("t", b"k", b"%d " % number + b"x" * 1000)])
    print(number, flush=True)
"""


def filled(path: Path, count: int, size: int = 10) -> Spool:
    spool = Spool(path)
    spool.append(SpoolEntry(INCIDENTS, b"key", b"%d " % number + b"x" * size) for number in range(1, count + 1))
    return spool


def at_rest(path: Path) -> sqlite3.Connection:
    """The file as it lies on the disk, everything in it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


def change(path: Path, old: bytes, new: bytes) -> None:
    """Change bytes on the disk, behind SQLite's back."""
    at_rest(path).close()
    content = path.read_bytes()
    assert content.count(old) == 1, "in one place"
    path.write_bytes(content.replace(old, new))


def spoil_page_of(path: Path, content: bytes) -> None:
    """Overwrite the page that holds these bytes, as a bad sector does."""
    db = at_rest(path)
    ((size,),) = db.execute("PRAGMA page_size")
    db.close()
    whole = path.read_bytes()
    start = whole.index(content) // size * size
    path.write_bytes(whole[:start] + b"\xff" * size + whole[start + size :])


def test_a_byte_that_changed_on_the_disk_is_no_event_and_its_neighbours_are(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    spool = Spool(path)
    places = [{"scheme": "marker", "line": "VN-CN", "marker": f"{number}/2"} for number in (1087, 1088, 1090)]
    payloads = [payload(reported(incident(place=place))) for place in places]
    spool.append(SpoolEntry(INCIDENTS, b"key", each) for each in payloads)
    spool.close()
    change(path, b"1088/2", b"1089/2")
    spool = Spool(path)
    with capture_logs() as logs:
        assert [row.value for row in spool.read(0, 10)] == [payloads[0], payloads[2]]
    assert [(line["event"], line["row"]) for line in logs] == [("spool_row_damaged", 2)]
    assert spool.set_aside == spool.damaged() == [2]
    spool.prune(4)
    assert spool.damaged() == [2], "kept, whatever is forgotten"
    assert spool.read(0, 10) == []
    spool.close()


@pytest.mark.parametrize(
    "harm", ["at = at + 1", "target = 'border.crossings.v1'", "key = x'00'", "row = 9", "checksum = 0", "target = CAST(x'ff' AS TEXT)"]
)
def test_every_part_of_a_row_is_under_its_checksum(tmp_path: Path, harm: str) -> None:
    spool = filled(tmp_path / "spool.db", 3)
    db = sqlite3.connect(tmp_path / "spool.db", isolation_level=None)
    db.execute(f"UPDATE event SET {harm} WHERE row = 2")
    db.close()
    assert [row.offset for row in spool.read(0, 10)] == [1, 3]
    assert len(spool.damaged()) == 1
    spool.close()


def test_a_batch_of_nothing_but_damaged_rows_does_not_end_the_reading(tmp_path: Path) -> None:
    spool = filled(tmp_path / "spool.db", 5)
    db = sqlite3.connect(tmp_path / "spool.db", isolation_level=None)
    db.execute("UPDATE event SET key = x'00' WHERE row < 4")
    db.close()
    assert [row.offset for row in spool.read(0, 2)] == [4]
    assert spool.bounds() == (1, 6), "a position before the damaged rows is still one of this spool"
    spool.close()


def old_file(path: Path, *, recorded: int, count: int, sent: int = 0) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(VERSION_0)
    rows = [(number, INCIDENTS, b"key", b"event %d" % number) for number in range(1, count + 1)]
    db.executemany("INSERT INTO event (at, target, key, value) VALUES (?, ?, ?, ?)", rows)
    db.execute("DELETE FROM event WHERE row <= ?", (recorded,))
    db.execute("UPDATE spool SET sent = ?", (sent,))
    db.close()


@pytest.mark.parametrize(
    ("recorded", "count", "sent", "bounds"), [(0, 0, 0, (1, 1)), (0, 5, 0, (1, 6)), (3, 5, 0, (4, 6)), (5, 5, 0, (6, 6)), (2, 5, 4, (4, 6))]
)
def test_a_file_of_the_version_before_is_brought_up_to_date_in_place(
    tmp_path: Path, recorded: int, count: int, sent: int, bounds: tuple[int, int]
) -> None:
    path = tmp_path / "spool.db"
    old_file(path, recorded=recorded, count=count, sent=sent)
    for _ in range(2):
        spool = Spool(path)
        assert spool.id == "5b0c7c76-5e2c-4f1b-93ea-0c5c2d4f6a11"
        assert spool.bounds() == bounds
        assert [(row.offset, row.timestamp, row.value) for row in spool.read(0, 10)] == [
            (number, number, b"event %d" % number) for number in range(recorded + 1, count + 1)
        ]
        assert spool.damaged() == []
        spool.close()
    spool = Spool(path)
    assert spool.last_number("/offices/uy-ban-bien-gioi/5b0c7c76") == 7
    spool.append([SpoolEntry(INCIDENTS, b"key", b"new")])
    assert [row.offset for row in spool.read(count + 1, 10)] == [count + 1]
    spool.close()


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    filled(path, 1).close()
    db = at_rest(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(SpoolProblem, match=r"spool\.db: .* newer mocgioi"):
        Spool(path)
    assert path.read_bytes() == before


def test_only_its_owner_may_read_a_spool(tmp_path: Path) -> None:
    def modes(folder: Path) -> dict[str, int]:
        return {file.name: stat.S_IMODE(file.stat().st_mode) for file in (folder, *folder.iterdir())}

    private = {"spool.db": 0o600, "spool.db-wal": 0o600, "spool.db-shm": 0o600}
    spool = filled(tmp_path / "home" / "spool.db", 1)
    assert modes(tmp_path / "home") == private | {"home": 0o700}
    for name in private:
        (tmp_path / "home" / name).chmod(0o644)
    again = Spool(tmp_path / "home" / "spool.db")
    assert modes(tmp_path / "home") == private | {"home": 0o700}, "a file that an older version made"
    spool.close()
    again.close()


@pytest.mark.fault(
    what="The disk of a post is full",
    how="the spool's file may not grow any more (RLIMIT_FSIZE)",
    then="the append fails with the file's name, whatever was accepted is there, and appending goes on once there is room",
)
def test_a_full_disk_loses_nothing_that_was_accepted(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    done = subprocess.run([sys.executable, "-c", APPEND_UNTIL_FULL, path, "300000"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SpoolProblem" in done.stderr
    assert str(path) in done.stderr
    accepted = [int(number) for number in done.stdout.split()]
    assert len(accepted) > 10
    spool = Spool(path)
    assert [int(row.value.split()[0]) for row in spool.read(0, 10_000)] == accepted
    spool.append([SpoolEntry("t", b"k", b"more")])
    assert spool.read(0, 10_000)[-1].value == b"more"
    spool.close()


@pytest.mark.fault(
    what="A page of the spool's file cannot be read",
    how="a page of 4 KiB is overwritten on the disk",
    then="`mocgioi spool salvage` saves every row on other pages, names the others, and keeps the bad file beside the new one",
)
def test_a_bad_page_costs_its_own_rows_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    before = filled(path, 199, size=200)
    before.append_numbered("/posts/a/d1", lambda number: [SpoolEntry(INCIDENTS, b"key", b"%d " % (number + 199) + b"x" * 200)])
    before.prune(11)
    former = before.id
    values = {row.offset: row.value for row in before.read(0, 1000)}
    before.close()
    spoil_page_of(path, values[100])
    spool = Spool(path)
    with pytest.raises(SpoolProblem, match=r"spool\.db: .*mocgioi spool salvage"):
        spool.read(0, 1000)
    spool.close()
    bad_bytes = path.read_bytes()
    looked = survey(path)
    assert looked.needs_salvage
    assert path.read_bytes() == bad_bytes
    surveyed, bad = salvage(path)
    assert 100 in surveyed.lost
    assert 5 < len(surveyed.lost) < 40
    assert surveyed.lost == list(range(surveyed.lost[0], surveyed.lost[-1] + 1)), "one page"
    assert (looked.sound, looked.lost, surveyed.damaged) == (surveyed.sound, surveyed.lost, [])
    assert bad.read_bytes() == bad_bytes
    after = Spool(path)
    assert after.id != former
    assert after.bounds() == (11, 201)
    assert {row.offset: row.value for row in after.read(0, 1000)} == {row: values[row] for row in values if row not in surveyed.lost}
    assert after.last_number("/posts/a/d1") == 1
    after.append([SpoolEntry(INCIDENTS, b"key", b"new")])
    assert after.read(201, 10)[0].offset == 201
    after.close()
    assert {file.name for file in tmp_path.iterdir()} - {f"{bad.name}-shm", f"{bad.name}-wal"} == {path.name, bad.name}
    assert not survey(path).needs_salvage


def test_what_stands_in_the_log_beside_the_file_is_saved_too(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    spool = filled(path, 100, size=200)
    at_rest(path).close()
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM event").fetchone()  # a reader of the old state: what follows cannot go into the file
    spool.append([SpoolEntry(INCIDENTS, b"key", b"only in the log")])
    for suffix in ("", "-wal"):
        (tmp_path / f"copy.db{suffix}").write_bytes((tmp_path / f"spool.db{suffix}").read_bytes())
    reader.close()
    spool.close()
    whole = (tmp_path / "copy.db").read_bytes()
    assert b"only in the log" not in whole
    place = whole.index(b"50 xxx") // 4096 * 4096
    (tmp_path / "copy.db").write_bytes(whole[:place] + b"\xff" * 4096 + whole[place + 4096 :])
    surveyed, bad = salvage(tmp_path / "copy.db")
    assert surveyed.lost
    saved = Spool(tmp_path / "copy.db")
    assert saved.read(101, 10)[0].value == b"only in the log"
    saved.close()
    assert bad.with_name(f"{bad.name}-wal").exists()


@pytest.mark.parametrize("step", range(6))
def test_a_salvage_that_is_interrupted_is_finished_when_it_is_run_again(tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "spool.db"
    spool = filled(path, 200, size=200)
    spool.close()
    spoil_page_of(path, b"100 xxx")
    good = [row[0] for row in survey(path).sound]
    rename, build = Path.rename, saving._build
    left = step

    def interrupted(work: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return work

    monkeypatch.setattr(Path, "rename", lambda self, to: interrupted(rename) and rename(self, to))
    monkeypatch.setattr(saving, "_build", lambda *given: interrupted(build) and build(*given))
    with pytest.raises(KeyboardInterrupt):
        salvage(path)
    monkeypatch.undo()
    if salvaged(path).exists():
        with pytest.raises(SpoolProblem, match="interrupted"):
            Spool(path)
    salvage(path)
    saved = Spool(path)
    assert [row.offset for row in saved.read(0, 1000)] == good
    saved.close()


def test_a_bad_page_in_a_file_of_the_version_before_is_salvaged_too(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    old_file(path, recorded=0, count=400)
    spoil_page_of(path, b"event 200")
    with pytest.raises(SpoolProblem, match="salvage"):
        Spool(path)
    surveyed, _ = salvage(path)
    saved = Spool(path)
    rows = saved.read(0, 1000)
    saved.close()
    assert {row.value for row in rows} == {b"event %d" % number for number in range(1, 401) if number not in surveyed.lost}
    assert 200 in surveyed.lost


def test_a_damaged_row_is_kept_over_a_salvage(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    filled(path, 200, size=200).close()
    change(path, b"\x31\x35\x30 xxx", b"150 yxx")
    spool = Spool(path)
    spool.read(0, 1000)
    spool.close()
    change(path, b"180 xxx", b"180 yxx")
    spoil_page_of(path, b"100 xxx")
    surveyed, _ = salvage(path)
    assert sorted(row[0] for row in surveyed.damaged) == [150, 180]
    saved = Spool(path)
    assert saved.damaged() == [150, 180]
    saved.close()


def test_a_hundred_thousand_events_fit_in_200_megabytes(tmp_path: Path) -> None:
    body = payload(reported(text="Lúc 02 giờ 30 phút, tại khu vực mốc 753, tổ tuần tra phát hiện 09 người vượt biên trái phép."))
    spool = Spool(tmp_path / "spool.db")
    for _ in range(50):
        spool.append([SpoolEntry(INCIDENTS, b"inc-0193b9c0-7b1e-7c3a-9d2f-000000000001", body)] * 2000)
    spool.close()
    assert (tmp_path / "spool.db").stat().st_size < 200_000_000
