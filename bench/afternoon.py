"""The same job as a good engineer would do it in an afternoon: one loop, aiokafka and SQLAlchemy Core, our models, judge and tables.

Offsets are committed after the database's commit and a redelivered event is ignored, so nothing is lost while all goes well. It folds
nothing: an incident is its first report. It knows no conflicts, no dead letters, no order across redeliveries and no service that is away.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.dialects.postgresql import insert

from agreement.effective import effective
from agreement.incident import fold
from agreement.judge import judge_event
from agreement.unit import unit_of
from bench.meter import Meter
from bench.spec import BATCH, Spec
from schemas.doorway import decode
from schemas.events import Crossed, PostSaid, Reported
from schemas.problems import InvalidEvent
from schemas.topics import SOURCES
from schemas.verdicts import Verdict
from sinks import tables

STATES = (tables.incident, tables.incident_version)
"""Where the state of an incident stands."""
TABLES = (tables.event, tables.verdict, *STATES)
Row = dict[str, Any]
log = logging.getLogger(__name__)


async def run(spec: Spec, meter: Meter) -> None:
    """Read, judge, insert, commit, until the meter has seen the last event."""
    engine = connect(spec.database)
    consumer = AIOKafkaConsumer(
        *SOURCES, bootstrap_servers=spec.kafka, group_id=spec.group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        while True:
            polled = await consumer.getmany(timeout_ms=200, max_records=BATCH)
            if consumer.assignment():
                meter.ready()
            records = [record for records in polled.values() for record in records]
            if not records:
                continue
            meter.begin()
            store(engine, records)
            await consumer.commit()
            if meter.safe(len(records)):
                return
    finally:
        await consumer.stop()
        engine.dispose()


def connect(url: str) -> Engine:
    """An engine that takes JSON columns as text, which they are already."""
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), json_serializer=str)


def store(engine: Engine, records: list[ConsumerRecord]) -> None:
    """Judge the events of a poll and insert what is new, in one transaction."""
    rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    now = datetime.now(UTC)
    for record in records:
        try:
            event = decode(record.value)
        except InvalidEvent as refused:
            log.warning("refused: %s", refused)
            continue
        verdict = judge_event(event)
        envelope = {name: getattr(event, name) for name in ("source", "id", "subject", "type", "time")} | {"recorded_at": now}
        rows["event"].append(envelope | _event(record, event))
        rows["verdict"].append(envelope | _verdict(verdict))
        if isinstance(event, Reported):
            state = envelope | _verdict(verdict) | _state(event, verdict)
            for table in STATES:
                rows[table.name].append(state)
    with engine.begin() as connection:
        for table in TABLES:
            if rows[table.name]:
                columns = [column.name for column in table.columns]
                values = [{name: row.get(name) for name in columns} for row in rows[table.name]]
                connection.execute(insert(table).on_conflict_do_nothing(), values)


def _event(record: ConsumerRecord, event: Any) -> Row:
    occurred = event.data.interval if isinstance(event, Crossed | PostSaid) else getattr(event.data, "occurred", None)
    return {
        "sequence": event.number,
        "occurred_start": occurred and occurred.start,
        "body": record.value.decode(),
        "log": "afternoon",
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "received_at": datetime.fromtimestamp(record.timestamp / 1000, UTC),
    }


def _verdict(verdict: Verdict) -> Row:
    return {
        "rule_pack": verdict.rule_pack,
        "judge_version": verdict.judge_version,
        "outcome": verdict.outcome,
        "findings": msgspec.json.encode(verdict.findings).decode(),
    }


def _state(event: Reported, verdict: Verdict) -> Row:
    """The state of an incident of which there is one report."""
    incident = fold([event])
    counted = effective(incident, verdict)
    return {
        "version": 1,
        "complete": incident.complete,
        "retracted": incident.retracted,
        "kind": incident.kind,
        "status": incident.status,
        "occurred_start": event.data.occurred.start,
        "occurred_precision": event.data.occurred.precision,
        "side": counted.side,
        "province": unit_of(incident),
        "outcome": counted.outcome,
        "clauses": list(counted.clauses),
        "article39": list(counted.article39),
        "markers": list({marker: None for finding in verdict.findings for marker in finding.markers}),
        "machine_outcome": verdict.outcome,
        "assessed": counted.assessed,
        "facts_after_assessment": incident.facts_after_assessment,
        "judge_failed": False,
        "folded": event.data.model_dump_json(),
        "events": json.dumps([{"source": event.source, "id": event.id}]),
    }
