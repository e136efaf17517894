"""How far a stage is behind, as `doctor` and lag tools see it from outside."""

from collections.abc import Iterable

from aiokafka import TopicPartition

from streams.kafka import Cluster, admin, reader


async def lag(cluster: Cluster, group: str, topics: Iterable[str]) -> int:
    """The number of records in these topics that the group has not released yet. Raises `Unavailable`."""
    async with admin(cluster) as kafka:
        described = await kafka.describe_topics(list(topics))
        partitions = [TopicPartition(topic["topic"], part["partition"]) for topic in described for part in topic["partitions"]]
        committed = await kafka.list_consumer_group_offsets(group, partitions=partitions)
    async with reader(cluster) as kafka:
        first = await kafka.beginning_offsets(partitions)
        last = await kafka.end_offsets(partitions)
    return sum(last[partition] - max(first[partition], committed[partition].offset) for partition in partitions)
