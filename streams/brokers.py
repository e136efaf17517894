"""Check the brokers' own settings, which the settings of our topics (`schemas.topics`) do not cover."""

from typing import Any, NamedTuple

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import ClusterAuthorizationFailedError, NoError, for_code

from schemas.topics import Durability
from streams.kafka import Cluster, admin
from streams.topics import TopicRefused

WEEK_MINUTES = 7 * 24 * 60


class UnsafeBroker(NamedTuple):
    """A setting of a broker that endangers our data."""

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
    """The least values that keep classify's positions. Without them classify reads all sources again: nothing is lost, but it takes hours."""
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


async def check(cluster: Cluster, durability: Durability) -> list[UnsafeBroker] | None:
    """The unsafe settings of each broker; None where this login may not read them. Raises `Unavailable`, `TopicRefused`."""
    async with admin(cluster) as kafka:
        brokers = [broker["node_id"] for broker in (await kafka.describe_cluster())["brokers"]]
        responses = await kafka.describe_configs([ConfigResource(ConfigResourceType.BROKER, str(broker)) for broker in brokers])
    unsafe: list[UnsafeBroker] = []
    for code, reason, _, broker, entries in (resource for response in responses for resource in response.resources):
        error = for_code(code)
        if error is ClusterAuthorizationFailedError:
            return None
        if error is not NoError:
            raise TopicRefused(f"broker {broker}: {error.__name__}: {reason or error.description}")
        unsafe += _unsafe(int(broker), {entry[0]: entry[1] for entry in entries}, durability)
    return unsafe


def _unsafe(broker: int, values: dict[str, Any], durability: Durability) -> list[UnsafeBroker]:
    unsafe = []
    if values[_NO_STRAY_TOPICS] != "false":
        danger = "tên gõ sai thành một topic không ai đọc · a mistyped name becomes a topic that nobody reads"
        unsafe.append(UnsafeBroker(broker, _NO_STRAY_TOPICS, values[_NO_STRAY_TOPICS], "false", danger))
    for setting, least, danger in _least(durability):
        if int(values[setting]) < least:
            unsafe.append(UnsafeBroker(broker, setting, values[setting], f"{least}+", danger))
    return unsafe
