"""Write to Kafka so that no acknowledged message is lost: `acks=all`, idempotent, in order, awaited."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from aiokafka import AIOKafkaProducer, errors
from aiokafka.producer.message_accumulator import BatchBuilder

from schemas.records import Unavailable
from schemas.topics import MAX_MESSAGE_BYTES
from streams.batch import Message
from streams.kafka import Cluster, asking
from streams.patience import Patience

T = TypeVar("T")

_BATCH_BYTES = 512 * 1024
_TIMEOUT_S = 30.0
"""After so long without an answer the client is replaced."""


class Producer:
    """An idempotent producer that replaces its client after a failure.

    After a refusal or an outage an idempotent client may answer `OutOfOrderSequenceNumber` for ever. A new client sends the same messages
    again, which is harmless because every message carries the id of its event.
    """

    def __init__(self, cluster: Cluster, *, patience: Patience | None = None) -> None:
        self._cluster = cluster
        self._patience = patience or Patience()
        self._client: AIOKafkaProducer | None = None

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has. Waits for brokers that do not answer."""

        async def ask() -> int:
            return len(await (await self._started()).partitions_for(topic))

        return await self._answer(ask)

    async def write(self, messages: Sequence[Message]) -> None:
        """Write all messages, in order within a partition, and return when all are acknowledged. Waits for brokers that do not answer.

        Raises `aiokafka.errors.KafkaError` where waiting does not help: a forbidden topic, a message too large.
        """
        await self._answer(lambda: self._write(messages))

    async def _answer(self, ask: Callable[[], Awaitable[T]]) -> T:
        async def once() -> T:
            try:
                with asking():
                    return await asyncio.wait_for(ask(), timeout=_TIMEOUT_S)
            except (errors.TopicAuthorizationFailedError, errors.MessageSizeTooLargeError, Unavailable):
                await self.close()
                raise
            except errors.KafkaError as error:  # a new client may be answered where this one never will
                await self.close()
                raise Unavailable("broker", repr(error)) from error

        return await self._patience(once, part="broker")

    async def close(self) -> None:
        """Close the client; the next write opens another."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(errors.KafkaError, Unavailable), asking():
                await asyncio.wait_for(client.stop(), timeout=2.0)

    async def _write(self, messages: Iterable[Message]) -> None:
        client = await self._started()
        open_batches: dict[tuple[str, int], BatchBuilder] = {}
        sent = []
        for message in messages:
            place = message.topic, message.partition
            batch = open_batches.get(place)
            if batch is None or batch.append(timestamp=None, key=message.key, value=message.value, headers=message.headers) is None:
                if batch is not None:
                    sent.append(await client.send_batch(batch, message.topic, partition=message.partition))
                batch = open_batches[place] = client.create_batch()
                if batch.append(timestamp=None, key=message.key, value=message.value, headers=message.headers) is None:
                    raise errors.MessageSizeTooLargeError(f"{message.topic}: {len(message.value or b'')} bytes")
        for (topic, partition), batch in open_batches.items():
            sent.append(await client.send_batch(batch, topic, partition=partition))
        for future in sent:
            await future

    async def _started(self) -> AIOKafkaProducer:
        if self._client is None:
            client = AIOKafkaProducer(
                **self._cluster.options(),
                acks="all",
                enable_idempotence=True,
                max_batch_size=_BATCH_BYTES,
                max_request_size=MAX_MESSAGE_BYTES,
                request_timeout_ms=10_000,
            )
            try:
                await client.start()
            except BaseException:
                await client.stop()
                raise
            self._client = client
        return self._client
