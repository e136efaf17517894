"""Classify: turn records into verdicts and dead letters. Pure: no clock, no database, no network, no state."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from agreement.judge import RuleCrash, judge_event
from agreement.state import event_row
from schemas.events import AnyEvent
from schemas.problems import MOST_PROBLEMS, InvalidEvent, Problem
from schemas.records import ClassifiedBatch, ClassifiedEvent, DeadLetter
from schemas.secrecy import is_legible, marked_payload
from schemas.sound import SoundReport
from schemas.topics import DOOR
from schemas.validation import MAX_SEARCHED_BYTES, SECRET, decode_quickly, refuse_ahead, sender_of
from schemas.verdicts import GivenVerdict, Origin, Verdict
from streams.batch import RECEIVED, Batch, LetterRecord, Record, RecordFailed, Refusal, at, ends_of, last_of, refusal_of
from streams.breaker import CircuitBreaker

_encode = msgspec.json.Encoder().encode
LONGEST_KEY = 1024
"""Bytes of a subject in UTF-8. A longer key is no subject and does not travel with the dead letter."""

_LONGEST_STAMP = 15

T = TypeVar("T")
Decoded = AnyEvent | SoundReport


def classify(batch: Batch, breaker: CircuitBreaker) -> tuple[ClassifiedBatch, CircuitBreaker]:
    """Judge every record of a batch and count its dead letters. If the breaker opens, the batch ends with the record that opened it.

    Raises `RecordFailed`.
    """
    events: list[ClassifiedEvent] = []
    dead: list[DeadLetter] = []
    accepted = 0  # since the last dead letter
    for answer in classify_records(batch.records) if not batch.set_aside else _answers(batch):
        if isinstance(answer, ClassifiedEvent):
            events.append(answer)
            accepted += 1
            continue
        dead.append(answer)
        if answer.origin.topic == DOOR:  # a person at a post has been told, and nothing of ours is wrong
            continue
        breaker = breaker.after(accepted, answer)
        accepted = 0
        if breaker.opened is not None:
            break
    positions, records = batch.positions, batch.records[: len(events) + len(dead)]
    if breaker.opened is not None:
        ends = ends_of(records)
        positions = {partition: (start, ends[partition]) for partition, (start, _) in positions.items() if partition in ends}
    return ClassifiedBatch(batch.log, positions, events, dead, last_of(records)), breaker.after(accepted)


def _answers(batch: Batch) -> Iterator[ClassifiedEvent | DeadLetter]:
    """Classify a batch of which some records are set aside."""
    others = iter(classify_records([record for record in batch.records if at(record) not in batch.set_aside]))
    for record in batch.records:
        refusal = batch.set_aside.get(at(record))
        yield next(others) if refusal is None else set_aside(record, refusal)


def classify_records(records: Sequence[Record]) -> list[ClassifiedEvent | DeadLetter]:
    """The classified event of each record, or the dead letter that it becomes. Raises `RecordFailed`.

    Each step runs for all records before the next step begins: a processor repeats one step a quarter faster than it alternates them.
    """
    events = _each(records, _decoded, records)
    verdicts = _each(records, _judged, events)
    return _each(records, _classified, records, events, verdicts)


def _each(records: Sequence[Record], step: Callable[..., T], *inputs: Sequence[object]) -> list[T]:
    """Apply a step to the inputs of each record."""
    outputs: list[T] = []
    try:
        for arguments in zip(*inputs, strict=True):
            outputs.append(step(*arguments))  # noqa: PERF401  # the number of outputs tells which record raised
    except Exception as error:
        raise RecordFailed(records[len(outputs)], error) from error
    return outputs


def _decoded(record: Record) -> Decoded | DeadLetter:
    if isinstance(record, LetterRecord):
        return record.letter
    if record.value is None:
        refusal = refusal_of(record)
        return set_aside(record, refusal) if refusal else _dead(record, "empty", "bản ghi không có nội dung")
    try:
        event = decode_quickly(record.value)
        if record.timestamp:  # a line of a file has no append time to compare with
            refuse_ahead(event, record.timestamp)
    except InvalidEvent as refused:
        if refused.code != "secret" and record.key is not None and marked_payload(record.key):
            return _dead(record, SECRET.code, SECRET.message)
        return _dead(record, refused.code, refused.sentence, source=refused.source, problems=refused.problems)
    return event


def _judged(event: Decoded | DeadLetter) -> Verdict | RuleCrash | None:
    if isinstance(event, DeadLetter):
        return None
    try:
        return judge_event(event)
    except RuleCrash as crash:
        return crash


def _classified(record: Record, event: Decoded | DeadLetter, verdict: Verdict | RuleCrash | None) -> ClassifiedEvent | DeadLetter:
    if isinstance(event, DeadLetter):
        return event
    if not isinstance(verdict, Verdict):
        return _dead(record, "rule_crash", str(verdict), source=event.source)
    return classified(record.value or b"", event, verdict, origin_of(record), _received_ms(record))


def classified(raw: bytes, event: Decoded, verdict: Verdict, origin: Origin, received_ms: int | None = None) -> ClassifiedEvent:
    """An event and its verdict as record stores them."""
    findings = msgspec.Raw(_encode(verdict.findings))
    given = GivenVerdict(verdict.outcome, verdict.rule_pack, verdict.judge_version, findings)
    return ClassifiedEvent(raw, event_row(event, verdict), given, origin, received_ms)


def _received_ms(record: Record) -> int | None:
    """When the door received a record, which says so in a header; None where it came another way."""
    stamp = next((value for name, value in record.headers if name == RECEIVED), b"")
    return int(stamp) if stamp.isdigit() and len(stamp) <= _LONGEST_STAMP else None


def origin_of(record: Record) -> Origin:
    """Where a record was read."""
    return Origin(record.topic, record.partition, record.offset, record.timestamp)


def set_aside(record: Record, refusal: Refusal) -> DeadLetter:
    """The dead letter of a record that was set aside.

    It carries the payload only if the payload can be read, and so is known not to be marked secret. A record that ended the process is not
    read again.
    """
    source, carried = None, False
    if refusal.code == "quarantined":
        with contextlib.suppress(Exception):  # reading may be what failed
            source = decode_quickly(record.value or b"").source
            carried = True
    return _dead(record, refusal.code, refusal.reason, source=source, carried=carried)


def _dead(
    record: Record,
    code: str,
    reason: str,
    *,
    source: str | None = None,
    carried: bool = True,
    problems: Sequence[Problem] = (),
) -> DeadLetter:
    """A dead letter. It keeps only the SHA-256 of a payload that is marked secret or that cannot be searched for a marking."""
    payload, key = record.value or b"", record.key
    searched = len(payload) <= MAX_SEARCHED_BYTES
    legible = carried and code != "secret" and searched and is_legible(payload)
    keeps_key = key is not None and len(key) <= LONGEST_KEY and is_legible(key) and (legible or (code != "secret" and not searched))
    sender = None if source is None else sender_of(payload, secret=code == SECRET.code)
    return DeadLetter(
        origin=origin_of(record),
        code=code,
        reason=reason[:2000],
        payload=record.value if legible else None,
        sha256=hashlib.sha256(payload).hexdigest(),
        key=key if keeps_key else None,
        source=source,
        sequence=sender and sender.sequence,
        event_id=sender and sender.event_id,
        problems=tuple(problems[:MOST_PROBLEMS]),
    )
