"""The spool and the minting of events: what was said is on disk, numbers and times never come back."""

import json
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from border.vietnam import HANOI
from posts.mint import NewEvent, mint, uuid7
from posts.spool import Spool, SpoolEntry
from posts.spool_file import SpoolProblem
from schemas.topics import INCIDENTS
from tests.builders import incident

APPEND = """
import sys
from pathlib import Path
from posts.spool import SpoolEntry, Spool
spool = Spool(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    spool.append([SpoolEntry("t", b"k", f"{sys.argv[2]}-{number}-{half}".encode()) for half in (1, 2)])
    print(number, flush=True)
"""


def entries(*values: bytes) -> list[SpoolEntry]:
    return [SpoolEntry(INCIDENTS, b"key", value) for value in values]


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "folder" / "spool.db")


def appending(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", APPEND, path, name, str(count)], stdout=subprocess.PIPE, text=True)


def test_what_is_written_is_read_in_order_from_any_position(spool: Spool) -> None:
    assert spool.append(entries(b"one", b"two", b"three")) == 3
    rows = spool.read(0, 10)
    assert [row.value for row in rows] == [b"one", b"two", b"three"]
    assert [(row.target, row.key, row.topic, row.partition) for row in rows] == [(INCIDENTS, b"key", "spool", 0)] * 3
    assert [row.value for row in spool.read(rows[1].offset, 1)] == [b"two"]
    assert abs(rows[0].timestamp / 1000 - time.time()) < 60


def test_an_empty_spool_has_a_beginning_that_is_its_end(spool: Spool) -> None:
    assert spool.append([]) == 0
    assert spool.read(0, 10) == []
    assert spool.bounds() == (1, 1)
    assert spool.sent == 1


def test_row_numbers_never_come_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.append(entries(b"one", b"two", b"three"))
    spool.prune(3)
    assert spool.bounds() == (3, 4)
    spool.prune(4)
    assert spool.bounds() == (4, 4)
    spool.close()
    again = Spool(tmp_path / "spool.db")
    again.append(entries(b"four"))
    assert [row.offset for row in again.read(0, 10)] == [4]


def test_an_append_is_written_whole_or_not_at_all(spool: Spool) -> None:
    def broken() -> "list[SpoolEntry]":
        yield from entries(b"one")  # type: ignore[misc]
        raise RuntimeError("the reader of a file fails")

    with pytest.raises(RuntimeError, match="fails"):
        spool.append(broken())
    assert spool.read(0, 10) == []
    spool.append(entries(b"next"))
    assert [row.value for row in spool.read(0, 10)] == [b"next"]


def test_a_spool_keeps_its_name_and_another_has_another(tmp_path: Path) -> None:
    first, other = Spool(tmp_path / "spool.db"), Spool(tmp_path / "other.db")
    assert uuid.UUID(first.id).version == 4
    assert Spool(tmp_path / "spool.db").id == first.id != other.id


def test_what_was_sent_never_goes_back(spool: Spool) -> None:
    spool.append(entries(b"one", b"two"))
    spool.mark_sent(3)
    spool.mark_sent(2)
    assert spool.sent == 3


def test_what_append_returned_from_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    process = appending(path, "a", 100_000)
    assert process.stdout is not None
    for _ in range(50):
        acknowledged = int(process.stdout.readline())
    process.kill()
    acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
    process.stdout.close()
    process.wait()
    values = [row.value.decode() for row in Spool(path).read(0, 1_000_000)]
    assert values == [f"a-{number}-{half}" for number in range(len(values) // 2) for half in (1, 2)], "whole appends, in order, each once"
    assert len(values) // 2 in (acknowledged + 1, acknowledged + 2), "all that was acknowledged, and at most the one on its way"


def test_two_processes_append_without_losing_or_mixing(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    Spool(path).close()
    processes = [appending(path, name, 40) for name in "ab"]
    for process in processes:
        process.communicate(timeout=60)
    rows = Spool(path).read(0, 1000)
    assert [row.offset for row in rows] == list(range(1, 161))
    for name in "ab":
        mine = [row.value.decode() for row in rows if row.value.startswith(name.encode())]
        assert mine == [f"{name}-{number}-{half}" for number in range(40) for half in (1, 2)]
    pairs = [row.value.rpartition(b"-")[0] for row in rows]
    assert pairs[::2] == pairs[1::2], "nothing comes between the two of one append"


def test_numbers_of_a_device_are_given_once_over_restarts(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    assert [number(spool, "/posts/a/d1") for _ in range(3)] == [1, 2, 3]
    assert number(spool, "/posts/a/d2") == 1
    spool.close()
    assert number(Spool(tmp_path / "spool.db"), "/posts/a/d1") == 4


def number(spool: Spool, source: str) -> int:
    """The number that the next event of a device takes."""
    numbers: list[int] = []

    def entry(number: int) -> list[SpoolEntry]:
        numbers.append(number)
        return entries(b"numbered")

    spool.append_numbered(source, entry)
    return numbers[0]


def test_what_is_not_written_takes_no_number(spool: Spool) -> None:
    def refused(number: int) -> list[SpoolEntry]:
        raise RuntimeError(f"number {number} is refused")

    assert number(spool, "/posts/a/d1") == 1
    with pytest.raises(RuntimeError, match="number 2"):
        spool.append_numbered("/posts/a/d1", refused)
    assert number(spool, "/posts/a/d1") == 2
    assert len(spool.read(0, 10)) == 2


def test_a_file_that_is_no_spool_is_named(tmp_path: Path) -> None:
    (tmp_path / "spool.db").write_bytes(b"something else" * 500)
    with pytest.raises(SpoolProblem, match=r"spool\.db"):
        Spool(tmp_path / "spool.db")
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolProblem, match="file"):
        Spool(tmp_path / "file" / "spool.db")


def minted(spool: Spool, after: datetime | None = None) -> dict[str, object]:
    mint(spool, "/posts/tan-thanh/d1", [NewEvent("incident.reported", "inc-1", incident())], last_time=lambda _: after)
    row = spool.read(spool.bounds()[1] - 1, 1)[0]
    assert (row.target, row.key) == (INCIDENTS, b"inc-1")
    return dict(json.loads(row.value))


def test_a_minted_event_passes_validation(spool: Spool) -> None:
    began = datetime.now(UTC)
    events = [minted(spool) for _ in range(3)]
    assert [event["sequence"] for event in events] == ["00000001", "00000002", "00000003"]
    assert len({event["id"] for event in events}) == 3
    for event in events:
        stamped = datetime.fromisoformat(str(event["time"]))
        assert stamped.utcoffset() == timedelta(hours=7)
        assert began - timedelta(milliseconds=1) <= stamped <= datetime.now(UTC)


def test_a_minted_event_is_the_last_word_even_where_the_clock_went_back(spool: Spool) -> None:
    ahead = datetime.now(HANOI).replace(microsecond=0) + timedelta(hours=1)
    assert datetime.fromisoformat(str(minted(spool, after=ahead)["time"])) == ahead + timedelta(milliseconds=1)
    between = ahead.replace(microsecond=999_900)
    assert datetime.fromisoformat(str(minted(spool, after=between)["time"])) > between
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert datetime.fromisoformat(str(minted(spool, after=long_ago)["time"])) > datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_are_uuid_7_of_the_present_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    ids = [uuid.UUID(uuid7()) for _ in range(500)]
    after = time.time_ns() // 1_000_000
    assert {(event_id.version, event_id.variant) for event_id in ids} == {(7, uuid.RFC_4122)}
    stamps = [event_id.int >> 80 for event_id in ids]
    assert stamps == sorted(stamps)
    assert before <= stamps[0] <= stamps[-1] <= after
    assert len(set(ids)) == 500


def test_an_id_sorts_after_one_of_an_earlier_millisecond() -> None:
    first = uuid7()
    time.sleep(0.003)
    assert first < uuid7()
