"""The door before a real Kafka and a real database: both go away, the door is killed under load, and every 202 is in the record."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg

from sinks.postgres.roles import WORKER
from tests import builders
from tests.support.canaries import assert_absent, canaries, every_row
from tests.support.door import Enrolled, RunningDoor, door
from tests.support.kafka import Broker, free_port, fresh_topics
from tests.support.postgres import OwnServer, as_role
from tests.support.workers import fleet, wait_until

ONE = {"content-type": "application/cloudevents+json"}
ANSWER_S = 10.0
SENDERS = 4


class Sender(threading.Thread):
    """A device that sends one event after the other, each until it is accepted."""

    def __init__(self, url: str, device: Enrolled) -> None:
        super().__init__(daemon=True)
        self.device = device
        self.accepted: list[str] = []
        self.statuses: set[int] = set()
        self._url = url
        self._enough = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self._url, headers={"Authorization": f"Bearer {self.device.key}"}, timeout=15) as client:
            while not self._enough.is_set():
                event = builders.reported(source=self.device.source, sequence=f"{len(self.accepted) + 1:08d}")
                while not self._is_taken(client, event):
                    time.sleep(0.02)
                self.accepted.append(event["id"])

    def finish(self) -> None:
        """Stop behind the event under way."""
        self._enough.set()
        self.join(15)

    def _is_taken(self, client: httpx.Client, event: dict) -> bool:
        try:
            answer = client.post("/v1/events", content=builders.payload(event), headers=ONE)
        except httpx.TransportError:  # the door is being killed
            return False
        self.statuses.add(answer.status_code)
        return answer.status_code == 202


@contextmanager
def sending(running: RunningDoor, devices: list[Enrolled]) -> Iterator[list[Sender]]:
    senders = [Sender(running.url, device) for device in devices]
    for sender in senders:
        sender.start()
    try:
        yield senders
    finally:
        for sender in senders:
            sender.finish()


def test_every_202_is_in_the_record_whatever_goes_away(own_broker: Broker, own_postgres: OwnServer, tmp_path: Path) -> None:
    fresh_topics(own_broker.bootstrap)
    port = free_port()
    settings = {"MOCGIOI_KAFKA": own_broker.bootstrap, "MOCGIOI_DATABASE_URL": as_role(own_postgres.url, WORKER)}
    own_broker.kill()
    own_postgres.stop()
    with fleet(tmp_path, own_broker.bootstrap, own_postgres.url) as workers, door(tmp_path, port=port, **settings) as running:
        # Both are away when the door starts.
        with httpx.Client(base_url=running.url, timeout=15) as nobody:
            assert nobody.get("/healthz").status_code == 200
            assert (nobody.get("/readyz").status_code, nobody.get("/readyz").json()["away"]) == (503, ["kafka", "database"])
            began = time.monotonic()
            early = nobody.post("/v1/events", content=b"{}", headers=ONE | {"Authorization": "Bearer mgk_any"})
            assert (early.status_code, early.json()["code"]) == (503, "away")
            assert time.monotonic() - began < ANSWER_S
            own_postgres.start()
            own_broker.start()
            wait_until(lambda: nobody.get("/readyz").status_code == 200, "ready")
        workers.start("all")
        devices = [running.enrol() for _ in range(SENDERS)]

        # The door is killed under load, and started again.
        with sending(running, devices) as senders:
            wait_until(lambda: min(len(sender.accepted) for sender in senders) > 20, "under way")
            running.kill()
            with door(tmp_path, port=port, **settings) as again:
                so_far = [len(sender.accepted) for sender in senders]
                wait_until(lambda: all(len(s.accepted) > n + 20 for s, n in zip(senders, so_far, strict=True)), "under way again")

                # The database goes away: the keys are in the door's list.
                own_postgres.stop()
                so_far = [len(sender.accepted) for sender in senders]
                wait_until(lambda: all(len(s.accepted) > n + 5 for s, n in zip(senders, so_far, strict=True)), "under way without it")
                with again.client(devices[0]) as client:
                    ready = client.get("/readyz").json()
                    assert (ready["away"], "khóa đã biết" in ready["why"]) == (["database"], True)
                    assert client.get("/v1/receipts").status_code == 503
                own_postgres.start()

                # Kafka goes away: nothing is accepted, and each answer says when to come again.
                own_broker.kill()
                with again.client(running_device := again.enrol()) as client:
                    event = builders.reported(source=running_device.source, sequence="00000001")
                    began = time.monotonic()
                    refused = client.post("/v1/events", content=builders.payload(event), headers=ONE)
                    assert time.monotonic() - began < ANSWER_S
                    assert refused.status_code == 503
                    assert int(refused.headers["retry-after"]) >= 1
                    assert client.get("/readyz").json()["away"] == ["kafka"]
                    own_broker.start()
                    wait_until(lambda: client.post("/v1/events", content=builders.payload(event), headers=ONE).status_code == 202, "a 202")
                    bad = builders.reported(builders.incident(side="XX"), source=running_device.source, sequence="00000002")
                    assert client.post("/v1/events", content=builders.payload(bad), headers=ONE).status_code == 422
                    wait_until(lambda: len(client.get("/v1/receipts").json()["receipts"]) == 2, "both receipts")
                    rows = client.get("/v1/receipts").json()["receipts"]
                    assert [(row["id"], row["status"]) for row in rows] == [(event["id"], "recorded"), (bad["id"], "refused")]
                    assert rows[1]["problem"]["problems"][0]["pointer"] == "/data/side"
                for sender in senders:
                    sender.finish()
                assert set().union(*(sender.statuses for sender in senders)) <= {202, 503}

        accepted = {(sender.device.source, event_id) for sender in senders for event_id in sender.accepted}
        with psycopg.connect(own_postgres.url, autocommit=True) as record:
            query = "SELECT source, id FROM event WHERE source = ANY(%s)"
            sources = [device.source for device in devices]
            wait_until(lambda: accepted <= set(record.execute(query, (sources,))), "every 202 is in the record")
            # The door's clock, not the log's: what it received it has said so before Kafka took it.
            assert record.execute("SELECT count(*) FROM event WHERE received_at >= recorded_at OR received_at < time").fetchone() == (0,)
            assert record.execute("SELECT count(*) FROM conflict").fetchone() == (0,)
            # Probes went the whole way too, and left nothing but their row.
            probes = "SELECT source, sent_at <= received_at AND received_at < recorded_at FROM probe"
            assert record.execute(probes).fetchall() == [("/mocgioi/probe", True)]
            assert record.execute("SELECT count(*) FROM event WHERE source = '/mocgioi/probe'").fetchone() == (0,)
        workers.check_running()


def test_of_a_secret_at_the_door_nothing_is_found_on_the_brokers_disk_nor_anywhere_else(
    kafka: Broker, fresh_topics: str, database_url: str, tmp_path: Path
) -> None:
    word, control = "k4417canary", "k4417control"
    settings = {"MOCGIOI_KAFKA": fresh_topics, "MOCGIOI_DATABASE_URL": as_role(database_url, WORKER)}
    with fleet(tmp_path, fresh_topics, database_url) as workers, door(tmp_path / "centre", **settings) as running:
        worker = workers.start("all")
        device = running.enrol("tan-thanh")  # whom the canaries name as their source
        with running.client(device) as client:
            sent = canaries(word)
            noted = {"X-Note": word, "User-Agent": word}
            answers = [client.post("/v1/events", params={"note": word}, content=raw, headers=ONE | noted) for raw in sent]
            assert {answer.status_code for answer in answers} == {422}
            codes = [answer.json()["code"] for answer in answers]
            assert codes.count("secret") == len(sent) - 1, "one is no UTF-8, and bears no marking that anybody could read"
            lines = [raw for raw in sent if b"\n" not in raw]
            answers.append(client.post("/v1/events", content=b"\n".join(lines), headers={"content-type": "application/x-ndjson"}))
            assert {row["status"] for row in answers[-1].json()["events"]} == {"refused"}
            honest = builders.reported(builders.incident(text=control), source=device.source, sequence="00099999")
            assert client.post("/v1/events", content=builders.payload(honest), headers=ONE).status_code == 202
            wait_until(lambda: client.get("/v1/receipts").json()["highest"] == 99_999, "the honest one is recorded")
            receipts = client.get("/v1/receipts").json()["receipts"]
            assert {row["problem"]["code"] for row in receipts if row["status"] == "refused"} == {"secret"}
            for answer in answers:
                assert_absent(word, "an answer", answer.content)
            assert_absent(word, "receipts", json.dumps(receipts, ensure_ascii=False).encode())
            for page in ("/metrics", "/readyz", "/healthz"):
                assert_absent(word, page, client.get(page).content + worker.page(page)[1].encode())
        for log in (running.log, worker.log, kafka.log):
            assert_absent(word, log.name, log.read_bytes())
        for row in every_row(database_url):
            assert_absent(word, "PostgreSQL", row)
        on_disk: list[bytes] = []
        for file in kafka.data.rglob("*.log"):
            with suppress(FileNotFoundError):  # of the topics of an earlier test, which the broker deletes in its own time
                on_disk.append(file.read_bytes())
        assert any(control.encode() in content for content in on_disk), "what is not secret is seen there"
        for content in on_disk:
            assert_absent(word, "Kafka", content)
