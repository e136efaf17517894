"""`mocgioi simulate`: what it writes is recorded exactly, and `verify` names what is not."""

import json
import time
from pathlib import Path

import pytest

from schemas.topics import CROSSINGS, INCIDENTS, NOTICES
from tests.support.commands import Command
from tests.support.door import door
from tests.support.publishing import contents
from tests.support.workers import wait_until


def test_a_simulation_is_recorded_exactly_and_what_is_lost_or_doubled_is_named(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "border"
    simulated = command("simulate", "--seed", "1", "--posts", "12", "--days", "6", "--out", folder, "--json").document
    assert simulated["sent"] > simulated["events"] > 100
    sent = [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()]
    lost, other = (json.loads(line) for line in [line for line in sent if "incident.reported" in line][:2])
    rest, whole, doubled = (tmp_path / name for name in ("rest.jsonl", "whole.jsonl", "doubled.jsonl"))
    rest.write_text("\n".join(line for line in sent if lost["id"] not in line))
    whole.write_text("\n".join(sent))
    doubled.write_text(json.dumps(other | {"id": "doubled", "subject": "inc-doubled", "sequence": "99999999"}))

    def differences_after(file: Path) -> list[str]:
        assert command("ingest", file).code == 0
        verified = command("simulate", "verify", folder, "--json")
        differences: list[str] = verified.document["differences"]
        assert verified.code == bool(differences)
        return differences

    of_the_lost = differences_after(rest)
    assert of_the_lost
    assert all(lost["id"] in sentence or lost["subject"] in sentence for sentence in of_the_lost)
    assert differences_after(whole) == []
    assert [sentence.partition(":")[0] for sentence in differences_after(doubled)] == [
        f"{other['source']} số 99999999 (doubled)",
        "inc-doubled",
    ]


def test_it_goes_to_kafka_at_the_rate_that_was_asked_for(fresh_topics: str, tmp_path: Path) -> None:
    command = Command(tmp_path / "home", MOCGIOI_KAFKA=fresh_topics)
    began_s = time.time()
    done = command("simulate", "--posts", "5", "--days", "3", "--out", tmp_path / "border", "--kafka", "--rate", "200", "--json")
    assert done.code == 0, done.err
    published = sorted(
        (record for topic in (INCIDENTS, CROSSINGS, NOTICES) for record in contents(fresh_topics, topic)), key=lambda each: each.timestamp
    )
    written = [line for file in sorted((tmp_path / "border").glob("*.jsonl")) for line in file.read_bytes().splitlines()]
    assert sorted(record.value for record in published) == sorted(written)
    last_s = published[-1].timestamp / 1000
    assert last_s - began_s > (len(written) - 1) / 200, "no faster; a slow machine may be slower"


@pytest.mark.timeout(180)
def test_it_goes_through_the_door_under_devices_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "border"
    with door(tmp_path / "centre") as centre:
        command = Command(centre.home)
        assert centre.enrol("po-ma").source == "/posts/po-ma/d1"
        done = command("simulate", "--posts", "5", "--days", "3", "--out", folder, "--server", centre.url, "--json")
        assert done.code == 0, done.err
        expected = json.loads((folder / "expected.json").read_bytes())
        assert "/posts/po-ma/d2" in expected["receipts"], "nobody else's device"
        wait_until(lambda: command("simulate", "verify", folder).code == 0, "the record holds exactly the simulation")
        slowly = ("simulate", "--posts", "2", "--days", "1", "--out", folder, "--server", centre.url, "--rate", "40", "--json")
        assert command(*slowly).document["events"] > 1
        wait_until(lambda: command("simulate", "verify", folder).code == 0, "one by one, too")


def test_wrong_usage_is_told(tmp_path: Path) -> None:
    bare = Command(tmp_path / "home")
    for arguments in (["--start", "hôm nay"], ["--start", "2099-01-01"], ["--rate", "5"]):
        done = bare("simulate", *arguments, "--out", tmp_path / "out")
        assert (done.code, [code for code, _ in done.problems]) == (2, ["usage"])
    done = bare("simulate", "verify", tmp_path)
    assert (done.code, [code for code, _ in done.problems]) == (1, ["no_simulation"])
