"""A centre that has weeks of a simulated border, and that takes in what happens tonight while Prometheus watches it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from prometheus_client import start_http_server

from border.vietnam import HANOI
from sinks.metrics import Metrics
from sinks.postgres.roles import GRAFANA, READER, WORKER
from tests import builders
from tests.support.commands import Command, write_events
from tests.support.door import RunningDoor, door
from tests.support.grafana import Sources
from tests.support.kafka import free_port
from tests.support.postgres import Databases, as_role
from tests.support.prometheus import prometheus
from tests.support.workers import wait_until


@contextmanager
def watched_border(
    databases: Databases,
    folder: Path,
    *,
    posts: int = 12,
    days: int = 17,
    changed: Callable[[dict[str, Any]], dict[str, Any]] = lambda event: event,
) -> Iterator[Sources]:
    """Its sources, for as long as the context lasts. One process does all; what only a worker on Kafka and the notifier measure is set.

    `changed`: what becomes of each event of the weeks.
    """
    url = databases.fresh()
    settings = {"MOCGIOI_DATABASE_URL": as_role(url, WORKER), "MOCGIOI_BACKUP_FOLDER": str(folder / "backups")}
    (folder / "backups").mkdir()
    (folder / "backups" / "mocgioi.dump").touch()
    command, others = Command(folder / "home", **settings), Metrics()
    others.set("border_notifier_active", 1)
    others.set_all("border_certificate_expiry_timestamp_seconds", {"door": time.time() + 60 * 86_400})
    _take_in(command, folder / "border", posts, days, changed)
    _reports_built(url)
    with door(folder, **settings) as centre, _served(others) as notifier:
        address = centre.url.removeprefix("http://")
        with prometheus(folder / "prometheus", {"workers": address, "door": address, "notifier": notifier}) as client:
            _tonight(centre, command, folder)
            _notified(url)
            others.batch("record", "done", 0.1)
            others.set("border_notifier_last_success_timestamp_seconds", time.time())
            wait_until(lambda: _is_measured(client), "Prometheus has seen what was recorded")
            with psycopg.connect(as_role(url, GRAFANA), autocommit=True) as session:
                yield Sources(session, client)
    databases.drop(url)


def _reports_built(url: str) -> None:
    with psycopg.connect(as_role(url, READER)) as session:
        session.execute("INSERT INTO report_run (started_at, ended_at, ok, built) VALUES (now(), now(), true, 3)")


def _take_in(command: Command, folder: Path, posts: int, days: int, changed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The weeks, as an import: what happened then needs nobody tonight."""
    start = (datetime.now(HANOI) - timedelta(days=days + 3)).date()
    assert command("simulate", "--posts", str(posts), "--days", str(days), "--start", str(start), "--out", folder).code == 0
    events = [json.loads(line) | {"via": "import"} for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()]
    assert command("ingest", write_events(folder / "weeks.jsonl", list(map(changed, events)))).code == 0


def _tonight(centre: RunningDoor, command: Command, folder: Path) -> None:
    """What comes in now: two shots, of which an officer takes one, a lost marker, works, and an event that the door refuses."""
    now, device = datetime.now(HANOI), centre.enrol("huu-nghi")
    occurred = {"start": (now - timedelta(hours=5)).isoformat(timespec="seconds"), "precision": "minute"}
    shot, marker = {"kind": "shooting", "facts": {}}, {"kind": "marker_damage", "facts": {"state": "destroyed", "cause": "deliberate"}}
    gate, unknown = {"place": {"scheme": "gate", "gate": "huu-nghi"}}, {"kind": "gun_hunting", "facts": {}, "side": "undetermined"}
    events = []
    for number, changes in enumerate((shot, shot, marker, {}, gate, unknown, {"side": "nobody"}), start=1):
        place = {"scheme": "marker", "line": "VN-CN", "marker": str(1110 + number)}
        data = builders.incident(**{"occurred": occurred, "place": place} | changes)
        time_of = (now - timedelta(minutes=8 - number)).isoformat()
        events.append(builders.reported(data, source=device.source, sequence=f"{number:08d}", time=time_of))
    lines = "".join(json.dumps(event) + "\n" for event in events)
    with centre.client(device) as client:
        assert client.post("/v1/events", content=lines, headers={"Content-Type": "application/x-ndjson"}).status_code == 202
        wait_until(lambda: len(client.get("/v1/receipts").json()["receipts"]) == len(events), "all is recorded")
    acts = [
        builders.duty("acknowledged", events[0]["subject"], time=(now + timedelta(minutes=4)).isoformat()),
        builders.duty(
            "assigned", events[0]["subject"], data={"to": "binh", "due": now.isoformat()}, time=(now + timedelta(minutes=5)).isoformat()
        ),
    ]
    assert command("ingest", write_events(folder / "acts.jsonl", acts)).code == 0


def _notified(url: str) -> None:
    """What comes back of the notifier's alerts."""
    with psycopg.connect(as_role(url, WORKER)) as session:
        session.execute(
            "INSERT INTO notification (subject, alert, receiver, status, at)"
            " SELECT subject, class, 'truc-ban', 'firing', now() FROM attention WHERE class = 'flash' AND via IS NULL"
        )


@contextmanager
def _served(metrics: Metrics) -> Iterator[str]:
    """The address of the metrics of a process that is not run here."""
    port = free_port()
    server, thread = start_http_server(port, "127.0.0.1", metrics.registry)
    yield f"127.0.0.1:{port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _is_measured(client: httpx.Client) -> bool:
    counted = ("border_events_total", "border_batch_seconds_count")
    queries = [*(f"sum(increase({name}[4m])) > 0" for name in counted), "max(border_flash_oldest_timestamp_seconds) > 0"]
    return all(client.get("/query", params={"query": query}).json()["data"]["result"] for query in queries)
