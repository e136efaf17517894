"""A log in memory and a pipeline on it: the agents and intake as they are, effects that fail on cue."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from schemas.records import ClassifiedBatch
from streams.agents import StreamApp, classify_agent
from streams.batch import Batch, Run
from streams.fuse import Fuse
from streams.intake import Hooks, Intake, Pace
from streams.loose import Loose

SOON = Pace(retry_delay=0.01, keep_alive=0.05, drain=1.0, until_empty=True)


class ListLog:
    """A source over a list of payloads, one partition, that remembers what was released."""

    def __init__(self, payloads: Sequence[bytes], *, size: int = 10) -> None:
        self.records = [Loose(number, payload, topic="list") for number, payload in enumerate(payloads)]
        self.size = size
        self.safe = 0
        self.released: list[tuple[int, int]] = []
        self.rewinds = 0
        self.kept_alive = 0
        self.closed = False
        self.reassigning = False
        """As aiokafka between revoke and assign: nothing is given out."""
        self.mark: str | None = None
        self.drain: Callable[[], Awaitable[None]] | None = None
        self._next = 0
        self._run = Run()

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        self.drain = drain

    async def poll(self) -> Batch | None:
        await until(lambda: not self.reassigning)
        records = self.records[self._next : self._next + self.size]
        if not records:
            await asyncio.sleep(0.01)
            return None
        start, self._next = self._next, self._next + len(records)
        return Batch(log="list", records=records, positions={("list", 0): (start, self._next)}, run=self._run)

    async def release(self, batch: Batch) -> None:
        (position,) = batch.positions.values()
        assert position[0] == self.safe, "released out of order"
        self.safe = position[1]
        self.released.append(position)

    def rewind(self) -> None:
        self.rewinds += 1
        self._run.over = True
        self._run = Run()
        self._next = self.safe

    async def keep_alive(self) -> None:
        self.kept_alive += 1

    async def stopped(self) -> str | None:
        return self.mark

    async def remember_stop(self, reason: str) -> None:
        self.mark = reason

    async def close(self) -> None:
        self.closed = True


@dataclass
class Pipeline:
    """Classify over a list, with effects given by the test."""

    log: ListLog
    effects: Sequence[Callable[[ClassifiedBatch], Awaitable[None]]]
    pace: Pace = SOON
    fuse: Fuse = field(default_factory=Fuse)
    crashed: BaseException | None = None

    async def __aenter__(self) -> Self:
        self.app = StreamApp("test")
        self.app.loop = asyncio.get_running_loop()
        agent = classify_agent(self.app, self.fuse, then=list(self.effects))

        async def send(batch: Batch) -> None:
            await agent.channel.send(value=batch)

        hooks = Hooks(stopped=lambda stopped: None if stopped else self.fuse.reset())
        self.intake = Intake(self.log, send, pace=self.pace, hooks=hooks)
        self.app.run_beside(self.intake)
        await self.app.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.app.stop()

    async def end(self, timeout: float = 10.0) -> None:
        """Wait until the log is read to its end, or the app crashed."""
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
