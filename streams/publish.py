"""Publish: drain a spool to Kafka, in order, and remember how far it was acknowledged."""

from collections.abc import Callable, Sequence
from typing import Protocol

from aiokafka.partitioner import DefaultPartitioner

from streams.batch import Message
from streams.producer import Producer

_HEADERS = [("content-type", b"application/cloudevents+json")]


class Event(Protocol):
    """A spooled event."""

    @property
    def offset(self) -> int:
        """Its place in the spool."""

    @property
    def target(self) -> str:
        """The topic it is meant for."""

    @property
    def key(self) -> bytes:
        """Its subject."""

    @property
    def value(self) -> bytes:
        """Its bytes."""


class Outbox(Protocol):
    """A spool that remembers what was sent. `posts.spool.Spool` does."""

    @property
    def sent(self) -> int:
        """The position up to which everything was acknowledged."""

    def read(self, position: int, limit: int) -> Sequence[Event]:
        """Events from a position on."""

    def mark_sent(self, position: int) -> None:
        """Everything before `position` was acknowledged."""


async def drain(
    outbox: Outbox,
    producer: Producer,
    *,
    batch: int = 2000,
    on_progress: Callable[[int], None] = lambda count: None,  # noqa: ARG005  # named for its callers
) -> int:
    """Publish everything not sent yet; an event sent twice is harmless, an event skipped is not. Returns how many were sent."""
    partitioner = DefaultPartitioner()
    places: dict[str, list[int]] = {}
    count = 0
    while events := outbox.read(outbox.sent, batch):
        messages = []
        for event in events:
            if event.target not in places:
                places[event.target] = list(range(await producer.partitions(event.target)))
            partition = partitioner(event.key, places[event.target], places[event.target])
            messages.append(Message(event.target, partition, event.key, event.value, _HEADERS))
        await producer.write(messages)
        outbox.mark_sent(events[-1].offset + 1)
        count += len(events)
        on_progress(len(events))
    return count
