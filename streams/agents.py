"""The two Faust agents, and where the order of effects stands.

    from Kafka     classify -> publish, release            record -> store, count, release
    embedded       classify -> record agent                record -> store, count, release

Faust runs an agent's sinks one after the other, in this order, before the agent takes its next item.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import faust
from faust.app.base import BootStrategy
from faust.types import StreamT
from mode import Service

from schemas.records import ClassifiedBatch
from streams.batch import Batch
from streams.classify import classify
from streams.fuse import Fuse
from streams.messages import unpack

Effect = Callable[[ClassifiedBatch], Awaitable[None]]
"""What is done with a batch once it is read. May raise: the batch comes again."""


class _NoKafka(BootStrategy):
    """Channels, agents, sinks and the worker's life cycle; neither Faust's consumer nor its producer, which lose data (README)."""

    enable_kafka = False
    enable_web = False


class StreamApp(faust.App):
    """A Faust app of channels only."""

    BootStrategy = _NoKafka
    mundane_level = "debug"

    def __init__(self, name: str) -> None:
        super().__init__(name, broker="kafka://none", web_enabled=False, worker_redirect_stdouts=False, topic_disable_leader=True)

    def _create_directories(self) -> None:
        """None: Faust's are for tables, and we keep none. A worker may live on a read-only disk."""

    async def on_started(self) -> None:
        """Channels stay suspended until somebody says otherwise, and without Kafka nobody does."""
        self.flow_control.resume()
        await super().on_started()

    def run_beside(self, service: Service) -> None:
        """Start a service after the agents, and stop it before them."""
        self.service(service)  # type: ignore[arg-type]  # it takes instances too

    async def on_shutdown(self) -> None:
        """Faust's stream iterator asks for a consumer, which never starts but brings an event loop: closed here, or Python complains."""
        await super().on_shutdown()
        self.consumer._thread.thread_loop.close()  # type: ignore[attr-defined]  # noqa: SLF001  # Faust offers no other way


def classify_agent(app: StreamApp, fuse: Fuse, *, then: Sequence[Effect] | Any) -> Any:
    """The agent that judges. `then`: its effects in order, or the record agent itself. Returns the agent."""

    async def judging(batches: StreamT[Any]) -> AsyncIterator[Batch]:
        async for batch in batches:
            if batch.live and _succeeds(batch, lambda batch: classify(batch, fuse)):
                yield batch

    sinks = [*map(_guarded, then), _release] if isinstance(then, Sequence) else [then]
    return app.agent(app.channel(maxsize=4), name="classify", sink=sinks)(judging)


def record_agent(app: StreamApp, *, then: Sequence[Effect]) -> Any:
    """The agent that records: reads verdicts and dead letters, nothing else. Returns the agent."""

    async def recording(batches: StreamT[Any]) -> AsyncIterator[Batch]:
        async for batch in batches:
            if batch.live and (batch.delivery is not None or _succeeds(batch, unpack)):
                yield batch

    return app.agent(app.channel(maxsize=4), name="record", sink=[*map(_guarded, then), _release])(recording)


def _succeeds(batch: Batch, work: Callable[[Batch], ClassifiedBatch]) -> bool:
    try:
        batch.delivery = work(batch)
    except Exception as error:  # noqa: BLE001  # whatever it is, Faust would forget the batch: intake must hear of it
        batch.fail(error)
        return False
    return True


def _guarded(effect: Effect) -> Callable[[Batch], Awaitable[None]]:
    """An effect as a Faust sink that fails its batch instead of the agent, and does nothing for a batch that failed."""

    async def sink(batch: Batch) -> None:
        if not batch.live or batch.delivery is None:
            return
        try:
            await effect(batch.delivery)
        except BaseException as error:
            batch.fail(error)
            if not isinstance(error, Exception):
                raise

    return sink


async def _release(batch: Batch) -> None:
    if batch.live:
        batch.release()
