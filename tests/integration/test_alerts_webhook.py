"""What Alertmanager says that it sent comes into the ledger once, and nothing else does."""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from duty.ledger import Entry, Notice, append_delivery
from sinks.postgres.engine import connect
from tests.support.door_in_process import DoorInProcess, door_in_process
from tests.support.kafka import free_port
from tests.support.rows import one, rows
from tests.support.workers import wait_until
from web.duty import alerts

TOKEN = "alerts-of-this-test"
INCIDENT = {"alertname": "BorderIncident", "class": "flash", "incident": "inc-1", "level": "1", "to": "chi-huy"}
PAYLOAD: dict[str, Any] = {
    "version": "4", "groupKey": '{}:{incident="inc-1"}', "truncatedAlerts": 0, "status": "firing", "receiver": "truc-ban", "groupLabels": {},
    "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager:9093",
    "alerts": [
        {"status": "firing", "labels": INCIDENT, "annotations": {"summary": "KHẨN"}, "startsAt": "2026-11-27T02:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
         "generatorURL": "", "fingerprint": "c7cf2f0d"},
        {"status": "resolved", "labels": {"alertname": "WorkerDown"}, "annotations": {"summary": "Đã chạy lại"}},
    ],
}  # fmt: skip


@pytest.fixture
def centre(worker: Engine, tmp_path: Path) -> Iterator[DoorInProcess]:
    with door_in_process(worker, tmp_path, key="none", alerts_token=TOKEN) as door:
        yield door


def deliver(door: DoorInProcess, document: Any = PAYLOAD, *, token: str = TOKEN, **options: Any) -> httpx.Response:
    given = {"json": document} if not isinstance(document, bytes) else {"content": document}
    return door.ask("POST", "/duty/alerts", headers={"authorization": f"Bearer {token}"}, **given, **options)


def ledger(engine: Engine) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows(engine, "SELECT subject, alert, receiver, status, detail FROM notification ORDER BY number")]


ROWS = [
    ("inc-1", "flash", "truc-ban", "firing", "cấp 1 · chi-huy"),
    (None, "WorkerDown", "truc-ban", "resolved", "Đã chạy lại"),
]


def test_a_notification_comes_into_the_ledger_with_the_incident_and_whom_it_went_to(centre: DoorInProcess, engine: Engine) -> None:
    answer = deliver(centre)
    assert (answer.status_code, answer.content) == (204, b"")
    assert ledger(engine) == ROWS


def test_a_delivery_that_is_sent_again_is_written_once_and_the_next_reminder_again(
    centre: DoorInProcess, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert deliver(centre).status_code == 204
    assert ledger(engine) == ROWS
    monkeypatch.setattr(alerts, "_AGAIN_WITHIN", alerts._AGAIN_WITHIN * 0)  # as if half a minute had passed
    assert deliver(centre).status_code == 204
    assert ledger(engine) == ROWS * 2


def test_what_ended_and_fires_again_is_another_notification(centre: DoorInProcess, engine: Engine) -> None:
    resolved = copy.deepcopy(PAYLOAD)
    resolved["alerts"][0]["status"] = "resolved"
    deliver(centre)
    deliver(centre, resolved)
    assert [row[3] for row in ledger(engine) if row[0]] == ["firing", "resolved"]


def test_grafana_reports_what_its_own_alerts_sent(centre: DoorInProcess, engine: Engine) -> None:
    labels = {"alertname": "Vụ khẩn chưa ai nhận", "class": "flash", "incident": "inc-1", "grafana_folder": "Mốc Giới"}
    alert = {"status": "firing", "labels": labels, "annotations": {"summary": "KHẨN: nổ súng"}, "values": {"A": 3}, "orgId": 1}
    document = {"receiver": "grafana", "status": "firing", "orgId": 1, "alerts": [alert], "version": "1", "title": "", "truncatedAlerts": 0}
    assert deliver(centre, document).status_code == 204
    assert ledger(engine) == [("inc-1", "flash", "grafana", "firing", "KHẨN: nổ súng")]


def test_it_is_taken_within_the_centre_without_tls_and_a_form_is_not(centre: DoorInProcess, engine: Engine) -> None:
    assert deliver(centre, client="10.0.0.7").status_code == 204
    assert centre.ask("GET", "/", client="10.0.0.7").status_code == 403


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        (["version"], "3", "/version"),
        (["receiver"], None, "/receiver"),
        (["alerts"], [], "/alerts"),
        (["alerts", 0, "status"], "suppressed", "/alerts/0/status"),
        (["alerts", 0, "labels", "alertname"], "", "/alerts/0/labels/alertname"),
        (["alerts", 0, "labels", "incident"], "", "/alerts/0/labels/incident"),
        (["alerts", 0, "labels", "class"], "", "/alerts/0/labels/class"),
        (["alerts", 0, "labels", "level"], 1, "/alerts/0/labels/level"),
    ],
)
def test_a_bad_payload_is_refused_with_the_field_changes_nothing_and_leaves_an_audit_row(
    centre: DoorInProcess, engine: Engine, path: list[Any], value: Any, pointer: str
) -> None:
    document = copy.deepcopy(PAYLOAD)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    answer = deliver(centre, document)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [problem["pointer"] for problem in answer.json()["problems"]] == [pointer]
    wait_until(lambda: centre.ask("GET", "/healthz") and rows(engine, "SELECT FROM audit"), "the audit row is written")
    assert one(engine, "SELECT actor FROM audit") == "alertmanager"
    assert ledger(engine) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_what_is_no_payload_at_all_is_refused(centre: DoorInProcess, body: bytes, engine: Engine) -> None:
    assert deliver(centre, body).status_code == 422
    assert ledger(engine) == []


@pytest.mark.parametrize("token", ["", "x", f"{TOKEN}x", "ký-tự"])
def test_who_does_not_bear_the_token_writes_nothing(centre: DoorInProcess, engine: Engine, token: str) -> None:
    answer = centre.ask("POST", "/duty/alerts", json=PAYLOAD, headers={"authorization": f"Bearer {token}".encode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")
    assert ledger(engine) == []


def test_where_no_token_is_set_nothing_is_there(worker: Engine, tmp_path: Path) -> None:
    with door_in_process(worker, tmp_path, key="none") as door:
        assert deliver(door).status_code == 404


@pytest.mark.fault(
    what="The database is away while Alertmanager reports what it sent",
    how="nothing listens at its address",
    then="503: Alertmanager reports it again, and it is written once",
)
def test_with_the_database_away_alertmanager_is_asked_to_come_again(tmp_path: Path) -> None:
    engine = connect(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    with door_in_process(engine, tmp_path, key="none", alerts_token=TOKEN) as door:
        answer = deliver(door)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    engine.dispose()


def test_two_doors_that_get_the_same_delivery_write_it_once(worker: Engine, engine: Engine) -> None:
    entry = Entry(Notice("inc-1", "flash", "cấp 0"), "truc-ban", "firing")
    with ThreadPoolExecutor(4) as threads:
        new = list(threads.map(lambda _: append_delivery(worker, [entry, entry], again_within=timedelta(seconds=30)), range(8)))
    assert sorted(new) == [0] * 7 + [1]
    assert len(ledger(engine)) == 1
