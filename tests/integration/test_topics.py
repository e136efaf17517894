"""Creating and checking the topics on a real broker, and the broker of the tests itself."""

import asyncio
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.records import Unavailable
from schemas.topics import DEVELOPMENT, INCIDENTS, MAX_MESSAGE_BYTES, PRODUCTION, TOPICS, VERDICTS
from streams import brokers, topics
from streams.kafka import Cluster
from tests.support.kafka import Broker, free_port, single_node


def test_the_missing_topics_are_created_and_again_changes_nothing(own_broker: Broker):
    assert asyncio.run(topics.create(Cluster(bootstrap=own_broker.bootstrap))) == topics.Creation(created=list(TOPICS), differences=[])
    assert asyncio.run(topics.create(Cluster(bootstrap=own_broker.bootstrap))) == topics.Creation(created=[], differences=[])
    assert asyncio.run(topics.check(Cluster(bootstrap=own_broker.bootstrap))) == []


def test_a_topic_that_differs_is_reported_and_left_alone(own_broker: Broker):
    asyncio.run(_create_topic(own_broker.bootstrap, NewTopic(VERDICTS, 3, 1, topic_configs={"retention.ms": "1000"})))
    first = asyncio.run(topics.create(Cluster(bootstrap=own_broker.bootstrap)))
    assert first.created == [topic for topic in TOPICS if topic != VERDICTS]
    deviations = {(difference.topic, difference.setting): (difference.expected, difference.actual) for difference in first.differences}
    assert deviations[VERDICTS, "partitions"] == ("12", "3")
    assert deviations[VERDICTS, "retention.ms"] == ("-1", "1000")
    assert deviations[VERDICTS, "max.message.bytes"] == (str(MAX_MESSAGE_BYTES), "1048588")
    assert {topic for topic, _ in deviations} == {VERDICTS}
    assert asyncio.run(topics.check(Cluster(bootstrap=own_broker.bootstrap))) == first.differences
    assert str(first.differences[0]) == "border.verdicts.v1: partitions is 3, expected 12"


def test_topics_of_a_development_broker_are_reported_where_production_is_expected(fresh_topics: str):
    deviations = asyncio.run(topics.check(Cluster(bootstrap=fresh_topics), PRODUCTION))
    assert {(difference.setting, difference.expected, difference.actual) for difference in deviations} == {
        ("replication", "3", "1"),
        ("min.insync.replicas", "2", "1"),
    }
    assert {difference.topic for difference in deviations} == set(TOPICS)


def test_missing_topics_are_reported(own_broker: Broker):
    assert asyncio.run(topics.check(Cluster(bootstrap=own_broker.bootstrap))) == [
        topics.TopicDifference(topic, "topic", "present", "missing") for topic in TOPICS
    ]


def test_a_broker_that_cannot_copy_a_topic_refuses_it_with_its_reason(own_broker: Broker):
    with pytest.raises(topics.TopicRefused, match=r"border\.incidents\.v1: InvalidReplicationFactor"):
        asyncio.run(topics.create(Cluster(bootstrap=own_broker.bootstrap), PRODUCTION))
    assert len(asyncio.run(topics.check(Cluster(bootstrap=own_broker.bootstrap)))) == len(TOPICS)


def test_a_broker_that_does_not_answer_is_said():
    nobody = Cluster(bootstrap=f"127.0.0.1:{free_port()}")
    for question in (topics.create, topics.check):
        with pytest.raises(Unavailable, match="KafkaConnectionError") as refused:
            asyncio.run(question(nobody))
        assert refused.value.part == "broker"


def test_fresh_topics_are_empty_again(kafka: Broker, fresh_topics: str):
    from tests.support.kafka import fresh_topics as renew

    assert asyncio.run(_end_of(fresh_topics)) == 0
    asyncio.run(_send(fresh_topics))
    assert asyncio.run(_end_of(fresh_topics)) == 1
    renew(kafka.bootstrap)
    assert asyncio.run(_end_of(fresh_topics)) == 0
    asyncio.run(_send(fresh_topics))
    assert asyncio.run(_end_of(fresh_topics)) == 1


def test_an_acknowledged_record_survives_the_kill_of_the_broker_which_is_back_in_seconds(own_broker: Broker):
    asyncio.run(topics.create(Cluster(bootstrap=own_broker.bootstrap)))
    asyncio.run(_send(own_broker.bootstrap))
    own_broker.kill()
    assert not own_broker.running
    began = time.monotonic()
    own_broker.start()
    assert time.monotonic() - began < 8  # 2 s on an idle machine; with the default session it is 11 s
    assert asyncio.run(_end_of(own_broker.bootstrap)) == 1


def test_a_broker_does_not_outlive_the_run_that_started_it(tmp_path: Path):
    program = textwrap.dedent("""
        import os, pathlib, signal, sys
        from tests.support.kafka import single_node
        broker = single_node(pathlib.Path(sys.argv[1]))
        broker.start()
        print(broker._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(pid)


def test_a_broker_that_cannot_start_says_why(tmp_path: Path, own_broker: Broker):
    twin = Broker(tmp_path / "twin.properties", own_broker.port)
    twin.properties.write_text(own_broker.properties.read_text())
    with pytest.raises(RuntimeError, match=r"(?s)died.*Address already in use"):
        twin.start()


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    try:
        return "State:\tZ" not in status.read_text()
    except FileNotFoundError:
        return False


async def _create_topic(bootstrap: str, topic: NewTopic) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        response = await admin.create_topics([topic])
        assert [error[1] for error in response.topic_errors] == [0]
    finally:
        await admin.close()


async def _send(bootstrap: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        await producer.send_and_wait(INCIDENTS, b"x", key=b"k")
    finally:
        await producer.stop()


async def _end_of(bootstrap: str) -> int:
    """How many records the incidents topic has ever taken."""
    consumer = AIOKafkaConsumer(INCIDENTS, bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        return sum((await consumer.end_offsets(list(consumer.assignment()))).values())
    finally:
        await consumer.stop()


def test_settings_of_a_broker_that_a_topic_cannot_make_good_are_found(tmp_path: Path):
    broker = single_node(tmp_path / "kafka", {"auto.create.topics.enable": "true", "offsets.retention.minutes": "60"})
    broker.start()
    try:
        deviations = asyncio.run(brokers.check(Cluster(bootstrap=broker.bootstrap), PRODUCTION))
    finally:
        broker.kill()
    assert deviations is not None
    assert [(unsafe.broker, unsafe.setting, unsafe.value, unsafe.needed) for unsafe in deviations] == [
        (1, "auto.create.topics.enable", "true", "false"),
        (1, "offsets.topic.replication.factor", "1", "3+"),
        (1, "offsets.retention.minutes", "60", "10080+"),
    ]


def test_a_broker_that_is_set_as_we_need_it_is_taken(kafka: Broker):
    assert asyncio.run(brokers.check(Cluster(bootstrap=kafka.bootstrap), DEVELOPMENT)) == []
