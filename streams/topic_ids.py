"""The ids of topics. Kafka gives each topic an id when it is created, so a topic that was deleted and created again has another id.

aiokafka 0.14 requests metadata in a version from before topics had ids; version 12 of the request is defined here.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NodeNotReadyError, NoError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

from schemas.records import Unavailable


class _Uuid(AbstractType[UUID]):  # type: ignore[misc]  # aiokafka is untyped
    @classmethod
    def encode(cls, value: UUID) -> bytes:
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        return UUID(bytes=data.read(16))


_BROKER = ("node", Int32), ("host", CompactString()), ("port", Int32), ("rack", CompactString()), ("tags", TaggedFields)
_PARTITION = (
    ("error", Int16),
    ("partition", Int32),
    ("leader", Int32),
    ("leader_epoch", Int32),
    ("replicas", CompactArray(Int32)),
    ("isr", CompactArray(Int32)),
    ("offline_replicas", CompactArray(Int32)),
    ("tags", TaggedFields),
)
_TOPIC = (
    ("error", Int16),
    ("name", CompactString()),
    ("id", _Uuid),
    ("internal", Boolean),
    ("partitions", CompactArray(*_PARTITION)),
    ("operations", Int32),
    ("tags", TaggedFields),
)


class _MetadataResponse(Response):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_ms", Int32),
        ("brokers", CompactArray(*_BROKER)),
        ("cluster_id", CompactString()),
        ("controller", Int32),
        ("topics", CompactArray(*_TOPIC)),
        ("tags", TaggedFields),
    )


class _MetadataRequest(RequestStruct):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 12
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", CompactArray(("id", _Uuid), ("name", CompactString()), ("tags", TaggedFields))),
        ("create", Boolean),
        ("operations", Boolean),
        ("tags", TaggedFields),
    )

    def prepare(self, versions: object) -> "_MetadataRequest":  # noqa: ARG002  # every broker we support (Kafka 4) speaks version 12
        return self


class TopicIds(NamedTuple):
    """The id of a cluster, and the id of each topic by its name."""

    cluster: str
    topics: dict[str, str]


async def topic_ids(client: AIOKafkaClient, topics: Sequence[str]) -> TopicIds:
    """The ids of these topics. Raises `Unavailable` if one is missing, `KafkaError` for another failure."""
    node = client.get_random_node()
    if node is None:
        raise NodeNotReadyError("no broker is known")
    response = await client.send(node, _MetadataRequest([(UUID(int=0), topic, {}) for topic in topics], False, False, {}))
    ids = {topic: str(topic_id) for error, topic, topic_id, *_ in response.topics if for_code(error) is NoError}
    failed = {topic: for_code(error) for error, topic, *_ in response.topics if for_code(error) is not NoError}
    missing = sorted(topic for topic, error in failed.items() if error is UnknownTopicOrPartitionError)
    if missing:
        raise Unavailable("broker", f"no such topic: {', '.join(missing)}; run `mocgioi topics create`")
    for topic, error in failed.items():
        raise error(topic)
    return TopicIds(response.cluster_id, ids)
