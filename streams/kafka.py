"""What every Kafka client of ours shares: where the brokers are, how to log in, and which errors mean "not now"."""

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

kafka_records.install()

_ANSWER_MS = 10_000
"""How long a question waits for a broker that takes connections and does not answer: a person may be waiting for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """How to reach Kafka."""

    bootstrap: str
    client_id: str = "mocgioi"
    ca_file: Path | None = None
    """With a CA file the connection is TLS."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    """With a user name it is SASL/SCRAM-SHA-256 over TLS."""

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
    """Kafka is asked something: an error that may pass is raised as `Unavailable`, every other as it is."""
    try:
        yield
    except (errors.KafkaError, TimeoutError) as error:
        if isinstance(error, TimeoutError) or is_passing(error):
            raise Unavailable("broker", str(error) or repr(error)) from error
        raise


@contextlib.asynccontextmanager
async def admin(cluster: Cluster) -> AsyncIterator[AIOKafkaAdminClient]:
    """A fresh admin client: one kept over a broker's death never recovers. Raises `Unavailable`."""
    client = AIOKafkaAdminClient(**cluster.options(), request_timeout_ms=_ANSWER_MS)
    with asking():
        try:
            await client.start()
            yield client
        finally:
            await client.close()


@contextlib.asynccontextmanager
async def reader(cluster: Cluster) -> AsyncIterator[AIOKafkaConsumer]:
    """A fresh consumer of no group, for a question about what lies in a log. Raises `Unavailable`."""
    options = {"auto_offset_reset": "none", "request_timeout_ms": _ANSWER_MS}
    # A fetch that waits for what does not come would hold up the goodbye: half a second of a worker's poll loop.
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
