"""The door as it is served, embedded: events in over HTTP, receipts out, and the record in the same process."""

import asyncio
import gzip
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from mocgioi.service.door import SpoolRoom
from mocgioi.service.sending import RecordingSession
from posts.spool import Spool, SpoolEntry
from schemas.probe import probe
from schemas.topics import DEAD_LETTERS, INCIDENTS, NOTICES
from sinks.postgres.engine import connect
from sinks.postgres.server import EmbeddedServer
from streams.spool_source import letter_value
from tests import builders
from tests.support.classified_batches import dead_letter
from tests.support.commands import Command, write_events
from tests.support.door import Enrolled, RunningDoor, door
from tests.support.workers import wait_until

ONE, ARRAY, LINES = "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson"
CANARY = "chim hoàng yến 7f3a91"
FUZZ = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory):
    with door(tmp_path_factory.mktemp("door")) as running:
        yield running


@pytest.fixture(scope="module")
def device(embedded: RunningDoor) -> Enrolled:
    return embedded.enrol()


def numbered(device: Enrolled, sequence: int, data=None, **changes):
    return builders.reported(data, **{"source": device.source, "sequence": f"{sequence:08d}"} | changes)


def test_an_event_is_accepted_recorded_and_has_a_receipt(embedded: RunningDoor):
    device = embedded.enrol("huu-nghi")
    event = numbered(device, 1)
    with embedded.client(device) as client:
        accepted = client.post("/v1/events", content=builders.payload(event), headers={"content-type": ONE})
        assert (accepted.status_code, accepted.json()) == (
            202,
            {"id": event["id"], "source": device.source, "sequence": "00000001", "status": "accepted"},
        )
        wait_until(lambda: client.get("/v1/receipts").json()["highest"], "the receipt")
        answer = client.get("/v1/receipts").json()
    (receipt,) = answer.pop("receipts")
    assert answer == {"source": device.source, "highest": 1, "gaps": []}
    assert receipt.pop("recorded_at").endswith("+07:00")
    assert receipt == {
        "sequence": 1,
        "id": event["id"],
        "status": "recorded",
        "incident": event["subject"],
        "outcome": "breach",
        "clauses": ["21(1)"],
        "missing": [],
        "problem": None,
    }


def test_commands_take_files_in_beside_the_door(embedded: RunningDoor, tmp_path: Path):
    device = embedded.enrol("coc-nam")
    mocgioi = Command(embedded.home)
    file = write_events(tmp_path / "events.jsonl", [builders.reported(source="/posts/chi-ma/d1", sequence=f"{n:08d}") for n in range(1, 4)])
    assert mocgioi("ingest", file, "--json").document == {"accepted": 3, "duplicate": 0, "conflict": 0, "rejected": 0}
    with embedded.client(device) as client:
        client.post("/v1/events", content=builders.payload(numbered(device, 1)), headers={"content-type": ONE}).raise_for_status()
        wait_until(lambda: client.get("/v1/receipts").json()["highest"], "the receipt of an event behind them")
    rows = {row["source"]: row for row in mocgioi("posts", "--json").document}
    assert (rows[device.source]["highest"], rows[device.source]["key"]) == (1, "standing")
    assert (rows["/posts/chi-ma/d1"]["highest"], rows["/posts/chi-ma/d1"]["missing"], rows["/posts/chi-ma/d1"]["key"]) == (3, 0, "none")
    assert "đủ" in mocgioi("posts").out


def test_devices_are_listed_rotated_and_revoked_by_commands(embedded: RunningDoor):
    mocgioi = Command(embedded.home)
    added = mocgioi("devices", "add", "--post", "na-hinh", "--json").document
    assert set(added) == {"source", "key"}
    assert added["key"].startswith("mgk_")
    assert len(added["key"]) == len("mgk_") + 43
    rotated = mocgioi("devices", "rotate", added["source"], "--json").document
    assert rotated["key"] != added["key"]
    shown = mocgioi("devices", "rotate", added["source"], "--server", "https://cua.example.vn/").out
    key = shown.splitlines()[0].removeprefix(f"{added['source']}: ")
    assert f" https://cua.example.vn/#key={key}\n" in shown
    assert f"mocgioi post enrol --server https://cua.example.vn --key {key}\n" in shown
    assert mocgioi("devices", "revoke", added["source"]).code == 0
    assert mocgioi("devices", "revoke", added["source"]).problems[0][0] == "not_found"
    listed = {row["source"]: row for row in mocgioi("devices", "list", "--json").document}
    assert listed[added["source"]]["revoked_at"] is not None
    assert mocgioi("devices", "add", "--post", "Tân Thanh").code == 2
    unknown = mocgioi("devices", "add", "--post", "khong-co", "--json")
    assert unknown.code == 0
    assert "unknown_source" in unknown.err


def test_a_port_that_is_taken_is_one_line(embedded: RunningDoor):
    done = Command(embedded.home)("serve", "--port", str(embedded.port), MOCGIOI_LOG="json")
    assert (done.code, [code for code, _ in done.problems]) == (3, ["port"])


def test_every_202_of_a_door_that_is_killed_is_in_the_record(tmp_path: Path):
    accepted = []
    with door(tmp_path) as running:
        device = running.enrol()
        with running.client(device) as client:
            for first in range(1, 400, 20):
                events = [numbered(device, first + n) for n in range(20)]
                answer = client.post("/v1/events", content=b"\n".join(map(builders.payload, events)), headers={"content-type": LINES})
                accepted += [row["id"] for row in answer.json()["events"] if row["status"] == "accepted"]
        running.kill()
    assert len(accepted) == 400
    with door(tmp_path) as again, again.client(device) as client:
        wait_until(lambda: client.get("/v1/receipts").json()["highest"] == 400, "the last of them")
        receipts = client.get("/v1/receipts?limit=1000").json()["receipts"]
    assert [receipt["id"] for receipt in receipts] == accepted


def test_no_request_makes_the_door_fail(embedded: RunningDoor, device: Enrolled):
    schema = schemathesis.openapi.from_url(f"{embedded.url}/v1/openapi.json")
    headers = {"Authorization": f"Bearer {device.key}"}
    asked = set()
    for operation in (result.ok() for result in schema.get_all_operations()):

        @given(case=operation.as_strategy())
        @FUZZ
        def check(case):
            response = case.call(base_url=embedded.url, headers=headers)
            assert response.status_code < 500, (case.as_curl_command(), response.text)
            if response.status_code >= 400:
                assert response.headers["content-type"] == ["application/problem+json"]

        check()
        asked.add(operation.label)
    assert {"POST /v1/events", "GET /v1/receipts", "GET /v1/markers/{text}"} <= asked


def test_a_text_that_is_marked_secret_is_nowhere(embedded: RunningDoor):
    device = embedded.enrol("bao-lam")
    text = f"TUYỆT MẬT {CANARY}"
    secret = [
        numbered(device, 1, builders.incident(text=text)),
        numbered(device, 2, id=text, subject=text),
        numbered(device, 3) | {"extension": text},
        numbered(device, 4) | {text: "a key"},
        numbered(device, 5, builders.incident(kind="nonsense", text=text)),
    ]
    raws = [builders.payload(event) for event in secret]
    with embedded.client(device) as client:

        def send(body: bytes, media_type: str, **headers: str):
            answer = client.post("/v1/events", content=body, headers={"content-type": media_type} | headers)
            assert CANARY not in answer.text
            return answer

        assert {send(raw, ONE).json()["code"] for raw in raws} == {"secret"}
        for body, media_type in ((b"\n".join([*raws, text.encode()]), LINES), (b"[" + b",".join(raws) + b"]", ARRAY)):
            packed = send(gzip.compress(body), media_type, **{"content-encoding": "gzip"})
            assert {row["status"] for row in packed.json()["events"]} == {"refused"}
        send(text.encode(), ARRAY)
        send(text.encode(), f"text/plain; {text}".encode("ascii", "ignore").decode())
        client.get(f"/v1/markers/{text}")
        client.get(f"/v1/receipts?after={text}")
        wait_until(lambda: client.get("/v1/receipts").json()["highest"] == 5, "the letters are recorded")
        receipts = client.get("/v1/receipts").json()
        page = client.get("/metrics").text
    assert {receipt["status"] for receipt in receipts["receipts"]} == {"refused"}
    spool = b"".join(file.read_bytes() for file in embedded.home.glob("spool.db*"))
    with EmbeddedServer(embedded.home) as url, psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = "".join(str(row) for name in tables for row in connection.execute(f'SELECT t::text FROM "{name}" AS t'))
    for place, content in {"answers": json.dumps(receipts), "metrics": page, "log": embedded.log.read_text(), "record": rows}.items():
        assert CANARY not in content, place
    assert CANARY.encode() not in spool
    assert CANARY.encode().hex() not in rows


def test_the_door_sends_probes_itself_and_takes_none_from_a_device(embedded: RunningDoor):
    device = embedded.enrol("bao-lam")
    forged = probe(datetime.now(UTC))
    with embedded.client(device) as client:
        answer = client.post("/v1/events", content=forged, headers={"content-type": ONE})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
        answer = client.post(
            "/v1/events", content=builders.payload(json.loads(forged) | {"source": device.source}), headers={"content-type": ONE}
        )
        assert (answer.status_code, [problem["pointer"] for problem in answer.json()["problems"]]) == (422, ["/source"])
    with EmbeddedServer(embedded.home) as url, psycopg.connect(url, autocommit=True) as record:
        wait_until(lambda: record.execute("SELECT source FROM probe").fetchall() == [("/mocgioi/probe",)], "a probe")
        assert record.execute("SELECT count(*) FROM event WHERE source LIKE '/mocgioi/%' OR type LIKE '%probe%'").fetchone() == (0,)


def test_the_spool_forgets_what_the_record_holds(tmp_path: Path, database_url: str):
    engine = connect(database_url)
    with closing(Spool(tmp_path / "spool.db")) as spool:
        letter = dead_letter(b"{", source="/posts/tan-thanh/d1", sequence=2)
        event = builders.reported()
        entries = [(INCIDENTS, builders.payload(event)), (DEAD_LETTERS, letter_value(letter)), (NOTICES, probe(builders.NOON))]
        spool.append([SpoolEntry(topic, b"k", value) for topic, value in entries])
        account = RecordingSession(spool, engine).record()
        assert (account.given, account.accepted, account.missing) == (2, 1, 0), "a probe is nobody's to account for"
        asyncio.run(made_room(SpoolRoom(tmp_path / "spool.db", engine, every_s=0.01), spool))
    engine.dispose()


async def made_room(service: SpoolRoom, spool: Spool) -> None:
    await service.start()
    try:
        async with asyncio.timeout(20):
            while spool.read(1, 10):
                await asyncio.sleep(0.02)
    finally:
        await service.stop()
