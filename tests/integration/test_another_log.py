"""Another log under the same cluster id: nothing new is passed over in silence, and a person says where to go on."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemas.records import PositionLost, Unavailable
from schemas.topics import INCIDENTS, VERDICTS
from streams.batch import last_of
from streams.kafka import Cluster
from streams.kafka_source import KafkaSource
from streams.source import Source
from tests.builders import payload, reported
from tests.support.faults import WellAgain
from tests.support.kafka import Broker, fresh_topics
from tests.support.publishing import contents, publish
from tests.support.source_contract import OffsetsInMemory, read
from tests.support.workers import Fleet, fleet, stopped_for_good, wait_until

KEY = b"one subject, so one partition"
REASON = ("--reason", "đĩa của Kafka được phục hồi từ bản sao")


class Site:
    """A broker, a database, and workers of both stages when they are wanted."""

    def __init__(self, broker: Broker, workers: Fleet, record: psycopg.Connection) -> None:
        self.broker = broker
        self.workers = workers
        self.record = record
        self.published: list[str] = []

    def publish(self, count: int) -> None:
        events = [reported() for _ in range(count)]
        publish(self.broker.bootstrap, [(KEY, payload(event)) for event in events])
        self.published += [event["id"] for event in events]

    def publish_poison(self, value: bytes) -> None:
        publish(self.broker.bootstrap, [(KEY, value)])

    def events(self) -> set[str]:
        return {row[0] for row in self.record.execute("SELECT id FROM event").fetchall()}

    def letters(self) -> list[tuple[int, bytes]]:
        return self.record.execute('SELECT "offset", payload FROM dead_letter ORDER BY recorded_at').fetchall()

    def run_until_recorded(self) -> None:
        """Both stages, until all that was published is recorded; then they end."""
        worker = self.workers.start("all")
        worker.wait_for(lambda: self.events() == set(self.published), "all that was published is recorded")
        assert worker.terminate() == 0

    def positions(self, *arguments: str) -> tuple[int, Any]:
        done = self.workers.run("positions", "show", "--json", *arguments)
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def site(own_broker: Broker, database_url: str, tmp_path: Path) -> Iterator[Site]:
    fresh_topics(own_broker.bootstrap)
    settings = {"MOCGIOI_TOPICS_REPLICATED": "no"}
    with (
        fleet(tmp_path, own_broker.bootstrap, database_url, **settings) as workers,
        psycopg.connect(database_url, autocommit=True) as record,
    ):
        yield Site(own_broker, workers, record)


@pytest.mark.fault(
    what="An older log is put back under Kafka",
    how="the broker's data folder is copied, more is recorded, and the copy is put back; new events make the log longer than it was",
    then="the record worker stops and says which record it had read and which is there now; `mocgioi positions reset` lets it go on",
)
def test_an_older_log_put_back_stops_record_until_a_person_decides(site: Site, tmp_path: Path, well_again: WellAgain) -> None:
    site.publish(5)
    site.run_until_recorded()
    site.broker.stop()
    shutil.copytree(site.broker.data, tmp_path / "copy")
    site.broker.start()
    site.publish(5)
    site.run_until_recorded()
    site.broker.stop()
    _put_back(site.broker, tmp_path / "copy")
    site.publish(8)
    site.workers.start("classify")
    wait_until(lambda: len(contents(site.broker.bootstrap, VERDICTS)) == 13, "the log is longer than it was")
    record = site.workers.start("record")
    reason = stopped_for_good(record)
    assert "another log was put in its place" in reason
    assert len(site.events()) == 10, "what is new was not read past"

    code, rows = site.positions()
    assert code == 1
    (different,) = [row for row in rows if row["agrees"] is False]
    assert (different["stage"], different["offset"]) == ("record", 10)
    assert reason.endswith(different["difference"])
    record.terminate()
    with well_again():
        assert site.workers.run("positions", "reset", *REASON, "--differing").returncode == 0
        site.workers.start("record")
        wait_until(lambda: site.events() == set(site.published), "the new events too")


@pytest.mark.fault(
    what="An older log is put back under a worker that runs",
    how="as above, while a worker waits for the broker; new events make the log longer before it polls again",
    then="the log is compared again, as at a start, before anything is read of it",
)
def test_a_worker_that_waited_for_its_broker_reads_nothing_of_another_log(own_broker: Broker, tmp_path: Path) -> None:
    cluster, offsets = Cluster(bootstrap=own_broker.bootstrap), OffsetsInMemory()
    fresh_topics(own_broker.bootstrap)

    def send(count: int) -> None:
        publish(own_broker.bootstrap, [(KEY, payload(reported())) for _ in range(count)])

    async def story() -> None:
        source = KafkaSource(cluster, topics=(INCIDENTS,), group="waits", offsets=offsets)
        await source.start(_nothing)
        for batch in await read(source, 10):
            offsets.move(batch)
            await source.release(batch.positions, last_of(batch.records))
        await asyncio.to_thread(own_broker.stop)
        with pytest.raises(Unavailable):
            await _poll_until_it_raises(source)
        await asyncio.to_thread(_put_back, own_broker, tmp_path / "copy")
        await asyncio.to_thread(send, 20)
        with pytest.raises(PositionLost, match=r"stands at 10: .* another log was put in its place"):
            await _poll_until_it_raises(source, waiting=True)
        await source.close()

    send(5)
    own_broker.stop()
    shutil.copytree(own_broker.data, tmp_path / "copy")
    own_broker.start()
    send(5)
    asyncio.run(story())


def _put_back(broker: Broker, copy: Path) -> None:
    shutil.rmtree(broker.data)
    shutil.copytree(copy, broker.data)
    broker.start()


async def _nothing() -> None:
    pass


async def _poll_until_it_raises(source: Source, *, waiting: bool = False) -> None:
    """Nothing is read meanwhile. `waiting`: a broker that is not there yet is waited for."""
    async with asyncio.timeout(60):
        while True:
            try:
                assert await source.poll() is None
            except Unavailable:
                if not waiting:
                    raise
                await asyncio.sleep(0.2)


@pytest.mark.fault(
    what="Kafka's disk is lost and formatted again under the same cluster id",
    how="the data folder is removed, formatted and the topics created; an unreadable event comes to the place where one was before",
    then="the record worker stops and says both topics; after `mocgioi positions reset` all is recorded, both dead letters too",
)
def test_a_disk_formatted_again_stops_record_and_its_dead_letters_are_kept_beside_the_old_ones(site: Site, well_again: WellAgain) -> None:
    site.publish_poison(b"{bad 1")
    site.publish(5)
    site.run_until_recorded()
    wait_until(lambda: len(site.letters()) == 1, "the first letter")
    site.broker.stop()
    site.broker.lose_disk()
    site.broker.start()
    assert site.workers.run("topics", "create").returncode == 0
    site.publish_poison(b"{bad 2: another letter at the same place")
    site.publish(8)
    site.workers.start("classify")
    record = site.workers.start("record")
    assert "the topic was made anew" in stopped_for_good(record)
    record.terminate()
    with well_again():
        assert site.workers.run("positions", "reset", *REASON).returncode == 1, "classify is at work, and its positions are meant too"
        assert site.workers.run("positions", "reset", *REASON, "--stage", "record").returncode == 0
        site.workers.start("record")
        wait_until(lambda: site.events() == set(site.published), "the new events too")
    wait_until(lambda: len(site.letters()) == 2, "the second letter")
    assert [offset for offset, _ in site.letters()] == [0, 0]
