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
from urllib.request import Request, urlopen

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import NewTopic
from psycopg import errors

from schemas.topics import INCIDENTS, MAX_MESSAGE_BYTES
from sinks.postgres.engine import connect
from sinks.postgres.roles import GRAFANA, READER, WORKER
from sinks.record import devices
from streams.kafka import Cluster, admin
from tests.builders import payload, reported
from tests.support import compose
from tests.support.compose import OWNER, Installation
from tests.support.kafka import Broker, free_port
from tests.support.postgres import TunedServer, open_folder

SERVICES = compose.load()["services"]
SOON_S = 60.0


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, dict[str, str]]]:
    """The kafka service and its addresses."""
    composed, addresses = compose.kafka(SERVICES["kafka"], tmp_path_factory.mktemp("composed-kafka"))
    composed.start()
    yield composed, addresses
    composed.stop()


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The postgres service's host:port, its roles made."""
    home = open_folder()
    server = TunedServer(home, {"listen_addresses": "127.0.0.1", "port": str(free_port())})
    try:
        with server:
            yield compose.initialise(SERVICES["postgres"], server)
    finally:
        shutil.rmtree(home)


@pytest.fixture
def installation(broker: tuple[Broker, dict[str, str]], postgres: str, tmp_path: Path) -> Iterator[Installation]:
    """Our services over that broker and that PostgreSQL."""
    installed = Installation(SERVICES, broker[1] | {"postgres:5432": postgres}, tmp_path)
    yield installed
    installed.end()


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


def test_the_script_makes_four_roles_of_which_none_is_a_superuser_and_may_run_again(postgres: str):
    with psycopg.connect(_url("postgres", postgres)) as superuser:
        superuser.execute(f"ALTER ROLE {OWNER} RENAME TO mocgioi")  # as the first installations had it
    compose.run_init(SERVICES["postgres"], postgres)
    with psycopg.connect(_url(OWNER, postgres)) as owner:
        made = "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT (rolsuper OR rolcreaterole OR rolcreatedb) ORDER BY rolname"
        assert owner.execute(made).fetchall() == [(GRAFANA,), (OWNER,), (READER,), (WORKER,)]
        assert owner.execute("SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()").fetchone() == (OWNER,)
    for role in (OWNER, WORKER, READER, GRAFANA):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(_url(role, postgres, password="wrong"))


def test_a_query_on_a_dashboard_writes_nothing_and_holds_up_nobody(installation: Installation, postgres: str):
    installation.run("migrate")
    with psycopg.connect(_url(GRAFANA, postgres), autocommit=True) as dashboard:
        assert dashboard.execute("SHOW statement_timeout").fetchone() == ("30s",)
        assert dashboard.execute("SHOW mocgioi.public_url").fetchone() == (f"https://{compose.variables()['DOOR_HOST']}",)
        with pytest.raises(errors.ReadOnlySqlTransaction):
            dashboard.execute("CREATE TABLE mine (n int)")
        dashboard.execute("SET default_transaction_read_only = off")
        for forbidden in (
            "CREATE TABLE mine (n int)",
            "CREATE TEMP TABLE mine (n int)",
            "SELECT lo_create(0)",
            "SELECT pg_advisory_lock(1)",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                dashboard.execute(forbidden)


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


def test_the_door_takes_events_with_its_own_command_role_and_health_check(installation: Installation, postgres: str):
    installation.run("migrate")
    installation.run("topics")
    door = installation.start("door")
    door.wait_healthy()
    engine = connect(_url(WORKER, postgres))
    device = devices.add(engine, "tan-thanh")
    engine.dispose()
    headers = {"Authorization": f"Bearer {device.key}", "Content-Type": "application/cloudevents+json"}
    event = payload(reported(source=device.source, sequence="00000001"))
    with urlopen(Request(f"http://127.0.0.1:{door.environment['MOCGIOI_METRICS_PORT']}/v1/events", event, headers), timeout=20) as answer:
        assert answer.status == 202
    assert "border_door_accepted_total 1.0" in door.metrics()
    assert door.terminate(15) == 0


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
    with psycopg.connect(_url(READER, postgres)) as reader:
        assert reader.execute("SELECT ok FROM report_run").fetchall() == [(True,)]
    assert "Đến hạn ngày" in reports.log.read_text()
    assert reports.popen.poll() is None, "it waits for the night"
    assert reports.terminate(within_s=10) == -signal.SIGTERM
    assert record.terminate(within_s=10) == 0


def _url(role: str, address: str, *, password: str | None = None) -> str:
    secrets = {"postgres": "POSTGRES_PASSWORD", GRAFANA: "GRAFANA_DB_PASSWORD"}
    secrets |= {OWNER: "OWNER_DB_PASSWORD", WORKER: "WORKER_DB_PASSWORD", READER: "READER_DB_PASSWORD"}
    return f"postgresql://{role}:{password or compose.variables()[secrets[role]]}@{address}/mocgioi"


def _recorded(address: str) -> int:
    """Events in the record."""
    with psycopg.connect(_url(READER, address)) as reader:
        (count,) = reader.execute("SELECT count(*) FROM event").fetchone() or (0,)
        return int(count)


def _counted(page: str) -> float:
    """Events a worker says it has classified or recorded."""
    return sum(float(value) for value in re.findall(r"^border_(?:classified|events)_total\{.*\} (\S+)$", page, re.MULTILINE))


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
        read: bytes | None = (await asyncio.wait_for(consumer.getone(), 20)).value
        return read
    finally:
        await consumer.stop()
