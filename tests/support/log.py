"""A log in memory and a pipeline on it: the agents and intake as they are, effects that fail on cue."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from schemas.records import ClassifiedBatch, LastRecord, Partition, PositionLost
from streams.agents import StreamApp, classify_agent, effect, release
from streams.batch import Batch, Loose
from streams.intake import Intake, IntakeConfig
from streams.patience import Patience

SOON = IntakeConfig(retry_delay=0.01, keep_alive=0.05, flag_age=0.02, drain=1.0, until_empty=True)
WORKER = IntakeConfig(retry_delay=0.01, keep_alive=0.05, flag_age=0.02, drain=1.0)
"""As a worker: it reads on for ever, and waits while it is paused."""
LIST: Partition = ("list", 0)


@dataclass
class Kept:
    """What outlives a worker."""

    safe: int | None = None
    flag: str | None = None


class ListLog:
    """A source over a list of payloads, one partition, that remembers what was released."""

    def __init__(self, payloads: Sequence[bytes], *, size: int = 10, first: int = 0, kept: Kept | None = None) -> None:
        """`first`: the position of the first payload; those before it were deleted."""
        self.records = [Loose(number, payload, topic="list") for number, payload in enumerate(payloads, start=first)]
        self.size = size
        self.first = first
        self.kept = kept or Kept()
        self.released: list[tuple[int, int]] = []
        self.rewinds = 0
        self.kept_alive = 0
        self.closed = False
        self.reassigning = False
        """As aiokafka between revoke and assign: nothing is given out."""
        self.drain: Callable[[], Awaitable[None]] | None = None
        self.next: int | None = None

    @property
    def safe(self) -> int:
        """Everything before it was released."""
        return self.first if self.kept.safe is None else self.kept.safe

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        self.drain = drain

    async def poll(self) -> Batch | None:
        await until(lambda: not self.reassigning)
        start = self.safe if self.next is None else self.next
        if not self.first <= start <= self.first + len(self.records):
            raise PositionLost(f"list[0] stands at {start}")
        records = self.records[start - self.first :][: self.size]
        if not records:
            await asyncio.sleep(0.01)
            return None
        self.next = start + len(records)
        return Batch("list", records, {LIST: (start, self.next)})

    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        start, end = positions[LIST]
        assert start == self.safe, "released out of order"
        assert last[LIST].offset == end - 1
        self.kept.safe = end
        self.released.append((start, end))

    def rewind(self) -> None:
        self.rewinds += 1
        self.next = None

    async def keep_alive(self) -> None:
        self.kept_alive += 1

    async def paused(self) -> str | None:
        return self.kept.flag

    async def pause(self, reason: str) -> None:
        self.kept.flag = reason

    async def close(self) -> None:
        self.closed = True


@dataclass
class Pipeline:
    """Classify over a list, with effects given by the test."""

    log: ListLog
    effects: Sequence[Callable[[ClassifiedBatch], Awaitable[None]]]
    config: IntakeConfig = SOON
    crashed: BaseException | None = None

    async def __aenter__(self) -> Self:
        self.app = StreamApp("test")
        self.app.loop = asyncio.get_running_loop()
        agent = classify_agent(self.app, sinks=[*map(effect, self.effects), release])
        self.intake = Intake(self.log, agent, patience=Patience(), config=self.config)
        self.app.run_beside(self.intake)
        await self.app.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.app.stop()

    async def end(self, timeout: float = 10.0) -> None:
        """Wait until the log is read to its end, or paused, or the app crashed."""
        waits = [asyncio.ensure_future(self.intake.finished.wait()), asyncio.ensure_future(self.app.wait_until_stopped())]
        done, _ = await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        assert done, "neither finished nor crashed"
        self.crashed = self.app.crash_reason


async def until(claim: Callable[[], bool], timeout: float = 10.0) -> None:
    """Wait until a claim holds."""
    async with asyncio.timeout(timeout):
        while not claim():
            await asyncio.sleep(0.005)
