"""Grafana's own alerts: their queries as Grafana's role, and what their conditions make of the rows."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from sqlalchemy import Engine, text

from sinks.postgres.roles import GRAFANA
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.debian import program
from tests.support.grafana import PROVISIONING
from tests.support.postgres import as_role

RULES = {
    rule["uid"]: rule
    for group in yaml.safe_load((PROVISIONING / "alerting" / "rules.yml").read_text())["groups"]
    for rule in group["rules"]
}
IMPORTED = datetime.now(UTC)
"""Long before a test runs; what a test counts minutes from is the moment at which it runs."""
SHOT: dict[str, Any] = {
    "kind": "shooting",
    "facts": {},
    "occurred": {"start": (IMPORTED - timedelta(hours=1)).isoformat(), "precision": "hour"},
}


def firing(url: str, uid: str) -> list[dict[str, Any]]:
    """The alerts of a rule: as Grafana does, each row's texts are labels, and its only number is compared."""
    query, threshold = RULES[uid]["data"]
    with psycopg.connect(as_role(url, GRAFANA)) as session:
        answer = session.execute(query["model"]["rawSql"])
        columns = [column.name for column in answer.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in answer]
    (condition,) = threshold["model"]["conditions"]
    assert condition["evaluator"]["type"] == "gt"
    (limit,) = condition["evaluator"]["params"]
    for row in rows:
        (number,) = (value for value in row.values() if not isinstance(value, str))
        row["fires"] = number > limit
    return [row for row in rows if row["fires"]]


def record(database: Database, log: Log, *events: dict[str, Any], received: timedelta = timedelta(minutes=3)) -> None:
    """Record events that the door received so long ago."""
    batch = log.batch(events)
    received_ms = int((datetime.now(UTC) - received).timestamp() * 1000)
    database.record(replace(batch, events=[replace(event, received_ms=received_ms) for event in batch.events]))


def shot(data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(**SHOT | (data or {})), **{"time": IMPORTED.isoformat()} | changes)


def test_each_shot_is_an_alert_of_its_own_until_a_person_takes_it(database: Database, log: Log, database_url: str) -> None:
    first, second = shot(), shot({"place": {"scheme": "gate", "gate": "tan-thanh"}})
    record(database, log, first, second)
    alerts = {alert["incident"]: alert for alert in firing(database_url, "vu-khan")}
    assert set(alerts) == {first["subject"], second["subject"]}
    alert = alerts[first["subject"]]
    assert (alert["kind_name"], alert["place"], alert["province_name"], alert["post_name"]) == (
        "nổ súng",
        "mốc 1088/2",
        "Lạng Sơn",
        "Tân Thanh",
    )
    assert (alert["class"], alert["kind"], alert["side"], alert["minutes"]) == ("flash", "shooting", "CN", 3)
    assert alert["page"] == f"/duty/incidents/{first['subject']}"
    record(database, log, builders.duty("acknowledged", first["subject"]))
    assert [alert["incident"] for alert in firing(database_url, "vu-khan")] == [second["subject"]]


def test_what_grows_worse_after_its_acknowledgement_is_an_alert_again(database: Database, log: Log, database_url: str) -> None:
    event = shot({"kind": "marker_damage", "facts": {}})
    record(database, log, event, builders.duty("acknowledged", event["subject"], data={"seen_as": "needs_facts"}))
    assert firing(database_url, "vu-khan") == []
    record(
        database, log, builders.updated(event["subject"], {"facts": {"state": "moved"}}, time=(IMPORTED + timedelta(minutes=1)).isoformat())
    )
    assert [alert["incident"] for alert in firing(database_url, "vu-khan")] == [event["subject"]]


def test_a_shot_just_received_is_an_alert_at_once(database: Database, log: Log, database_url: str) -> None:
    record(database, log, shot(), received=timedelta())
    assert [alert["minutes"] for alert in firing(database_url, "vu-khan")] == [0]


@pytest.mark.parametrize(
    ("data", "changes", "received"),
    [
        ({"status": "exercise"}, {}, timedelta(minutes=3)),
        ({}, {"via": "import"}, timedelta(minutes=3)),
        ({}, {}, timedelta(hours=24, minutes=1)),
        ({"known_at": (IMPORTED - timedelta(days=8)).isoformat()}, {}, timedelta(minutes=3)),
        ({"kind": "disease"}, {}, timedelta(minutes=3)),
    ],
    ids=["an exercise", "an import", "received long ago", "known for long when it was reported", "of another class"],
)
def test_nobody_is_woken_by(
    database: Database, log: Log, database_url: str, data: dict[str, Any], changes: dict[str, Any], received: timedelta
) -> None:
    record(database, log, shot(data, **changes), received=received)
    assert firing(database_url, "vu-khan") == []


def test_a_retracted_shot_is_no_alert(database: Database, log: Log, database_url: str) -> None:
    event = shot()
    record(database, log, event, builders.retracted(event["subject"]))
    assert firing(database_url, "vu-khan") == []


def test_an_alertmanager_that_is_away_is_an_alert_that_needs_no_alertmanager(tmp_path: Path) -> None:
    rule = RULES["canh-bao-khong-gui"]
    query, _ = rule["data"]
    values = {5: 0, 20: 1, 35: 0, 50: 1}  # from 10:00 one of two is away, from 30:00 none, from 40:00 Prometheus knows of none
    series = [
        {"series": 'up{job="alertmanager", instance="a"}', "values": "1x39 stale"},
        {"series": 'up{job="alertmanager", instance="b"}', "values": "1x9 0x19 1x9 stale"},
    ]
    expected = [{"expr": query["model"]["expr"], "eval_time": f"{at}m", "exp_samples": [{"value": value}]} for at, value in values.items()]
    (tmp_path / "tests.json").write_text(json.dumps({"tests": [{"interval": "1m", "input_series": series, "promql_expr_test": expected}]}))
    done = subprocess.run([program("promtool"), "test", "rules", tmp_path / "tests.json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (rule["for"], rule["execErrState"]) == ("1m", "Alerting"), "a Prometheus that is away is one too, and a restart is none"


@pytest.mark.parametrize(("ago", "fires"), [(timedelta(minutes=3, seconds=50), False), (timedelta(minutes=4), True)])
def test_a_path_that_records_no_probe_is_an_alert(engine: Engine, database_url: str, ago: timedelta, fires: bool) -> None:
    assert firing(database_url, "duong-ghi-im-lang") == [], "where nobody sends probes, none is missed"
    with engine.begin() as connection:
        moment = datetime.now(UTC) - ago
        connection.execute(text("INSERT INTO probe VALUES ('/mocgioi/probe', :at, :at, :at)"), {"at": moment})
    assert bool(firing(database_url, "duong-ghi-im-lang")) == fires
