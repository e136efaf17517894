"""The service's own stages, run by its own commands, with a meter beside them."""

import os
import signal
from pathlib import Path

from bench.meter import Meter
from bench.spec import Spec
from mocgioi.commands.worker import worker
from mocgioi.service import workers
from mocgioi.service.cluster import GROUPS
from posts.spool import Spool
from schemas.topics import INCIDENTS
from streams.batch import Batch
from streams.intake import Intake
from streams.kafka import Cluster
from streams.kafka_source import KafkaSource
from streams.producer import Producer
from streams.publish import drain


async def publish(spec: Spec, meter: Meter) -> None:
    """What `mocgioi ingest --kafka` and `mocgioi post send` do with a spool."""

    def acknowledged(events: int) -> None:
        meter.safe(events)

    producer = Producer(Cluster(bootstrap=spec.kafka))
    await producer.partitions(INCIDENTS)
    await meter.go()
    meter.begin()
    await drain(Spool(Path(spec.spool)), producer, on_progress=acknowledged)
    await producer.close()


def work(spec: Spec, meter: Meter) -> None:
    """`mocgioi worker classify` or `record`, until the last event is safe. Does not return: the command leaves with its exit code."""
    os.environ |= {
        "MOCGIOI_KAFKA": spec.kafka,
        "MOCGIOI_METRICS_PORT": "0",
        "MOCGIOI_LOG": "json",
        "MOCGIOI_LOG_LEVEL": "warning",
    } | ({"MOCGIOI_DATABASE_URL": spec.database} if spec.database else {})
    GROUPS[spec.stage] = spec.group
    run = workers.run

    def measured(composition: workers.Composition) -> int:
        intake = composition.stages[spec.stage]
        assert isinstance(intake.source, KafkaSource)  # noqa: S101  # a worker reads Kafka
        _measure(intake, intake.source, meter)
        return run(composition)

    workers.run = measured
    worker(spec.stage)


def _measure(intake: Intake, source: KafkaSource, meter: Meter) -> None:
    poll, on_end = source.poll, intake.on_end

    async def polled() -> Batch | None:
        batch = await poll()
        if source._placed:  # noqa: SLF001  # partitions are there, and where to read from is known
            meter.ready()
        if batch is not None:
            meter.begin()
        return batch

    def ended(batch: Batch, safe: bool) -> None:
        on_end(batch, safe)
        if safe and meter.safe(len(batch.records)):
            os.kill(os.getpid(), signal.SIGTERM)

    source.poll = polled  # type: ignore[method-assign]
    intake.on_end = ended
