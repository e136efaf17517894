"""The door's way into Kafka: as `streams.publish`, but at once or not at all, since somebody waits for the answer."""

import asyncio
from collections.abc import Sequence
from typing import Literal, Protocol

from schemas.records import DeadLetter, Unavailable
from schemas.topics import DEAD_LETTERS, SOURCES
from streams.batch import RECEIVED, Message
from streams.kafka import Cluster, admin
from streams.messages import dead_letter_message
from streams.patience import Patience
from streams.producer import Producer
from streams.publish import Event, Placement

_WRITE_S = 6.0
_CHECK_S = 3.0


class Received(Event, Protocol):
    """An event, and when the door received it."""

    @property
    def received_ms(self) -> int:
        """Milliseconds since the epoch."""


class DoorPublisher:
    """Writes events to their topics, and what the door refused to the dead letters."""

    part: Literal["broker"] = "broker"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._producer = Producer(cluster, patience=Patience(retry_delay_s=0.3))
        self._placement = Placement(self._producer)

    async def publish(self, entries: Sequence[Received | DeadLetter]) -> None:
        """Return once all in-sync brokers have all of it. Raises `Unavailable` after some seconds; then any part may have been written."""
        try:
            async with asyncio.timeout(_WRITE_S):
                await self._producer.write([await self._message(entry) for entry in entries])
        except TimeoutError:
            await self._producer.close()
            raise Unavailable("broker", f"no answer within {_WRITE_S:g} s") from None

    async def check(self) -> None:
        """Raises `Unavailable` while the brokers do not answer, or have not our topics."""
        try:
            async with asyncio.timeout(_CHECK_S), admin(self._cluster) as kafka:
                topics = set(await kafka.list_topics())
        except TimeoutError:
            raise Unavailable("broker", f"no answer within {_CHECK_S:g} s") from None
        if missing := {*SOURCES, DEAD_LETTERS} - topics:
            raise Unavailable("broker", f"topics are missing, mocgioi topics create: {', '.join(sorted(missing))}")

    async def close(self) -> None:
        """Disconnect."""
        await self._producer.close()

    async def _message(self, entry: Received | DeadLetter) -> Message:
        if isinstance(entry, DeadLetter):
            return dead_letter_message(entry, await self._placement.partitions(DEAD_LETTERS))
        return await self._placement.message(entry, (RECEIVED, b"%d" % entry.received_ms))
