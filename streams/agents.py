"""The two Faust agents. `mocgioi.service.pipeline` composes them and names their sinks.

Faust runs an agent's sinks one after the other, in order, before the agent takes its next item. Faust restarts an agent that raised and
forgets the item it held. So an exception here fails the batch instead of the agent, and intake reads the batch again.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import faust
from faust.app.base import BootStrategy
from faust.types import StreamT
from mode import Service

from schemas.records import ClassifiedBatch
from streams.batch import InFlight
from streams.classify import classify
from streams.messages import unpack


class _NoKafka(BootStrategy):
    """Starts channels, agents, sinks and the worker's life cycle, but not Faust's consumer and producer, which lose data (README)."""

    enable_kafka = False
    enable_web = False


class StreamApp(faust.App):
    """A Faust app that has channels and no topics."""

    BootStrategy = _NoKafka
    mundane_level = "debug"

    def __init__(self, name: str) -> None:
        super().__init__(name, broker="kafka://none", web_enabled=False, worker_redirect_stdouts=False, topic_disable_leader=True)

    def _create_directories(self) -> None:
        """Create none: they are for Faust's tables, which we do not use, and a worker may run on a read-only disk."""

    async def on_started(self) -> None:
        """Let channels flow: they start suspended, and only Faust's Kafka consumer would resume them."""
        self.flow_control.resume()
        await super().on_started()

    def run_beside(self, service: Service) -> None:
        """Start a service after the agents, and stop it before them."""
        self.service(service)  # type: ignore[arg-type]  # Faust takes instances too

    async def on_shutdown(self) -> None:
        """Close the event loop of the consumer that Faust's stream iterator creates and never starts; Python warns of an open loop."""
        await super().on_shutdown()
        self.consumer._thread.thread_loop.close()  # type: ignore[attr-defined]  # noqa: SLF001  # Faust offers no other way


def classify_agent(app: StreamApp, *, sinks: Sequence[Any]) -> Any:
    """Return the agent that judges events."""

    def judge(flight: InFlight) -> None:
        run = flight.run
        flight.classified, run.breaker = classify(flight.batch, run.breaker)
        flight.breaker = run.breaker

    async def judging(flights: StreamT[Any]) -> AsyncIterator[InFlight]:
        async for flight in flights:
            # Nothing is judged after the record that opened the breaker: intake drops it and stops.
            if flight.live and flight.run.breaker.opened is None and _succeeds(flight, judge):
                yield flight

    return app.agent(app.channel(maxsize=4), name="classify", sink=sinks)(judging)


def record_agent(app: StreamApp, *, sinks: Sequence[Any]) -> Any:
    """Return the agent that records: it reads verdicts and dead letters, or takes classified batches from the classify agent."""

    def read(flight: InFlight) -> None:
        if flight.classified is not None:
            return
        flight.classified, refusals = unpack(flight.batch)
        run = flight.run
        for letter in refusals:
            run.breaker = run.breaker.after(0, letter)
        flight.breaker = run.breaker = run.breaker.after(len(flight.batch.records) - len(refusals))

    async def recording(flights: StreamT[Any]) -> AsyncIterator[InFlight]:
        async for flight in flights:
            if flight.live and (flight.classified is not None or flight.run.breaker.opened is None) and _succeeds(flight, read):
                yield flight

    return app.agent(app.channel(maxsize=4), name="record", sink=sinks)(recording)


def effect(work: Callable[[ClassifiedBatch], Awaitable[None]]) -> Callable[[InFlight], Awaitable[None]]:
    """Make a Faust sink of `work`. Its failure fails the batch and not the agent; it does nothing for a batch that has failed already."""

    async def sink(flight: InFlight) -> None:
        if not flight.live or flight.classified is None:
            return
        try:
            await work(flight.classified)
        except BaseException as error:
            flight.fail(error)
            if not isinstance(error, Exception):
                raise

    return sink


async def release(flight: InFlight) -> None:
    """The last sink: all effects of the batch are done, so intake may move its positions."""
    if flight.live:
        flight.done.set_result(None)


def _succeeds(flight: InFlight, work: Callable[[InFlight], None]) -> bool:
    try:
        work(flight)
    except Exception as error:  # noqa: BLE001  # Faust would forget the batch; intake must learn that it failed
        flight.fail(error)
        return False
    return True
