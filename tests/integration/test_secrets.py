"""A payload marked secret leaves nothing of itself anywhere: canaries in all its places, and then a look at every place we write to."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas.topics import CONTROL, DEAD_LETTERS, INCIDENTS, VERDICTS
from tests.builders import payload, reported
from tests.support.canaries import assert_absent, canaries, every_row, marked
from tests.support.commands import Command
from tests.support.faults import WellAgain
from tests.support.publishing import contents
from tests.support.workers import fleet, wait_until

CANARY = "k7391canary"
POSTS = ("tan-thanh", "huu-nghi", "tra-linh")
HEADERS = [(CANARY, CANARY.encode())]


def of_three_posts() -> list[bytes]:
    """So many that the circuit breaker opens and says of whom."""
    sources = [f"/posts/{POSTS[number % 3]}/{CANARY}" for number in range(60)]
    return [payload(marked(source=source, id=f"{CANARY}-{number}")) for number, source in enumerate(sources)]


def send(bootstrap: str, values: list[bytes]) -> None:
    async def all_of_them() -> None:
        async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
            for value in values:
                await producer.send_and_wait(INCIDENTS, value, key=f"inc-{CANARY}".encode(), headers=HEADERS)

    asyncio.run(all_of_them())


def control(bootstrap: str) -> list[bytes]:
    """The pause flags."""

    async def ask() -> list[bytes]:
        async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False) as consumer:
            place = TopicPartition(CONTROL, 0)
            consumer.assign([place])
            end = (await consumer.end_offsets([place]))[place]
            flags: list[bytes] = []
            while await consumer.position(place) < end:
                flags += [record.value for record in (await consumer.getmany(place, timeout_ms=200)).get(place, [])]
            return flags

    return asyncio.run(ask())


def assert_no_canary(where: str, content: bytes) -> None:
    assert_absent(CANARY, where, content)


@pytest.mark.fault(
    what="payloads marked secret, a canary in each of their places",
    how="76 records: in key, headers, every attribute and field, cut off, in UTF-16, UTF-32 and TCVN3; then as a file for `ingest`",
    then="reason, origin and SHA-256 are kept: no canary in the database, our topics, logs, metrics, `/readyz`, the pause flag, the spool",
)
def test_of_a_payload_marked_secret_nothing_is_found_anywhere(
    fresh_topics: str, database_url: str, command: Command, tmp_path: Path, well_again: WellAgain
) -> None:
    values = [*canaries(CANARY), payload(reported(id="honest", sequence="9", subject="inc-honest"))]
    with fleet(tmp_path, fresh_topics, database_url) as workers, psycopg.connect(database_url, autocommit=True) as record:

        def letters() -> list[tuple[str, int]]:
            return record.execute("SELECT code, count(*) FROM dead_letter GROUP BY 1 ORDER BY 1").fetchall()

        worker = workers.start("all")
        worker.wait_ready()
        send(fresh_topics, values)
        with well_again():
            wait_until(lambda: record.execute("SELECT count(*) FROM event").fetchone() == (1,), "the honest event")
        assert letters() == [("json", 1), ("secret", len(values) - 2)]
        send(fresh_topics, of_three_posts())
        worker.wait_for(lambda: worker.ready()[1]["classify"]["stopped"], "stopped")
        assert worker.ready()[1]["classify"]["stopped"]
        assert "posts/huu-nghi" in worker.logged("stopped")[-1]["reason"], "those that the register knows are named"
        for path in ("/readyz", "/metrics", "/healthz"):
            assert_no_canary(path, worker.page(path)[1].encode())
        resumed = workers.run("deadletter", "resume")
        assert_no_canary("deadletter resume", (resumed.stdout + resumed.stderr).encode())
        worker.wait_for(lambda: sum(number for _, number in letters()) == len(values) - 1 + 60, "all read")
        assert_no_canary("the worker's log", worker.log.read_bytes())
        listed = workers.run("deadletter", "list", "--json")
        assert_no_canary("deadletter list", (listed.stdout + listed.stderr).encode())
        unread = workers.run("deadletter", "redrive", "--code", "json")
        assert "problem: payload_gone: " in unread.stderr, "what cannot be read for a marking is not sent again"
    for topic in (VERDICTS, DEAD_LETTERS):
        for message in contents(fresh_topics, topic):
            assert_no_canary(topic, repr((message.key, message.headers)).encode() + (message.value or b""))
            assert topic == VERDICTS or (message.key, message.value) == (None, None)
    flags = control(fresh_topics)
    assert any(b"posts/tan-thanh" in flag for flag in flags)
    assert_no_canary(CONTROL, b"".join(flags))
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join([*(value for value in values if b"\n" not in value), payload(reported(id="second", sequence="10"))]))
    done = command("ingest", file, "--json")
    assert (done.code, done.document["accepted"]) == (1, 1)
    assert_no_canary("ingest", (done.out + done.err).encode())
    for kept in command.home.rglob("*"):
        if kept.is_file():
            assert_no_canary(str(kept), kept.read_bytes())
    for row in every_row(database_url):
        assert_no_canary("PostgreSQL", row)
