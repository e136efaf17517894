"""What is wrong with an input, in a sentence that a border post can act on."""

import difflib
import itertools
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why an input is refused."""

    code: str
    """Stable, for programs: `missing`, `unknown_field`, `value`, `secret` …"""
    message: str
    """Vietnamese, for people: names the field, what stood there and what was expected."""
    field: str | None = None
    """Dotted path of the field, where there is one."""

    @property
    def pointer(self) -> str:
        """The same as a JSON pointer (RFC 6901), relative to the event; empty for the event as a whole."""
        return "" if self.field is None else "/" + self.field.replace(".", "/")


MOST_PROBLEMS = 20
"""How many problems a sentence lists, a dead letter keeps and suggestions are made for: an event may be wrong in thousands of places."""


class InvalidEvent(Exception):
    """The input will never be a valid event: the post and the door refuse it, classify makes it a dead letter. Holds every `Problem`."""

    def __init__(self, problems: Iterable[Problem], *, source: str | None = None) -> None:
        self.problems = tuple(problems)
        self.source = source
        """The event's source, where it could be read."""
        super().__init__(self.sentence)

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code

    @property
    def sentence(self) -> str:
        """The first problems in one line, short enough for a dead letter to carry."""
        messages = [problem.message for problem in self.problems[:MOST_PROBLEMS]]
        left = len(self.problems) - len(messages)
        return "; ".join(messages) + (f"; và {left} lỗi nữa" if left else "")


class WrongField(ValueError):
    """A model that checks several fields together refuses one of them: the field, and the sentence about it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def nearest(word: object, names: Iterable[str]) -> str:
    """A suggestion of the names closest to `word`, without regard to capitals, marks and separators; empty where none is close."""
    by_look: dict[str, list[str]] = {}
    for name in names:
        by_look.setdefault(look(name), []).append(name)
    meant = look(str(word)[:_LONG])
    close = [meant] if meant in by_look else difflib.get_close_matches(meant, by_look, n=3, cutoff=0.6)
    return f" (gần nhất: {', '.join(name for look in close for name in by_look[look])})" if close else ""


_LONG = 100
"""No mistyped name is longer, and comparing costs the square of the length."""


def look(name: str) -> str:
    """A name without capitals, marks and separators, to compare it by."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", bare.replace("đ", "d")).strip()


class Hint(Protocol):
    """Says what was expected at a field, where more is known than the models know."""

    def __call__(self, field: str, given: object, codes: Sequence[str], /) -> str | None:
        """Takes the field's path, its value and, for a closed set, the codes of the set."""


def from_pydantic(error: ValidationError, *, hint: Hint | None = None) -> list[Problem]:
    """The problems of a failed validation, one a field."""
    details = error.errors(include_url=False)
    problems = [_problem(detail, hint if number < MOST_PROBLEMS else None) for number, detail in enumerate(details)]
    # pydantic calls a list of one invalid element empty, besides saying what is wrong with the element.
    parents = {
        problem.field.rsplit(".", count)[0]
        for problem in problems
        if problem.field
        for count in (1, 2)
        if problem.field.count(".") >= count
    }
    return [problem for problem in problems if not (problem.message == f"{problem.field}: {_EMPTY}" and problem.field in parents)]


_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")


def is_identifier(key: str) -> bool:
    """Whether a key may be repeated in a message. One that is no identifier may be what a person wrote about a person."""
    return _IDENTIFIER.fullmatch(key) is not None


def path_of(steps: Iterable[object]) -> str:
    """The path to a field, with dots between its steps. It ends before the first step that may not be repeated."""
    return ".".join(map(str, itertools.takewhile(lambda step: isinstance(step, int) or is_identifier(str(step)), steps)))


def shown(value: object) -> str:
    """The value of a known field as JSON, cut where it is long; an object or a list is only shown to be one."""
    if isinstance(value, Mapping | list | tuple):
        return ("{…}" if value else "{}") if isinstance(value, Mapping) else ("[…]" if value else "[]")
    text = json.dumps(value, ensure_ascii=False, default=lambda given: given.isoformat() if isinstance(given, datetime) else str(given))
    return text if len(text) <= 80 else f"{text[:77]}…"


def _kind_of(value: object) -> str:
    """What may be shown of a value in an unknown field."""
    return '"…"' if isinstance(value, str) else shown(value) if isinstance(value, bool | Mapping | list | tuple | None) else "…"


def _problem(detail: ErrorDetails, hint: Hint | None) -> Problem:
    steps, kind, context = _steps(detail), detail["type"], detail.get("ctx", {})
    whole, field = ".".join(map(str, steps)), path_of(steps)
    is_known = field == whole != "" and not (len(steps) > 1 and steps[-2] in _FREE_KEYS)
    given = shown(detail["input"]) if is_known else _kind_of(detail["input"])
    if kind == "value_error" and isinstance(wrong := context["error"], WrongField):
        field = f"{field}.{wrong.field}".lstrip(".")
    match kind:
        case "enum" | "literal_error":
            return _not_one_of(field, detail["input"], str(context["expected"]), hint)
        case "union_tag_invalid":
            tag_field = _tag_field(field, context)
            return _not_one_of(tag_field, detail["input"][tag_field.rpartition(".")[2]], str(context["expected_tags"]), None)
        case "union_tag_not_found":
            field, kind = _tag_field(field, context), "missing"
        case "string_pattern_mismatch":
            context = {"wanted": _EXAMPLES.get(field.rpartition(".")[2], context["pattern"])}
        case "json_invalid":
            return Problem("json", TOO_DEEP if "recursion" in str(context["error"]) else f"không phải JSON hợp lệ: {context['error']}")
    expected = hint(whole, detail["input"], ()) if hint and whole and kind not in _CODES else None
    if kind == "extra_forbidden":
        unknown = "trường lạ" if field == whole else "có một trường lạ, tên không được nhắc lại"
        sentence = f"{unknown}; {expected}" if expected else f"{unknown}, lược đồ không có"
        return Problem("unknown_field", f"{field}: {sentence}" if field else sentence, field or None)
    code = _CODES.get(kind, "value")
    sentence = _SENTENCES[kind].format(shown=given, **context) if kind in _SENTENCES else f"{given} không hợp lệ ({detail['msg']})"
    if expected and code == "value":
        sentence = f"{sentence}; {expected}"
    subject = field or ("" if kind == "value_error" else "sự kiện")
    return Problem(code, f"{subject}: {sentence}" if subject else sentence, field or None)


def _tag_field(field: str, context: Mapping[str, object]) -> str:
    return f"{field}.{str(context['discriminator']).strip(chr(39))}".lstrip(".")


def _not_one_of(field: str, given: object, expected: str, hint: Hint | None) -> Problem:
    codes = re.findall(r"'([^']*)'", expected)
    close = (hint(field, given, codes) if hint else "") or nearest(given, codes)
    return Problem("value", f"{field}: {shown(given)} không hợp lệ, cần một trong: {', '.join(codes)}{close}", field)


TOO_DEEP = "không phải JSON hợp lệ: lồng quá sâu"
_EMPTY = "không được để trống"

_EXAMPLES = {
    "source": "/posts/tan-thanh/d1",
    "sequence": "00000042",
    "last_sequence": "00000042",
    "clause": "15(7)",
    "line": "VN-CN",
    "nationality": "VN",
    "sha256": "64 chữ số thập lục phân viết thường",
    "media_type": "image/jpeg",
}

_A_TIME = "thời điểm như 2025-12-28T18:20:00+07:00"
_CODES = {"missing": "missing", "timezone_aware": "naive_time"}
_SENTENCES = {
    "missing": "thiếu trường bắt buộc",
    "timezone_aware": "{shown} thiếu múi giờ, cần " + _A_TIME,
    "greater_than_equal": "{shown} quá nhỏ, không được dưới {ge:g}",
    "less_than_equal": "{shown} quá lớn, không được trên {le:g}",
    "finite_number": "phải là số hữu hạn",
    "string_pattern_mismatch": "{shown} không đúng dạng, cần như {wanted}",
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
    "string_too_long": "quá dài, nhiều nhất {max_length}",
    "too_long": "quá dài, nhiều nhất {max_length}",
    "value_error": "{error}",
} | {
    kind: "{shown} không hợp lệ, cần " + wanted
    for kind, wanted in {
        "string_type": "chuỗi ký tự",
        "int_type": "số nguyên",
        "int_from_float": "số nguyên",
        "float_type": "số",
        "bool_type": "true hoặc false",
        "list_type": "danh sách [...]",
        "tuple_type": "danh sách [...]",
        "dict_type": "đối tượng {{...}}",
        "model_type": "đối tượng {{...}}",
        "model_attributes_type": "đối tượng {{...}}",
        "datetime_type": _A_TIME,
        "datetime_parsing": _A_TIME,
        "datetime_from_date_parsing": _A_TIME,
        "datetime_object_invalid": _A_TIME,
    }.items()
}


_SCHEMES = ("marker", "gate", "sea", "area")
_FREE_KEYS = ("of",)
"""Fields whose keys the post chooses."""


def _steps(detail: ErrorDetails) -> list[str | int]:
    """The steps to a field as the post wrote them, without the tags that pydantic inserts for a branch of a union."""
    steps = [step for step in detail["loc"] if not (isinstance(step, str) and step.startswith("vn.mocgioi."))]
    return [step for before, step in zip(["", *steps], steps, strict=False) if not (before == "place" and step in _SCHEMES)]
