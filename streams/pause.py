"""The pause flag: it keeps the workers of a group paused over restarts, until a person resumes them.

Classify has no database, so the flag is a record in the control topic. Its key is the group and its value the reason; an empty value means
resumed. The topic is compacted, so Kafka keeps the latest flag of each group for ever, whatever its retention.
"""

from aiokafka import AIOKafkaProducer, TopicPartition

from schemas.topics import CONTROL
from streams.kafka import Cluster, asking, reader
from streams.topic_ids import topic_ids

_PLACE = TopicPartition(CONTROL, 0)


class PauseFlag:
    """The flag of one consumer group."""

    def __init__(self, cluster: Cluster, group: str) -> None:
        self._cluster = cluster
        self._group = group.encode()

    async def read(self) -> str | None:
        """Why the group is paused; None if it may run. Raises `Unavailable`."""
        reason = b""
        async with reader(self._cluster) as kafka:
            await topic_ids(kafka._client, [CONTROL])  # noqa: SLF001  # aiokafka waits silently for a missing topic; this raises
            kafka.assign([_PLACE])
            await kafka.seek_to_beginning(_PLACE)
            end = (await kafka.end_offsets([_PLACE]))[_PLACE]
            while await kafka.position(_PLACE) < end:
                for record in (await kafka.getmany(_PLACE, timeout_ms=500)).get(_PLACE, []):
                    if record.key == self._group:
                        reason = record.value or b""
        return reason.decode(errors="replace") or None

    async def set(self, reason: str) -> None:
        """Raise the flag: the group's workers wait from now on, whoever starts them. Raises `Unavailable`."""
        await self._write(reason[:2000])

    async def clear(self) -> None:
        """Take the flag down. Raises `Unavailable`."""
        await self._write("")

    async def _write(self, reason: str) -> None:
        producer = AIOKafkaProducer(**self._cluster.options(), acks="all", enable_idempotence=True, request_timeout_ms=10_000)
        with asking():
            try:
                await producer.start()
                await producer.send_and_wait(CONTROL, reason.encode(), key=self._group, partition=_PLACE.partition)
            finally:
                await producer.stop()
