"""`mocgioi doctor`, `topics`, `db`, `deadletter`: what an operator does, on a real broker and embedded."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mocgioi.service.cluster import GROUPS
from schemas.topics import CONTROL, INCIDENTS, RESULTS, TOPICS
from sinks.postgres.engine import connect
from sinks.postgres.roles import WORKER
from sinks.postgres.server import EmbeddedServer
from sinks.postgres.upgrade import head
from tests.builders import incident, payload, reported
from tests.support.commands import Command, write_events
from tests.support.kafka import Broker
from tests.support.postgres import Databases, as_role, create_roles, database_name, open_folder
from tests.support.publishing import contents, publish
from tests.support.workers import Fleet, fleet, wait_until


def states(command: Command, **settings: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """What `doctor` says: exit code, and of each part its state and remedy."""
    done = command("doctor", "--json", **settings)
    assert done.err == ""
    return done.code, {row["part"].split(" · ")[-1]: (row["state"], row["remedy"]) for row in done.document}


@pytest.fixture
def unmigrated(databases: Databases) -> Iterator[str]:
    url = databases.empty()
    yield url
    databases.drop(url)


def test_doctor_is_content_with_a_new_machine(embedded: Command) -> None:
    code, parts = states(embedded)
    assert code == 0
    assert parts["Kafka"] == ("unused", "")
    assert {state for state, _ in parts.values()} == {"well", "unused"}


def test_doctor_says_what_to_do_about_services_that_are_away(embedded: Command) -> None:
    code, parts = states(embedded, MOCGIOI_DATABASE_URL="postgresql://post:hunter2@127.0.0.1:1/x", MOCGIOI_KAFKA="127.0.0.1:1")
    assert code == 3
    assert (parts["PostgreSQL"][0], parts["Kafka"][0]) == ("unreachable", "unreachable")
    assert "MOCGIOI_DATABASE_URL" in parts["PostgreSQL"][1]
    assert parts["Kafka"][1]
    people = embedded("doctor", MOCGIOI_DATABASE_URL="postgresql://post:hunter2@127.0.0.1:1/x")
    assert (people.code, people.err) == (3, "")
    assert "✗" in people.out
    assert "hunter2" not in people.out


@pytest.fixture
def safe_unmigrated() -> Iterator[str]:
    """A database of a server of its own, which keeps what it is given over a power cut: the tests' server does not."""
    home = open_folder()
    with EmbeddedServer(home) as url:
        create_roles(url)
        yield url
    shutil.rmtree(home)


def test_doctor_asks_for_tables_topics_letters_and_the_role_of_workers(embedded: Command, safe_unmigrated: str, own_broker: Broker) -> None:
    settings = {"MOCGIOI_DATABASE_URL": safe_unmigrated, "MOCGIOI_KAFKA": own_broker.bootstrap, "MOCGIOI_TOPICS_REPLICATED": "no"}
    code, parts = states(embedded, **settings)
    assert code == 1
    assert parts["tables"] == ("unwell", "mocgioi db upgrade")
    assert parts["topic"] == ("unwell", "mocgioi topics create")
    assert embedded("db", "upgrade", **settings).code == 0
    assert embedded("topics", "create", **settings).code == 0
    code, parts = states(embedded, **settings)
    assert (code, parts["PostgreSQL role"][0]) == (1, "unwell"), "with Kafka, these are a worker's settings, and the role is the owner"
    assert WORKER in parts["PostgreSQL role"][1]
    code, parts = states(embedded, **settings | {"MOCGIOI_DATABASE_URL": as_role(safe_unmigrated, WORKER)})
    assert (code, parts["PostgreSQL role"], parts["tables"][0], parts["topic"][0], parts["lag"][0]) == (0, ("well", ""), *["well"] * 3)


def test_doctor_says_when_topics_and_brokers_are_not_as_safe_as_the_settings_ask(embedded: Command, fresh_topics: str) -> None:
    code, parts = states(embedded, MOCGIOI_KAFKA=fresh_topics, MOCGIOI_TOPICS_REPLICATED="yes")
    assert code == 1
    assert parts["topic"][0] == "unwell"
    assert parts["broker settings"][0] == "unwell"
    assert "offsets.topic.replication.factor = 3+" in parts["broker settings"][1]
    code, parts = states(embedded, MOCGIOI_KAFKA=fresh_topics, MOCGIOI_TOPICS_REPLICATED="no")
    assert (code, parts["broker settings"][0]) == (0, "well")


def test_doctor_names_each_setting_under_which_the_database_may_lose_what_it_recorded(command: Command, database_url: str) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {database_name(database_url)} SET synchronous_commit = off")
    engine.dispose()
    done = command("doctor", "--json")
    rows = [row for row in done.document if row["part"].endswith("PostgreSQL settings")]
    assert (done.code, {row["state"] for row in rows}) == (1, {"unwell"})
    assert [row["found"] for row in rows] == ["fsync = off", "full_page_writes = off", "synchronous_commit = off"]
    assert all(row["remedy"].startswith(f"{row['found'].split()[0]} = on: ") for row in rows)


def test_doctor_says_that_the_servers_clock_was_set_back(command: Command, database_url: str) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT setval('record_clock', (extract(epoch FROM now() + interval '1 day') * 1000000)::bigint)")
    engine.dispose()
    code, parts = states(command)
    assert (code, parts["the record's clock"][0]) == (1, "unwell")
    assert "NTP" in parts["the record's clock"][1]


def test_topics_are_made_once(embedded: Command, own_broker: Broker) -> None:
    settings = {"MOCGIOI_KAFKA": own_broker.bootstrap, "MOCGIOI_TOPICS_REPLICATED": "no"}
    first, again = (embedded("topics", "create", "--json", **settings) for _ in range(2))
    assert (first.code, sorted(first.document["created"]), first.document["differing"]) == (0, sorted(TOPICS), [])
    assert (again.code, again.document) == (0, {"created": [], "differing": []})
    replicated = embedded("topics", "create", MOCGIOI_KAFKA=own_broker.bootstrap)
    assert {code for code, _ in replicated.problems} == {"topic_differs"}


def test_a_cluster_too_small_for_replication_is_a_problem(embedded: Command, own_broker: Broker) -> None:
    done = embedded("topics", "create", MOCGIOI_KAFKA=own_broker.bootstrap)
    assert done.code == 1
    ((code, sentence),) = done.problems
    assert code == "topic_refused"
    assert "border." in sentence


def test_the_tables_are_made_once_by_however_many(embedded: Command, unmigrated: str) -> None:
    embedded.environment["MOCGIOI_DATABASE_URL"] = unmigrated
    refused = embedded("incidents", "list")
    assert (refused.code, refused.problems[0][0]) == (1, "not_migrated")
    assert "mocgioi db upgrade" in refused.err
    both = [embedded.start("db", "upgrade") for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    again = embedded("db", "upgrade")
    assert again.code == 0
    assert head() in again.out
    assert embedded("incidents", "list", "--json").document == []


def test_rebuilding_changes_nothing_that_is_right(command: Command, tmp_path: Path) -> None:
    command("ingest", write_events(tmp_path / "events.jsonl", [reported() for _ in range(4)]))
    before = command("incidents", "list", "--json").document
    done = command("db", "rebuild")
    assert (done.code, done.err) == (0, "")
    assert "incidents: 4" in done.out
    assert "appended: 0" in done.out
    assert command("incidents", "list", "--json").document == before


class Site:
    """A broker, a database, both workers and the command on them."""

    def __init__(self, command: Command, workers: Fleet, kafka: str) -> None:
        self.command = command
        self.kafka = kafka
        command.environment |= {"MOCGIOI_KAFKA": kafka, "MOCGIOI_TOPICS_REPLICATED": "no"}
        self.workers = [workers.start(stage) for stage in GROUPS]
        for worker in self.workers:
            worker.wait_ready()

    def waiting(self) -> list[dict[str, Any]]:
        return list(self.command("deadletter", "list", "--json").document)


@pytest.fixture
def site(command: Command, fresh_topics: str, database_url: str, tmp_path: Path) -> Iterator[Site]:
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        yield Site(command, workers, fresh_topics)


def test_a_dead_letter_is_listed_shown_and_sent_again(site: Site) -> None:
    broken = payload(reported(incident(kind="war")))
    publish(site.kafka, [(b"inc-1", broken), (b"inc-2", b"not json"), (b"inc-3", payload(reported(incident(text="TỐI MẬT: 4711"))))])
    wait_until(lambda: len(site.waiting()) == 3, "three dead letters")
    letters = {letter["code"]: letter for letter in site.waiting()}
    assert set(letters) == {"value", "json", "secret"}
    assert "payload" not in letters["value"]

    place = ":".join(str(letters["value"][name]) for name in ("topic", "partition", "offset"))
    assert site.command("deadletter", "show", place, "--json").document["payload"] == broken.decode()
    assert "war" in site.command("deadletter", "show", place).out
    hidden = ":".join(str(letters["secret"][name]) for name in ("topic", "partition", "offset"))
    assert site.command("deadletter", "show", hidden, "--json").document["payload"] is None
    gone = site.command("deadletter", "redrive", hidden)
    assert (gone.code, gone.problems[0][0]) == (1, "payload_gone")

    code, parts = states(site.command)
    assert (code, parts["dead letters"]) == (1, ("unwell", "mocgioi deadletter list"))
    assert "redriven: 1" in site.command("deadletter", "redrive", place).out
    wait_until(lambda: [letter["code"] for letter in site.waiting()].count("value") == 1, "it came back, since nothing was mended")
    assert len(site.command("deadletter", "list", "--all", "--json").document) == 4
    sent = [record for record in contents(site.kafka, INCIDENTS) if record.value == broken]
    assert [(record.key, record.partition) for record in sent] == [(b"inc-1", letters["value"]["partition"])] * 2
    assert "redriven: 1" in site.command("deadletter", "redrive", "--code", "json").out
    assert "redriven: 0" in site.command("deadletter", "redrive", "--code", "unheard").out
    assert "4711" not in site.command("deadletter", "list", "--all", "--json").out


def test_a_worker_that_stopped_itself_is_seen_and_let_go_on(site: Site) -> None:
    events = [reported(incident(kind="war"), source=f"/posts/p{number % 4}") for number in range(80)]
    publish(site.kafka, [(event["subject"].encode(), payload(event)) for event in events])
    classify = site.workers[0]
    wait_until(lambda: classify.ready()[1]["classify"]["stopped"], "classify stopped itself")
    done = site.command("doctor", "--json")
    (stage,) = [row for row in done.document if row["part"].startswith("độ trễ classify")]
    assert (done.code, stage["state"], stage["remedy"]) == (1, "unwell", "mocgioi deadletter resume")
    assert "dead letters" in stage["found"]
    resumed = site.command("deadletter", "resume")
    assert resumed.code == 0
    assert "resumed" in resumed.out
    wait_until(lambda: len(site.waiting()) == 80, "all of them are told")
    assert "nothing was stopped" in site.command("deadletter", "resume").out


def test_an_assessment_goes_through_kafka_where_there_is_one(site: Site, tmp_path: Path) -> None:
    event = reported()
    assert site.command("ingest", "--kafka", write_events(tmp_path / "events.jsonl", [event])).code == 0

    def outcomes() -> list[str]:
        return [row["outcome"] for row in site.command("incidents", "list", "--json").document]

    wait_until(lambda: outcomes() == ["breach"], "recorded")
    options = ["--outcome", "exempt", "--reason", "khảo sát", "--office", "so-ngoai-vu-lang-son"]
    assert "published" in site.command("incidents", "assess", event["subject"], *options).out
    wait_until(lambda: outcomes() == ["exempt"], "assessed")


def test_a_worker_says_that_its_port_is_taken(site: Site, tmp_path: Path) -> None:
    page = site.workers[0].logged("listening")[-1]
    port = page["port"]
    assert page["host"] == "127.0.0.1", "nobody else sees it unasked"
    done = site.command("worker", "classify", MOCGIOI_METRICS_PORT=str(port), MOCGIOI_LOG="json", timeout_s=60)
    assert done.code == 1
    log_lines = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    assert [line["port"] for line in log_lines if line["event"] == "no_page"] == [port]


def test_an_embedded_dead_letter_is_sent_again_through_the_spool(command: Command, database_url: str, tmp_path: Path) -> None:
    """Validation refuses everything else before, so an embedded dead letter is a rule's crash."""
    command("ingest", write_events(tmp_path / "first.jsonl", [reported()]))
    event = reported()
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            'INSERT INTO dead_letter (log, topic, partition, "offset", received_at, code, reason, payload, sha256, key, recorded_at)'
            " VALUES ('spool-1', 'spool', 0, 7, now(), 'rule_crash', 'x', %s, repeat('0', 64), %s, now())",
            (payload(event), event["subject"].encode()),
        )
    engine.dispose()
    assert [letter["code"] for letter in command("deadletter", "list", "--json").document] == ["rule_crash"]
    assert "redriven: 1" in command("deadletter", "redrive", "--all").out
    assert command("deadletter", "list", "--json").document == []
    assert event["subject"] in {row["incident"] for row in command("incidents", "list", "--json").document}


def test_a_dead_letter_goes_to_a_source_topic_only(site: Site, database_url: str) -> None:
    """A forged one could have a verdict, or a resumption, sent in our name."""
    forged = [(topic, 0) for topic in (*RESULTS, CONTROL, "elsewhere")] + [(INCIDENTS, 4711)]
    with psycopg.connect(database_url) as connection:
        for topic, partition in forged:
            connection.execute(
                'INSERT INTO dead_letter (log, topic, partition, "offset", received_at, code, reason, payload, sha256, recorded_at)'
                " VALUES ('l', %s, %s, 7, now(), 'value', 'x', %s, %s, now())",
                (topic, partition, b"{}", hashlib.sha256(b"{}").hexdigest()),
            )
    before = {topic: len(contents(site.kafka, topic)) for topic in (INCIDENTS, *RESULTS)}
    for topic, _ in forged[:4]:
        done = site.command("deadletter", "redrive", f"{topic}:0:7")
        assert (done.code, [code for code, _ in done.problems]) == (1, ["not_a_source"])
        assert topic in done.problems[0][1]
    done = site.command("deadletter", "redrive", f"{INCIDENTS}:4711:7", timeout_s=20)
    assert (done.code, [code for code, _ in done.problems]) == (1, ["payload_gone"])
    assert {topic: len(contents(site.kafka, topic)) for topic in before} == before
    assert len(site.waiting()) == len(forged)
