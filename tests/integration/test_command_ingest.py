"""`mocgioi ingest`: what is taken in is recorded once, whatever happens on the way."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from schemas.probe import probe
from tests.builders import incident, payload, reported, retracted, updated
from tests.support.commands import Command, write_events
from tests.support.kafka import Broker
from tests.support.publishing import contents
from tests.support.workers import wait_until

NOTHING = {"accepted": 0, "duplicate": 0, "conflict": 0, "rejected": 0}
MANY = 12_000


def test_again_is_nothing_new(embedded: Command, tmp_path: Path) -> None:
    file = write_events(tmp_path / "events.jsonl", [reported() for _ in range(5)])
    first, again = (embedded("ingest", file, "--json") for _ in range(2))
    assert (first.code, first.document, first.err) == (0, NOTHING | {"accepted": 5}, "")
    assert (again.code, again.document) == (0, NOTHING | {"duplicate": 5})
    assert len(embedded("incidents", "list", "--json").document) == 5


def test_every_line_is_counted_once_as_what_became_of_it(command: Command, tmp_path: Path) -> None:
    known = reported()
    file = write_events(
        tmp_path / "events.jsonl",
        [
            known,
            known,
            reported(incident(side="VN"), id=known["id"], subject=known["subject"], sequence=known["sequence"]),
            reported(sequence=known["sequence"]),
            reported(incident(kind="war")),
            reported(incident(text="Độ mật: Tối mật")),
            reported(),
        ],
    )
    done = command("ingest", file, "--json")
    assert (done.code, done.document) == (1, {"accepted": 2, "duplicate": 1, "conflict": 2, "rejected": 2})
    assert [code for code, _ in done.problems] == ["value", "secret", "conflict", "conflict"]
    by_code = [sentence for code, sentence in done.problems if code == "conflict"]
    assert any("phía (data.side): CN ≠ VN" in sentence for sentence in by_code)
    assert any("mã sự kiện (id):" in sentence for sentence in by_code)
    assert ["dòng 5" in done.problems[0][1], "dòng 6" in done.problems[1][1]] == [True, True]
    printed = command("ingest", file)
    assert printed.code == 1
    assert "đã có · duplicate: 3" in printed.out


def test_a_time_more_than_a_quarter_hour_ahead_of_the_machines_clock_is_refused(command: Command, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    times = [(now + timedelta(minutes=minutes)).isoformat() for minutes in (14, 17)]
    done = command("ingest", write_events(tmp_path / "events.jsonl", [reported(time=time) for time in times]), "--json")
    assert (done.code, done.document) == (1, NOTHING | {"accepted": 1, "rejected": 1})
    ((code, sentence),) = done.problems
    assert code == "ahead"
    assert f"dòng 2: time: {times[1]}" in sentence


def test_a_probe_is_the_doors_to_send(command: Command, tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(probe(datetime.now(UTC)) + b"\n" + payload(reported()))
    done = command("ingest", tmp_path / "events.jsonl", "--json")
    assert (done.code, done.document) == (1, NOTHING | {"accepted": 1, "rejected": 1})
    assert [code for code, _ in done.problems] == ["value"]
    assert "dòng 1: type: tin thử đường truyền do cửa tự gửi" in done.problems[0][1]


def test_stdin_and_several_files_are_taken_and_an_empty_one_is_named(command: Command, tmp_path: Path) -> None:
    one, empty = write_events(tmp_path / "one.jsonl", [reported()]), write_events(tmp_path / "empty.jsonl", [])
    done = command("ingest", one, empty, "-", "--json", stdin=json.dumps(reported()).encode())
    assert (done.code, done.document) == (1, NOTHING | {"accepted": 2})
    assert [code for code, _ in done.problems] == ["no_events"]
    alone = command("ingest", empty, "--json")
    assert (alone.code, alone.document) == (1, NOTHING)


def test_an_array_and_a_pretty_printed_object_are_taken_like_lines(command: Command, tmp_path: Path) -> None:
    events = [reported() for _ in range(3)]
    array, pretty = tmp_path / "array.json", tmp_path / "pretty.json"
    array.write_text(json.dumps(events, ensure_ascii=False))
    pretty.write_text(json.dumps(events[0], ensure_ascii=False, indent=2))
    assert command("ingest", array, "--json").document == NOTHING | {"accepted": 3}
    again = command("ingest", pretty, write_events(tmp_path / "lines.jsonl", events), "--json")
    assert (again.code, again.document) == (0, NOTHING | {"duplicate": 4})


def test_of_many_bad_lines_the_first_of_each_kind_are_shown_and_the_rest_counted(command: Command, tmp_path: Path) -> None:
    bad = [reported(incident(kind="war")) for _ in range(9)]
    file = write_events(tmp_path / "bad.jsonl", [*bad, reported(incident(text="Độ mật: Tối mật"))])
    done = command("ingest", file)
    assert done.code == 1
    assert [code for code, _ in done.problems] == ["value"] * 6 + ["secret"]
    assert done.problems[5][1].startswith("… và 4 dòng khác")
    assert len(command("ingest", file, "--json").problems) == 10


def test_a_missing_file_stops_it_before_anything_is_taken(command: Command, tmp_path: Path) -> None:
    good = write_events(tmp_path / "good.jsonl", [reported()])
    assert command("ingest", good, tmp_path / "missing.jsonl").code == 2
    assert command("incidents", "list", "--json").document == []


def test_an_event_without_an_id_is_refused_so_that_sending_again_cannot_double_it(command: Command, tmp_path: Path) -> None:
    event = reported()
    del event["id"]
    done = command("ingest", write_events(tmp_path / "events.jsonl", [event]), "--json")
    assert (done.code, done.document) == (1, NOTHING | {"rejected": 1})
    assert done.problems[0][0] == "missing"


def test_an_incident_that_was_retracted_stays_so_when_its_report_comes_again(command: Command, tmp_path: Path) -> None:
    report = reported()
    file = write_events(tmp_path / "events.jsonl", [report, retracted(report["subject"])])
    command("ingest", file)
    assert command("ingest", write_events(tmp_path / "again.jsonl", [report]), "--json").document == NOTHING | {"duplicate": 1}
    (row,) = command("incidents", "list", "--json").document
    assert row["retracted"]


def test_an_update_that_comes_before_its_report_is_not_lost(command: Command, tmp_path: Path) -> None:
    report = reported()
    early = updated(report["subject"], {"facts": {"distance_m": 31}})
    command("ingest", write_events(tmp_path / "early.jsonl", [early]))
    (row,) = command("incidents", "list", "--json").document
    assert not row["complete"]
    command("ingest", write_events(tmp_path / "report.jsonl", [report]))
    (row,) = command("incidents", "list", "--json").document
    assert (row["complete"], row["outcome"]) == (True, "no_breach")


def test_killed_on_the_way_and_run_again_it_has_everything_once(command: Command, database_url: str, tmp_path: Path) -> None:
    events = [reported(incident(side="VN" if number % 3 else "CN")) for number in range(MANY)]
    file = write_events(tmp_path / "events.jsonl", events)
    with psycopg.connect(database_url, autocommit=True) as database:

        def recorded() -> int:
            (count,) = database.execute("SELECT count(*) FROM event").fetchone() or (0,)
            return int(count)

        process = command.start("ingest", file)
        wait_until(recorded, "the first batch is recorded")
        process.kill()
        process.communicate()
        halfway = recorded()
        assert 0 < halfway < MANY, "it was killed on the way"
        again = command("ingest", file, "--json")
        assert again.document["accepted"] == MANY - recorded_before(halfway, again.document)
        assert recorded() == MANY
        counts = dict(database.execute("SELECT side, count(*) FROM incident GROUP BY side").fetchall())
        assert counts == {"VN": MANY - MANY // 3, "CN": MANY // 3}
        assert database.execute("SELECT count(*) FROM incident_state").fetchone() == (MANY,)
    assert command("ingest", file, "--json").document == NOTHING | {"duplicate": MANY}


def recorded_before(halfway: int, document: dict[str, int]) -> int:
    """What a killed run had recorded. Its last transaction may have ended after we counted, never be halved."""
    before = MANY - document["accepted"]
    assert before >= halfway
    assert document["conflict"] == document["rejected"] == 0
    return before


def test_two_at_once_each_count_their_own(embedded: Command, tmp_path: Path) -> None:
    files = [write_events(tmp_path / f"{name}.jsonl", [reported() for _ in range(count)]) for name, count in (("a", 300), ("b", 500))]
    processes = [embedded.start("ingest", file, "--json") for file in files]
    outputs = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert [json.loads(out)["accepted"] for out, _ in outputs] == [300, 500]
    assert len(embedded("incidents", "list", "--json").document) == 800


def test_interrupted_it_says_that_the_rest_is_done_by_running_it_again(command: Command, database_url: str, tmp_path: Path) -> None:
    file = write_events(tmp_path / "events.jsonl", [reported() for _ in range(MANY)])
    process = command.start("ingest", file, "--json")
    with psycopg.connect(database_url, autocommit=True) as database:
        wait_until(lambda: database.execute("SELECT 1 FROM event LIMIT 1").fetchone(), "the first batch is recorded")
    process.send_signal(2)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err.decode().startswith("problem: interrupted: ")
    assert "Traceback" not in err.decode()
    command("ingest", file)
    assert len(command("incidents", "list", "--json").document) == MANY


def test_a_spool_that_is_no_spool_is_a_problem_and_no_traceback(command: Command, tmp_path: Path) -> None:
    command.home.mkdir(exist_ok=True)
    (command.home / "spool.db").write_bytes(b"no database at all" * 100)
    done = command("ingest", write_events(tmp_path / "events.jsonl", [reported()]))
    assert done.code == 1
    ((code, sentence),) = done.problems
    assert code == "spool"
    assert "spool.db" in sentence


def test_published_events_are_in_their_topics_in_order(fresh_topics: str, embedded: Command, tmp_path: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    events = [reported(), reported(incident(kind="war")), reported(), reported(time=tomorrow)]
    file = write_events(tmp_path / "events.jsonl", events)
    settings = {"MOCGIOI_KAFKA": fresh_topics}
    done = embedded("ingest", file, "--kafka", "--json", **settings)
    assert (done.code, done.document) == (1, {"published": 2, "rejected": 2})
    assert [code for code, _ in done.problems] == ["value", "ahead"]
    sent = {record.key.decode(): json.loads(record.value) for record in contents(fresh_topics, "border.incidents.v1")}
    assert sent == {event["subject"]: event for event in (events[0], events[2])}
    assert not (embedded.home / "postgres").exists(), "publishing needs no database"


def test_publishing_without_topics_keeps_the_events_for_later(own_broker: Broker, embedded: Command, tmp_path: Path) -> None:
    settings = {"MOCGIOI_KAFKA": own_broker.bootstrap, "MOCGIOI_TOPICS_REPLICATED": "no"}
    file = write_events(tmp_path / "events.jsonl", [reported()])
    done = embedded("ingest", file, "--kafka", **settings)
    assert done.code == 1
    ((code, sentence),) = done.problems
    assert code == "topics_missing"
    assert "mocgioi topics create" in sentence
    assert embedded("topics", "create", "--json", **settings).document["differing"] == []
    assert embedded("ingest", write_events(tmp_path / "none.jsonl", []), "--kafka", "--json", **settings).document["published"] == 1


def test_a_conflict_alone_is_exit_1_again_too(command: Command, tmp_path: Path) -> None:
    known = reported()
    file = write_events(tmp_path / "events.jsonl", [known, known | {"data": incident(side="VN")}])
    for accepted in (1, 0):
        done = command("ingest", file, "--json")
        assert (done.code, done.document["accepted"], done.document["conflict"], done.document["rejected"]) == (1, accepted, 1, 0)
        assert [code for code, _ in done.problems] == ["conflict"]


def test_a_source_the_register_does_not_know_is_told_so_and_taken(command: Command, tmp_path: Path) -> None:
    events = [reported(source="/posts/khong-biet/d1", sequence=str(number)) for number in (1, 2)]
    file = write_events(tmp_path / "events.jsonl", [*events, reported(source="/offices/khong-biet"), reported()])
    done = command("ingest", file, "--json")
    assert (done.code, done.document["accepted"]) == (0, 4)
    notes = [line.split(": ", 3)[:3] for line in done.err.splitlines()]
    assert notes == [["note", "unknown_source", "/posts/khong-biet/d1"], ["note", "unknown_source", "/offices/khong-biet"]]
