"""A spool that went back while the record did not, and one that a disk damaged: every event given is recorded, or a person is told."""

import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from mocgioi.service.sending import RecordingSession
from posts.spool import Spool, SpoolEntry
from schemas.topics import INCIDENTS
from schemas.verdicts import Origin
from sinks.record.database import Database
from sinks.record.holding import unheld
from tests.builders import OFFICE, incident, payload, reported
from tests.support.classified_batches import Log, dead_letter
from tests.support.commands import Command, Ended, write_events
from tests.support.faults import WellAgain

Event = dict[str, Any]


@pytest.fixture
def recorded(database_url: str) -> Iterator["Recorded"]:
    with psycopg.connect(database_url, autocommit=True) as database:
        yield Recorded(database)


class Recorded:
    """The events that the record holds."""

    def __init__(self, database: "psycopg.Connection[Any]") -> None:
        self.database = database

    def __contains__(self, events: list[Event]) -> bool:
        ids = {name for (name,) in self.database.execute("SELECT id FROM event")}
        return {event["id"] for event in events} <= ids


def ingested(command: Command, events: list[Event]) -> Ended:
    file = write_events(command.home / "events.jsonl", events)
    return command("ingest", file, "--json")


def some(count: int) -> list[Event]:
    return [reported() for _ in range(count)]


def spooled(command: Command, events: list[Event]) -> None:
    """What an older program, which compares nothing, leaves in the spool when it is killed."""
    spool = Spool(command.home / "spool.db")
    spool.append(SpoolEntry(INCIDENTS, event["subject"].encode(), payload(event)) for event in events)
    spool.close()


def back_up(command: Command) -> Path:
    copy = command.home.with_name(f"{command.home.name}.backup")
    shutil.copytree(command.home, copy)
    return copy


def restore(command: Command, copy: Path) -> None:
    shutil.rmtree(command.home)
    copy.rename(command.home)


def notes(done: Ended) -> list[str]:
    return [line.split(": ")[1] for line in done.err.splitlines() if line.startswith("note: ")]


@pytest.mark.fault(
    what="A post's folder is put back from a backup",
    how="the spool ends before the position in the database, which was not put back",
    then="the spool takes another UUID and is read from its beginning; a person is told, and each event is recorded once",
)
@pytest.mark.parametrize("first", [0, 2])
def test_what_a_restored_spool_takes_in_is_recorded(command: Command, recorded: Recorded, first: int, well_again: WellAgain) -> None:
    ingested(command, some(3))
    copy = back_up(command)
    for _ in range(3):
        ingested(command, some(2))
    restore(command, copy)
    new = [some(first), some(10), some(1)]
    with well_again():
        done = [ingested(command, events) for events in new if events]
    assert [(each.code, each.document["accepted"]) for each in done] == [(0, len(events)) for events in new if events]
    assert [notes(each) for each in done] == [["spool_restored"]] + [[]] * (len(done) - 1)
    assert list(itertools.chain(*new)) in recorded
    assert recorded.database.execute("SELECT count(*) FROM event").fetchone() == (9 + first + 11,)


def test_a_restored_spool_that_was_filled_past_the_position_is_noticed_too(command: Command, recorded: Recorded) -> None:
    ingested(command, some(3))
    copy = back_up(command)
    ingested(command, some(6))
    restore(command, copy)
    new = some(10)
    spooled(command, new)
    done = ingested(command, new[:1])
    assert (done.code, done.document["accepted"], notes(done)) == (0, 10, ["spool_restored"])
    assert new in recorded


def test_rows_that_the_record_holds_are_no_sign_of_a_restored_spool(command: Command, recorded: Recorded) -> None:
    copy_of = some(3)
    ingested(command, copy_of)
    before = Spool(command.home / "spool.db").id
    spool = Spool(command.home / "spool.db")
    spool._db.execute("UPDATE spool SET sent = 1")  # as a run leaves it that is killed before it forgets what it recorded
    rows = [(row, 0, INCIDENTS, b"key", payload(event), 0) for row, event in enumerate(copy_of, start=1)]
    spool._db.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
    spool._db.execute("UPDATE event SET checksum = row_checksum(row, at, CAST(target AS BLOB), key, value)")
    spool.close()
    done = ingested(command, some(1))
    assert (done.code, done.document["accepted"], done.err) == (0, 1, "")
    after = Spool(command.home / "spool.db")
    assert (after.id, after.read(0, 10)) == (before, [])
    after.close()


def test_an_offices_word_from_a_restored_spool_has_a_number_of_its_own(command: Command) -> None:
    first, second = some(2)
    ingested(command, [first, second])

    def assess(event: Event) -> Ended:
        words = ("--outcome", "exempt", "--office", OFFICE.removeprefix("/offices/"), "--reason", "hai bên đã thống nhất")
        return command("incidents", "assess", event["subject"], *words)

    copy = back_up(command)
    assert assess(first).code == 0
    restore(command, copy)
    assert assess(second).code == 0
    assert [row["assessed"] for row in command("incidents", "list", "--json").document] == [True, True]


def test_a_position_moved_by_a_copy_of_the_spool_forgets_nothing(engine: Engine, recorded: Recorded, tmp_path: Path) -> None:
    """Two folders with one spool's UUID: the other's run moves the position over rows of ours."""
    spool = Spool(tmp_path / "spool.db")
    ours = some(3)
    session = RecordingSession(spool, engine)
    session.compare()
    spool.append(SpoolEntry(INCIDENTS, b"key", payload(event)) for event in ours)
    recorded.database.execute("UPDATE consumed_offset SET next_offset = 3")
    first = session.record()
    assert (first.given, first.accepted, first.missing) == (3, 1, 2)
    assert [row.offset for row in spool.read(0, 10)] == [1, 2, 3], "the record does not hold two of them"
    session.compare()
    again = session.record()
    assert (again.accepted, again.duplicate, again.missing) == (2, 1, 0)
    assert ours in recorded
    assert spool.read(0, 10) == []
    spool.close()


@pytest.mark.fault(
    what="A byte of the spool changes on the disk",
    how="marker 1088/2 becomes 1089/2 in a row that waits",
    then="the row is set aside by its checksum, the others are recorded, the person is told the row and that one event is missing",
)
def test_a_damaged_row_is_told_and_the_good_ones_are_recorded(command: Command, recorded: Recorded) -> None:
    ingested(command, [])
    changed, *good = some(3)
    spooled(command, [changed, *good])
    path = command.home / "spool.db"
    content = path.read_bytes()
    place = content.index(b"1088/2", content.index(changed["id"].encode()))
    path.write_bytes(content[:place] + b"1089/2" + content[place + 6 :])
    more = some(1)
    done = ingested(command, more)
    assert (done.code, done.document) == (1, {"accepted": 3, "duplicate": 0, "conflict": 0, "rejected": 0})
    assert [code for code, _ in done.problems] == ["spool_damaged", "unaccounted"]
    assert "thiếu 1" in done.problems[1][1]
    assert good + more in recorded
    assert [changed] not in recorded
    check = command("spool", "check", "--json")
    assert (check.code, [row["damaged"] for row in check.document]) == (1, [[1]])
    looked = [part for part in command("doctor", "--json").document if "spool.db" in part["part"]]
    assert [(part["state"], part["remedy"]) for part in looked] == [("unwell", "mocgioi spool check")]
    again = ingested(command, [changed])
    assert (again.code, again.document["accepted"], again.err) == (0, 1, "")


def test_a_bad_page_is_salvaged_and_the_good_rows_are_recorded(command: Command, recorded: Recorded) -> None:
    ingested(command, [])
    events = some(60)
    spooled(command, events)
    path = command.home / "spool.db"
    content = path.read_bytes()
    page = content.index(events[30]["id"].encode()) // 4096 * 4096
    path.write_bytes(content[:page] + b"\xff" * 4096 + content[page + 4096 :])
    refused = ingested(command, events[:1])
    assert (refused.code, [code for code, _ in refused.problems]) == (1, ["spool"])
    assert "mocgioi spool salvage" in refused.problems[0][1]
    salvaged = command("spool", "salvage", "--json")
    ((lost, kept),) = [(row["lost"], row["kept"]) for row in salvaged.document]
    assert salvaged.code == 1
    assert 31 in lost
    assert Path(kept).exists()
    assert salvaged.document[0]["rows"] == 60 - len(lost)
    people = command("spool", "check")
    assert (people.code, "✓" in people.out) == (0, True)
    done = ingested(command, events[:1])
    assert (done.code, done.document["accepted"]) == (0, 60 - len(lost))
    assert [event for row, event in enumerate(events, start=1) if row not in lost] in recorded
    assert command("spool", "salvage").code == 0, "nothing is left to do"


def test_what_the_record_holds_in_any_way_may_be_forgotten(engine: Engine, database: Database, log: Log) -> None:
    recorded = reported()
    other = recorded | {"data": incident(side="VN")}
    database.record(log.batch([recorded, other], [dead_letter(b"no event", origin=Origin("spool", 0, 7, 0))]))
    spelled = json.dumps(recorded, indent=1, sort_keys=True).encode()
    third = recorded | {"data": incident(side="both")}
    payloads = [payload(recorded), spelled, payload(other), b"no event", payload(third), b"neither", b'{"id": "x"}', payload(reported())]
    assert unheld(engine, payloads) == [4, 5, 6, 7]
    assert unheld(engine, []) == []
