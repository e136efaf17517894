"""The embedded pipeline: a spool in, rows out, in one process and without Kafka. What happens to a batch is in `mocgioi.service.pipeline`."""

import asyncio
import time
from collections.abc import Callable

from mocgioi.service import pipeline
from mocgioi.views.output import waiting
from posts.spool import Spool
from schemas.failures import Failure
from schemas.records import ClassifiedBatch, Recorded
from sinks.metrics import Metrics
from sinks.record.database import Database
from sinks.record.store import Store
from streams.agents import StreamApp
from streams.intake import Intake, IntakeConfig
from streams.patience import Patience
from streams.spool_source import SpoolSource


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
    app.run_beside(intake)
    app.loop = asyncio.get_running_loop()
    await app.start()
    try:
        waits = [asyncio.ensure_future(wait) for wait in (intake.finished.wait(), app.wait_until_stopped())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
    finally:
        await app.stop()
    if intake.status.paused is not None:
        raise PipelineStopped(intake.status.paused)
    if not intake.finished.is_set():
        crash = intake.crash_reason or app.crash_reason
        raise crash if isinstance(crash, Failure) else PipelineStopped(repr(crash))
    return total
