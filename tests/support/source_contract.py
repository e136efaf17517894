"""What every source of intake keeps to, as tests over a log that each kind of source brings along."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

import pytest

from schemas.records import Partition, Position, PositionLost
from streams.batch import Batch, last_of
from streams.source import Source


class TestedLog(Protocol):
    """A log, and one stage that reads it."""

    async def append(self, count: int) -> None:
        """Write so many records."""

    async def forget(self) -> None:
        """Delete what was written so far, as retention does."""

    async def stand(self, past: int) -> None:
        """Store a position so many records behind the end of every partition that the stage has read."""

    def source(self) -> Source:
        """The log as a worker finds it: another one each time, over the same log and positions."""


class OffsetsInMemory:
    """An offset store that outlives its workers."""

    def __init__(self) -> None:
        self.stored: dict[Partition, Position] = {}

    async def positions(self, log: str, beginnings: Mapping[Partition, Position]) -> Mapping[Partition, Position]:
        for partition, position in beginnings.items():
            self.stored.setdefault(partition, position)
        return {partition: self.stored[partition] for partition in beginnings}

    def move(self, batch: Batch) -> None:
        """What record's transaction does."""
        last = last_of(batch.records)
        for partition, (start, end) in batch.positions.items():
            stood = self.stored[partition]
            assert stood.offset == start
            self.stored[partition] = Position(end, stood.incarnation, last.get(partition, stood.last))


async def _nothing() -> None:
    pass


async def opened(log: TestedLog) -> Source:
    """A worker's source, connected."""
    source = log.source()
    await source.start(_nothing)
    return source


async def read(source: Source, count: int) -> list[Batch]:
    """The next batches, with so many records in all."""
    batches: list[Batch] = []
    async with asyncio.timeout(20):
        while sum(len(batch.records) for batch in batches) < count:
            if (batch := await source.poll()) is not None:
                batches.append(batch)
    assert sum(len(batch.records) for batch in batches) == count
    return batches


def places(batches: list[Batch]) -> set[tuple[str, int, int]]:
    """Where the records of some batches stand."""
    return {(record.topic, record.partition, record.offset) for batch in batches for record in batch.records}


class SourceContract:
    """Subclasses give the fixture `log`. Batches hold at most 10 records."""

    async def safe(self, log: Any, source: Source, batches: list[Batch]) -> None:
        """Everything about these batches is done; a stage with an offset store has moved its positions."""
        for batch in batches:
            if (offsets := getattr(log, "offsets", None)) is not None:
                offsets.move(batch)
            await source.release(batch.positions, last_of(batch.records))

    def run(self, story: Awaitable[None]) -> None:
        asyncio.run(story)  # type: ignore[arg-type]

    def test_begins_at_the_beginning_and_its_batches_tile_the_log(self, log: Any) -> None:
        async def story() -> None:
            await log.append(60)
            source = await opened(log)
            batches = await read(source, 60)
            assert len(batches) >= 6
            assert len(places(batches)) == 60
            stands: dict[Partition, int] = {}
            for batch in batches:
                for partition, (start, end) in batch.positions.items():
                    offsets = [record.offset for record in batch.records if (record.topic, record.partition) == partition]
                    assert start == stands.get(partition, offsets[0]), "no gap and no overlap"
                    assert offsets == sorted(offsets)
                    assert start <= offsets[0] <= offsets[-1] < end
                    stands[partition] = end
            await source.close()

        self.run(story())

    def test_resumes_where_it_stands_and_reads_what_was_not_released_again(self, log: Any) -> None:
        async def story() -> None:
            await log.append(60)
            first = await opened(log)
            batches = await read(first, 60)
            await self.safe(log, first, batches[:2])
            await first.close()
            second = await opened(log)
            assert places(await read(second, 60 - sum(len(batch.records) for batch in batches[:2]))) == places(batches[2:])
            await second.close()

        self.run(story())

    def test_redelivers_from_the_last_safe_positions_once_it_is_rewound(self, log: Any) -> None:
        async def story() -> None:
            await log.append(60)
            source = await opened(log)
            batches = await read(source, 60)
            source.rewind()
            assert places(await read(source, 60)) == places(batches), "nothing was released"
            source.rewind()
            batches = await read(source, 60)
            await self.safe(log, source, batches[:3])
            source.rewind()
            assert places(await read(source, 60 - sum(len(batch.records) for batch in batches[:3]))) == places(batches[3:])
            await source.close()

        self.run(story())

    def test_refuses_a_position_before_the_log(self, log: Any) -> None:
        async def story() -> None:
            await log.append(30)
            first = await opened(log)
            batches = await read(first, 30)
            await self.safe(log, first, batches[:1])
            await first.close()
            await log.forget()
            await self.refused(log)

        self.run(story())

    def test_refuses_a_position_behind_the_log(self, log: Any) -> None:
        async def story() -> None:
            await log.append(30)
            first = await opened(log)
            await self.safe(log, first, await read(first, 30))
            await first.close()
            await log.stand(past=1)
            await self.refused(log)

        self.run(story())

    async def refused(self, log: Any) -> None:
        source = await opened(log)
        with pytest.raises(PositionLost, match=r"stands at \d+"):
            await read(source, 1)
        await source.close()


class PauseContract(SourceContract):
    """Of a source whose workers come back by themselves."""

    def test_remembers_a_pause_over_restarts_until_it_is_lifted(self, log: Any) -> None:
        async def story() -> None:
            first = await opened(log)
            assert await first.paused() is None
            await first.pause("50 dead letters")
            assert await first.paused() == "50 dead letters"
            await first.close()
            second, third = await opened(log), await opened(log)
            assert await second.paused() == await third.paused() == "50 dead letters"
            await log.resume()
            assert await second.paused() is await third.paused() is None
            await second.close()
            await third.close()

        self.run(story())
