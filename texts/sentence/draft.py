"""A draft event from a sentence as posts write it, for a person to confirm. Rules and the register's names, nothing supposed.

Every value stands on words of the text; what the text does not say is not in the draft but asked for. The text itself is not part of the
event, since it may name persons, and no field takes a word that is not of the tables here or in `schemas/data`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from schemas.codebook import Kind, Status
from schemas.facts import REPORTED
from schemas.problems import InvalidEvent, Problem
from schemas.secrecy import marked_secret
from texts.sentence.act import direction, side
from texts.sentence.facts import facts
from texts.sentence.handling import handling
from texts.sentence.kind import kind
from texts.sentence.measures import measures
from texts.sentence.occurred import occurred
from texts.sentence.place import place
from texts.sentence.post import unit
from texts.sentence.words import FieldReading, MissingField, Sentence

MAX_TEXT = 4_000
"""Characters: a report of one incident, not a book."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event without what the text does not say, the words each field stands on, and what to ask."""

    event: dict[str, Any]
    fields: tuple[FieldReading, ...]
    missing: tuple[MissingField, ...]


def draft(text: str, *, event_id: str, time: datetime) -> Draft:
    """Read a text into an `incident.reported` of status `draft`. `time`: when it is drafted, with its zone.

    Raises `InvalidEvent`: code `secret` for a text marked secret, `too_large` for one of more than 4,000 characters.
    """
    if marked_secret(text):
        raise InvalidEvent([Problem("secret", "có dấu chỉ độ mật: không được soạn ở đây, nội dung không được lưu")])
    if len(text) > MAX_TEXT:
        raise InvalidEvent([Problem("too_large", f"văn bản dài {len(text)} ký tự, nhiều nhất {MAX_TEXT}: hãy tách từng việc")])
    sentence = Sentence(text)
    what = kind(sentence)
    answers = [unit(sentence), what, _in_the_past(occurred(sentence), time), place(sentence), side(sentence)]
    fields = [answer for answer in answers if isinstance(answer, FieldReading)]
    missing = [answer for answer in answers if isinstance(answer, MissingField)]
    missing.append(MissingField("sequence", "Số thứ tự: thiết bị của đồn tự cấp khi gửi, không phải nhập tay."))
    if way := direction(sentence):
        fields.append(way)
    if isinstance(what, FieldReading):
        fields += _possible(Kind(what.value), facts(sentence, Kind(what.value)))
    fields += [*measures(sentence), *handling(sentence)]
    return Draft(_event(fields, event_id, time), tuple(fields), tuple(missing))


def _in_the_past(when: FieldReading | MissingField, time: datetime) -> FieldReading | MissingField:
    """What is yet to come has not occurred, and a doorway would refuse it."""
    if isinstance(when, FieldReading) and datetime.fromisoformat(when.value["start"]) > time:
        return MissingField(when.field, f"Câu ghi “{when.words.strip()}”, sau thời điểm soạn: việc xảy ra khi nào?")
    return when


def _possible(of: Kind, facts_read: Sequence[FieldReading]) -> list[FieldReading]:
    """Without facts whose value no doorway would let in, such as a notice of 400 hours."""
    good = []
    for fact in facts_read:
        try:
            REPORTED[of].validate_python({fact.field.rpartition(".")[2]: fact.value})
        except ValidationError:
            continue
        good.append(fact)
    return good


def _event(fields: Sequence[FieldReading], event_id: str, time: datetime) -> dict[str, Any]:
    """The envelope of design section 4 around what was read; the sequence and what is missing are left out."""
    data: dict[str, Any] = {"status": Status.DRAFT.value}
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "type": "vn.mocgioi.incident.reported.v1",
        "subject": f"inc-{event_id}",
        "time": time.isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": data,
    }
    for reading in fields:
        match reading.field.split("."):
            case ["source"]:
                event["source"] = reading.value
            case ["data", "facts", name]:
                data.setdefault("facts", {})[name] = reading.value
            case ["data", ("measures" | "handling") as name, _]:
                data.setdefault(name, []).append(reading.value)
            case ["data", name]:
                data[name] = reading.value
    return event
