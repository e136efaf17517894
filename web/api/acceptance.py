"""What becomes of one event at the door: it is accepted, or refused with a problem and, where its device can be named, a dead letter."""

import hashlib
from dataclasses import dataclass

from schemas.events import AnyEvent
from schemas.problems import MOST_PROBLEMS, InvalidEvent, Problem
from schemas.records import DeadLetter
from schemas.secrecy import is_legible
from schemas.sound import SoundReport
from schemas.topics import DOOR, topic_of
from schemas.validation import MAX_SEARCHED_BYTES, decode_quickly, refuse_ahead, sender_of
from schemas.verdicts import Origin
from web.api.publishing import Entry

_LONGEST_REASON = 2000
NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event on its way to Kafka or the spool."""

    id: str
    source: str
    sequence: str
    late_s: float
    """How long after its device minted it the event is here."""
    entry: Entry


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that is not taken."""

    refusal: InvalidEvent
    letter: DeadLetter | None
    """What the record keeps of it. None where its device or number cannot be read, or it is another's."""

    @property
    def is_foreign(self) -> bool:
        """Whether it names another source than the key's."""
        return self.refusal.code == NOT_YOURS


def judged(raw: bytes, device: str, now_ms: int) -> Accepted | RefusedEvent:
    """Validate an event that a device sent."""
    try:
        event = decode_quickly(raw)
        if event.source != device:
            return RefusedEvent(_not_yours(event.source, device), None)
        refuse_ahead(event, now_ms)
    except InvalidEvent as refusal:
        is_secret = refusal.code == "secret"
        if not is_secret and refusal.source not in (None, device):
            return RefusedEvent(_not_yours(refusal.source, device), None)
        return RefusedEvent(refusal, _letter(raw, refusal, device, now_ms, is_secret=is_secret))
    return Accepted(event.id, event.source, event.sequence, now_ms / 1000 - event.time.timestamp(), _entry(event, raw, now_ms))


def _entry(event: AnyEvent | SoundReport, raw: bytes, now_ms: int) -> Entry:
    return Entry(topic_of(event.type), event.subject.encode(), raw, now_ms)


def _letter(raw: bytes, refusal: InvalidEvent, device: str, now_ms: int, *, is_secret: bool) -> DeadLetter | None:
    sender = sender_of(raw, secret=is_secret)
    if sender is None or sender.source != device:
        return None
    legible = not is_secret and len(raw) <= MAX_SEARCHED_BYTES and is_legible(raw)
    return DeadLetter(
        origin=Origin(DOOR, 0, sender.sequence, now_ms),
        code=refusal.code,
        reason=refusal.sentence[:_LONGEST_REASON],
        payload=raw if legible else None,
        sha256=hashlib.sha256(raw).hexdigest(),
        key=sender.subject.encode() if sender.subject else None,
        source=sender.source,
        sequence=sender.sequence,
        event_id=sender.event_id,
        problems=refusal.problems[:MOST_PROBLEMS],
    )


def _not_yours(source: str | None, device: str) -> InvalidEvent:
    sentence = f"source: {source} không phải thiết bị của khóa này; máy này chỉ được gửi tin của {device}"
    return InvalidEvent([Problem(NOT_YOURS, sentence, "source")], source=source)
