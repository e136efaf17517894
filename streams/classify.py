"""Classify: from a record to a verdict or a dead letter. Pure: no clock, no database, no network."""

import hashlib

from agreement.judge import RuleCrash, judge_event
from schemas.doorway import decode
from schemas.problems import InvalidEvent
from schemas.records import DeadLetter, ClassifiedBatch, ClassifiedEvent
from schemas.topics import MAX_MESSAGE_BYTES
from schemas.verdicts import Origin
from streams.batch import Batch, Record
from streams.fuse import Fuse

MAX_CARRIED_BYTES = MAX_MESSAGE_BYTES - 64 * 1024
"""A larger payload stays where it is: sources keep for ever, and the dead letter says where."""


def classify(batch: Batch, fuse: Fuse) -> ClassifiedBatch:
    """Judge every record of a batch. Where the fuse blows, the batch is cut behind the record that blew it and says why it stops."""
    judged: list[ClassifiedEvent] = []
    dead: list[DeadLetter] = []
    for count, record in enumerate(batch.records, start=1):
        answer = classify_record(record)
        if isinstance(answer, ClassifiedEvent):
            fuse.passed()
            judged.append(answer)
            continue
        dead.append(answer)
        blown = fuse.failed(answer.source, crash=answer.code == "rule_crash")
        if blown is not None:
            batch.stop_after(count, blown)
            break
    return ClassifiedBatch(log=batch.log, positions=batch.positions, events=judged, dead=dead)


def classify_record(record: Record) -> ClassifiedEvent | DeadLetter:
    """One record's event with its verdict, or why there is none."""
    if record.value is None:
        return _dead(record, "empty", "bản ghi không có nội dung")
    try:
        event = decode(record.value)
    except InvalidEvent as refused:
        return _dead(record, refused.code, refused.sentence, source=refused.source)
    try:
        verdict = judge_event(event)
    except RuleCrash as crash:
        return _dead(record, "rule_crash", str(crash), source=event.source)
    return ClassifiedEvent(record.value, event, verdict, origin_of(record))


def origin_of(record: Record) -> Origin:
    """Where a record stands."""
    return Origin(record.topic, record.partition, record.offset, record.timestamp)


def _dead(record: Record, code: str, reason: str, *, source: str | None = None) -> DeadLetter:
    payload = record.value or b""
    carried = code != "secret" and len(payload) <= MAX_CARRIED_BYTES
    return DeadLetter(
        origin=origin_of(record),
        code=code,
        reason=reason[:2000],
        payload=record.value if carried else None,
        sha256=hashlib.sha256(payload).hexdigest(),
        key=record.key,
        source=source,
    )
