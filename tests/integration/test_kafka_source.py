"""Kafka keeps to what every source keeps to, and to what only Kafka can break."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas.records import Position, PositionLost, Unavailable
from schemas.topics import INCIDENTS
from streams import topics
from streams.group_offsets import commit, committed
from streams.kafka import Cluster
from streams.kafka_source import KafkaSource
from streams.lag import lag
from streams.pause import PauseFlag
from streams.source import Source
from tests.support.kafka import Broker, java
from tests.support.kafka import fresh_topics as renew
from tests.support.publishing import delete_records
from tests.support.source_contract import OffsetsInMemory, PauseContract, opened, places, read

_groups = itertools.count(1)


class _Kafka:
    def __init__(self, bootstrap: str, offsets: OffsetsInMemory | None) -> None:
        self.bootstrap = bootstrap
        self.cluster = Cluster(bootstrap=bootstrap)
        self.group = f"contract-{next(_groups)}"
        self.offsets = offsets

    async def append(self, count: int) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all") as producer:
            for number in range(count):
                await producer.send(INCIDENTS, b"{}", partition=number % 3)

    async def forget(self) -> None:
        await asyncio.to_thread(delete_records, self.bootstrap, INCIDENTS)

    async def stand(self, past: int) -> None:
        await self.change(lambda position: position._replace(offset=position.offset + past))

    async def change(self, how: Callable[[Position], Position]) -> None:
        """Store other positions."""
        if self.offsets is not None:
            self.offsets.stored = {partition: how(position) for partition, position in self.offsets.stored.items()}
            return
        stored = await committed(self.cluster, self.group)
        await commit(self.cluster, self.group, {partition: how(position) for partition, position in stored.items()})

    async def resume(self) -> None:
        await PauseFlag(self.cluster, self.group).clear()

    def source(self) -> KafkaSource:
        return KafkaSource(self.cluster, topics=(INCIDENTS,), group=self.group, offsets=self.offsets, max_records=10, session_timeout_s=3)


def _checked(position: Position, *, offset: int, last: int) -> Position:
    assert position.last is not None
    assert (position.offset, position.last.offset) == (offset, last)
    return position


async def _commit(bootstrap: str, group: str, ends: Mapping[TopicPartition, int]) -> None:
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False) as consumer:
        consumer.assign(list(ends))
        await consumer.commit(ends)


class TestKafkaSource(PauseContract):
    @pytest.fixture(params=["offsets of the group", "offset store"])
    def log(self, request: pytest.FixtureRequest, fresh_topics: str) -> _Kafka:
        return _Kafka(fresh_topics, OffsetsInMemory() if request.param == "offset store" else None)

    def test_refuses_a_position_of_a_topic_that_was_made_anew_though_the_new_one_is_longer(self, log: _Kafka) -> None:
        async def story() -> None:
            await log.append(30)
            first = await opened(log)
            await self.safe(log, first, await read(first, 30))
            await first.close()
            if log.offsets is None:  # Kafka forgets a group's offsets with their topic, so nothing of the old one is left to compare
                await log.change(lambda position: position._replace(incarnation="11111111-2222-3333-4444-555555555555"))
            else:
                await asyncio.to_thread(renew, log.bootstrap)
            await log.append(300)
            source = await opened(log)
            with pytest.raises(
                PositionLost, match=r"stands at \d+: it was stored of the topic \S{36}, which is \S{36} now: the topic was made anew"
            ):
                await read(source, 1)
            await source.close()

        self.run(story())

    def test_knows_its_log_by_the_last_record_read_though_a_transactions_mark_stands_behind_it(self, log: _Kafka) -> None:
        async def story() -> None:
            source = await opened(log)
            async with (
                AIOKafkaProducer(bootstrap_servers=log.bootstrap, transactional_id=log.group) as producer,
                producer.transaction(),
            ):
                for number in range(30):
                    await producer.send(INCIDENTS, b"{}", partition=number % 3)
            batches = await read(source, 30)
            async with asyncio.timeout(10):
                while source.lag() != {INCIDENTS: 0}:  # type: ignore[attr-defined]
                    if (batch := await source.poll()) is not None:
                        batches.append(batch)
            await self.safe(log, source, batches)
            await source.close()
            await log.change(lambda position: position if position.last is None else _checked(position, offset=11, last=9))
            await log.append(3)
            again = await opened(log)
            await read(again, 3)
            await again.close()

        self.run(story())

    @pytest.mark.parametrize("change", [{"digest": "0123456789abcdef"}, {"timestamp": 0}], ids=str)
    def test_refuses_a_log_that_has_another_record_where_it_read_last(self, log: _Kafka, change: dict[str, Any]) -> None:
        async def story() -> None:
            await self._stands_behind_30(log)
            await log.change(
                lambda position: position if position.last is None else position._replace(last=position.last._replace(**change))
            )
            await log.append(300)
            source = await opened(log)
            record = r"9 of \S+ \([0-9a-f]{16}\)"
            with pytest.raises(
                PositionLost, match=f"stands at 10: the record read last was {record}, but the log has {record}: another log"
            ):
                await read(source, 1)
            await source.close()

        self.run(story())

    def test_refuses_a_log_that_has_no_record_where_it_read_last(self, log: _Kafka) -> None:
        async def story() -> None:
            await self._stands_behind_30(log)
            async with AIOKafkaProducer(bootstrap_servers=log.bootstrap, transactional_id=log.group) as producer, producer.transaction():
                for number in range(3):
                    await producer.send(INCIDENTS, b"{}", partition=number)
            mark = 11
            await log.change(
                lambda position: (
                    position if position.last is None else Position(mark + 1, position.incarnation, position.last._replace(offset=mark))
                )
            )
            source = await opened(log)
            with pytest.raises(PositionLost, match=r"stands at 12: the record read last was 11 of .*, but the log has none there"):
                await read(source, 1)
            await source.close()

        self.run(story())

    def test_goes_on_where_the_record_read_last_was_deleted_but_none_behind_it(self, log: _Kafka) -> None:
        async def story() -> None:
            await self._stands_behind_30(log)
            await log.forget()
            await log.append(3)
            source = await opened(log)
            assert len(places(await read(source, 3))) == 3
            await source.close()

        self.run(story())

    async def _stands_behind_30(self, log: _Kafka) -> None:
        """10 records in each of three partitions, all of them read."""
        await log.append(30)
        source = await opened(log)
        await self.safe(log, source, await read(source, 30))
        await source.close()

    def test_has_no_lag_at_rest_behind_the_marks_of_transactions(self, log: _Kafka) -> None:
        async def story() -> None:
            source = await opened(log)
            async with AIOKafkaProducer(bootstrap_servers=log.bootstrap, transactional_id=log.group) as producer:
                async with producer.transaction():
                    for number in range(30):
                        await producer.send(INCIDENTS, b"{}", partition=number % 3)
                await producer.begin_transaction()
                await producer.send_and_wait(INCIDENTS, b"{}", partition=5)
                await producer.abort_transaction()
            batches = await read(source, 30)
            async with asyncio.timeout(10):
                while source.lag() != {INCIDENTS: 0} or len(source._next) < 12 or source._next[INCIDENTS, 5] != 2:  # type: ignore[attr-defined]
                    if (batch := await source.poll()) is not None:
                        assert not batch.records
                        batches.append(batch)
            await self.safe(log, source, batches)
            assert await lag(log.cluster, log.group, [INCIDENTS]) == 0
            await source.close()

        self.run(story())


def test_takes_a_position_that_an_older_version_committed_without_the_topics_id(fresh_topics: str) -> None:
    log = _Kafka(fresh_topics, None)

    async def story() -> None:
        await log.append(30)
        await _commit(fresh_topics, log.group, {TopicPartition(INCIDENTS, number): 6 for number in range(3)})
        source = await opened(log)
        assert {record.offset for batch in await read(source, 12) for record in batch.records} == {6, 7, 8, 9}
        await source.close()

    asyncio.run(story())


def test_notices_a_topic_that_is_made_anew_while_it_is_read(fresh_topics: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.kafka_source._LOOK_S", 0.2)
    log = _Kafka(fresh_topics, OffsetsInMemory())

    async def story() -> None:
        await log.append(30)
        source = await opened(log)
        for batch in await read(source, 30):
            log.offsets.move(batch)  # type: ignore[union-attr]
        await asyncio.to_thread(renew, log.bootstrap)
        await log.append(300)
        with pytest.raises(PositionLost, match="made anew"):
            await _read_nothing(source)
        await source.close()

    asyncio.run(story())


async def _read_nothing(source: Source) -> None:
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(Unavailable):  # while there is no topic
                assert await source.poll() is None, "read from its middle"


def test_a_pause_outlasts_what_kafka_remembers_of_groups(own_broker: Broker) -> None:
    """Offsets of a group without members, where the flag once was, are forgotten after `offsets.retention.minutes`."""
    cluster = Cluster(bootstrap=own_broker.bootstrap)
    flag = PauseFlag(cluster, "mocgioi-classify")
    asyncio.run(topics.create(cluster))
    asyncio.run(flag.set("50 dead letters"))
    asyncio.run(_commit(own_broker.bootstrap, "without members", {TopicPartition(INCIDENTS, 0): 5}))
    java(
        *("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server", own_broker.bootstrap),
        *("--delete", "--all-groups"),
    )
    assert asyncio.run(flag.read()) == "50 dead letters"
    asyncio.run(flag.clear())
    assert asyncio.run(flag.read()) is None


def test_the_flags_of_two_groups_are_two_and_the_latest_of_each_holds(fresh_topics: str) -> None:
    cluster = Cluster(bootstrap=fresh_topics)
    one, other = PauseFlag(cluster, "one"), PauseFlag(cluster, "other")

    async def story() -> None:
        assert await one.read() is None
        for number in range(5):
            await one.set(f"reason {number}")
        await other.set("another")
        await one.set("the last")
        assert (await one.read(), await other.read()) == ("the last", "another")
        await one.clear()
        assert (await one.read(), await other.read()) == (None, "another")

    asyncio.run(story())


def test_without_its_topic_the_flag_is_waited_for_and_said(own_broker: Broker) -> None:
    with pytest.raises(Unavailable, match=r"no such topic: border\.control\.v1; run `mocgioi topics create`"):
        asyncio.run(PauseFlag(Cluster(bootstrap=own_broker.bootstrap), "one").read())
