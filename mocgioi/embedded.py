"""The embedded pipeline: a spool in, rows out, in one process and without Kafka. The same two agents, one the other's sink."""

import asyncio
import time
from collections.abc import Callable

from mocgioi.output import waiting
from posts.spool import Spool
from schemas.records import ClassifiedBatch, Recorded
from sinks.metrics import Metrics
from sinks.record import Database
from sinks.store import Store
from streams.agents import StreamApp, classify_agent, record_agent
from streams.batch import Batch
from streams.fuse import Fuse
from streams.intake import Hooks, Intake, Pace
from streams.spool_source import SpoolSource


class PipelineStopped(Exception):
    """The pipeline did not read its spool to the end. Says why; what was not recorded is still in the spool."""


def drain(spool: Spool, database: Database, *, on_progress: Callable[[int], None] = lambda records: None) -> Recorded:  # noqa: ARG005
    """Record everything in the spool that is not recorded yet. Returns what really changed. Raises `PipelineStopped`."""
    return asyncio.run(_drain(spool, database, on_progress))


async def _drain(spool: Spool, database: Database, on_progress: Callable[[int], None]) -> Recorded:
    total = Recorded()
    store = Store(database, Metrics(), now=time.time, on_waiting=waiting)
    ended = asyncio.Event()

    async def tally(delivery: ClassifiedBatch) -> None:
        total.add(store.last)
        on_progress(len(delivery.events) + len(delivery.dead))

    async def send(batch: Batch) -> None:
        await judging.channel.send(value=batch)

    app = StreamApp("mocgioi-embedded")
    recording = record_agent(app, then=[store.write, tally])
    judging = classify_agent(app, Fuse(), then=recording)
    hooks = Hooks(stopped=lambda stopped: ended.set() if stopped else None)
    intake = Intake(SpoolSource(spool, ledger=store), send, pace=Pace(until_empty=True), hooks=hooks)
    app.run_beside(intake)
    app.loop = asyncio.get_running_loop()
    await app.start()
    try:
        waits = [asyncio.ensure_future(wait) for wait in (intake.finished.wait(), ended.wait(), app.wait_until_stopped())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
    finally:
        await app.stop()
    if intake.condition.stopped is not None:
        raise PipelineStopped(intake.condition.stopped)
    if not intake.finished.is_set():
        raise PipelineStopped(repr(intake.crash_reason or app.crash_reason))
    return total
