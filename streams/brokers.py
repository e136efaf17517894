"""What the brokers themselves must be set to: what the settings of our topics (`schemas.topics`) cannot say."""

from typing import Any, NamedTuple

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import ClusterAuthorizationFailedError, NoError, for_code

from schemas.topics import Durability
from streams.kafka import Cluster, admin
from streams.topics import TopicRefused

WEEK_MINUTES = 7 * 24 * 60


class Unsafe(NamedTuple):
    """A setting of a broker that is not as we need it."""

    broker: int
    setting: str
    value: str
    needed: str
    danger: str
    """Vietnamese and English."""


class _Least(NamedTuple):
    setting: str
    least: int
    danger: str


_NO_STRAY_TOPICS = "auto.create.topics.enable"


def _least(durability: Durability) -> tuple[_Least, ...]:
    """Classify keeps its positions in Kafka. Without them it reads all sources again: nothing is lost or doubled, but it may take hours."""
    return (
        _Least(
            "offsets.topic.replication.factor",
            durability.replication,
            "mất một broker thì classify đọc lại từ đầu · with a broker lost, classify reads everything again",
        ),
        _Least(
            "offsets.retention.minutes",
            WEEK_MINUTES,
            "classify nghỉ lâu hơn thì đọc lại từ đầu · after a longer rest, classify reads everything again",
        ),
    )


async def check(cluster: Cluster, durability: Durability) -> list[Unsafe] | None:
    """The settings of each broker that are not as we need them; None where this login may not look.

    Raises `Unavailable` or `TopicRefused`.
    """
    async with admin(cluster) as kafka:
        brokers = [broker["node_id"] for broker in (await kafka.describe_cluster())["brokers"]]
        responses = await kafka.describe_configs([ConfigResource(ConfigResourceType.BROKER, str(broker)) for broker in brokers])
    found: list[Unsafe] = []
    for code, reason, _, broker, entries in (resource for response in responses for resource in response.resources):
        error = for_code(code)
        if error is ClusterAuthorizationFailedError:
            return None
        if error is not NoError:
            raise TopicRefused(f"broker {broker}: {error.__name__}: {reason or error.description}")
        found += _unsafe(int(broker), {entry[0]: entry[1] for entry in entries}, durability)
    return found


def _unsafe(broker: int, values: dict[str, Any], durability: Durability) -> list[Unsafe]:
    found = []
    if values[_NO_STRAY_TOPICS] != "false":
        danger = "tên gõ sai thành một topic không ai đọc · a mistyped name becomes a topic that nobody reads"
        found.append(Unsafe(broker, _NO_STRAY_TOPICS, values[_NO_STRAY_TOPICS], "false", danger))
    for setting, least, danger in _least(durability):
        if int(values[setting]) < least:
            found.append(Unsafe(broker, setting, values[setting], f"{least}+", danger))
    return found
