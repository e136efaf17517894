"""Publish: drain an outbox to Kafka in order, and remember how far it was acknowledged."""

from collections.abc import Callable, Sequence
from typing import Protocol

from aiokafka.partitioner import DefaultPartitioner

from streams.batch import Message
from streams.producer import Producer

_HEADERS = [("content-type", b"application/cloudevents+json")]
_BATCH = 2000


class SpooledEvent(Protocol):
    """A spooled event."""

    @property
    def offset(self) -> int:
        """The event's place in the spool."""

    @property
    def target(self) -> str:
        """The topic to publish it to."""

    @property
    def key(self) -> bytes:
        """The event's subject."""

    @property
    def value(self) -> bytes:
        """The event as JSON."""


class Outbox(Protocol):
    """A spool that remembers what was sent, as `posts.spool.Spool` does."""

    @property
    def sent(self) -> int:
        """The position up to which Kafka has acknowledged every event."""

    def read(self, position: int, limit: int) -> Sequence[SpooledEvent]:
        """Events from a position on."""

    def mark_sent(self, position: int) -> None:
        """Store that every event before `position` was acknowledged."""


async def drain(
    outbox: Outbox,
    producer: Producer,
    *,
    on_progress: Callable[[int], None] = lambda count: None,  # noqa: ARG005  # named for its callers
) -> int:
    """Publish all events that were not sent yet, and return their number. An event may be sent twice, never skipped."""
    partitioner = DefaultPartitioner()
    places: dict[str, list[int]] = {}
    count = 0
    while events := outbox.read(outbox.sent, _BATCH):
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
