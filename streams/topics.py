"""Create the topics, and compare existing ones with `schemas.topics`."""

import asyncio
from typing import Any, NamedTuple

from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code

from schemas.failures import Failure
from schemas.records import Unavailable
from schemas.topics import DEVELOPMENT, TOPICS, Durability, partitions, settings
from streams.kafka import Cluster, admin

LEADERS_WITHIN_S = 20.0


class TopicRefused(Failure):
    """A broker refused to create or describe a topic. The message names the topic and the broker's reason."""

    code = "topic_refused"


class TopicDifference(NamedTuple):
    """A setting of a topic that is not as it should be. Only a person changes it, since partitions decide the order of events."""

    topic: str
    setting: str
    """`topic` (it is missing), `partitions`, `replication`, or a topic setting as Kafka names it."""
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.setting} is {self.actual}, expected {self.expected}"


class Creation(NamedTuple):
    """The topics that `create` created, and what it left different from what it should be."""

    created: list[str]
    differences: list[TopicDifference]


async def create(cluster: Cluster, durability: Durability = DEVELOPMENT) -> Creation:
    """Create the missing topics, wait until they have leaders, and check all topics. A second call changes nothing.

    Raises `Unavailable`, `TopicRefused`.
    """
    async with admin(cluster) as kafka:
        present = {topic["topic"] for topic in await kafka.describe_topics()}
        missing = [topic for topic in TOPICS if topic not in present]
        new = [NewTopic(topic, partitions(topic), durability.replication, topic_configs=settings(topic, durability)) for topic in missing]
        created = _created(await kafka.create_topics(new)) if new else []
        await _leaders(kafka)
        return Creation(created, await _differences(kafka, durability))


async def check(cluster: Cluster, durability: Durability = DEVELOPMENT) -> list[TopicDifference]:
    """How the topics differ from what they should be; empty when all is well. Raises `Unavailable`, `TopicRefused`."""
    async with admin(cluster) as kafka:
        return await _differences(kafka, durability)


def _created(response: Any) -> list[str]:
    """The topics that were created. An error is a code in the response and not an exception."""
    created = []
    for topic, code, reason in response.topic_errors:
        error = for_code(code)
        if error is NoError:
            created.append(topic)
        elif error is not TopicAlreadyExistsError:  # another process created it just now
            raise TopicRefused(f"{topic}: {error.__name__}: {reason or error.description}")
    return created


async def _leaders(kafka: Any) -> None:
    """Wait until every partition has a leader, so that the first worker finds the topics usable."""
    until = asyncio.get_running_loop().time() + LEADERS_WITHIN_S
    while True:
        described = [topic for topic in await kafka.describe_topics() if topic["topic"] in TOPICS]
        if len(described) == len(TOPICS) and all(part["leader"] >= 0 for topic in described for part in topic["partitions"]):
            return
        if asyncio.get_running_loop().time() > until:
            raise Unavailable("broker", TimeoutError("topics without a leader"))
        await asyncio.sleep(0.05)


async def _differences(kafka: Any, durability: Durability) -> list[TopicDifference]:
    described = {topic["topic"]: topic["partitions"] for topic in await kafka.describe_topics()}
    present = [topic for topic in TOPICS if topic in described]
    actual_settings = await _settings(kafka, present) if present else {}
    differences = [TopicDifference(topic, "topic", "present", "missing") for topic in TOPICS if topic not in described]
    for topic in present:
        expected = {"partitions": str(partitions(topic)), "replication": str(durability.replication)} | settings(topic, durability)
        copies = [len(part["replicas"]) for part in described[topic]]
        actual = {"partitions": str(len(copies)), "replication": str(min(copies))} | actual_settings[topic]
        for name, value in expected.items():
            if actual.get(name) != value:
                differences.append(TopicDifference(topic, name, value, actual.get(name, "unknown")))
    return differences


async def _settings(kafka: Any, topics: list[str]) -> dict[str, dict[str, str]]:
    responses = await kafka.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic) for topic in topics])
    topic_settings: dict[str, dict[str, str]] = {}
    for response in responses:
        for code, reason, _, topic, entries in response.resources:
            if (error := for_code(code)) is not NoError:
                raise TopicRefused(f"{topic}: {error.__name__}: {reason or error.description}")
            topic_settings[topic] = {entry[0]: entry[1] for entry in entries}
    return topic_settings
