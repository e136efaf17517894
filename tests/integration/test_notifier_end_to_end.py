"""From a device's report to a person's telephone and back into the ledger: the real door, the real Alertmanager and a real receiver."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from sinks.postgres.roles import WORKER
from sinks.record.database import Database
from tests import builders
from tests.support.alerting import notifying, shipped_config, shooting
from tests.support.alertmanager import alertmanager, hook
from tests.support.classified_batches import Log
from tests.support.commands import Command
from tests.support.door import door
from tests.support.door_in_process import ONE
from tests.support.faults import WellAgain
from tests.support.kafka import free_port
from tests.support.postgres import as_role
from tests.support.rows import rows
from tests.support.workers import COMMAND, Worker, wait_until

STATUSES = [(1, "actual"), (2, "exercise"), (3, "test"), (4, "draft")]
"""Only the first wakes anybody."""


def ledger(engine: Engine) -> list[tuple[str, str, str, str]]:
    return [tuple(row) for row in rows(engine, "SELECT subject, alert, receiver, status FROM notification ORDER BY number")]


def test_a_shot_reaches_a_person_and_an_acknowledgement_ends_it(database_url: str, engine: Engine, tmp_path: Path) -> None:
    port = free_port()
    with door(tmp_path, **notifying(port), MOCGIOI_DATABASE_URL=database_url) as centre, hook() as person:
        device = centre.enrol()
        events = [shooting(device, number, status=status) for number, status in STATUSES]
        with centre.client(device) as client:
            for event in events:
                assert client.post("/v1/events", content=builders.payload(event), headers={"content-type": ONE}).status_code == 202
        subject = events[0]["subject"]
        wait_until(lambda: ledger(engine), "the ledger says that Alertmanager is away")
        assert ledger(engine) == [(subject, "flash", "alertmanager", "failed")]

        config = shipped_config(tmp_path, door=f"127.0.0.1:{centre.port}", webhook=person.url)
        config["route"]["routes"][0]["group_interval"] = "1s"  # the end of an alert is sent at the next interval
        with alertmanager(tmp_path, port, config):
            wait_until(lambda: person.alerts("firing"), "the person hears of the shot")
            (alert,) = person.alerts("firing")
            assert (alert["labels"]["incident"], alert["labels"]["class"]) == (subject, "flash")
            assert alert["annotations"]["link"] == f"https://mocgioi.example/duty/incidents/{subject}"
            wait_until(lambda: len(ledger(engine)) == 3, "Alertmanager tells the ledger what it sent")
            assert set(ledger(engine)[1:]) == {(subject, "flash", "alertmanager", "posted"), (subject, "flash", "truc-ban", "firing")}

            acknowledged = builders.duty("acknowledged", subject, time=datetime.now(UTC).isoformat())
            file = tmp_path / "ack.jsonl"
            file.write_text(json.dumps(acknowledged))
            done = Command(centre.home, MOCGIOI_DATABASE_URL=database_url)("ingest", file, "--json")
            assert done.code == 0, done.err
            wait_until(lambda: len(ledger(engine)) == 5, "the ledger says that it is over")
            assert set(ledger(engine)[3:]) == {(subject, "flash", "alertmanager", "resolved"), (subject, "flash", "truc-ban", "resolved")}
            assert [alert["labels"]["incident"] for alert in person.alerts("resolved")] == [subject]
        metrics = httpx.get(f"{centre.url}/metrics").text
        assert 'border_notifications_total{result="posted"} 1.0' in metrics
        assert "border_notifier_active 1.0" in metrics


@pytest.fixture
def notifiers(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts processes of `mocgioi duty notify`."""
    started: list[Worker] = []

    def start(**settings: str) -> Worker:
        own = {"MOCGIOI_METRICS_PORT": str(free_port()), "MOCGIOI_HOME": str(tmp_path / "home"), "MOCGIOI_LOG": "json"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
        environment = inherited | own | {"MOCGIOI_DATABASE_URL": as_role(database_url, WORKER)} | settings
        started.append(Worker([*COMMAND, "duty", "notify"], environment, tmp_path / f"{len(started)}.log"))
        return started[-1]

    yield start
    for each in started:
        each.kill()


@pytest.mark.fault(
    what="A notifier is killed",
    how="`kill -9` of the active of two",
    then="the other posts what stands; the ledger has it once",
)
def test_of_two_processes_the_second_takes_over_when_the_first_is_killed(
    notifiers: Callable[..., Worker], database: Database, log: Log, engine: Engine, well_again: WellAgain
) -> None:
    database.record(log.batch([builders.reported(builders.incident(kind="shooting", facts={}))]))  # received long ago
    with hook() as inbox:
        settings = {"MOCGIOI_ALERTMANAGER": inbox.url, "MOCGIOI_DUTY_WAKE_HOURS": "1e6", "MOCGIOI_DUTY_KNOWN_DAYS": "1e5"}
        first = notifiers(**settings)
        first.wait_for(lambda: inbox.payloads and first.metric("border_notifier_active") == 1, "posting")
        second = notifiers(**settings)
        assert second.page("/healthz")[0] == 200
        assert second.metric("border_notifier_active") == 0
        first.kill()
        inbox.payloads.clear()
        with well_again():
            second.wait_for(lambda: inbox.payloads, "posting instead")
        ((alert,),) = inbox.payloads
        assert alert["labels"]["class"] == "flash"
        assert [status for *_, status in ledger(engine)] == ["posted"], "it was told once"
        assert second.terminate() == 0


def test_what_is_set_wrongly_ends_the_notifier_with_a_sentence(tmp_path: Path) -> None:
    command = Command(tmp_path / "home", MOCGIOI_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    ended = command("duty", "notify")
    assert (ended.code, [code for code, _ in ended.problems]) == (2, ["settings"])
    roster = tmp_path / "roster.toml"
    roster.write_text("[people]\n")
    ended = command("duty", "notify", MOCGIOI_ALERTMANAGER="http://127.0.0.1:9093", MOCGIOI_DUTY_ROSTER=str(roster))
    assert ended.code == 2
    ((code, sentence),) = ended.problems
    assert code == "roster"
    assert "shifts: thiếu trường bắt buộc" in sentence
    for wrong in ("http://user:secret@host", "host:9093", "ftp://host"):
        ended = command("duty", "notify", MOCGIOI_ALERTMANAGER=wrong)
        assert ended.code == 2
        assert "secret" not in ended.err
