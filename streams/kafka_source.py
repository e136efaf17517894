"""Kafka as a source for intake: the only Kafka consumer of the service.

Where a stage stands is not Kafka's to say but its `Ledger`'s: for record the database, in the transaction that stored the batch; for
classify, which has no database, the group's committed offsets. Offsets are committed to Kafka in both cases, late, for lag tools.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition, errors
from aiokafka.abc import ConsumerRebalanceListener

from schemas.records import Partition, PositionLost, Unavailable
from streams.batch import Batch, Run, ends_of
from streams.kafka import Cluster, admin, is_passing
from streams.stopping import StopMark

log = structlog.get_logger(__name__)

_QUIET_S = 5.0
"""So long without a record, and the broker is asked whether it is there; so long it may take to answer."""
_SHORTLY_S = 2.0
"""What a commit or a goodbye may take: a stop has ten seconds in all."""


class Ledger(Protocol):
    """Who knows where a stage stands."""

    async def positions(self, log_id: str, beginnings: Mapping[Partition, int]) -> Mapping[Partition, int]:
        """The next offset of each partition; its beginning where nothing is known yet. Raises `Unavailable`."""


class KafkaSource(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """A consumer group's share of some topics."""

    def __init__(
        self,
        cluster: Cluster,
        *,
        topics: tuple[str, ...],
        group: str,
        instance: str | None = None,
        ledger: Ledger | None = None,
        max_records: int = 2000,
        max_poll_interval_s: float = 300.0,
        session_timeout_s: float = 10.0,
    ) -> None:
        """`instance`: static membership, so that a restart does not wait out a session. No ledger: the group's committed offsets."""
        self._cluster = cluster
        self._topics = topics
        self._group = group
        self._ledger = ledger
        self._max_records = max_records
        self._stop_mark = StopMark(cluster, group)
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
        self._log_id = ""
        self._run = Run()
        self._placed = False
        self._heard_at = time.monotonic()
        self._next: dict[Partition, int] = {}
        """Where the next poll begins; what is before it is in flight or safe."""
        self._safe: dict[Partition, int] = {}

    @property
    def _consumer(self) -> AIOKafkaConsumer:
        assert self._started is not None, "start() comes first"  # noqa: S101  # intake keeps to it
        return self._started

    async def start(self, drain: Callable[[], Awaitable[None]]) -> None:
        """See `Source`."""
        async with admin(self._cluster) as kafka:
            self._log_id = (await kafka.describe_cluster())["cluster_id"]
            missing = set(self._topics) - set(await kafka.list_topics())
        if missing:
            raise Unavailable("broker", f"no such topic: {', '.join(sorted(missing))}; run `mocgioi topics create`")
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

    async def poll(self) -> Batch | None:
        """See `Source`."""
        if not self._placed and not await self._place():
            return None
        run = self._run
        await self._look()
        try:
            self._consumer.resume(*self._consumer.paused())  # `keep_alive` paused them
            polled = await self._consumer.getmany(timeout_ms=200, max_records=self._max_records)
        except errors.ConsumerStoppedError:
            return None  # `close` came meanwhile
        except errors.NoOffsetForPartitionError:
            self.rewind()  # partitions came while we polled, and the group knows no offset of theirs: the ledger is asked next
            return None
        except errors.OffsetOutOfRangeError as error:
            raise PositionLost(f"{self._group}: {error}") from error
        except errors.KafkaError as error:
            if is_passing(error):
                raise Unavailable("broker", error) from error
            raise
        if run is not self._run or not polled:
            return None  # a rebalance came between: what was read belongs to nobody
        self._heard_at = time.monotonic()
        return self._batch([record for records in polled.values() for record in records])

    async def _look(self) -> None:
        """Nothing came for a while: ask whether anybody is there. A consumer alone would wait for ever without a word."""
        if time.monotonic() < self._heard_at + _QUIET_S:
            return
        try:
            await asyncio.wait_for(self._consumer.end_offsets(list(self._consumer.assignment())[:1]), timeout=_QUIET_S)
        except (errors.KafkaError, TimeoutError) as error:
            raise Unavailable("broker", repr(error)) from error
        self._heard_at = time.monotonic()

    def _batch(self, records: list[ConsumerRecord]) -> Batch:
        ends = ends_of(records)
        positions = {partition: (self._next[partition], end) for partition, end in ends.items()}
        self._next.update(ends)
        return Batch(log=self._log_id, records=records, positions=positions, run=self._run)

    async def release(self, batch: Batch) -> None:
        """See `Source`."""
        ends = {partition: end for partition, (_, end) in batch.positions.items()}
        self._safe.update(ends)
        committing = self._consumer.commit({TopicPartition(*partition): end for partition, end in ends.items()})
        try:
            await asyncio.wait_for(committing, timeout=_SHORTLY_S)
        except (errors.KafkaError, TimeoutError) as error:
            # Record stands where its database says. Classify may publish these verdicts once more: record knows their events.
            log.warning("commit_failed", group=self._group, error=repr(error))
            self._heard_at = -_QUIET_S

    def rewind(self) -> None:
        """See `Source`."""
        self._run.over = True
        self._run = Run()
        self._placed = False

    async def keep_alive(self) -> None:
        """Go on polling, with partitions paused, or the group takes them away after the poll interval."""
        if self._started is None:
            return
        self._consumer.pause(*self._consumer.assignment())
        with contextlib.suppress(errors.KafkaError, errors.ConsumerStoppedError, TimeoutError):
            await asyncio.wait_for(self._consumer.getmany(timeout_ms=0), timeout=1.0)

    async def stopped(self) -> str | None:
        """See `Source`."""
        return await self._stop_mark.read()

    async def remember_stop(self, reason: str) -> None:
        """See `Source`."""
        await self._stop_mark.set(reason)

    async def close(self) -> None:
        """See `Source`."""
        if self._started is not None:
            with contextlib.suppress(errors.KafkaError, TimeoutError):  # without a broker nobody can be told goodbye
                await asyncio.wait_for(self._started.stop(), timeout=_SHORTLY_S)

    def lag(self) -> dict[str, int]:
        """Records not yet read of the partitions held, by topic, as far as the last fetch told."""
        lag = dict.fromkeys(self._topics, 0)
        if self._started is None:
            return lag
        for partition in self._consumer.assignment():
            end = self._consumer.highwater(partition)
            if end is not None:
                lag[partition.topic] += max(0, end - self._next.get((partition.topic, partition.partition), end))
        return lag

    async def _place(self) -> bool:
        """Seek every assigned partition to where the ledger says. False while none is assigned."""
        run = self._run
        assigned = self._consumer.assignment()
        if not assigned:
            await asyncio.sleep(0.1)
            return False
        try:
            first = _plain(await self._consumer.beginning_offsets(assigned))
            known = await self._known(first)
            last = _plain(await self._consumer.end_offsets(assigned))  # asked last: who had them before may still be recording
        except errors.KafkaError as error:
            if is_passing(error) or isinstance(error, errors.IllegalStateError):
                raise Unavailable("broker", error) from error
            raise
        if run is not self._run:
            return False
        for partition, position in known.items():
            if not first[partition] <= position <= last[partition]:
                raise PositionLost(
                    f"{self._group}: {partition[0]}[{partition[1]}] stands at {position}, "
                    f"the log has {first[partition]} to {last[partition]}: records are missing, or the topic was made anew"
                )
            self._consumer.seek(TopicPartition(*partition), position)
        self._consumer.resume(*assigned)
        self._next = dict(known)
        self._placed = True
        return True

    async def _known(self, beginnings: Mapping[Partition, int]) -> Mapping[Partition, int]:
        if self._ledger is not None:
            return await self._ledger.positions(self._log_id, beginnings)
        known = {}
        for partition, beginning in beginnings.items():
            committed = await self._consumer.committed(TopicPartition(*partition))
            known[partition] = max(self._safe.get(partition, 0), beginning if committed is None else committed)
        return known

    async def on_partitions_revoked(self, revoked: frozenset[TopicPartition]) -> None:
        """Hand partitions back only when what was read of them is safe, or void."""
        if revoked and self._drain is not None:
            await self._drain()
        self.rewind()
        self._safe = {}

    async def on_partitions_assigned(self, assigned: frozenset[TopicPartition]) -> None:
        """Read nothing before the ledger was asked: see `_place`."""
        self.rewind()
        self._consumer.pause(*assigned)
        log.info("assigned", group=self._group, partitions=len(assigned))


def _plain(offsets: Mapping[TopicPartition, int]) -> dict[Partition, int]:
    return {(partition.topic, partition.partition): offset for partition, offset in offsets.items()}
