"""Intake: the loop between a log and an agent. Nothing it took is lost, whatever an agent or a sink does.

Faust restarts an agent that raised and forgets the item it held. So each batch carries a future, and this loop does not move a
position before that future says the batch is safe; a failed batch is read again from its beginning, with all that came behind it.
"""

import asyncio
import time
import traceback
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog
from mode import Service

from schemas.records import Partition, StalePosition, Unavailable
from streams.batch import Batch

T = TypeVar("T")

log = structlog.get_logger(__name__)


class BatchFailed(Exception):
    """The same batch failed too often; a person must look. Says which offsets and why."""


class Source(Protocol):
    """A log to read from."""

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """Connect. `drain` is to be awaited before partitions are handed back. Raises `Unavailable` while the log does not answer."""

    async def poll(self) -> Batch | None:
        """The next records, or None after a short wait. Raises `Unavailable`, `PositionLost`."""

    async def release(self, batch: Batch) -> None:
        """A batch is safe: note its positions."""

    def rewind(self) -> None:
        """Forget what was read and not released: the next poll begins at the last safe positions."""

    async def keep_alive(self) -> None:
        """Called every few seconds while nothing is polled."""

    async def stopped(self) -> str | None:
        """Why a worker stopped itself on this log, if one did and nobody resumed it. Raises `Unavailable`."""

    async def remember_stop(self, reason: str) -> None:
        """Remember over restarts that the worker stopped itself. Raises `Unavailable`."""

    async def close(self) -> None:
        """Disconnect, leaving the group."""


@dataclass(slots=True)
class Condition:
    """What the health page tells."""

    connected: bool = False
    waiting: str | None = None
    """What does not answer."""
    stopped: str | None = None
    """Why the worker stopped itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How intake behaves; times in seconds."""

    depth: int = 2
    attempts: int = 3
    retry_delay: float = 0.5
    keep_alive: float = 2.0
    drain: float = 4.0
    """How long a stop or a rebalance waits for what is in flight."""
    until_empty: bool = False
    """Finish at the first empty poll: the embedded pipeline reads a spool to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What else wants to know."""

    waiting: Callable[[str, bool], None] = lambda part, waiting: None  # noqa: ARG005  # named for its callers
    batch: Callable[[Batch, bool], None] = lambda batch, done: None  # noqa: ARG005
    stopped: Callable[[bool], None] = lambda stopped: None  # noqa: ARG005


class Intake(Service):
    """Polls a source and hands each batch to an agent's channel, at most `depth` at a time, in order."""

    mundane_level = "debug"

    def __init__(
        self,
        source: Source,
        send: Callable[[Batch], Awaitable[object]],
        *,
        pace: Pace,
        hooks: Hooks,
        first: Callable[[], Awaitable[object]] | None = None,
        **options: Any,
    ) -> None:
        """`first`: what must hold before the source is opened. May raise `Unavailable`."""
        super().__init__(**options)
        self.source = source
        self.send = send
        self.pace = pace
        self.hooks = hooks
        self._first = first
        self.condition = Condition()
        self.finished = asyncio.Event()
        """Set once a source read `until_empty` is at its end and all of it is safe."""
        self._in_flight: deque[Batch] = deque()
        self._failures: Counter[tuple[Partition, int]] = Counter()

    @Service.task
    async def _pump(self) -> None:
        if self._first is not None:
            await self._patiently(self._first)
        await self._patiently(lambda: self.source.start(self.drain))
        self.condition.connected = not self.should_stop
        self._hold(await self._patiently(self.source.stopped))
        while not self.should_stop:
            if self.condition.stopped is not None:
                await self._wait_for_resume()
            batch = await self._patiently(self.source.poll) if len(self._in_flight) < self.pace.depth else None
            if self.should_stop:
                break
            if batch is not None:
                self._in_flight.append(batch)
                await self.send(batch)
            elif self._in_flight:
                await self._alive_until(self._in_flight[0].done)
            elif self.pace.until_empty:
                self.finished.set()
                break
            await self._settle()

    async def on_stop(self) -> None:
        """Finish what is in flight, then leave the group."""
        await self.drain()
        await self.source.close()

    async def drain(self) -> None:
        """Wait, not for ever, until what is in flight is safe; what is not by then will be read again by whoever reads next."""
        if self._in_flight:
            patience = self.pace.drain if self.condition.waiting is None else 0.0  # what is away will not be back in time
            await asyncio.wait({batch.done for batch in self._in_flight}, timeout=patience)
            await self._settle()
        self._drop()

    def oldest_age(self) -> float:
        """Seconds since the oldest batch in flight was read; 0 if there is none."""
        return time.monotonic() - self._in_flight[0].polled_at if self._in_flight else 0.0

    async def _settle(self) -> None:
        """Deal with the batches that are done, oldest first."""
        while self._in_flight and self._in_flight[0].done.done():
            batch = self._in_flight.popleft()
            error = asyncio.CancelledError() if batch.done.cancelled() else batch.done.exception()
            self.hooks.batch(batch, error is None)
            if error is not None:
                await self._read_again(batch, error)
                continue
            await self.source.release(batch)
            for partition, (start, _) in batch.positions.items():
                self._failures.pop((partition, start), None)
            if batch.stop is not None:
                self._drop()
                self.source.rewind()
                # Said once even while the worker is stopping: whoever starts next must find it.
                await self._patiently(lambda reason=batch.stop: self.source.remember_stop(reason), at_least_once=True)  # type: ignore[misc]
                self._hold(batch.stop)

    async def _read_again(self, batch: Batch, error: BaseException) -> None:
        self._drop()
        starts = [(partition, start) for partition, (start, _) in batch.positions.items()]
        where = ", ".join(f"{topic}[{number}]@{start}" for (topic, number), start in starts)
        log.warning("batch_failed", at=where, records=len(batch.records), error=_told(error), frames=_frames(error))
        if not isinstance(error, StalePosition):
            self._failures.update(starts)
            if max(self._failures[start] for start in starts) >= self.pace.attempts:
                raise BatchFailed(f"{self.pace.attempts} times in a row at {where}: {_told(error)}") from error
        self.source.rewind()
        await self.sleep(self.pace.retry_delay)

    def _drop(self) -> None:
        for batch in self._in_flight:
            batch.run.over = True
            batch.done.cancel()
        self._in_flight.clear()

    async def _alive_until(self, done: asyncio.Future[None]) -> None:
        while not done.done() and not self.should_stop:
            await asyncio.wait({done}, timeout=self.pace.keep_alive)
            if not done.done():
                await self.source.keep_alive()

    async def _patiently(self, ask: Callable[[], Awaitable[T]], *, at_least_once: bool = False) -> T | None:
        """Ask until it is answered; None if the worker is to stop first. What is away is waited for, never an error."""
        waiting: str | None = None  # a sink may wait too, for something else: its state is not ours to clear
        while at_least_once or not self.should_stop:
            at_least_once = False
            try:
                answer = await ask()
            except Unavailable as away:
                if waiting is None:
                    log.warning("waiting", part=away.part, error=str(away))
                waiting = away.part
                self._waiting(away.part)
                await self.sleep(self.pace.retry_delay)
                if not self.should_stop:
                    await self.source.keep_alive()
            else:
                if waiting is not None:
                    log.info("answered", part=waiting)
                    self._waiting(None)
                return answer
        return None

    def _waiting(self, part: str | None) -> None:
        if self.condition.waiting is not None and self.condition.waiting != part:
            self.hooks.waiting(self.condition.waiting, False)
        if part is not None:
            self.hooks.waiting(part, True)
        self.condition.waiting = part

    def _hold(self, reason: str | None) -> None:
        if reason is not None:
            log.error("stopped", reason=reason, then="mocgioi deadletter resume")
        self.condition.stopped = reason
        self.hooks.stopped(reason is not None)

    async def _wait_for_resume(self) -> None:
        while not self.should_stop and self.condition.stopped is not None:
            await self.sleep(self.pace.keep_alive)
            await self.source.keep_alive()
            if await self._patiently(self.source.stopped) is None and not self.should_stop:
                log.info("resumed")
                self._hold(None)


def _told(error: BaseException) -> str:
    """The error's type and first line: the rest of a database's message may quote a payload."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"


def _frames(error: BaseException) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]
