"""The path of a batch: all that happens to it, in the order in which it happens, on Kafka and embedded alike.

    on Kafka    classify judges → publish verdicts and dead letters → count → release
                record reads them → store, positions and all, in one transaction → count → release
    embedded    classify judges → record takes it → store → count → release

`streams.intake` reads a log and gives each batch to the first agent; a release lets it move the positions behind the batch. A step that
raises fails its batch: no later step happens to it or to what was read behind it, and intake reads it all again. A batch that fails three
times is taken apart (`streams.bisection`): the record that makes it fail becomes a dead letter in the first step and the others go their
way; where all fail, the worker ends and names the offsets. A record that ends the whole process is known by the notes of
`streams.crash_notes` and becomes a dead letter unread. A step that waits for a part which does not answer does not fail (`streams.patience`).
A batch behind which the circuit breaker is open goes through its steps, and intake raises the pause flag before it moves the positions.
Each step may therefore happen again to what it has happened to before: a verdict is known by its id, an event by its source and id.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import structlog

from schemas.probe import PROBE_TYPE
from schemas.records import ClassifiedBatch
from schemas.topics import VERDICTS
from sinks.metrics import Metrics
from streams.agents import StreamApp, classify_agent, effect, record_agent, release
from streams.messages import dead_letter_message, verdict_message

if TYPE_CHECKING:  # classify has no database, and the embedded pipeline no Kafka: neither need carry their libraries
    from sinks.record.store import Store
    from streams.producer import Producer

log = structlog.get_logger(__name__)


def classify(app: StreamApp, producer: "Producer", metrics: Metrics) -> Any:
    """Sources in, verdicts and dead letters out. Returns the agent."""

    async def publish(batch: ClassifiedBatch) -> None:
        partitions = await producer.partitions(VERDICTS)
        verdicts = [verdict_message(event, partitions) for event in batch.events]
        await producer.write(verdicts + [dead_letter_message(letter, partitions) for letter in batch.dead])

    async def count(batch: ClassifiedBatch) -> None:
        for outcome, events in Counter(event.verdict.outcome for event in batch.events if event.row.type != PROBE_TYPE).items():
            metrics.classified(outcome, events)
        for letter in batch.dead:
            log.warning("dead_letter", code=letter.code, source=letter.source, **asdict(letter.origin))

    return classify_agent(app, sinks=[effect(publish), effect(count), release])


def record(app: StreamApp, store: "Store") -> Any:
    """Verdicts and dead letters in, rows out. Returns the agent."""
    return record_agent(app, sinks=[effect(store.write), effect(store.count), release])


def embedded(app: StreamApp, store: "Store", *, count: Callable[[ClassifiedBatch], Awaitable[None]]) -> Any:
    """Events in, rows out, in one process. Returns the first agent."""
    recording = record_agent(app, sinks=[effect(store.write), effect(count), release])
    return classify_agent(app, sinks=[recording])
