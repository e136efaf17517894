"""Sending events on their way from a command: to Kafka where one is set, else through the embedded pipeline."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from mocgioi.output import fail, notice, waiting
from mocgioi.settings import Settings
from posts.spool import Spool
from schemas.records import Recorded


def spool_of(settings: Settings) -> AbstractContextManager[Spool]:
    """The spool of the embedded pipeline."""
    return _alone_with(settings.home / "spool.db")


def outbox_of(settings: Settings) -> AbstractContextManager[Spool]:
    """The spool of what is to be published."""
    return _alone_with(settings.home / "outbox.db")


@contextmanager
def _alone_with(path: Path) -> Iterator[Spool]:
    """A spool that no other command uses meanwhile, so that each counts what it was given, and not what another spooled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("ab") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            notice("đợi lệnh mocgioi khác xong · waiting for another mocgioi to finish")
            flock(lock, LOCK_EX)
        spool = Spool(path)
        try:
            yield spool
        finally:
            spool.close()


def record(settings: Settings, spool: Spool, *, on_progress: Callable[[int], None] = lambda _: None) -> Recorded:
    """Record what is in the spool, in this process."""
    from mocgioi import embedded, logs
    from mocgioi.database import database_url
    from sinks.record import Database

    logs.at_prompt(settings)
    with database_url(settings) as url:
        database = Database(url)
        try:
            _, end = spool.bounds()
            done = embedded.drain(spool, database, on_progress=on_progress)
        finally:
            database.close()
    spool.prune(end)
    return done


def publish(settings: Settings, outbox: Spool, *, on_progress: Callable[[int], None] = lambda _: None) -> int:
    """Publish what is in the outbox. Returns how many events were sent.

    Raises `Unavailable` if no broker answers at the start; leaves with a problem where topics are missing.
    """
    from mocgioi import logs
    from mocgioi.cluster import cluster_of
    from streams import topics
    from streams.patience import Patience
    from streams.producer import Producer
    from streams.publish import drain

    logs.at_prompt(settings)
    cluster = cluster_of(settings)

    async def send() -> int:
        # A person waits at the prompt: better told at once than kept waiting.
        missing = [difference.topic for difference in await topics.check(cluster) if difference.setting == "topic"]
        if missing:
            fail(
                "topics_missing",
                f"{', '.join(missing)}: chưa có; sự kiện vẫn ở hộp gửi · not there, the events stay spooled: `mocgioi topics create`",
            )
        producer = Producer(cluster, patience=Patience(on_waiting=waiting))
        try:
            count = await drain(outbox, producer, on_progress=on_progress)
        finally:
            await producer.close()
        outbox.prune(outbox.sent)
        return count

    return asyncio.run(send())
