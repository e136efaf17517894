"""Remove a record from a log for good. Kafka deletes from the beginning only, so the records before it go too.

The caller must know that those records are safe elsewhere and that every stage has read them (`mocgioi.service.secret_removal`).
"""

from collections.abc import AsyncIterator

from aiokafka import ConsumerRecord, TopicPartition, errors
from aiokafka.admin.records_to_delete import RecordsToDelete

from schemas.failures import Failure
from schemas.records import Partition
from streams.kafka import Cluster, admin, reader


class CutRefused(Failure):
    """The broker does not let this login delete records. Nothing was deleted."""

    code = "cut_refused"


async def partitions(cluster: Cluster, topic: str) -> int:
    """How many partitions a topic has. Raises `Unavailable`."""
    async with admin(cluster) as kafka:
        (described,) = await kafka.describe_topics([topic])
    return len(described["partitions"])


async def records_before(cluster: Cluster, partition: Partition, end: int) -> AsyncIterator[list[ConsumerRecord]]:
    """The records of a partition from its beginning to `end`, or to the end of the log. Raises `Unavailable`."""
    place = TopicPartition(*partition)
    async with reader(cluster) as kafka:
        kafka.assign([place])
        await kafka.seek_to_beginning(place)
        end = min(end, (await kafka.end_offsets([place]))[place])
        while await kafka.position(place) < end:
            polled = (await kafka.getmany(place, timeout_ms=500)).get(place, [])
            yield [record for record in polled if record.offset < end]


async def delete_before(cluster: Cluster, partition: Partition, end: int) -> None:
    """Delete the records of a partition before `end`. A second call changes nothing. Raises `CutRefused`, `Unavailable`."""
    async with admin(cluster) as kafka:
        try:
            await kafka.delete_records({TopicPartition(*partition): RecordsToDelete(before_offset=end)})
        except errors.OffsetOutOfRangeError:
            return  # the records are gone already
        except errors.TopicAuthorizationFailedError as error:
            raise CutRefused(f"{partition[0]}: tài khoản Kafka cần quyền DELETE · the Kafka login needs the permission DELETE") from error
