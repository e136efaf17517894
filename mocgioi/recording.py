"""Sending events on their way from a command: to Kafka where one is set, else through the embedded pipeline."""

import asyncio
from collections.abc import Callable

from mocgioi.settings import Settings
from posts.spool import Spool
from schemas.records import Recorded


def spool_of(settings: Settings) -> Spool:
    """The spool of the embedded pipeline."""
    return Spool(settings.home / "spool.db")


def outbox_of(settings: Settings) -> Spool:
    """The spool of what is to be published."""
    return Spool(settings.home / "outbox.db")


def record(settings: Settings, spool: Spool, *, on_progress: Callable[[int], None]) -> Recorded:
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


def publish(settings: Settings, outbox: Spool, *, on_progress: Callable[[int], None]) -> int:
    """Publish what is in the outbox. Raises `Unavailable` if no broker answers at the start. Returns how many events were sent."""
    from mocgioi import logs
    from mocgioi.cluster import cluster_of
    from streams.kafka import admin
    from streams.producer import Producer
    from streams.publish import drain

    logs.at_prompt(settings)

    async def send() -> int:
        async with admin(cluster_of(settings)):
            pass  # a person waits at the prompt: better told at once than kept waiting
        producer = Producer(cluster_of(settings))
        try:
            count = await drain(outbox, producer, on_progress=on_progress)
        finally:
            await producer.close()
        outbox.prune(outbox.sent)
        return count

    return asyncio.run(send())
