"""Verdicts and dead letters as Kafka messages: classify writes them and record reads them."""

import hashlib

import msgspec
from pydantic import ValidationError

from agreement.state import event_row
from schemas.problems import Problem
from schemas.records import ClassifiedBatch, ClassifiedEvent, DeadLetter
from schemas.topics import DEAD_LETTERS, VERDICTS
from schemas.validation import read
from schemas.verdicts import (
    Finding,
    Origin,
    Verdict,
    VerdictData,
    VerdictMessage,
    read_verdict,
    verdict_id,
    write_verdict,
)
from streams.batch import Batch, Message, Record, RecordFailed, Refusal, at, last_of, refusal_of
from streams.classify import set_aside

_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode
_findings = msgspec.json.Decoder(tuple[Finding, ...]).decode
_VERDICT_HEADERS = [("content-type", b"application/cloudevents+json")]


class UnreadableMessage(Exception):
    """We cannot read a message in our own topic: a newer version of ours wrote it, or another program."""


def verdict_message(event: ClassifiedEvent, partitions: int) -> Message:
    """A verdict message for the partition that its event came from, so that the events of a subject keep their order."""
    row = event.row
    message = VerdictMessage(
        id=verdict_id(row.source, row.id, event.verdict.rule_pack),
        subject=row.subject,
        time=row.time,
        data=VerdictData(msgspec.Raw(event.raw), event.verdict, event.origin, row, event.received_ms),
    )
    return Message(VERDICTS, event.origin.partition % partitions, row.subject.encode(), write_verdict(message), _VERDICT_HEADERS)


def dead_letter_message(letter: DeadLetter, partitions: int) -> Message:
    """A dead letter message: its value is the raw payload, its headers say why and from where."""
    origin = letter.origin
    headers = {
        "mg-code": letter.code,
        "mg-reason": letter.reason,
        "mg-topic": origin.topic,
        "mg-partition": str(origin.partition),
        "mg-offset": str(origin.offset),
        "mg-timestamp": str(origin.timestamp),
        "mg-sha256": letter.sha256,
    }
    if letter.source is not None:
        headers["mg-source"] = letter.source
    if letter.sequence is not None:
        headers["mg-sequence"] = str(letter.sequence)
    if letter.event_id is not None:
        headers["mg-id"] = letter.event_id
    if letter.problems:
        headers["mg-problems"] = msgspec.json.encode(letter.problems).decode()
    encoded = [(name, value.encode("utf-8", "replace")) for name, value in headers.items()]
    return Message(DEAD_LETTERS, origin.partition % partitions, letter.key, letter.payload, encoded)


def unpack(batch: Batch) -> tuple[ClassifiedBatch, list[DeadLetter]]:
    """The classified batch in these messages, and the dead letters of those among them that were set aside. Raises `RecordFailed`."""
    events: list[ClassifiedEvent] = []
    dead: list[DeadLetter] = []
    refusals: list[DeadLetter] = []
    for record in batch.records:
        if batch.set_aside and (refusal := batch.set_aside.get(at(record))) is not None:
            refusals.append(_refused(record, refusal))
        elif record.topic == DEAD_LETTERS:
            dead.append(read_dead_letter(record))
        else:
            events.append(read_classified(record))
    return ClassifiedBatch(batch.log, batch.positions, events, dead + refusals, last_of(batch.records)), refusals


def _refused(record: Record, refusal: Refusal) -> DeadLetter:
    """The dead letter of a message that was set aside. It holds the event of the message if that can be read: the event is sent again."""
    if refusal.code != "quarantined" or record.topic != VERDICTS:
        return set_aside(record, refusal)
    event = read_classified(record)
    return DeadLetter(
        origin=event.origin,
        code=refusal.code,
        reason=refusal.reason,
        payload=event.raw,
        sha256=hashlib.sha256(event.raw).hexdigest(),
        key=record.key,
        source=event.row.source,
    )


def read_classified(record: Record) -> ClassifiedEvent:
    """The classified event in a message. Raises `RecordFailed`."""
    try:
        data = read_verdict(record.value or b"").data
        raw = bytes(data.event)
        row = data.row
        if row is None:  # a version before 0.2 wrote the message
            given = data.verdict
            row = event_row(read(raw), Verdict(given.outcome, given.rule_pack, given.judge_version, _findings(given.findings)))
    except msgspec.DecodeError as error:
        raise _unreadable(record, str(error)) from error
    except ValidationError as error:
        fields = "; ".join(f"{'.'.join(map(str, detail['loc']))} {detail['type']}" for detail in error.errors(include_input=False))
        raise _unreadable(record, fields) from None
    return ClassifiedEvent(raw, row, data.verdict, data.origin, data.received_ms)


def read_dead_letter(record: Record) -> DeadLetter:
    """The dead letter in a message. Raises `RecordFailed`."""
    name = ""
    try:
        headers = {}
        for name, value in record.headers:
            headers[name] = value.decode()
        origin = Origin(headers["mg-topic"], int(headers["mg-partition"]), int(headers["mg-offset"]), int(headers["mg-timestamp"]))
        return DeadLetter(
            origin=origin,
            code=headers["mg-code"],
            reason=headers["mg-reason"],
            payload=record.value,
            sha256=headers["mg-sha256"],
            key=record.key,
            source=headers.get("mg-source"),
            sequence=int(headers["mg-sequence"]) if "mg-sequence" in headers else None,
            event_id=headers.get("mg-id"),
            problems=_problems(headers.get("mg-problems", "[]")),
        )
    except UnicodeDecodeError:
        raise _unreadable(record, f"header {name} is not UTF-8") from None
    except (KeyError, ValueError, AttributeError, msgspec.ValidationError) as error:
        raise _unreadable(record, f"header {error}") from None


def _unreadable(record: Record, why: str) -> RecordFailed:
    refusal = refusal_of(record) if record.value is None else None
    return RecordFailed(record, UnreadableMessage(why if refusal is None else refusal.reason), code="unreadable")
