"""The Kafka workers: settings in, a running process out. The one place where streams and sinks meet."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import Any

import structlog
from mode.worker import Worker

from mocgioi.cluster import GROUPS, cluster_of
from mocgioi.health import Health
from mocgioi.settings import Settings
from schemas.records import ClassifiedBatch
from schemas.topics import RESULTS, SOURCES, VERDICTS
from sinks.metrics import Metrics
from streams.agents import StreamApp, classify_agent, record_agent
from streams.batch import Batch
from streams.fuse import Fuse
from streams.intake import Hooks, Intake, Pace
from streams.kafka_source import KafkaSource
from streams.messages import dead_letter_message, verdict_message
from streams.producer import Producer

log = structlog.get_logger(__name__)


class Composition:
    """Stages put together on one Faust app."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self.metrics = metrics
        self.app = StreamApp("mocgioi")
        self.stages: dict[str, Intake] = {}
        self._sources: list[KafkaSource] = []

    def add_classify(self) -> None:
        """Sources in, verdicts and dead letters out."""
        fuse = Fuse()
        producer = Producer(cluster_of(self._settings), on_waiting=self._waiting("classify"))

        async def publish(delivery: ClassifiedBatch) -> None:
            partitions = await producer.partitions(VERDICTS)
            verdicts = [verdict_message(judged, partitions) for judged in delivery.events]
            await producer.write(verdicts + [dead_letter_message(letter, partitions) for letter in delivery.dead])
            for letter in delivery.dead:
                log.warning("dead_letter", code=letter.code, source=letter.source, **asdict(letter.origin))

        async def count(delivery: ClassifiedBatch) -> None:
            for outcome, events in Counter(judged.verdict.outcome for judged in delivery.events).items():
                self.metrics.classified(outcome, events)

        def on_stopped(stopped: bool) -> None:
            self.metrics.stopped(stopped)
            if not stopped:
                fuse.reset()

        agent = classify_agent(self.app, fuse, then=[publish, count])
        self._add("classify", self._source("classify", SOURCES), agent, on_stopped=on_stopped)

    def add_record(self, url: str) -> None:
        """Verdicts and dead letters in, rows out, into the database at `url`."""
        from mocgioi.database import make_current  # classify has no database, and need not carry its libraries
        from mocgioi.report_watch import ReportWatch
        from sinks.record import Database
        from sinks.store import Store

        store = Store(Database(url), self.metrics, now=time.time, on_waiting=self._waiting("record"))
        agent = record_agent(self.app, then=[store.write, store.count])

        async def migrated() -> None:
            await asyncio.to_thread(make_current, self._settings, url)

        self._add("record", self._source("record", RESULTS, ledger=store), agent, first=migrated)
        self.app.run_beside(ReportWatch(url, self.metrics))

    def add_health(self) -> None:
        """The page that says how all of this is."""
        page = Health(self._settings.metrics_port, metrics=self.metrics, stages=self.stages, refresh=[self._refresh_lag])
        self.app.run_beside(page)

    def _source(self, stage: str, topics: tuple[str, ...], **options: Any) -> KafkaSource:
        settings = self._settings
        source = KafkaSource(
            cluster_of(settings),
            topics=topics,
            group=GROUPS[stage],
            instance=f"{stage}-{socket.gethostname()}" if settings.static_membership else None,
            max_records=settings.batch,
            max_poll_interval_s=settings.poll_interval,
            session_timeout_s=settings.session_timeout,
            **options,
        )
        self._sources.append(source)
        return source

    def _add(
        self,
        stage: str,
        source: KafkaSource,
        agent: Any,
        *,
        on_stopped: Callable[[bool], None] = lambda stopped: None,  # noqa: ARG005  # named for its callers
        first: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        def on_batch(batch: Batch, done: bool) -> None:
            self.metrics.batch(stage, "done" if done else "failed", time.monotonic() - batch.polled_at)

        async def send(batch: Batch) -> None:
            await agent.channel.send(value=batch)

        hooks = Hooks(waiting=self.metrics.waiting, batch=on_batch, stopped=on_stopped)
        pace = Pace(keep_alive=min(2.0, self._settings.poll_interval / 3))
        intake = Intake(source, send, pace=pace, hooks=hooks, first=first)
        self.stages[stage] = intake
        self.app.run_beside(intake)

    def _waiting(self, stage: str) -> Callable[[str, bool], None]:
        """What a sink of a stage calls while it waits for its part."""

        def waiting(part: str, waits: bool) -> None:
            self.metrics.waiting(part, waits)
            self.stages[stage].condition.waiting = part if waits else None

        return waiting

    def _refresh_lag(self) -> None:
        for source in self._sources:
            for topic, records in source.lag().items():
                self.metrics.lag(topic, records)


def run(composition: Composition) -> int:
    """Run until SIGTERM or a crash; returns the exit code."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(0.0005)  # the store's thread gets the interpreter back in time while the loop decodes
    worker = Worker(composition.app, override_logging=False, redirect_stdouts=False, quiet=True, stderr=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    try:
        worker.execute_from_commandline()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    if code:
        crash = next((stage.crash_reason for stage in composition.stages.values() if stage.crash_reason), composition.app.crash_reason)
        log.error("crashed", error=f"{type(crash).__name__}: {crash}")
    return code


@contextlib.contextmanager
def leaving_at_once() -> Iterator[None]:
    """Leave without waiting for a thread that may be inside a database that does not answer: its transaction rolls back."""
    code = 1
    try:
        yield
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except Exception:
        log.exception("crashed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
