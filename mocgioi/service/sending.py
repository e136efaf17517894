"""Send the events of a command: to Kafka where one is set, else through the embedded pipeline."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from mocgioi.service.accounting import Account
from mocgioi.service.settings import Settings
from mocgioi.service.spools import spool_of
from mocgioi.views.output import note, waiting
from posts.spool import Spool
from schemas.failures import Failure
from schemas.topics import DEAD_LETTERS

if TYPE_CHECKING:  # publishing needs no database
    from sqlalchemy import Engine

    from posts.simulation.pace import Pace

log = structlog.get_logger(__name__)

_CHUNK = 2000


class TopicsMissing(Failure):
    """The cluster has not the topics that events are published to."""

    code = "topics_missing"


@contextmanager
def recording(settings: Settings) -> Iterator["RecordingSession"]:
    """Open the spool of the embedded pipeline and the record behind it, and compare the two before anything is written to either."""
    from mocgioi.service import logs
    from mocgioi.service.database import record_engine

    logs.at_prompt(settings)
    with spool_of(settings) as spool, record_engine(settings) as engine:
        session = RecordingSession(spool, engine)
        session.compare()
        yield session


class RecordingSession:
    """A spool, and the record that its events go into. The record says how far: the spool may have been put back from a backup."""

    def __init__(self, spool: Spool, engine: "Engine") -> None:
        from sinks.record.database import Database

        self.spool = spool
        self._engine = engine
        self._database = Database(engine)
        self._recorded_to = 0

    def compare(self) -> None:
        """Make the spool another one where it went back behind the record: its rows are then read from its beginning.

        What is recorded already is a duplicate; under the old name the new rows would be passed over.
        """
        position = self._recorded_to = self._position()
        sent, after = self.spool.bounds()
        if position <= after and not self._unheld(position):
            return
        log.warning("spool_went_back", spool=self.spool.id, recorded_to=position, spool_ends=after)
        note(
            "spool_restored",
            f"hộp gửi cũ hơn hồ sơ (hồ sơ đã đọc đến dòng {position - 1}, hộp có đến dòng {after - 1}), có lẽ được khôi phục từ bản sao "
            "lưu: đọc lại từ đầu, không mất gì · the spool is older than the record, a backup put back: it is read again from its beginning",
        )
        self.spool.renew()
        self._recorded_to = sent

    def waiting(self) -> int:
        """How many events in the spool were not recorded when it was compared, damaged ones too."""
        return self.spool.waiting(self._recorded_to) + sum(row >= self._recorded_to for row in self.spool.set_aside)

    def record(self, *, on_progress: Callable[[int], None] = lambda _: None) -> Account:
        """Record what is in the spool, in this process, and forget there what the record then holds."""
        from mocgioi.service.embedded import drain

        given = self.waiting()
        done = drain(self.spool, self._database, on_progress=on_progress)
        self.forget()
        return Account(
            given=given - done.probes,
            accepted=done.events.total(),
            duplicate=done.duplicates.total(),
            conflict=done.conflicts.total(),
            rejected=done.dead_letters.total(),
            new_conflicts=done.conflicts_kept,
        )

    def forget(self) -> None:
        """Delete from the spool what the record holds."""
        position = self._position()
        if unheld := self._unheld(position):
            log.warning("spool_rows_not_recorded", spool=self.spool.id, rows=unheld)  # the next command compares, and reads them again
        else:
            self.spool.prune(position)
            self._recorded_to = position

    def unheld(self) -> list[int]:
        """The rows that the record has read and does not hold: the spool was put back from a backup."""
        return self._unheld(self._position())

    def _position(self) -> int:
        """How far the record has read the spool."""
        from streams.spool_source import PARTITION, beginning

        return self._database.positions(self.spool.id, beginning(self.spool))[PARTITION].offset

    def _unheld(self, position: int) -> list[int]:
        """The rows before a position that the record does not hold."""
        from sinks.record.holding import unheld

        start, _ = self.spool.bounds()
        missing: list[int] = []
        while rows := [row for row in self.spool.read(start, _CHUNK) if row.offset < position]:
            events = [row for row in rows if row.target != DEAD_LETTERS]  # what the door refused is held with the position
            missing += [events[place].offset for place in unheld(self._engine, [row.value for row in events])]
            start = rows[-1].offset + 1
        return missing


def publish(
    settings: Settings, outbox: Spool, *, pace: "Pace | None" = None, on_progress: Callable[[int], None] = lambda _: None
) -> Account:
    """Publish what is in the outbox, at a pace or at once. Raises `Unavailable` if no broker answers at the start, and `TopicsMissing`."""
    from mocgioi.service import logs
    from mocgioi.service.cluster import cluster_of
    from streams import topics
    from streams.patience import Patience
    from streams.producer import Producer
    from streams.publish import at_once, drain

    logs.at_prompt(settings)
    cluster = cluster_of(settings)
    given = outbox.waiting(outbox.sent)

    async def due(gone: int) -> int:
        if pace is None or gone >= given:  # nothing is left to wait for
            return await at_once(gone)
        await asyncio.sleep(pace.wait_s(gone))
        return pace.due(gone)

    async def send() -> int:
        # A person waits at the prompt, and reads at once that topics are missing.
        missing = [difference.topic for difference in await topics.check(cluster) if difference.setting == "topic"]
        if missing:
            raise TopicsMissing(
                f"{', '.join(missing)}: chưa có; sự kiện vẫn ở hộp gửi · not there, the events stay spooled: `mocgioi topics create`"
            )
        producer = Producer(cluster, patience=Patience(on_waiting=waiting))
        try:
            count = await drain(outbox, producer, due=due, on_progress=on_progress)
        finally:
            await producer.close()
        outbox.prune(outbox.sent)
        return count

    return Account(given=given, accepted=asyncio.run(send()))
