"""The embedded pipeline: a spool in, rows out, in one process and without Kafka. A command drains it, the door keeps it running.

What happens to a batch is in `mocgioi.service.pipeline`.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from mode import Service

from mocgioi.service import pipeline
from mocgioi.views.output import waiting
from posts.spool import Spool
from schemas.failures import Failure
from schemas.records import ClassifiedBatch, Recorded
from sinks.metrics import PARTS, Metrics
from sinks.record.database import Database
from sinks.record.store import Store
from streams.agents import StreamApp
from streams.intake import Intake, IntakeConfig
from streams.patience import Patience
from streams.spool_source import SpoolSource, Turn

_OTHERS_S = 0.5


class PipelineStopped(Exception):
    """The pipeline did not read its spool to the end. Says why; what was not recorded is still in the spool."""


def drain(spool: Spool, database: Database, *, on_progress: Callable[[int], None] = lambda records: None) -> Recorded:  # noqa: ARG005
    """Record everything in the spool that is not recorded yet. Returns what really changed. Raises `PipelineStopped`, or the failure that stopped it."""
    return asyncio.run(_drain(spool, database, on_progress))


async def _drain(spool: Spool, database: Database, on_progress: Callable[[int], None]) -> Recorded:
    total = Recorded()
    patience = Patience(on_waiting=waiting)
    store = Store(database, Metrics(), now=time.time, patience=patience)

    async def count(batch: ClassifiedBatch) -> None:
        total.add(store.last)
        on_progress(len(batch.events) + len(batch.dead))

    app = StreamApp("mocgioi-embedded")
    agent = pipeline.embedded(app, store, count=count)
    intake = Intake(SpoolSource(spool, offsets=store), agent, patience=patience, config=IntakeConfig(until_empty=True))
    async with _running(app, intake):
        waits = [asyncio.ensure_future(wait) for wait in (intake.finished.wait(), app.wait_until_stopped())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
    if intake.status.paused is not None:
        raise PipelineStopped(intake.status.paused)
    if not intake.finished.is_set():
        raise _reason(app, intake)
    return total


class ContinuousPipeline:
    """Takes in what comes into a spool while the context lasts, in turns with commands that take it in too."""

    def __init__(self, spool: Spool, database: Database, metrics: Metrics, *, turn: Turn, prepare: Callable[[], Awaitable[object]]) -> None:
        """`prepare` is awaited before the spool is read, again and again while it raises `Unavailable`."""
        self._metrics = metrics
        self._patience = Patience()
        self._more = asyncio.Event()
        store = Store(database, metrics, now=time.time, patience=self._patience)
        self._app = StreamApp("mocgioi-embedded")
        agent = pipeline.embedded(self._app, store, count=store.count)
        source = SpoolSource(spool, offsets=store, turn=turn, until_more=self._until_more)
        self._intake = Intake(source, agent, patience=self._patience, config=IntakeConfig(), prepare=prepare)

    def run_beside(self, service: Service) -> None:
        """Run a service for as long as the pipeline."""
        self._app.run_beside(service)

    def wake(self) -> None:
        """Say that there is something in the spool."""
        self._more.set()

    def stopped(self) -> str | None:
        """Why nothing is recorded until a person has decided; None while it is."""
        return self._intake.status.paused

    def refresh(self) -> None:
        """Set the gauges that say how it is."""
        for part in PARTS:
            self._metrics.waiting(part, part in self._patience.waiting)
        self._metrics.stopped(self._intake.status.paused is not None)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take in, until the context ends."""
        async with _running(self._app, self._intake):
            yield

    async def crash(self) -> Exception:
        """What ended it, once something has."""
        await self._app.wait_until_stopped()
        return _reason(self._app, self._intake)

    async def _until_more(self) -> None:
        """Wait for a wake, or a little for what another process adds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_OTHERS_S):
                await self._more.wait()
        self._more.clear()


@contextlib.asynccontextmanager
async def _running(app: StreamApp, intake: Intake) -> AsyncIterator[None]:
    app.run_beside(intake)
    app.loop = asyncio.get_running_loop()
    await app.start()
    try:
        yield
    finally:
        await app.stop()


def _reason(app: StreamApp, intake: Intake) -> Exception:
    """What ended a pipeline."""
    crash = intake.crash_reason or app.crash_reason
    return crash if isinstance(crash, Failure) else PipelineStopped(repr(crash))
