"""A hundred thousand old events are replayed while the notifier looks: it posts none of them, keeps up, and posts the one that is new."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sinks.postgres.roles import WORKER
from tests import builders
from tests.support.alertmanager import hook
from tests.support.commands import Command
from tests.support.kafka import free_port
from tests.support.postgres import as_role
from tests.support.rows import one
from tests.support.workers import COMMAND, Worker

EVENTS = 100_000
OLDEST = datetime(2012, 1, 1, 8, 0, tzinfo=builders.HANOI)


def reported(number: int, occurred: datetime) -> str:
    kind = {"kind": "shooting", "facts": {}} if number % 2 else {}
    data = builders.incident(occurred={"start": occurred.isoformat(), "precision": "minute"}, **kind)
    changes = {"id": f"replayed-{number}", "subject": f"inc-replayed-{number}", "sequence": f"{number:08d}"}
    return json.dumps(builders.reported(data, time=(occurred + timedelta(minutes=30)).isoformat(), **changes), ensure_ascii=False)


@pytest.mark.timeout(1800)
def test_nobody_is_woken_by_a_replay(database_url: str, engine: Engine, tmp_path: Path) -> None:
    database = as_role(database_url, WORKER)
    command = Command(tmp_path / "home", MOCGIOI_DATABASE_URL=database)
    file = tmp_path / "old.jsonl"
    with file.open("w") as lines:
        lines.writelines(f"{reported(number, OLDEST + number * timedelta(minutes=70))}\n" for number in range(1, EVENTS + 1))
    with hook() as inbox:
        settings = {"MOCGIOI_HOME": str(tmp_path / "home"), "MOCGIOI_DATABASE_URL": database, "MOCGIOI_LOG": "json"}
        ports = {"MOCGIOI_METRICS_PORT": str(free_port()), "MOCGIOI_ALERTMANAGER": inbox.url}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
        notifier = Worker([*COMMAND, "duty", "notify"], inherited | settings | ports, tmp_path / "notifier.log")
        try:
            notifier.wait_for(lambda: inbox.payloads, "posting that nothing stands")
            done = command("ingest", file, "--json", timeout_s=1500)
            assert done.document["accepted"] == EVENTS, done.err
            assert one(engine, "SELECT count(*) FROM attention") == EVENTS, "each would need a person, were it new"
            looks = notifier.metric("border_notifier_last_success_timestamp_seconds")
            notifier.wait_for(lambda: notifier.metric("border_notifier_last_success_timestamp_seconds") > looks, "looking again")
            assert not any(inbox.payloads)
            assert one(engine, "SELECT count(*) FROM notification") == 0
            file.write_text(reported(EVENTS + 1, datetime.now(UTC).astimezone(builders.HANOI) - timedelta(hours=1)))
            assert command("ingest", file, "--json").code == 0
            notifier.wait_for(lambda: one(engine, "SELECT count(*) FROM notification"), "posting what is new")
            assert one(engine, "SELECT string_agg(subject, ' ') FROM notification") == f"inc-replayed-{EVENTS + 1}"
            assert [alert["labels"]["incident"] for payload in inbox.payloads for alert in payload] == [f"inc-replayed-{EVENTS + 1}"]
            assert not notifier.logged("notifier_failed")
        finally:
            notifier.kill()
