"""The door: settings in, a served port out. With Kafka it publishes there; without, it feeds the embedded pipeline in this process."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import structlog
import uvicorn
from mode import Service

from mocgioi.service.cluster import cluster_of
from mocgioi.service.database import make_current
from mocgioi.service.duty_acts import act
from mocgioi.service.embedded import ContinuousPipeline
from mocgioi.service.machine_watch import MachineWatch
from mocgioi.service.notifying import NotifierService
from mocgioi.service.probing import Probing
from mocgioi.service.sending import RecordingSession
from mocgioi.service.settings import Settings
from mocgioi.service.spools import SpoolTurn, spool_path
from mocgioi.service.trickle import Trickle
from mocgioi.service.watches import watches
from mocgioi.views import codebook
from mocgioi.views.effect import with_effect
from posts.spool import Spool, SpoolEntry
from posts.spool_file import SpoolProblem
from schemas.failures import UNREACHABLE, Failure
from schemas.records import DeadLetter, Unavailable
from schemas.topics import DEAD_LETTERS
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine, connect
from sinks.query.incidents import incident_shown
from sinks.record.database import Database
from streams.door import DoorPublisher
from streams.spool_source import letter_value
from web.api.app import create
from web.api.door import DoorConfig
from web.api.publishing import Outgoing, Publisher
from web.duty.desk import DutyConfig

log = structlog.get_logger(__name__)

_POOL = 6
_ROOM_S = 300.0
_KEEP_ALIVE_S = 30
_SHUTDOWN_S = 10


class NoPort(Failure):
    """The address cannot be served: another program has the port, or the machine not the address."""

    code = "port"
    exit_code = UNREACHABLE


def serve(settings: Settings, url: str, host: str, port: int, *, trickle: bool = False) -> None:
    """Serve until SIGTERM; with `trickle` an embedded pipeline is given exercises. Raises `NoPort`, and what ends the pipeline."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    with _opened(host, port) as opened:
        asyncio.run(_beside_kafka(settings, url, opened) if settings.kafka else _beside_spool(settings, url, opened, trickle=trickle))


async def _beside_kafka(settings: Settings, url: str, opened: socket.socket) -> None:
    publisher = DoorPublisher(cluster_of(settings))
    try:
        await _served(settings, url, opened, publisher, Metrics(), _config(settings))
    finally:
        await publisher.close()


async def _beside_spool(settings: Settings, url: str, opened: socket.socket, *, trickle: bool) -> None:
    path, metrics, engine = spool_path(settings), Metrics(), connect(url)
    with closing(Spool(path)) as spool, closing(SpoolPublisher(path)) as publisher:
        recording = RecordingSession(spool, engine)

        def prepare() -> None:
            make_current(settings, url)
            recording.compare()

        pipeline = ContinuousPipeline(spool, Database(engine), metrics, turn=SpoolTurn(path), prepare=lambda: asyncio.to_thread(prepare))
        for watch in watches(settings, url, metrics):
            pipeline.run_beside(watch)
        pipeline.run_beside(SpoolRoom(path, engine))
        if settings.alertmanager is not None:
            pipeline.run_beside(NotifierService(settings, url, metrics))
        if trickle:
            pipeline.run_beside(Trickle(path, pipeline.wake))
        publisher.on_append = pipeline.wake
        config = _config(settings, stopped=pipeline.stopped, refresh=pipeline.refresh)
        async with pipeline.running():
            await _served(settings, url, opened, publisher, metrics, config, ended=pipeline.crash)


async def _served(
    settings: Settings,
    url: str,
    opened: socket.socket,
    publisher: Publisher,
    metrics: Metrics,
    config: DoorConfig,
    *,
    ended: Callable[[], Awaitable[Exception]] | None = None,
) -> None:
    """Serve until a signal, or until `ended` returns what this then raises."""
    duty = DutyConfig(
        act=lambda user, kind, subject, given: act(settings, user, kind, subject, **given),
        incident=lambda engine, subject: None if (shown := incident_shown(engine, subject)) is None else with_effect(shown),
        known=timedelta(days=settings.duty_known_days),
    )
    app = create(config, publisher, connect(url, pool_size=_POOL, application="mocgioi door"), metrics, duty)
    server = _Server(
        uvicorn.Config(
            app,
            http="httptools",
            log_config=None,
            access_log=False,  # an address may hold what a person typed
            server_header=False,
            forwarded_allow_ips=settings.door_proxies,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_SHUTDOWN_S,
        ),
        before_shutdown=app.state.desk.changes.close,
    )
    serving = asyncio.create_task(server.serve(sockets=[opened]))
    waits: list[asyncio.Future[Any]] = [serving]
    if ended is not None:
        waits.append(asyncio.ensure_future(ended()))
    async with MachineWatch(settings, metrics), Probing(app.state.door.publisher):
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    for wait in waits[1:]:
        if wait.done():
            raise wait.result()
        wait.cancel()


class SpoolRoom(Service):
    """Deletes from the spool, every few minutes, what the record holds."""

    mundane_level = "debug"

    def __init__(self, path: Path, engine: Engine, *, every_s: float = _ROOM_S, **options: Any) -> None:
        super().__init__(**options)
        self._path = path
        self._engine = engine
        self._every_s = every_s

    @Service.task
    async def _make_room(self) -> None:
        while not self.should_stop:
            await self.sleep(self._every_s)
            try:
                await asyncio.to_thread(self._forget)
            except Failure as error:  # away, or a full disk: the next time does it
                log.warning("spool_not_pruned", error=error.sentence)

    def _forget(self) -> None:
        with closing(Spool(self._path)) as spool:
            RecordingSession(spool, self._engine).forget()


class SpoolPublisher:
    """Appends to the spool of the embedded pipeline, on a thread of its own: a disk takes its time to write through."""

    part: Literal["spool"] = "spool"

    def __init__(self, path: Path) -> None:
        self.on_append: Callable[[], None] = lambda: None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._spool = Spool(path)

    async def publish(self, entries: Sequence[Outgoing]) -> None:
        """Return once all of it is on disk. Raises `Unavailable`."""
        rows = list(map(_spooled, entries))
        await self._ask(lambda spool: spool.append(rows))
        self.on_append()

    async def check(self) -> None:
        """Raises `Unavailable` where the spool cannot be read."""
        await self._ask(Spool.bounds)

    def close(self) -> None:
        """Close the spool."""
        self._thread.shutdown()
        self._spool.close()

    async def _ask(self, ask: Callable[[Spool], object]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, ask, self._spool)
        except SpoolProblem as error:
            raise Unavailable("spool", error) from error


def _spooled(entry: Outgoing) -> SpoolEntry:
    if isinstance(entry, DeadLetter):
        return SpoolEntry(DEAD_LETTERS, (entry.source or "").encode(), letter_value(entry))
    return SpoolEntry(entry.target, entry.key, entry.value)


class _Server(uvicorn.Server):
    """Uvicorn that says where it listens, and that ends in good order at a signal instead of by it."""

    def __init__(self, config: uvicorn.Config, *, before_shutdown: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_shutdown = before_shutdown

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_shutdown()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for opened in sockets or ():
            host, port, *_ = opened.getsockname()
            log.info("listening", host=host, port=port)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def _config(settings: Settings, **embedded: Any) -> DoorConfig:
    token = settings.alerts_token
    return DoorConfig(
        codebook=codebook.as_json(codebook.codebook()).encode(),
        alerts_token=None if token is None else token.get_secret_value(),
        **embedded,
    )


def _opened(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise NoPort(f"{host}:{port}: không mở được cổng, chọn cổng khác bằng --port · cannot be opened ({error.strerror})") from error
