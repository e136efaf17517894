"""A worker that stopped itself stays stopped over restarts, until a person resumes it.

Classify has no database, so the mark lives in Kafka: as the metadata of an offset committed for a group of its own, which never has
members and so can be written by the worker and by `mocgioi deadletter resume` alike.
"""

from aiokafka import AIOKafkaConsumer, TopicPartition, errors
from aiokafka.structs import OffsetAndMetadata

from schemas.records import Unavailable
from schemas.topics import INCIDENTS
from streams.kafka import Cluster, admin, is_passing

_PLACE = TopicPartition(INCIDENTS, 0)


class StopMark:
    """The mark of one consumer group."""

    def __init__(self, cluster: Cluster, group: str) -> None:
        self._cluster = cluster
        self._group = f"{group}.stop"

    async def read(self) -> str | None:
        """Why the group's workers stopped; None if they may run. Raises `Unavailable`."""
        async with admin(self._cluster) as kafka:
            marks = await kafka.list_consumer_group_offsets(self._group, partitions=[_PLACE])
        mark = marks.get(_PLACE)
        return mark.metadata or None if mark is not None else None

    async def set(self, reason: str) -> None:
        """Stop: workers wait from now on, whoever starts them. Raises `Unavailable`."""
        await self._write(reason[:2000])

    async def clear(self) -> None:
        """Resume. Raises `Unavailable`."""
        await self._write("")

    async def _write(self, metadata: str) -> None:
        consumer = AIOKafkaConsumer(**self._cluster.options(), group_id=self._group, enable_auto_commit=False)
        try:
            await consumer.start()
            consumer.assign([_PLACE])
            await consumer.commit({_PLACE: OffsetAndMetadata(0, metadata)})
        except errors.KafkaError as error:
            if is_passing(error):
                raise Unavailable("broker", error) from error
            raise
        finally:
            await consumer.stop()
