"""What docker-compose.yml starts, started here: its broker, its PostgreSQL roles, our services by their own commands and environment."""

import asyncio
import json
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import NewTopic
from psycopg import errors

from schemas.topics import INCIDENTS, MAX_MESSAGE_BYTES
from sinks.server import EmbeddedServer
from streams.kafka import Cluster, admin
from tests.builders import payload, reported
from tests.support import compose
from tests.support.compose import Installation
from tests.support.kafka import Broker, free_port
from tests.support.postgres import open_folder

SERVICES = compose.load()["services"]
SOON_S = 60.0


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, dict[str, str]]]:
    """The kafka service and its addresses."""
    made, addresses = compose.kafka(SERVICES["kafka"], tmp_path_factory.mktemp("composed-kafka"))
    made.start()
    yield made, addresses
    made.stop()


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The postgres service's host:port, its roles made."""
    home = open_folder()
    server = EmbeddedServer(home, port=free_port())
    try:
        with server:
            yield compose.initialise(SERVICES["postgres"], server)
    finally:
        shutil.rmtree(home)


@pytest.fixture
def installation(broker: tuple[Broker, dict[str, str]], postgres: str, tmp_path: Path) -> Iterator[Installation]:
    """Our services over that broker and that PostgreSQL."""
    made = Installation(SERVICES, broker[1] | {"postgres:5432": postgres}, tmp_path)
    yield made
    made.end()


def test_the_kafka_settings_make_a_broker_that_takes_the_largest_verdict_on_both_listeners(broker: tuple[Broker, dict[str, str]]):
    made, addresses = broker
    assert set(addresses) == {"kafka:9092", "localhost:29092"}
    written = made.properties.read_text()
    assert "message.max.bytes=2097152" in written
    assert "heap" not in written
    asyncio.run(_create_topic(addresses["kafka:9092"], "largest"))  # none of ours: the services below would read it
    largest = b"v" * (MAX_MESSAGE_BYTES - 4096)
    for address in addresses.values():
        assert asyncio.run(_there_and_back(address, "largest", largest)) == largest


def test_the_roles_are_an_owner_without_superuser_and_a_reader_for_dashboards(postgres: str):
    with psycopg.connect(_url("mocgioi", postgres), autocommit=True) as owner:
        assert owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        owner.execute("CREATE TABLE made_by_owner (n int)")
        owner.execute("INSERT INTO made_by_owner VALUES (7)")
        with psycopg.connect(_url("grafana", postgres), autocommit=True) as reader:
            assert reader.execute("SELECT n FROM made_by_owner").fetchone() == (7,)
            with pytest.raises(errors.ReadOnlySqlTransaction):
                reader.execute("INSERT INTO made_by_owner VALUES (8)")
            reader.execute("SET default_transaction_read_only = off")
            for forbidden in ("INSERT INTO made_by_owner VALUES (8)", "CREATE TABLE mine (n int)", "CREATE TEMP TABLE mine (n int)"):
                with pytest.raises(errors.InsufficientPrivilege):
                    reader.execute(forbidden)
        owner.execute("DROP TABLE made_by_owner")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(_url("grafana", postgres, password="wrong"))


def test_our_services_carry_events_into_postgresql_share_the_work_and_end_in_good_order(installation: Installation, postgres: str):
    installation.run("migrate")
    installation.run("topics")
    first = [installation.start("classify"), installation.start("record")]
    for process in first:
        process.wait_healthy()
    asyncio.run(_publish(installation.addresses["kafka:9092"], 30))
    _until(lambda: _recorded(postgres) == 30, installation)

    second = [installation.start("classify"), installation.start("record")]
    for process in second:
        process.wait_healthy()
    sent = 30
    deadline = time.monotonic() + SOON_S
    while not all(_counted(process.metrics()) for process in second):  # the group shares its partitions out anew some time after the start
        assert time.monotonic() < deadline, f"the second processes were given nothing to do:\n{installation.logs()}"
        assert _ingest(installation, 60) == {"published": 60, "rejected": 0}
        sent += 60
        _until(lambda: _recorded(postgres) == sent, installation)  # noqa: B023  asked now
    assert all(process.healthy() for process in first)

    began = time.monotonic()
    for process in [*first, *second]:
        assert process.terminate(within_s=10) == 0, process.log.read_text()
    assert time.monotonic() - began < 40
    assert _recorded(postgres) == sent


def test_set_up_may_be_repeated(installation: Installation):
    for service in ("migrate", "topics", "migrate", "topics"):
        installation.run(service)


def test_the_reports_are_built_at_once_and_the_record_worker_shows_it(installation: Installation, postgres: str):
    kept = SERVICES["reports"]["environment"]["MOCGIOI_REPORT_FOLDER"]
    installation.addresses = {**installation.addresses, kept: str(installation.folder / "reports")}
    installation.run("migrate")
    installation.run("topics")
    reports, record = installation.start("reports"), installation.start("record")
    record.wait_healthy()
    _until(
        lambda: re.search(r"^border_reports_last_run_timestamp_seconds 1\.\d+e\+09$", record.metrics(), re.MULTILINE) is not None,
        installation,
    )
    assert "\nborder_reports_last_run_ok 1.0\n" in record.metrics()
    with psycopg.connect(_url("grafana", postgres)) as reader:
        assert reader.execute("SELECT ok, reason FROM report_run").fetchall() == [(True, None)]
    assert "Đến hạn ngày" in reports.log.read_text()
    assert reports.popen.poll() is None, "it waits for the night"
    assert reports.terminate(within_s=10) == -signal.SIGTERM
    assert record.terminate(within_s=10) == 0


def _url(role: str, address: str, *, password: str | None = None) -> str:
    secrets = {"mocgioi": "OWNER_DB_PASSWORD", "grafana": "GRAFANA_DB_PASSWORD"}
    return f"postgresql://{role}:{password or compose.variables()[secrets[role]]}@{address}/mocgioi"


def _recorded(address: str) -> int:
    """Events in the record, as a dashboard reads them."""
    with psycopg.connect(_url("grafana", address)) as reader:
        (count,) = reader.execute("SELECT count(*) FROM event").fetchone() or (0,)
        return int(count)


def _counted(page: str) -> float:
    """Events a worker says it has classified or recorded."""
    return sum(float(value) for value in re.findall(r"^border_(?:classified|events_recorded)_total\{.*\} (\S+)$", page, re.MULTILINE))


def _ingest(installation: Installation, number: int) -> dict[str, int]:
    """Publish events by our own command from outside the network of the services."""
    environment = installation.environment("classify") | {"MOCGIOI_KAFKA": installation.addresses["localhost:29092"]}
    file = installation.folder / "events.jsonl"
    file.write_bytes(b"".join(payload(reported()) + b"\n" for _ in range(number)))
    command = [*compose.entrypoint(), "ingest", str(file), "--kafka", "--json"]
    done = subprocess.run(command, env=environment, cwd=installation.folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, int] = json.loads(done.stdout)
    return answer


def _until(claim: Callable[[], bool], installation: Installation) -> None:
    deadline = time.monotonic() + SOON_S
    while not claim():
        died = [process.log.name for process in installation.started if process.popen.poll()]
        assert not died, installation.logs()
        assert time.monotonic() < deadline, f"not within a minute:\n{installation.logs()}"
        time.sleep(0.1)


async def _publish(bootstrap: str, number: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        headers = [("content-type", b"application/cloudevents+json")]
        events = [reported() for _ in range(number)]
        sent = [await producer.send(INCIDENTS, payload(event), key=event["subject"].encode(), headers=headers) for event in events]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def _create_topic(bootstrap: str, topic: str) -> None:
    """A topic with the broker's own settings."""
    async with admin(Cluster(bootstrap=bootstrap)) as client:
        response = await client.create_topics([NewTopic(topic, 1, 1)])
        assert [error[1] for error in response.topic_errors] == [0]


async def _there_and_back(bootstrap: str, topic: str, value: bytes) -> bytes | None:
    """The value as a consumer finds it where a producer was told it lies."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_request_size=MAX_MESSAGE_BYTES)
    await producer.start()
    try:
        where = await producer.send_and_wait(topic, value, partition=0)
    finally:
        await producer.stop()
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="none", max_partition_fetch_bytes=MAX_MESSAGE_BYTES)
    await consumer.start()
    try:
        consumer.assign([where.topic_partition])
        consumer.seek(where.topic_partition, where.offset)
        found: bytes | None = (await asyncio.wait_for(consumer.getone(), 20)).value
        return found
    finally:
        await consumer.stop()
