"""Drafts an event from a sentence as posts write it, for a person to confirm.

Every value rests on words of the text; a value that the text does not state is asked for. The text itself is not part of the event, since it
may name persons, and no field takes a word that is not in the tables here, in `border/data` or in `schemas/data`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from schemas.codebook import Kind, Status
from schemas.facts import REPORTED
from schemas.problems import InvalidEvent, Problem
from schemas.secrecy import marked_secret
from texts.old_fonts import old_font
from texts.sentence.act import direction, side
from texts.sentence.doubts import doubt, is_unsure
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
    """An event with the fields that the text states, the words each rests on, and the questions for the rest."""

    event: dict[str, Any]
    fields: tuple[FieldReading, ...]
    missing: tuple[MissingField, ...]


def draft(text: str, *, event_id: str, time: datetime, is_new: bool = False) -> Draft:
    """Read a text into an `incident.reported` of status `draft`. `time`: when it is drafted, with its zone.

    `is_new`: the text was written just now, so that its `hôm nay` is the day of `time`.

    Raises `InvalidEvent`: code `secret` for a text marked secret, `too_large` for one of more than 4,000 characters.
    """
    if marked_secret(text):
        raise InvalidEvent([Problem("secret", "có dấu chỉ độ mật: không được soạn ở đây, nội dung không được lưu")])
    if len(text) > MAX_TEXT:
        raise InvalidEvent([Problem("too_large", f"văn bản dài {len(text)} ký tự, nhiều nhất {MAX_TEXT}: hãy tách từng việc")])
    font = old_font(text)
    sentence = Sentence("" if font else text)
    answers = [unit(sentence), *_what_happened(sentence, time, today=time if is_new else None)]
    if font:
        answers.append(MissingField("data.kind", f"Câu viết bằng phông chữ cũ {font}: hãy chuyển sang Unicode rồi soạn lại."))
    asks = {answer.field: answer for answer in answers if isinstance(answer, MissingField)}
    asks["sequence"] = MissingField("sequence", "Số thứ tự: thiết bị của đồn tự cấp khi gửi, không phải nhập tay.")
    fields = [answer for answer in answers if isinstance(answer, FieldReading)]
    return Draft(_event(fields, event_id, time), tuple(fields), tuple(asks.values()))


def _what_happened(sentence: Sentence, time: datetime, *, today: datetime | None) -> Iterator[FieldReading | MissingField]:
    """What the text says of one incident that happened; questions, where something in it speaks against that."""
    where = place(sentence)
    if against := doubt(sentence):
        name, has_place = against
        yield MissingField("data.kind", f"Câu có vẻ là {name}: có một việc thật đã xảy ra không, việc gì?")
        yield MissingField("data.occurred", f"Câu có vẻ là {name}: việc cần báo xảy ra khi nào?")
        yield _at_most_medium(where) if has_place else MissingField("data.place", f"Câu có vẻ là {name}: việc cần báo xảy ra ở đâu?")
        yield side(Sentence(""))
        return
    what = kind(sentence)
    sure = _at_most_medium if is_unsure(sentence) else _as_read
    yield sure(what)
    yield sure(_in_the_past(occurred(sentence, today=today), time))
    yield where
    yield sure(side(sentence))
    if way := direction(sentence):
        yield sure(way)
    if isinstance(what, FieldReading):
        yield from map(sure, _possible(Kind(what.value), facts(sentence, Kind(what.value))))
    yield from map(sure, [*measures(sentence), *handling(sentence)])


def _as_read(answer: FieldReading | MissingField) -> FieldReading | MissingField:
    return answer


def _at_most_medium(answer: FieldReading | MissingField) -> FieldReading | MissingField:
    """The answer where the text leaves open whether it is so."""
    return replace(answer, confidence="medium") if isinstance(answer, FieldReading) and answer.confidence == "high" else answer


def facts_in(text: str, kind: Kind) -> dict[str, Any]:
    """The facts of a kind that a text states, where a person chose the kind."""
    return {fact.field.rpartition(".")[2]: fact.value for fact in _possible(kind, facts(Sentence(text), kind))}


def _in_the_past(when: FieldReading | MissingField, time: datetime) -> FieldReading | MissingField:
    """A time later than the draft becomes a question: it has not occurred, and validation would refuse it."""
    if isinstance(when, FieldReading) and datetime.fromisoformat(when.value["start"]) > time:
        return MissingField(when.field, f"Câu ghi “{when.words.strip()}”, sau thời điểm soạn: việc xảy ra khi nào?")
    return when


def _possible(of: Kind, facts_read: Sequence[FieldReading]) -> list[FieldReading]:
    """The facts that validation accepts: not, for example, a notice of 400 hours."""
    good = []
    for fact in facts_read:
        try:
            REPORTED[of].validate_python({fact.field.rpartition(".")[2]: fact.value})
        except ValidationError:
            continue
        good.append(fact)
    return good


def _event(fields: Sequence[FieldReading], event_id: str, time: datetime) -> dict[str, Any]:
    """A CloudEvents envelope around the fields read, without the sequence."""
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
