"""Reads the cells of a row as people write them in tables. What cannot be read raises `InvalidEvent`, as in `posts.answers`, which reads most of it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from border.names import fold
from posts import answers
from schemas.codebook import Kind, Precision
from schemas.codebook_entries import codes
from schemas.facts import Fact
from schemas.problems import InvalidEvent, Problem

_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})(?:[ ,]+(\d{1,2})(?:[:h](\d{2})?)(?::\d{2})?)?")
"""`27/11/2026 02:30`, `27/11/2026`, `11/2026`."""
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{2}))?")
_STORED_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00:00")
"""A workbook stores a date as the midnight it begins with, to the second."""
_RELATIVE = re.compile(r"(?<!\w)(?:nay|qua)(?!\w)", re.IGNORECASE)
_FINER = tuple(Precision)


def occurred(text: str, precision: str, *, now: datetime) -> dict[str, str]:
    """When it happened: `27/11/2026 02:30`, `2026-11-27T02:30`, `27/11/2026`, `11/2026`, `2026`, or in words: `đêm 26/11/2026`.

    A precision that is not given is that of the writing.
    """
    if _RELATIVE.search(text):
        raise _wrong("data.occurred", f"“{text}”: trong bảng phải ghi ngày, tháng, năm; nhập lại hôm khác thì “qua” là ngày khác")
    iso, written = _iso(text)
    value = answers.occurred_of(iso, now=now, precision=written)
    if not precision:
        return value
    wanted, written = _precision(precision), Precision(value["precision"])
    if _FINER.index(wanted) < _FINER.index(written) and wanted is not Precision.NIGHT:
        raise _wrong("data.occurred", f"“{text}” không ghi chính xác {_label(wanted)}, mới {_label(written)}")
    return answers.occurred_of(iso, now=now, precision=wanted)


def facts(text: str, kind: Kind) -> dict[str, Fact]:
    """`distance_m=18; kiên cố=có`. A fact that is not known is left out, or is `chưa rõ`."""
    return {name: value for name, value in answers.facts_stated(kind, _pairs(text)).items() if value is not None}


def measures(text: str) -> list[dict[str, Any]]:
    """`persons=9; hàng hóa=12,5 kg`."""
    return [answers.measure_of(pair) for pair in _pairs(text)]


def _iso(text: str) -> tuple[str, Precision | None]:
    """A date of a table as ISO 8601 has it, and its precision where ISO 8601 cannot say it; any other text as it is."""
    if stored := _STORED_DATE.fullmatch(text):
        return stored[1], None
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute = match.groups()
        if day is None:
            return f"{year}-{month:0>2}-01", Precision.MONTH
        date = f"{year}-{month:0>2}-{day:0>2}"
        return (date, None) if hour is None else (f"{date}T{hour:0>2}:{minute or '00'}", None if minute else Precision.HOUR)
    if match := _YEAR_FIRST.fullmatch(text):
        return f"{match[1]}-{match[2] or '01'}-01", Precision.MONTH if match[2] else Precision.YEAR
    return text, None


def _precision(text: str) -> Precision:
    """`phút`, `đến phút` or `minute`: people leave out the first word of the label."""
    names = {Precision(entry.code): (entry.code, *entry.label, entry.label.vi.partition(" ")[2]) for entry in codes()["precision"]}
    precision = answers.named(text, names)
    if precision is None:
        raise _wrong(
            "data.occurred.precision",
            f"độ chính xác “{text[:60]}”, cần một trong {', '.join(entry.label.vi for entry in codes()['precision'])}",
        )
    return precision


def _label(precision: Precision) -> str:
    return next(entry.label.vi for entry in codes()["precision"] if entry.code == precision)


def _pairs(text: str) -> Iterator[str]:
    return (pair.strip() for pair in re.split(r"[;\n]", text) if fold(pair))


def _wrong(field: str, sentence: str) -> InvalidEvent:
    return InvalidEvent([Problem("value", f"{field}: {sentence}", field)])
