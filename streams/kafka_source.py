"""Kafka as a source for intake: the only Kafka consumer of the service.

The offset store decides where a stage stands: for record it is the database, which moves the positions in the transaction that stores the
batch; for classify, which has no database, it is the group's committed offsets. Offsets of both are committed to Kafka, late, for lag tools.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition, errors
from aiokafka.abc import ConsumerRebalanceListener
from typing_extensions import override

from schemas.records import LastRecord, Partition, Position, PositionLost, Unavailable
from schemas.topics import CONTROL
from streams.batch import Batch
from streams.crash_notes import ENDS, Held, Note, after, read_notes, write_notes
from streams.group_offsets import committed, to_commit
from streams.kafka import Cluster, admin, asking
from streams.pause import PauseFlag
from streams.same_log import difference, logs_of
from streams.source import OffsetStore, Source
from streams.topic_ids import TopicIds, topic_ids

log = structlog.get_logger(__name__)

_LOOK_S = 5.0
"""How often the source checks that the brokers answer and the topics are the same, and how long it waits for that answer."""
_SHORTLY_S = 2.0
"""How long a commit or a disconnect may take: a stop has ten seconds in all."""


class KafkaSource(ConsumerRebalanceListener, Source):  # type: ignore[misc]  # aiokafka is untyped
    """A consumer group's share of some topics."""

    def __init__(
        self,
        cluster: Cluster,
        *,
        topics: tuple[str, ...],
        group: str,
        instance: str | None = None,
        offsets: OffsetStore | None = None,
        max_records: int = 2000,
        max_poll_interval_s: float = 300.0,
        session_timeout_s: float = 10.0,
        away: Callable[[], object] = list,
    ) -> None:
        """`instance` makes the membership static, so that a restart does not wait out a session.

        Without an offset store the group's committed offsets are the positions. `away` names the parts that do not answer now.
        """
        self._cluster = cluster
        self._topics = topics
        self._group = group
        self._offsets = offsets
        self._max_records = max_records
        self._pause_flag = PauseFlag(cluster, group)
        self._away = away
        self._options = {
            **cluster.options(),
            "group_id": group,
            "group_instance_id": instance,
            "enable_auto_commit": False,
            "auto_offset_reset": "none",
            "isolation_level": "read_committed",
            "max_poll_interval_ms": int(max_poll_interval_s * 1000),
            "session_timeout_ms": int(session_timeout_s * 1000),
            "heartbeat_interval_ms": int(session_timeout_s * 300),
            "fetch_max_wait_ms": 100,
            "max_partition_fetch_bytes": 512 * 1024,  # of each of up to 36 partitions, read ahead; a larger record comes all the same
        }
        self._started: AIOKafkaConsumer | None = None
        self._drain: Callable[[], Awaitable[None]] | None = None
        self._ids = TopicIds("", {})
        self._looked_at = float("-inf")
        self._placing = 0
        """Counts the rewinds. Records that were polled before a rewind are void after it."""
        self._placed = False
        self._next: dict[Partition, int] = {}
        """Where the next poll begins. All records before it are in flight or safe."""
        self._safe: dict[Partition, Position] = {}
        """The safe positions of the partitions held, even where a commit failed."""
        self._was_away = False
        """No broker answered for a while, so another log may have come back in place of this one."""
        self._held: Held | None = None
        self._alone: dict[Partition, Note] = {}
        """The note of the record that is processed alone."""

    @property
    def _consumer(self) -> AIOKafkaConsumer:
        assert self._started is not None, "start() comes first"  # noqa: S101  # intake starts its source
        return self._started

    @override
    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        async with admin(self._cluster) as kafka:
            self._ids = await topic_ids(kafka._client, [*self._topics, CONTROL])  # noqa: SLF001  # aiokafka's admin client has no such question
        consumer = AIOKafkaConsumer(**self._options)
        try:
            await consumer.start()
        except BaseException as error:
            await consumer.stop()
            if isinstance(error, errors.KafkaConnectionError):
                raise Unavailable("broker", error) from error
            raise
        self._started = consumer
        self._drain = drain
        consumer.subscribe(self._topics, listener=self)

    @override
    async def poll(self) -> Batch | None:
        try:
            if time.monotonic() > self._looked_at + _LOOK_S:
                await self._look()
            if self._was_away and self._placed and not await self._ready_to_place_again():
                return None
            if not self._placed and not await self._place():
                return None
            if self._alone:
                await asyncio.sleep(0.01)
                return None
            return await self._poll()
        except Unavailable:
            self._was_away = True
            raise

    async def _ready_to_place_again(self) -> bool:
        """Rewind once no batch is in flight."""
        if any(end != self._safe[partition].offset for partition, end in self._next.items()):
            await asyncio.sleep(0.1)
            return False
        self.rewind()
        return True

    async def _poll(self) -> Batch | None:
        placing = self._placing
        closely = self._held.closely if self._held is not None else []
        consumer = self._consumer
        try:
            consumer.resume(*consumer.paused())  # `keep_alive` paused them
            with asking():
                polled = await consumer.getmany(*closely, timeout_ms=200, max_records=1 if closely else self._max_records)
            if placing != self._placing:
                return None  # a rebalance came, and the records are another worker's
            batch = await self._batch(polled)
            return await self._take_alone(batch) if closely and batch is not None else batch
        except (errors.ConsumerStoppedError, errors.IllegalStateError):
            return None  # `close` or a rebalance came meanwhile
        except errors.NoOffsetForPartitionError:
            self.rewind()  # partitions came during the poll, and the group has no offset of theirs: ask the offset store
            return None
        except errors.OffsetOutOfRangeError as error:
            raise PositionLost(f"{self._group}: {error}") from error

    async def _batch(self, polled: Mapping[TopicPartition, list[ConsumerRecord]]) -> Batch | None:
        """The polled records as a batch. The consumer also moves without records, over the markers of transactions."""
        positions = {}
        for place in polled or self._consumer.assignment():
            end = await self._consumer.position(place)
            partition = place.topic, place.partition
            if end != (start := self._next[partition]):
                positions[partition] = start, end
        if not positions:
            return None
        self._next.update((partition, end) for partition, (_, end) in positions.items())
        return Batch(self._ids.cluster, [record for records in polled.values() for record in records], positions)

    async def _look(self) -> None:
        """Check that a broker answers, for which a consumer alone waits silently, and that no topic was created again."""
        with asking():
            ids = await asyncio.wait_for(topic_ids(self._consumer._client, self._topics), timeout=_LOOK_S)  # noqa: SLF001  # as in `start`
        for topic, topic_id in ids.topics.items():
            if topic_id != self._ids.topics[topic]:
                raise PositionLost(
                    f"{self._group}: {topic} was made anew while it was read: it was {self._ids.topics[topic]}, now {topic_id}"
                )
        self._looked_at = time.monotonic()

    @override
    async def release(self, positions: Mapping[Partition, tuple[int, int]], last: Mapping[Partition, LastRecord]) -> None:
        self._alone = {}
        before = {partition: at.last for partition, at in self._safe.items()}
        ends = {
            partition: Position(end, self._ids.topics[partition[0]], last.get(partition, before.get(partition)))
            for partition, (_, end) in positions.items()
        }
        self._safe |= ends
        await self._commit(ends)

    async def _commit(self, ends: Mapping[Partition, Position]) -> None:
        try:
            with asking():
                await asyncio.wait_for(self._consumer.commit(to_commit(ends)), timeout=_SHORTLY_S)
        except (errors.KafkaError, Unavailable) as error:
            # Record stands where its database says. Classify may publish these verdicts once more: record knows their events.
            log.warning("commit_failed", group=self._group, error=repr(error))
            self._looked_at = float("-inf")

    @override
    def rewind(self) -> None:
        self._placing += 1
        self._placed = False
        self._alone = {}

    @override
    async def keep_alive(self) -> None:
        """Poll with all partitions paused; without a poll the group takes them away after the poll interval."""
        if self._started is None:
            return
        if self._alone and self._away():  # a worker that is killed while it waits is not killed by its record
            await self._note({partition: note._replace(alone=note.alone - 1) for partition, note in self._alone.items()})
        self._consumer.pause(*self._consumer.assignment())
        with contextlib.suppress(errors.KafkaError, errors.ConsumerStoppedError, Unavailable), asking():
            await asyncio.wait_for(self._consumer.getmany(timeout_ms=0), timeout=1.0)

    @override
    async def paused(self) -> str | None:
        return await self._pause_flag.read()

    @override
    async def pause(self, reason: str) -> None:
        await self._pause_flag.set(reason)

    @override
    async def close(self) -> None:
        if self._started is not None:
            await self._leave()
            with contextlib.suppress(errors.KafkaError, Unavailable), asking():  # no broker is there to leave
                await asyncio.wait_for(self._started.stop(), timeout=_SHORTLY_S)

    def lag(self) -> dict[str, int]:
        """The records not yet read of the partitions held, by topic, as of the last fetch."""
        lag = dict.fromkeys(self._topics, 0)
        if self._started is None:
            return lag
        for partition in self._consumer.assignment():
            end = self._consumer.highwater(partition)
            if end is not None:
                lag[partition.topic] += max(0, end - self._next.get((partition.topic, partition.partition), end))
        return lag

    async def _place(self) -> bool:
        """Seek every assigned partition to its stored position. False while none is assigned."""
        placing = self._placing
        assigned = self._consumer.assignment()
        if not assigned:
            await asyncio.sleep(0.1)
            return False
        try:
            with asking():
                await self._look()
                stored = await self._stored(await self._consumer.beginning_offsets(assigned))
                # The log is read last, since the last holder may still be recording.
                logs = await logs_of(self._cluster, {partition: at.last and at.last.offset for partition, at in stored.items()})
        except errors.IllegalStateError:
            return False  # a rebalance came meanwhile
        if placing != self._placing:
            return False
        for (topic, number), position in stored.items():
            if (why := difference(position, logs[topic, number])) is not None:
                raise PositionLost(f"{self._group}: {topic}[{number}] stands at {position.offset}: {why}")
        if self._held is None:
            await self._hold({partition: position.offset for partition, position in stored.items()})
            if placing != self._placing:
                return False
        for partition, position in stored.items():
            self._consumer.seek(TopicPartition(*partition), position.offset)
        self._consumer.resume(*assigned)
        self._next = {partition: position.offset for partition, position in stored.items()}
        self._safe = dict(stored)
        self._was_away = False
        self._placed = True
        return True

    async def _hold(self, offsets: Mapping[Partition, int]) -> None:
        """Note that these partitions are held from these offsets on, and read closely those where processes ended."""
        left = await read_notes(self._cluster, self._group, [TopicPartition(*partition) for partition in offsets])
        notes = {partition: after(left.get(partition), offset) for partition, offset in offsets.items()}
        closely = [TopicPartition(*partition) for partition, note in notes.items() if note.ends >= ENDS]
        last = await self._consumer.end_offsets(closely) if closely else {}
        most = 2 * self._max_records  # as many records as can be in flight
        until = {tuple(place): min(end, offsets[place] + most) for place, end in last.items() if end > offsets[place]}
        self._held = Held(notes, until)
        if self._held.closely:
            log.error("read_closely", group=self._group, partitions=[f"{topic}[{number}]" for topic, number in self._held.closely])
        await self._note(notes)

    async def _take_alone(self, batch: Batch) -> Batch:
        assert self._held is not None, "`_place` comes first"  # noqa: S101  # `poll` places first
        batch, self._alone = self._held.take(batch)
        await self._note(self._alone)
        return batch

    async def _leave(self) -> None:
        """Remove the notes: this worker leaves its partitions in good order."""
        held, self._held = self._held, None
        if held is not None:
            await self._note(held.notes, held=False)

    async def _note(self, notes: Mapping[Partition, Note], *, held: bool = True) -> None:
        try:
            with asking():
                await asyncio.wait_for(write_notes(self._consumer._client, self._group, notes, held=held), timeout=_SHORTLY_S)  # noqa: SLF001
        except (errors.KafkaError, Unavailable) as error:  # a missing note costs a closer look, or saves one
            log.warning("note_failed", group=self._group, error=repr(error))

    async def _stored(self, first: Mapping[TopicPartition, int]) -> Mapping[Partition, Position]:
        beginnings = {tuple(place): Position(offset, self._ids.topics[place.topic]) for place, offset in first.items()}
        if self._offsets is not None:
            return await self._offsets.positions(self._ids.cluster, beginnings)
        noted = await committed(self._cluster, self._group, beginnings)
        stored = {
            partition: max(at, self._safe.get(partition, at), key=lambda position: position.offset) for partition, at in noted.items()
        }
        if new := beginnings.keys() - stored.keys():  # committed at once, so that records deleted unread are missed
            await self._commit({partition: beginnings[partition] for partition in new})
        return beginnings | stored

    async def on_partitions_revoked(self, revoked: frozenset[TopicPartition]) -> None:  # noqa: ARG002  # aiokafka's listener has it
        """Hand partitions back only when every batch of theirs is safe or void."""
        if self._drain is not None:
            await self._drain()
        await self._leave()
        self.rewind()
        self._safe = {}

    async def on_partitions_assigned(self, assigned: frozenset[TopicPartition]) -> None:
        """Read nothing before `_place` has asked the offset store."""
        self.rewind()
        self._consumer.pause(*assigned)
        log.info("assigned", group=self._group, partitions=len(assigned))
