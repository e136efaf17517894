"""What all our Kafka clients share: the brokers' addresses, the login, and which errors mean "not now"."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, errors
from aiokafka.admin import AIOKafkaAdminClient

from schemas.records import Unavailable
from streams import kafka_records
from streams.cancelling import is_stray

kafka_records.install()

_ANSWER_MS = 10_000
"""How long a request waits for a broker that takes connections and does not answer. A person may be waiting for the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """How to reach Kafka."""

    bootstrap: str
    client_id: str = "mocgioi"
    ca_file: Path | None = None
    """With a CA file the connection uses TLS."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    """With a user name the login is SASL/SCRAM-SHA-256."""

    def options(self) -> dict[str, Any]:
        """Arguments for any aiokafka client."""
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "client_id": self.client_id}
        if self.ca_file is not None:
            options |= {"security_protocol": "SSL", "ssl_context": ssl.create_default_context(cafile=str(self.ca_file))}
        if self.username is not None:
            options |= {
                "security_protocol": "SASL_SSL" if self.ca_file else "SASL_PLAINTEXT",
                "sasl_mechanism": "SCRAM-SHA-256",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options


@contextlib.contextmanager
def asking() -> Iterator[None]:
    """Raise an error of Kafka that may pass as `Unavailable`, and every other error as it is."""
    try:
        yield
    except asyncio.CancelledError as error:
        if not is_stray():
            raise
        raise Unavailable("broker", "the client gave its request up") from error
    except (errors.KafkaError, TimeoutError) as error:
        if isinstance(error, TimeoutError) or is_passing(error):
            raise Unavailable("broker", str(error) or repr(error)) from error
        raise


@contextlib.asynccontextmanager
async def admin(cluster: Cluster) -> AsyncIterator[AIOKafkaAdminClient]:
    """A new admin client: one that is kept over a broker's death never recovers. Raises `Unavailable`."""
    client = AIOKafkaAdminClient(**cluster.options(), request_timeout_ms=_ANSWER_MS)
    with asking():
        try:
            await client.start()
            yield client
        finally:
            await client.close()


@contextlib.asynccontextmanager
async def reader(cluster: Cluster) -> AsyncIterator[AIOKafkaConsumer]:
    """A new consumer without a group, to look into a log. Raises `Unavailable`."""
    options = {"auto_offset_reset": "none", "request_timeout_ms": _ANSWER_MS}
    # A fetch that waits for records delays the stop, which would cost half a second of a worker's poll loop.
    client = AIOKafkaConsumer(**cluster.options(), **options, fetch_max_wait_ms=20)
    with asking():
        try:
            await client.start()
            yield client
        finally:
            await client.stop()


def is_passing(error: errors.KafkaError) -> bool:
    """Whether waiting may help."""
    return bool(error.retriable) or isinstance(error, (errors.KafkaConnectionError, errors.NodeNotReadyError, errors.KafkaTimeoutError))
