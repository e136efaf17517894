"""One published total as a file states it: field by field, each problem named."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agreement.figure_families import FAMILIES
from agreement.figures import NO_UNIT
from agreement.periods import Period, Regime, UnknownPeriod
from agreement.published_families import FRACTIONAL, PUBLISHED, is_publishable, published_family
from reports.units import UnknownUnit, unit_named
from schemas import strict_json
from schemas.codebook import Measure
from schemas.fields import CONTROL
from schemas.problems import nearest
from schemas.secrecy import marked_secret

NEEDED = ("unit", "period", "figure", "value", "source")
COLUMNS = ("unit", "period", "regime", "figure", "value", "source", "page")
MAX_VALUE = Decimal(10**15)

_LONGEST = 2000
"""Characters of a citation."""
_LONGEST_ID = 200
_MISSING = "thiếu trường bắt buộc · is missing"
_IN_PARTS = {Measure.GOODS.value, Measure.AREA.value, Measure.VALUE.value}
_PLAIN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,9})?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")


@dataclass(frozen=True, slots=True)
class Line:
    """One published total as the file states it."""

    line: int
    """Counted from 1, blank lines and a CSV's header included."""
    unit: str
    period: str
    regime: Regime | None
    figure: str
    value: Decimal
    source: str
    page: str | None


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One reason a file is refused."""

    code: str
    """Stable, for programs: `unit`, `value`, `contradiction`, …"""
    message: str
    """Vietnamese, then English: line, field, what stood there and what was expected."""
    line: int | None = None
    field: str | None = None


class _Wrong(Exception):
    """What is wrong with one line or field."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def line_of(number: int, given: Mapping[str, Any], problems: list[LineProblem]) -> Line | None:
    """The total a line states; None, and its problems, where it states none."""
    before = len(problems)
    problems += [problem_at(number, strict_json.writable(name)[:60], *unknown_column(name)) for name in given if name not in COLUMNS]
    stated: dict[str, Any] = {"regime": None, "page": None}
    for name in COLUMNS:
        value = given.get(name)
        if value is None or value == "":
            if name in NEEDED:
                problems.append(problem_at(number, name, "missing", _MISSING))
            continue
        try:
            stated[name] = _READ[name](value)
        except _Wrong as wrong:
            problems.append(problem_at(number, name, wrong.code, str(wrong)))
    if len(problems) == before:
        problems += [problem_at(number, name, name, message) for name, message in _together(stated)]
    return Line(line=number, **stated | {"period": stated["period"].id}) if len(problems) == before else None


def _together(stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that contradict each other, and why."""
    try:
        unit_named(stated["unit"], stated["period"])
    except UnknownUnit as wrong:
        yield "unit", str(wrong)
    if stated["value"] % 1 and not _is_measured(stated["figure"]):
        yield "value", f"{stated['value']}: số đếm phải là số nguyên · a count is a whole number"


def _is_measured(figure: str) -> bool:
    """Whether it may have a fraction: goods, money, a percentage."""
    apart = published_family(figure)
    return bool(_IN_PARTS & set(figure.split("."))) if apart is None else apart[0].unit(apart[1]) in FRACTIONAL


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("value", f"{_shown(value)} không phải chuỗi ký tự · is no text")
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if not text:
        raise _Wrong("missing", _MISSING)
    if CONTROL.search(text):
        raise _Wrong("value", "có ký tự điều khiển · holds control characters")
    if len(text) > _LONGEST:
        raise _Wrong("value", f"quá dài, nhiều nhất {_LONGEST} ký tự · is too long")
    if marked_secret(text):
        # Nothing of it is repeated.
        raise _Wrong("secret", "có dấu chỉ độ mật, không được nạp · is marked secret and has no place here")
    return text


def _unit(value: object) -> str:
    try:
        unit = unit_named(_text(value))
    except UnknownUnit as wrong:
        raise _Wrong("unit", str(wrong)) from None
    if unit.code == NO_UNIT:
        raise _Wrong("unit", f"{unit.code} không phải đơn vị công bố số liệu, cần mã tỉnh hoặc all · needs a province's code or all")
    return unit.code


def _period(value: object) -> Period:
    year = isinstance(value, int) and not isinstance(value, bool)
    try:
        return Period.parse(str(value) if year else _text(value), Regime.CALENDAR)  # both regimes have the same ids
    except UnknownPeriod as wrong:
        raise _Wrong("period", str(wrong)) from None


def _regime(value: object) -> Regime:
    text = _text(value)
    if text not in set(Regime):
        raise _Wrong("regime", f"{_shown(text)} không có, cần {', '.join(Regime)} hoặc để trống · no such regime; leave it empty for any")
    return Regime(text)


def _figure(value: object) -> str:
    text = _text(value)
    if len(text) > _LONGEST_ID or not is_publishable(text):
        names = (*((family.prefix, family.always) for family in FAMILIES), *((family.prefix, family.examples) for family in PUBLISHED))
        close = nearest(text, (prefix + key for prefix, keys in names for key in keys))
        raise _Wrong("figure", f"{_shown(text)}: không có số liệu này{close} · no such figure")
    return text


def _value(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _Wrong("value", f"{_shown(value)} không phải số · is no number")
    text = repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, str):
        if _THOUSANDS.fullmatch(text):
            bare = text.replace(".", "")
            raise _Wrong(
                "value", f"{text}: là {bare} hay số lẻ? viết không dấu chấm nghìn · thousands or decimals? write {bare} or {text}0"
            )
        if not _PLAIN.fullmatch(text):
            raise _Wrong("value", f"{_shown(text)} không phải số, cần như 8 hoặc 1725.5 · is no number, needs 8 or 1725.5")
    number = Decimal(text)
    if not 0 <= number <= MAX_VALUE:
        raise _Wrong("value", f"{_shown(value)} không hợp lệ, cần từ 0 đến 10^15 · must be from 0 to 10^15")
    return Decimal(int(number)) if number % 1 == 0 else number


def _page(value: object) -> str:
    return _text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)


_READ: Mapping[str, Callable[[object], object]] = {
    "unit": _unit,
    "period": _period,
    "regime": _regime,
    "figure": _figure,
    "value": _value,
    "source": _text,
    "page": _page,
}


def problem_at(line: int, field: str | None, code: str, message: str) -> LineProblem:
    """A problem that begins with where it is."""
    where = f"dòng {line}, {field}" if field else f"dòng {line}"
    return LineProblem(code, f"{where}: {message}", line, field)


def unknown_column(column: str) -> tuple[str, str]:
    """Code and message of a column or field that has no meaning."""
    close = nearest(column, COLUMNS)
    return "unknown_field", f"trường lạ, cần trong · unknown field, known are: {', '.join(COLUMNS)}{close}"


def _shown(value: object) -> str:
    text = strict_json.writable(str(value))
    return f'"{text[:60]}"'
