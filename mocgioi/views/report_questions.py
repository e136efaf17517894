"""The questions for what a report still needs, and nothing else: each answered by a number or a few words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agreement.occurred import occurred_at
from agreement.words import WORDS
from mocgioi.views.asking import Asker
from posts.answers import fact_value, occurred_of, place_named
from posts.mint import moment_after
from posts.statement import Data, Drafted, with_kind
from schemas.codebook import KIND_LABELS, SIDE_LABELS, Kind, Side
from schemas.codebook_entries import FactOfKind, codes, facts_of
from schemas.facts import REPORTED
from schemas.problems import InvalidEvent, Problem, from_pydantic
from texts.sentence.words import MissingField

_UNKNOWN = "chưa biết"


def complete(asker: Asker, drafted: Drafted, data: Data, missing: Sequence[MissingField]) -> Data:
    """The data with what a first report must state."""
    for field in missing:
        question = field.ask
        match field.field:
            case "data.status":
                data |= {"status": asker.choose(question, [("actual", "việc thật"), ("exercise", "diễn tập, không tính")])}
            case "data.kind":
                kind = asker.choose(question, [(kind, KIND_LABELS[kind].vi) for kind in Kind])
                data = data if kind is None else with_kind(drafted, data, kind)
            case "data.occurred":
                data |= {"occurred": asker.ask(f"{question} (02h30 hôm nay, đêm qua, 27/11/2026)", _past)}
            case "data.place":
                data |= {"place": asker.ask(f"{question} (753, 1088/2, Tân Thanh, Lạng Sơn)", place_named)}
            case "data.side":
                data |= {"side": asker.choose("Hành vi của phía nào?", [(side.value, SIDE_LABELS[side].vi) for side in Side])}
            case "data.text":
                data |= {"text": asker.ask(question, str)}
    return data


def fact_answer(asker: Asker, kind: Kind, name: str) -> Any:
    """The value of a fact; None where the person does not know it."""
    fact = next(fact for fact in facts_of(kind) if fact.entry.name == name)
    question = question_for(fact)
    if fact.form in ("flag", "code") and not fact.several:
        values = [(value == "true" if fact.form == "flag" else value, _words(fact, value)) for value in (fact.values or ("true", "false"))]
        return asker.choose(question, values, none=_UNKNOWN)
    unit = f" ({fact.entry.unit.vi})" if fact.entry.unit else ""
    if fact.several:
        unit = f" ({', '.join(_words(fact, value) for value in fact.values)}; nhiều thì cách nhau bằng dấu phẩy)"
    return asker.ask(question + unit, lambda text: _fact(kind, fact, text), none=_UNKNOWN)


def question_for(fact: FactOfKind) -> str:
    """The question for a fact, as rules ask for it."""
    words = WORDS.get(fact.entry.name)
    question = words.asked.vi if words else fact.entry.label.vi
    return f"{question[:1].upper()}{question[1:]}?"


def step_answer(asker: Asker) -> str | None:
    """A step that was taken; None for no more."""
    return asker.choose("Đã xử lý thế nào?", [(entry.code, entry.label.vi) for entry in codes()["action"]], none="không thêm")


def _fact(kind: Kind, fact: FactOfKind, text: str) -> Any:
    """A number or words, as validation accepts them."""
    value = fact_value(fact, text)
    if value is not None:
        try:
            REPORTED[kind].validate_python({fact.entry.name: value})
        except ValidationError as error:
            raise InvalidEvent(from_pydantic(error)) from None
    return value


def _words(fact: FactOfKind, value: str) -> str:
    return fact.entry.values[value].vi


def _past(text: str) -> dict[str, str]:
    now = moment_after(None)
    occurred = occurred_of(text, now=now)
    if datetime.fromisoformat(occurred["start"]) > now:
        raise InvalidEvent([Problem("value", f"{occurred_at(occurred['start'], occurred['precision'])} còn chưa tới")])
    return occurred
