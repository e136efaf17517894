"""Publish: drain an outbox to Kafka in order, and remember how far it was acknowledged."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from aiokafka.partitioner import DefaultPartitioner

from streams.batch import Message
from streams.kafka import Cluster
from streams.producer import Producer

_HEADERS = [("content-type", b"application/cloudevents+json")]
_BATCH = 2000


class Event(Protocol):
    """An event to publish."""

    @property
    def target(self) -> str:
        """The topic to publish it to."""

    @property
    def key(self) -> bytes:
        """The event's subject."""

    @property
    def value(self) -> bytes:
        """The event as JSON."""


class SpooledEvent(Event, Protocol):
    """An event in a spool."""

    @property
    def offset(self) -> int:
        """The event's place in the spool."""


class Outbox(Protocol):
    """A spool that remembers what was sent, as `posts.spool.Spool` does."""

    @property
    def sent(self) -> int:
        """The position up to which Kafka has acknowledged every event."""

    def read(self, position: int, limit: int) -> Sequence[SpooledEvent]:
        """Events from a position on."""

    def mark_sent(self, position: int) -> None:
        """Store that every event before `position` was acknowledged."""


class Placement:
    """The partition of each event: by its key, as all Kafka clients choose it, so that the events of a subject keep their order."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer
        self._partitioner = DefaultPartitioner()
        self._partitions: dict[str, list[int]] = {}

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        return len(await self._numbers(topic))

    async def message(self, event: Event, *headers: tuple[str, bytes]) -> Message:
        """The event as a message, with these headers besides its content type."""
        numbers = await self._numbers(event.target)
        partition = self._partitioner(event.key, numbers, numbers)
        return Message(event.target, partition, event.key, event.value, [*_HEADERS, *headers])

    async def _numbers(self, topic: str) -> list[int]:
        if topic not in self._partitions:
            self._partitions[topic] = list(range(await self._producer.partitions(topic)))
        return self._partitions[topic]


async def publish(cluster: Cluster, events: Sequence[Event]) -> None:
    """Publish these events. Waits for brokers that do not answer."""
    producer = Producer(cluster)
    placement = Placement(producer)
    try:
        await producer.write([await placement.message(event) for event in events])
    finally:
        await producer.close()


async def at_once(gone: int) -> int:  # noqa: ARG001  # as `drain` asks
    """Let all go that there is."""
    return _BATCH


async def drain(
    outbox: Outbox,
    producer: Producer,
    *,
    due: Callable[[int], Awaitable[int]] = at_once,
    on_progress: Callable[[int], None] = lambda count: None,  # noqa: ARG005  # named for its callers
) -> int:
    """Publish all events that were not sent yet, and return their number. An event may be sent twice, never skipped.

    `due`: how many may go now, at least one, after so many have gone; it waits until one may.
    """
    placement = Placement(producer)
    count = 0
    while events := outbox.read(outbox.sent, min(_BATCH, await due(count))):
        await producer.write([await placement.message(event) for event in events])
        outbox.mark_sent(events[-1].offset + 1)
        count += len(events)
        on_progress(len(events))
    return count
