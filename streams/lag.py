"""How far the stages are behind, asked from outside: what `doctor` and lag tools see."""

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition, errors

from schemas.records import Unavailable
from streams.kafka import Cluster, admin, is_passing


async def lag(cluster: Cluster, group: str, topics: Iterable[str]) -> int:
    """Records of these topics that the group has not released yet. Raises `Unavailable`."""
    async with admin(cluster) as kafka:
        described = await kafka.describe_topics(list(topics))
        partitions = [TopicPartition(topic["topic"], part["partition"]) for topic in described for part in topic["partitions"]]
        committed = await kafka.list_consumer_group_offsets(group, partitions=partitions)
    consumer = AIOKafkaConsumer(**cluster.options())
    try:
        await consumer.start()
        first = await consumer.beginning_offsets(partitions)
        last = await consumer.end_offsets(partitions)
    except errors.KafkaError as error:
        if is_passing(error):
            raise Unavailable("broker", error) from error
        raise
    finally:
        await consumer.stop()
    return sum(last[partition] - max(first[partition], committed[partition].offset) for partition in partitions)
