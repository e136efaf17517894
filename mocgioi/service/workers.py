"""The workers: settings in, a running process out. What happens to a batch is in `mocgioi.service.pipeline`."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import structlog
from mode.worker import Worker

from mocgioi.service import pipeline
from mocgioi.service.cluster import GROUPS, cluster_of
from mocgioi.service.health import Health
from mocgioi.service.machine_watch import MachineWatch
from mocgioi.service.settings import Settings
from mocgioi.views.output import problem
from schemas.failures import Failure
from schemas.topics import RESULTS, SOURCES
from sinks.metrics import PARTS, Metrics
from streams.agents import StreamApp
from streams.batch import Batch
from streams.intake import Intake, IntakeConfig
from streams.kafka_source import KafkaSource
from streams.patience import Patience
from streams.producer import Producer
from streams.source import OffsetStore

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
        patience = Patience()
        producer = Producer(cluster_of(self._settings), patience=patience)
        self._add("classify", SOURCES, pipeline.classify(self.app, producer, self.metrics), patience)

    def add_record(self, url: str) -> None:
        """Verdicts and dead letters in, rows out, into the database at `url`."""
        from mocgioi.service.database import make_current, warn_of_owner  # classify has no database, and need not carry its libraries
        from mocgioi.service.watches import watches
        from sinks.record.database import Database
        from sinks.record.store import Store

        async def migrate() -> None:
            await asyncio.to_thread(make_current, self._settings, url)
            if self._settings.database_url is not None:
                await asyncio.to_thread(warn_of_owner, url)

        patience = Patience()
        store = Store(Database(url), self.metrics, now=time.time, patience=patience)
        self._add("record", RESULTS, pipeline.record(self.app, store), patience, offsets=store, prepare=migrate)
        for watch in watches(self._settings, url, self.metrics):
            self.app.run_beside(watch)

    def add_notifier(self, url: str) -> None:
        """Incidents that need a person, from the record at `url` to Alertmanager. Raises `NoAlertmanager`, `InvalidRoster`."""
        from mocgioi.service.notifying import NotifierService  # as above

        self.app.run_beside(NotifierService(self._settings, url, self.metrics))

    def add_health(self) -> None:
        """The page that says how all of this is, and its machine."""
        page = Health(
            self._settings.metrics_host, self._settings.metrics_port, metrics=self.metrics, stages=self.stages, refresh=[self._refresh]
        )
        self.app.run_beside(page)
        self.app.run_beside(MachineWatch(self._settings, self.metrics))

    def _add(
        self,
        stage: str,
        topics: tuple[str, ...],
        agent: Any,
        patience: Patience,
        *,
        offsets: OffsetStore | None = None,
        prepare: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        settings = self._settings
        source = KafkaSource(
            cluster_of(settings),
            topics=topics,
            group=GROUPS[stage],
            instance=f"{stage}-{socket.gethostname()}" if settings.static_membership else None,
            offsets=offsets,
            max_records=settings.batch,
            max_poll_interval_s=settings.poll_interval,
            session_timeout_s=settings.session_timeout,
            away=lambda: patience.waiting,
        )

        def on_end(batch: Batch, safe: bool) -> None:
            self.metrics.batch(stage, "done" if safe else "failed", time.monotonic() - batch.polled_at)

        config = IntakeConfig(keep_alive=min(2.0, settings.poll_interval / 3))
        self.stages[stage] = Intake(source, agent, patience=patience, config=config, prepare=prepare, on_end=on_end)
        self._sources.append(source)
        self.app.run_beside(self.stages[stage])

    def _refresh(self) -> None:
        """Metrics that say how the stages are, as they are now."""
        stages = self.stages.values()
        for part in PARTS:
            self.metrics.waiting(part, any(part in stage.patience.waiting for stage in stages))
        self.metrics.stopped(any(stage.status.paused for stage in stages))
        for source in self._sources:
            for topic, records in source.lag().items():
                self.metrics.lag(topic, records)


def run(composition: Composition) -> int:
    """Run until SIGTERM or a crash; returns the exit code."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
    sys.setswitchinterval(0.0005)  # the store's thread gets the interpreter back in time while the loop decodes
    worker = Worker(composition.app, override_logging=False, redirect_stdouts=False, quiet=True, stderr=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    try:
        worker.execute_from_commandline()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    if code:
        crash = next((stage.crash_reason for stage in composition.stages.values() if stage.crash_reason), composition.app.crash_reason)
        log.error("crashed", error=f"{type(crash).__name__}: {crash}")
        code = crash.exit_code if isinstance(crash, Failure) else code
    return code


@contextlib.contextmanager
def leaving_at_once() -> Iterator[None]:
    """Leave without waiting for a thread that may be inside a database that does not answer: its transaction rolls back."""
    code = 1
    try:
        yield
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except Failure as failure:
        problem(failure.code, failure.sentence)
        code = failure.exit_code
    except Exception:  # no caller would print it
        log.exception("crashed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
