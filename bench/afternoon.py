"""The same job as a good engineer would do it in an afternoon: one loop over aiokafka and SQLAlchemy Core, with our models, judge and tables.

It commits offsets after the database's commit and ignores a redelivered event, so it loses nothing while all goes well. It folds nothing:
an incident is its first report. It handles no conflicts, no dead letters, no order across redeliveries and no service that is away.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.dialects.postgresql import insert

from agreement.judge import judge_event
from agreement.state import event_row
from bench.meter import Meter
from bench.spec import BATCH, Spec
from schemas.problems import InvalidEvent
from schemas.topics import SOURCES
from schemas.validation import decode
from schemas.verdicts import IncidentState, Verdict
from sinks.postgres import tables

TABLES = (tables.event, tables.verdict, tables.incident_state)
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
        row = event_row(event, verdict)
        envelope = {name: getattr(row, name) for name in ("source", "id", "subject", "type", "time", "sequence", "occurred_start")}
        envelope["recorded_at"] = now
        rows["event"].append(envelope | _origin(record))
        rows["verdict"].append(envelope | _verdict(verdict))
        if row.incident is not None:
            rows["incident_state"].append(envelope | _state(row.incident, f"{row.source} {row.id}"))
    with engine.begin() as connection:
        for table in TABLES:
            if rows[table.name]:
                columns = [column.name for column in table.columns]
                values = [{name: row.get(name) for name in columns} for row in rows[table.name]]
                connection.execute(insert(table).on_conflict_do_nothing(), values)


def _origin(record: ConsumerRecord) -> Row:
    return {
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


def _state(state: IncidentState, event: str) -> Row:
    """The state of an incident of which there is one report."""
    columns = msgspec.structs.asdict(state)
    lists = {name: list(columns[name]) for name in ("clauses", "article39", "markers")}
    measures = msgspec.json.encode(state.measures).decode() if state.measures else None
    return columns | lists | {"version": 1, "measures": measures, "events": [event]}
