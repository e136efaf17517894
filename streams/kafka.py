"""What every Kafka client of ours shares: where the brokers are, how to log in, and which errors mean "not now"."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient

from schemas.records import Unavailable

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
    password: str | None = None
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


class admin:  # noqa: N801  # reads as `async with admin(cluster) as kafka`
    """A fresh admin client: one kept over a broker's death never recovers. Raises `Unavailable` if no broker answers."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def __aenter__(self) -> AIOKafkaAdminClient:
        self._client = AIOKafkaAdminClient(**self._cluster.options(), request_timeout_ms=_ANSWER_MS)
        try:
            await self._client.start()
        except (errors.KafkaConnectionError, errors.NodeNotReadyError) as error:
            await self._client.close()
            raise Unavailable("broker", error) from error
        return self._client

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        await self._client.close()
        if isinstance(error, errors.KafkaError) and is_passing(error):
            raise Unavailable("broker", error) from error


def is_passing(error: errors.KafkaError) -> bool:
    """Whether waiting may help."""
    return bool(error.retriable) or isinstance(error, (errors.KafkaConnectionError, errors.NodeNotReadyError, errors.KafkaTimeoutError))
