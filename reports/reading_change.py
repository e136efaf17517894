"""Comparisons in an old report: `tăng 04 vụ so với cùng kỳ năm 2018` says what the figure was then."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agreement.periods import Period, Regime, UnknownPeriod
from reports.reading_counts import Count
from reports.reading_heads import Head

_AGAINST = re.compile(
    r"\s*,?\s*so\s+với\s+(?:(?P<same>cùng\s+kỳ)(?:\s+(?:của\s+)?năm\s+(?:(?P<year>\d{4})|trước|ngoái))?|năm\s+(?:(?P<other>\d{4})|(?P<last>trước|ngoái)))(?![\w/-])",
    re.IGNORECASE,
)
_EQUAL = re.compile(
    r"\s*,?\s*bằng\s+(?:với\s+)?(?:so\s+với\s+)?(?P<same>cùng\s+kỳ)(?:\s+năm\s+(?:(?P<year>\d{4})|trước|ngoái))?(?!\w)", re.IGNORECASE
)
_FIGURE_UNITS = {
    "breach.total": ("vụ",),
    "delegations.in": ("đoàn",),
    "delegations.out": ("đoàn",),
    "delegations.in.persons": ("lượt", "người"),
    "delegations.out.persons": ("lượt", "người"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a comparison says of one figure."""

    figure: str
    value: Decimal
    change: Decimal
    before: Decimal
    year: int | None
    """The year compared with; None: the one before."""
    start: int
    """Where the figure stands."""
    at: int
    """Where the comparison begins."""
    end: int
    nearest: bool
    """Whether nothing stands between the figure and its comparison."""


def changes(text: str, start: int, end: int, found: Sequence[Count], read: Sequence[Head]) -> Iterator[Change]:
    """The comparisons of a sentence, each with the last figure of its unit that stands before it and is no part of another."""
    for count in found:
        said = _AGAINST.match(text, count.end, end)
        if count.step and said and not count.about:
            yield from _of(text, count, said, read)
    for head in read:
        if head.total is not None and start <= head.total and (equal := _EQUAL.match(text, head.total, end)):
            for figure, value in head.values[:1]:
                yield Change(figure, value, Decimal(0), value, _year(equal), head.start, equal.start(), equal.end(), nearest=True)


def _of(text: str, count: Count, said: "re.Match[str]", read: Sequence[Head]) -> Iterator[Change]:
    before = [head for head in read if head.total is not None and head.start < count.start]
    for unit, number in count.numbers:
        for head in reversed(before):
            told = next(((figure, value) for figure, value in head.values if unit in _FIGURE_UNITS.get(figure, ())), None)
            if told is None:
                continue
            figure, value = told
            change = number * count.step
            if head.total is not None and value - change >= 0:
                bare = re.fullmatch(r"[\s,;)]*(?:đã\s+)?(?:tăng|giảm)(?:\s+(?:thêm|đi))?\s*", text[head.total : count.start], re.IGNORECASE)
                whole = not any(head.start < other.start for other in read if other.total is None)
                nearest = bare is not None and whole
                yield Change(figure, value, change, value - change, _year(said), head.start, count.start, said.end(), nearest=nearest)
            break


def _year(said: "re.Match[str]") -> int | None:
    groups = said.groupdict()
    year = groups.get("year") or groups.get("other")
    return int(year) if year else None


def period_before(period: str, year: int | None) -> str:
    """The same period of the year before, or of a year that is named; empty where there is none such."""
    try:
        earlier = Period.parse(period, Regime.CALENDAR).before.id
    except UnknownPeriod:
        return ""
    if year is None or ".." in period:
        return earlier if year is None else ""
    return f"{year}{period[4:]}" if year < int(period[:4]) else ""
