"""The positions of a stage without a database: a consumer group's committed offsets, with the log's fingerprint as their metadata."""

from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, OffsetAndMetadata, TopicPartition

from schemas.records import LastRecord, Partition, Position
from streams.kafka import Cluster, admin, asking


async def committed(cluster: Cluster, group: str, partitions: Iterable[Partition] | None = None) -> dict[Partition, Position]:
    """The group's position in each of these partitions, or in all; a partition without one is left out. Raises `Unavailable`."""
    places = None if partitions is None else [TopicPartition(*partition) for partition in partitions]
    async with admin(cluster) as kafka:
        offsets = await kafka.list_consumer_group_offsets(group, partitions=places)
    return {tuple(place): _position(noted) for place, noted in offsets.items() if noted.offset >= 0}


async def commit(cluster: Cluster, group: str, positions: Mapping[Partition, Position]) -> None:
    """Set the positions of a group. Kafka refuses this while the group has members. Raises `Unavailable`, `KafkaError`."""
    consumer = AIOKafkaConsumer(**cluster.options(), group_id=group, enable_auto_commit=False)
    with asking():
        try:
            await consumer.start()
            consumer.assign([TopicPartition(*partition) for partition in positions])
            await consumer.commit(to_commit(positions))
        finally:
            await consumer.stop()


async def members(cluster: Cluster, group: str) -> list[str]:
    """The hosts of the group's live members. Raises `Unavailable`."""
    async with admin(cluster) as kafka:
        (response,) = await kafka.describe_consumer_groups([group])
    (described,) = response.to_object()["groups"]
    return sorted(member["client_host"].lstrip("/") for member in described["members"])


def to_commit(positions: Mapping[Partition, Position]) -> dict[TopicPartition, OffsetAndMetadata]:
    """Positions as a consumer commits them: the metadata are the topic id, then offset, timestamp and digest of the last record."""
    offsets = {}
    for partition, position in positions.items():
        metadata = " ".join(map(str, [position.incarnation or "-", *(position.last or ())]))
        offsets[TopicPartition(*partition)] = OffsetAndMetadata(position.offset, metadata)
    return offsets


def _position(noted: OffsetAndMetadata) -> Position:
    """The position in a committed offset. Earlier versions of ours wrote no metadata, or the topic id alone."""
    incarnation, *fields = noted.metadata.split() or ["-"]
    last = None
    if fields:
        offset, timestamp, digest, *_ = fields
        last = LastRecord(int(offset), int(timestamp), digest)
    return Position(noted.offset, None if incarnation == "-" else incarnation, last)
