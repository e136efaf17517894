"""What is wrong with an input, in one sentence a border post can act on."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

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
    """Will never be an event as it stands: refuse it at a doorway, dead-letter it in a stream. Holds every `Problem` found, at least one."""

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
    return [_problem(detail, at) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, at: str) -> Problem:
    field = _path(detail, at)
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    shown = _shown(given)
    match kind:
        case "missing":
            return Problem("missing", f"{field}: thiếu trường bắt buộc", field)
        case "extra_forbidden":
            return Problem("unknown_field", f"{field}: trường lạ, lược đồ không có", field)
        case "enum" | "literal_error" | "union_tag_invalid":
            wanted = str(context.get("expected") or context.get("expected_tags", ""))
            hint = nearest(given, wanted.replace("'", "").replace(" or ", ", ").replace(" hoặc ", ", ").split(", "))
            return Problem("value", f"{field}: {shown} không hợp lệ, cần một trong: {wanted.replace(' or ', ' hoặc ')}{hint}", field)
        case "union_tag_not_found":
            return Problem("missing", f"{field}.{str(context.get('discriminator', '')).strip(chr(39))}: thiếu trường bắt buộc", field)
        case "timezone_aware":
            return Problem("naive_time", f"{field}: {shown} thiếu múi giờ, cần như 2025-12-28T18:20:00+07:00", field)
        case "greater_than_equal":
            return Problem("value", f"{field}: {shown} quá nhỏ, không được dưới {context['ge']}", field)
        case "less_than_equal":
            return Problem("value", f"{field}: {shown} quá lớn, không được trên {context['le']}", field)
        case "finite_number":
            return Problem("value", f"{field}: phải là số hữu hạn", field)
        case "string_pattern_mismatch":
            return Problem("value", f"{field}: {shown} không đúng dạng {context['pattern']}", field)
        case "string_too_short" | "too_short":
            return Problem("value", f"{field}: không được để trống", field)
        case "string_too_long" | "too_long":
            return Problem("value", f"{field}: quá dài, nhiều nhất {context['max_length']}", field)
        case "value_error":
            return Problem("value", f"{field}: {context['error']}", field)
        case "json_invalid":
            return Problem("json", f"không phải JSON hợp lệ: {context['error']}")
    if kind in _WANTED:
        return Problem("value", f"{field}: {shown} không hợp lệ, cần {_WANTED[kind]}", field)
    return Problem("value", f"{field}: {shown} không hợp lệ ({detail['msg']})", field)


_WANTED = {
    "string_type": "chuỗi ký tự",
    "int_type": "số nguyên",
    "int_from_float": "số nguyên",
    "float_type": "số",
    "bool_type": "true hoặc false",
    "list_type": "danh sách [...]",
    "tuple_type": "danh sách [...]",
    "dict_type": "đối tượng {...}",
    "model_type": "đối tượng {...}",
    "model_attributes_type": "đối tượng {...}",
    "datetime_type": "thời điểm như 2025-12-28T18:20:00+07:00",
    "datetime_parsing": "thời điểm như 2025-12-28T18:20:00+07:00",
    "datetime_from_date_parsing": "thời điểm như 2025-12-28T18:20:00+07:00",
    "datetime_object_invalid": "thời điểm như 2025-12-28T18:20:00+07:00",
}


def _path(detail: ErrorDetails, at: str) -> str:
    """The field's path as a post wrote it: the tags pydantic puts in for a union's branch are left out."""
    steps = [str(step) for step in detail["loc"] if not (isinstance(step, str) and step.startswith(("vn.mocgioi.", "#")))]
    return ".".join([at, *steps] if at else steps)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
