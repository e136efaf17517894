"""The two Faust agents. What happens to what they yield is for whoever composes them to say (`mocgioi.service.pipeline`), as their sinks.

Faust runs an agent's sinks one after the other, in their order, before the agent takes its next item. It restarts an agent that raised
and forgets the item it held, so here whatever is raised fails the batch instead, and intake reads it again.
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


def classify_agent(app: StreamApp, *, sinks: Sequence[Any]) -> Any:
    """The agent that judges. Returns it."""

    def judge(flight: InFlight) -> None:
        run = flight.run
        flight.classified, run.breaker = classify(flight.batch, run.breaker)
        flight.breaker = run.breaker

    async def judging(flights: StreamT[Any]) -> AsyncIterator[InFlight]:
        async for flight in flights:
            # Behind the record that opened the breaker nothing is judged: intake drops it and stops.
            if flight.live and flight.run.breaker.opened is None and _succeeds(flight, judge):
                yield flight

    return app.agent(app.channel(maxsize=4), name="classify", sink=sinks)(judging)


def record_agent(app: StreamApp, *, sinks: Sequence[Any]) -> Any:
    """The agent that records: reads verdicts and dead letters, nothing else, or takes them from the agent that judges. Returns it."""

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
    """What is done with a classified batch, as a Faust sink: it fails its batch instead of the agent, and leaves a failed one alone."""

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
    """The last sink: everything about the batch is safe, so intake moves its positions."""
    if flight.live:
        flight.done.set_result(None)


def _succeeds(flight: InFlight, work: Callable[[InFlight], None]) -> bool:
    try:
        work(flight)
    except Exception as error:  # noqa: BLE001  # whatever it is, Faust would forget the batch: intake must hear of it
        flight.fail(error)
        return False
    return True
