"""Intake: the loop between a log and an agent. It loses no record, whatever an agent or a sink does.

Each batch carries a future, and the loop moves no position before that future says that the batch is safe. A failed batch is read again
from its beginning, and so is everything after it. A batch that keeps failing is bisected, until the record that makes it fail is a dead
letter and the others are safe (`streams.bisection`).
"""

import asyncio
import contextlib
import time
import traceback
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from mode import Service

from schemas.records import Partition, PositionLost, StalePosition
from streams.batch import Batch, BatchRun, InFlight, RecordFailed
from streams.bisection import Bisection, CauseElsewhere
from streams.breaker import CircuitBreaker
from streams.cancelling import is_stray
from streams.patience import Patience
from streams.source import Source

log = structlog.get_logger(__name__)

_DEPTH = 2
"""Batches in flight at most."""
_ATTEMPTS = 3
"""Failures of a batch before it is bisected."""
_FOR_EVER_S = 3600.0


class BatchFailed(Exception):
    """A batch failed too often, whichever of its records were tried. The message says which offsets and why; a person must look."""


class StrayCancellation(Exception):
    """Something inside cancelled the stage's own task, which a supervisor would take for a stop."""


class _Stopping(Exception):  # no error
    """The worker is to stop, so it no longer waits for a part that does not answer."""


@dataclass(slots=True)
class StageStatus:
    """Whether a stage runs."""

    connected: bool = False
    paused: str | None = None
    """Why the stage reads nothing until a person has decided; None while it reads."""
    lost: str | None = None
    """The position that its log no longer has, where that is why. It says nothing of any payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeConfig:
    """How intake behaves. All times are in seconds."""

    retry_delay: float = 0.5
    keep_alive: float = 2.0
    flag_age: float = 10.0
    """How long the last reading of the pause flag is trusted; another worker may raise the flag meanwhile."""
    drain: float = 4.0
    """How long a stop or a rebalance waits for batches in flight."""
    until_empty: bool = False
    """Finish at the first empty poll or at a pause: the embedded pipeline reads a spool to its end."""


class Intake(Service):
    """Polls a source and hands its batches to an agent in order, at most two at a time."""

    mundane_level = "debug"

    def __init__(
        self,
        source: Source,
        agent: Any,
        *,
        patience: Patience,
        config: IntakeConfig,
        prepare: Callable[[], Awaitable[object]] | None = None,
        on_end: Callable[[Batch, bool], None] = lambda batch, safe: None,  # noqa: ARG005  # named for its callers
        **options: Any,
    ) -> None:
        """Intake awaits `prepare`, which may raise `Unavailable`, before it opens the source. It calls `on_end` for each batch, safe or failed."""
        super().__init__(**options)
        self.source = source
        self.patience = patience
        self.status = StageStatus()
        self.on_end = on_end
        self.finished = asyncio.Event()
        """Set when a source that is read `until_empty` is paused, or at its end with everything safe."""
        self._channel = agent.channel
        self._config = config
        self._prepare = prepare
        self._in_flight: deque[InFlight] = deque()
        self._breaker = CircuitBreaker()
        """Counts released batches only, so a batch that is judged twice counts once."""
        self._run = BatchRun(self._breaker)
        self._failures: Counter[tuple[Partition, int]] = Counter()
        self._bisection: Bisection | None = None
        self._flag_read_at = float("-inf")

    @Service.task
    async def _pump(self) -> None:
        try:
            with contextlib.suppress(_Stopping):
                await self._read()
        except asyncio.CancelledError as error:
            if not is_stray():
                raise
            raise StrayCancellation("nobody stopped this stage: its process ends, so that another begins anew") from error

    async def _read(self) -> None:
        if self._prepare is not None:
            await self._ask(self._prepare)
        await self._ask(lambda: self.source.start(self.drain))
        self.status.connected = True
        try:
            while not self.should_stop:
                await self._heed_pause_flag()
                await self._take()
                await self._settle()
        except PositionLost as lost:
            await self._stay_stopped(lost)

    async def on_stop(self) -> None:
        """Wait for the batches in flight, then leave the group."""
        await self.drain()
        await self.source.close()

    async def drain(self) -> None:
        """Wait up to `drain` seconds for batches in flight. The next reader reads again what is not safe by then."""
        # A part that is away now will not be back in time.
        deadline = time.monotonic() + (0.0 if self.patience.waiting else self._config.drain)
        with contextlib.suppress(_Stopping):
            await self._settle()
            while self._in_flight and (left := deadline - time.monotonic()) > 0:
                await asyncio.wait({self._in_flight[0].done}, timeout=left)
                await self._settle()
        self._drop()

    def oldest_age(self) -> float:
        """Seconds since the oldest batch in flight was read; 0 if there is none."""
        return time.monotonic() - self._in_flight[0].batch.polled_at if self._in_flight else 0.0

    async def _take(self) -> None:
        """Hand on the next batch. With two batches in flight, or no record to read, wait for the oldest batch."""
        batch = await self._next()
        if self.should_stop:
            return
        if batch is not None:
            flight = InFlight(batch, self._run)
            self._in_flight.append(flight)
            await self._channel.send(value=flight)
        elif self._in_flight:
            await self._alive_until(self._in_flight[0].done)
        elif self._config.until_empty:
            self.finished.set()
            raise _Stopping

    async def _next(self) -> Batch | None:
        if self._bisection is None:
            return await self._ask(self.source.poll) if len(self._in_flight) < _DEPTH else None
        if self._in_flight:
            return None
        part = self._bisection.part
        await self.source.keep_alive()
        return part if self._bisection is not None else None  # a rebalance may have ended the bisection

    async def _settle(self) -> None:
        """Release or reread the batches that are done, oldest first."""
        while self._in_flight and self._in_flight[0].done.done():
            flight = self._in_flight.popleft()
            failure = flight.failure
            self.on_end(flight.batch, failure is None)
            if failure is not None:
                await self._read_again(flight.batch, failure)
                continue
            if (reason := flight.breaker.opened) is not None:
                # The flag goes up before the release, so that it is up whenever the process ends. Even a worker that is to stop tries once.
                await self._ask(lambda reason=reason: self.source.pause(reason))  # type: ignore[misc]
            assert flight.classified is not None, "released unread"  # noqa: S101  # the agents classify each batch
            positions = flight.classified.positions
            await self.source.release(positions, flight.classified.last)
            self._breaker = flight.breaker if reason is None else CircuitBreaker()  # from here on the pause flag remembers
            for partition, (start, _) in positions.items():
                self._failures.pop((partition, start), None)
            for (topic, partition_number, offset), refusal in flight.batch.set_aside.items():
                log.error("quarantined", topic=topic, partition=partition_number, offset=offset, **refusal._asdict())
            if self._bisection is not None:
                self._bisection.passed()
                if self._bisection.part is None:
                    self._bisection = None
            if reason is not None:
                self._drop()
                self.source.rewind()
                self._flag_read_at = float("-inf")

    async def _read_again(self, batch: Batch, error: BaseException) -> None:
        bisection = self._bisection
        self._drop()
        starts = [(partition, start) for partition, (start, _) in batch.positions.items()]
        where = ", ".join(f"{topic}[{number}]@{start}" for (topic, number), start in starts)
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]
        log.warning("batch_failed", at=where, records=len(batch.records), error=_summary(error), frames=frames)
        if isinstance(error, StalePosition):
            bisection = None
        elif bisection is None:
            self._failures.update(starts)
            if isinstance(error, RecordFailed) or max(self._failures[start] for start in starts) >= _ATTEMPTS:
                bisection = Bisection(batch)
        if bisection is None:
            self.source.rewind()
            await self.sleep(self._config.retry_delay)
            return
        try:
            bisection.failed(error)
        except CauseElsewhere:
            raise BatchFailed(f"again and again at {where}, whichever record was tried: {_summary(error)}") from error
        self.source.rewind()  # once the parts have passed, reading goes on behind them
        self._bisection = bisection

    def _drop(self) -> None:
        """Void the batches in flight and the rest of a bisection. The next batch begins a new run."""
        self._bisection = None
        self._run.over = True
        self._run = BatchRun(self._breaker)
        for flight in self._in_flight:
            flight.done.cancel()
        self._in_flight.clear()

    async def _heed_pause_flag(self) -> None:
        """Read nothing while the pause flag is up, whoever raised it. Once a person has taken it down, the breaker counts from zero."""
        if time.monotonic() < self._flag_read_at + self._config.flag_age:
            return
        while (reason := await self._ask(self.source.paused)) is not None:
            if self.status.paused is None:
                log.error("stopped", reason=reason, then="mocgioi deadletter resume")
            self.status.paused = reason
            if self._config.until_empty:
                self.finished.set()
                raise _Stopping
            await self._settle()
            await self._rest(self._config.keep_alive)
        self._flag_read_at = time.monotonic()
        if self.status.paused is not None:
            log.info("resumed")
            self.status.paused = None
            self._breaker = self._run.breaker = CircuitBreaker()

    async def _stay_stopped(self, lost: PositionLost) -> None:
        """Leave the group, show why, and wait to be stopped: a restart would find the same position lost."""
        self._drop()
        if self._config.until_empty:
            raise lost
        self.status.paused = self.status.lost = str(lost)
        log.error("stopped", reason=str(lost), then="deploy/runbooks/positions.md")
        await self.source.close()
        while not self.should_stop:
            await self.sleep(_FOR_EVER_S)

    async def _alive_until(self, done: asyncio.Future[None]) -> None:
        while not done.done() and not self.should_stop:
            await asyncio.wait({done}, timeout=self._config.keep_alive)
            if not done.done():
                await self.source.keep_alive()

    async def _ask(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        return await self.patience(ask, between=lambda: self._rest(self._config.retry_delay))

    async def _rest(self, seconds: float) -> None:
        """Sleep and stay in the group. Raises `_Stopping` once the worker is to stop."""
        await self.sleep(seconds)
        if self.should_stop:
            raise _Stopping
        await self.source.keep_alive()


def _summary(error: BaseException) -> str:
    """The error's type and first line. Later lines of a database's message may quote a payload."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
