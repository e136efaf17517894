"""Classify: from records to verdicts and dead letters. Pure: no clock, no database, no network, no state."""

import hashlib

import msgspec

from agreement.judge import RuleCrash, judge_event
from agreement.state import event_row
from schemas.doorway import decode_quickly, refuse_ahead
from schemas.events import AnyEvent
from schemas.problems import InvalidEvent
from schemas.records import ClassifiedBatch, ClassifiedEvent, DeadLetter
from schemas.sound import SoundReport
from schemas.topics import MAX_MESSAGE_BYTES
from schemas.verdicts import GivenVerdict, Origin, Verdict
from streams.batch import Batch, Record, ends_of, place
from streams.breaker import CircuitBreaker

_encode = msgspec.json.Encoder().encode
MAX_CARRIED_BYTES = MAX_MESSAGE_BYTES - 64 * 1024
"""A larger payload stays where it is: sources keep for ever, and the dead letter says where."""


class RecordFailed(Exception):
    """Our own code raised on a record. Says which record, and what was raised."""


def classify(batch: Batch, breaker: CircuitBreaker) -> tuple[ClassifiedBatch, CircuitBreaker]:
    """Judge every record of a batch, and count its dead letters. Where the breaker opens, the batch ends behind the record at which it did.

    Raises `RecordFailed`.
    """
    events: list[ClassifiedEvent] = []
    dead: list[DeadLetter] = []
    accepted = 0  # since the last dead letter
    try:
        for record in batch.records:
            answer = classify_record(record)
            if isinstance(answer, ClassifiedEvent):
                events.append(answer)
                accepted += 1
                continue
            dead.append(answer)
            breaker = breaker.after(accepted, answer)
            accepted = 0
            if breaker.opened is not None:
                break
    except Exception as error:
        raise RecordFailed(f"{place(record)}: {type(error).__name__}: {error}") from error
    positions = batch.positions
    if breaker.opened is not None:
        ends = ends_of(batch.records[: len(events) + len(dead)])
        positions = {partition: (start, ends[partition]) for partition, (start, _) in positions.items() if partition in ends}
    return ClassifiedBatch(log=batch.log, positions=positions, events=events, dead=dead), breaker.after(accepted)


def classify_record(record: Record) -> ClassifiedEvent | DeadLetter:
    """One record's event with its verdict, or why there is none."""
    if record.value is None:
        return _dead(record, "empty", "bản ghi không có nội dung")
    try:
        event = decode_quickly(record.value)
        if record.timestamp:  # a line of a file has no clock to be held against
            refuse_ahead(event, record.timestamp)
    except InvalidEvent as refused:
        return _dead(record, refused.code, refused.sentence, source=refused.source)
    try:
        verdict = judge_event(event)
    except RuleCrash as crash:
        return _dead(record, "rule_crash", str(crash), source=event.source)
    return classified(record.value, event, verdict, origin_of(record))


def classified(raw: bytes, event: AnyEvent | SoundReport, verdict: Verdict, origin: Origin) -> ClassifiedEvent:
    """An event and its verdict as the record takes them."""
    findings = msgspec.Raw(_encode(verdict.findings))
    given = GivenVerdict(verdict.outcome, verdict.rule_pack, verdict.judge_version, findings)
    return ClassifiedEvent(raw, event_row(event, verdict), given, origin)


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
