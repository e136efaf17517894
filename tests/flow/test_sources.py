"""Lists and spools keep to what every source keeps to. Kafka does in `tests/integration/test_kafka_source.py`."""

import asyncio
from pathlib import Path

import pytest

from posts.spool import Spool, SpoolEntry
from schemas.topics import INCIDENTS
from streams.spool_source import SpoolSource
from tests.support.log import Kept, ListLog
from tests.support.source_contract import OffsetsInMemory, PauseContract, SourceContract, opened


class _List:
    def __init__(self) -> None:
        self.first = 0
        self.payloads: list[bytes] = []
        self.kept = Kept()

    async def append(self, count: int) -> None:
        self.payloads += [b"{}"] * count

    async def forget(self) -> None:
        self.first += len(self.payloads)
        self.payloads = []

    async def stand(self, past: int) -> None:
        self.kept.safe = self.first + len(self.payloads) + past

    async def resume(self) -> None:
        self.kept.flag = None

    def source(self) -> ListLog:
        return ListLog(self.payloads, first=self.first, kept=self.kept)


class TestListLog(PauseContract):
    @pytest.fixture
    def log(self) -> _List:
        return _List()


class _Spool:
    def __init__(self, path: Path) -> None:
        self.spool = Spool(path)
        self.offsets = OffsetsInMemory()

    async def append(self, count: int) -> None:
        self.spool.append(SpoolEntry(INCIDENTS, b"key", b"{}") for _ in range(count))

    async def forget(self) -> None:
        self.spool.prune(self.spool.bounds()[1])

    async def stand(self, past: int) -> None:
        ((partition, position),) = self.offsets.stored.items()
        self.offsets.stored[partition] = position._replace(offset=self.spool.bounds()[1] + past)

    def source(self) -> SpoolSource:
        return SpoolSource(self.spool, offsets=self.offsets, max_records=10)


class TestSpoolSource(SourceContract):
    @pytest.fixture
    def log(self, tmp_path: Path) -> _Spool:
        return _Spool(tmp_path / "spool.db")

    def test_a_pause_ends_with_the_process_whose_next_run_a_person_starts(self, log: _Spool) -> None:
        async def story() -> None:
            first = await opened(log)
            await first.pause("20 rule crashes")
            assert await first.paused() == "20 rule crashes"
            assert await (await opened(log)).paused() is None

        asyncio.run(story())
