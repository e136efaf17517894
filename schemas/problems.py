"""What is wrong with an input, in one sentence a border post can act on."""

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
    """One reason an input is refused."""

    code: str
    """Stable, for programs: `missing`, `unknown_field`, `value`, `secret` …"""
    message: str
    """Vietnamese, for people: names the field, what stood there and what was expected."""
    field: str | None = None
    """Dotted path of the field, where there is one."""


class InvalidEvent(Exception):
    """Will never be an event as it stands: refuse it at a doorway, dead-letter it in a stream. Holds every `Problem`, at least one."""

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
        """The problems in one line; of many the first ones, so that a dead letter can always carry it."""
        told = [problem.message for problem in self.problems[:_TOLD]]
        left = len(self.problems) - len(told)
        return "; ".join(told) + (f"; và {left} lỗi nữa" if left else "")


_TOLD = 20
"""Problems a sentence tells, and at most so many are thought about: an event may be wrong in thousands of places."""


class WrongField(ValueError):
    """What a model's check of several fields finds wrong with one of them: which, and the sentence about it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def nearest(word: object, known: Iterable[str]) -> str:
    """A hint at the known names closest to `word`, capitals, marks and separators aside; an empty string where none is close."""
    by_look: dict[str, list[str]] = {}
    for name in known:
        by_look.setdefault(look(name), []).append(name)
    meant = look(str(word)[:_LONG])
    close = [meant] if meant in by_look else difflib.get_close_matches(meant, by_look, n=3, cutoff=0.6)
    return f" (gần nhất: {', '.join(name for look in close for name in by_look[look])})" if close else ""


_LONG = 100
"""Nobody mistypes a name into more letters than this, and comparing costs the square of them."""


def look(name: str) -> str:
    """A name as one would recognise it: without capitals, marks and separators."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", bare.replace("đ", "d")).strip()


class Hint(Protocol):
    """Says what was expected at a field, where more can be said than the models say."""

    def __call__(self, field: str, given: object, known: Sequence[str], /) -> str | None:
        """Of a field's path, what stood there and, for a closed set, its codes."""


def from_pydantic(error: ValidationError, *, hint: Hint | None = None) -> list[Problem]:
    """The problems of a failed validation, one a field."""
    details = error.errors(include_url=False)
    problems = [_problem(detail, hint if number < _TOLD else None) for number, detail in enumerate(details)]
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
    """Whether a key may be repeated: one that is no identifier may be what a person wrote of a person."""
    return _IDENTIFIER.fullmatch(key) is not None


def path_of(steps: Iterable[object]) -> str:
    """The steps to a field, with dots between: as far as the last one that may be repeated."""
    return ".".join(map(str, itertools.takewhile(lambda step: isinstance(step, int) or is_identifier(str(step)), steps)))


def shown(value: object) -> str:
    """The value of a known field as it stood in the JSON, not too long; of an object or a list only that it is one."""
    if isinstance(value, Mapping | list | tuple):
        return ("{…}" if value else "{}") if isinstance(value, Mapping) else ("[…]" if value else "[]")
    text = json.dumps(value, ensure_ascii=False, default=lambda given: given.isoformat() if isinstance(given, datetime) else str(given))
    return text if len(text) <= 80 else f"{text[:77]}…"


def _kind_of(value: object) -> str:
    """What is shown of a value that stands in no known field."""
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
    said_of = field or ("" if kind == "value_error" else "sự kiện")
    return Problem(code, f"{said_of}: {sentence}" if said_of else sentence, field or None)


def _tag_field(field: str, context: Mapping[str, object]) -> str:
    return f"{field}.{str(context['discriminator']).strip(chr(39))}".lstrip(".")


def _not_one_of(field: str, given: object, expected: str, hint: Hint | None) -> Problem:
    known = re.findall(r"'([^']*)'", expected)
    close = (hint(field, given, known) if hint else "") or nearest(given, known)
    return Problem("value", f"{field}: {shown(given)} không hợp lệ, cần một trong: {', '.join(known)}{close}", field)


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
"""Fields whose keys a post names itself."""


def _steps(detail: ErrorDetails) -> list[str | int]:
    """The steps to a field as a post wrote them: the tags pydantic puts in for a union's branch are left out."""
    steps = [step for step in detail["loc"] if not (isinstance(step, str) and step.startswith("vn.mocgioi."))]
    return [step for before, step in zip(["", *steps], steps, strict=False) if not (before == "place" and step in _SCHEMES)]
