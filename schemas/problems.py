"""What is wrong with an input, in one sentence a border post can act on."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
        """All problems in one line."""
        return "; ".join(problem.message for problem in self.problems)


def nearest(word: object, known: Iterable[str]) -> str:
    """A hint at the known names closest to `word`, or an empty string."""
    close = difflib.get_close_matches(str(word), list(known), n=3, cutoff=0.6)
    return f" (gần nhất: {', '.join(close)})" if close else ""


def from_pydantic(error: ValidationError, *, at: str = "") -> list[Problem]:
    """The problems of a failed validation, one a field. `at` is the path of the validated value."""
    problems = [_problem(detail, at) for detail in error.errors(include_url=False)]
    # pydantic calls a list of one invalid element empty, besides saying what is wrong with the element.
    parents = {
        problem.field.rsplit(".", count)[0]
        for problem in problems
        if problem.field
        for count in (1, 2)
        if problem.field.count(".") >= count
    }
    return [problem for problem in problems if not (problem.message == f"{problem.field}: {_EMPTY}" and problem.field in parents)]


def _problem(detail: ErrorDetails, at: str) -> Problem:
    field, kind, context = _path(detail, at), detail["type"], detail.get("ctx", {})
    shown = _shown(detail["input"])
    match kind:
        case "enum" | "literal_error":
            return _not_one_of(field, detail["input"], str(context["expected"]))
        case "union_tag_invalid":
            return _not_one_of(_tag_field(field, context), context["tag"], str(context["expected_tags"]))
        case "union_tag_not_found":
            field, kind = _tag_field(field, context), "missing"
        case "string_pattern_mismatch":
            context = {"wanted": _EXAMPLES.get(field.rpartition(".")[2], context["pattern"])}
        case "json_invalid":
            return Problem("json", TOO_DEEP if "recursion" in str(context["error"]) else f"không phải JSON hợp lệ: {context['error']}")
    code = _CODES.get(kind, "value")
    sentence = _SENTENCES[kind].format(shown=shown, **context) if kind in _SENTENCES else f"{shown} không hợp lệ ({detail['msg']})"
    said_of = field or ("" if kind == "value_error" else "sự kiện")
    return Problem(code, f"{said_of}: {sentence}" if said_of else sentence, field or None)


def _tag_field(field: str, context: Mapping[str, object]) -> str:
    return f"{field}.{str(context['discriminator']).strip(chr(39))}".lstrip(".")


def _not_one_of(field: str, given: object, expected: str) -> Problem:
    known = re.findall(r"'([^']*)'", expected)
    return Problem("value", f"{field}: {_shown(given)} không hợp lệ, cần một trong: {', '.join(known)}{nearest(given, known)}", field)


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
_CODES = {"missing": "missing", "extra_forbidden": "unknown_field", "timezone_aware": "naive_time"}
_SENTENCES = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường lạ, lược đồ không có",
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


def _path(detail: ErrorDetails, at: str) -> str:
    """The field's path as a post wrote it: the tags pydantic puts in for a union's branch are left out."""
    steps = [str(step) for step in detail["loc"] if not (isinstance(step, str) and step.startswith("vn.mocgioi."))]
    steps = [step for before, step in zip(["", *steps], steps, strict=False) if not (before == "place" and step in _SCHEMES)]
    return ".".join([at, *steps] if at else steps)


def _shown(value: object) -> str:
    """As it stood in the JSON, not too long."""
    text = json.dumps(value, ensure_ascii=False, default=lambda given: given.isoformat() if isinstance(given, datetime) else str(given))
    return text if len(text) <= 80 else f"{text[:77]}…"
