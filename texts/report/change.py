"""Reads comparisons: `tăng 04 vụ so với cùng kỳ năm 2018` gives the figure of the earlier period."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agreement.periods import Period, Regime, UnknownPeriod
from agreement.published_families import published_family
from texts.report.counts import Count
from texts.report.mentions import FigureMention

_THEN = r"(?:cùng\s+kỳ(?:\s+(?:của\s+)?năm\s+(?:(?P<year>\d{4})|trước|ngoái))?|năm\s+(?:(?P<other>\d{4})|trước|ngoái))(?![\w/-])"
_STEP = r"(?:đã\s+)?(?:tăng|giảm)(?:\s+(?:thêm|đi))?"
_BEHIND = re.compile(rf"(?:\s*\([^()]*%\))?\s*,?\s*so\s+với\s+{_THEN}", re.IGNORECASE)
_BEFORE = re.compile(rf"so\s+với\s+{_THEN}\s*,?\s*{_STEP}\s*$", re.IGNORECASE)
"""`so với cùng kỳ năm 2018 tăng 04 vụ`."""
_EQUAL = re.compile(rf"\s*,?\s*bằng\s+(?:so\s+)?(?:với\s+)?{_THEN}", re.IGNORECASE)
_NOTHING_BETWEEN = re.compile(rf"[\s,;)]*(?:{_STEP}\s*)?", re.IGNORECASE)
_OF_THEN = re.compile(
    r"(?:^|[.;(]\s*)(?:(?:còn|trong\s+khi)\s+)?(?:cùng\s+kỳ(?:\s+(?:của\s+)?năm\s+(?:(?P<year>\d{4})|trước|ngoái))?|năm\s+(?:trước|ngoái))"
    r"(?![\w/-])\s*,?[^.;(,]*$",
    re.IGNORECASE,
)
"""`cùng kỳ năm 2018 xảy ra`: no comparison, but the earlier figure itself."""
_LENGTH = 80
"""Of a comparison, at most."""
_COUNTED = {"lượt người": ("lượt", "người"), "vụ việc": ("vụ",)}
"""The words in which a comparison counts a change, where they are not the figure's unit."""


@dataclass(frozen=True, slots=True)
class StatedChange:
    """The change of one figure that a comparison states."""

    figure: str
    value: Decimal
    change: Decimal
    """`tăng 04` is 4, `giảm 15` is -15, `bằng` is 0."""
    year: int | None
    """The year compared with; None: the one before."""
    mention: FigureMention
    """The mention of the figure."""
    start: int
    """Where the comparison begins."""
    end: int
    nearest: bool
    """Whether nothing stands between the figure and its comparison."""

    @property
    def before(self) -> Decimal:
        """The earlier value."""
        return self.value - self.change


def stated_changes(text: str, start: int, end: int, counts: Sequence[Count], mentions: Sequence[FigureMention]) -> Iterator[StatedChange]:
    """The comparisons of a sentence, each with the last figure of its unit before it that is not a part of another."""
    for count in counts:
        if not count.step or count.about:
            continue
        if behind := _BEHIND.match(text, count.end, end):
            yield from _of(text, count, behind, (count.start, behind.end()), mentions)
        elif before := _BEFORE.search(text, max(start, count.start - _LENGTH), count.start):
            yield from _of(text, count, before, (before.start(), count.end), mentions)
    for mention in mentions:
        if mention.total is not None and (equal := _EQUAL.match(text, mention.total, end)):
            figure, value = mention.values[0]
            yield StatedChange(figure, value, Decimal(0), _year(equal), mention, equal.start(), equal.end(), nearest=True)


def period_at(text: str, start: int, at: int, period: str) -> str:
    """The period of what stands `at` in a sentence on a period: the earlier one, where it is said to be that of then."""
    then = _OF_THEN.search(text[start:at])
    return period if then is None else period_before(period, _year(then))


def period_before(period: str, year: int | None) -> str:
    """The same period of the year before, or of a named year; empty where there is none."""
    try:
        now = Period.parse(period, Regime.CALENDAR)
    except UnknownPeriod:
        return ""
    if year is None:
        return now.before.id
    if now.year is None or year >= now.year:
        return ""
    return replace(now, first=now.first - 12 * (now.year - year), last=now.last - 12 * (now.year - year)).id


def _of(
    text: str, count: Count, comparison: "re.Match[str]", span: tuple[int, int], mentions: Sequence[FigureMention]
) -> Iterator[StatedChange]:
    for unit, number in count.numbers:
        for mention in reversed([mention for mention in mentions if mention.total is not None and mention.start < span[0]]):
            figure_value = next(((figure, value) for figure, value in mention.values if unit in _counted_in(figure)), None)
            if figure_value is None:
                continue
            change = number * count.step
            if figure_value[1] - change >= 0:
                parted = any(mention.start < other.start for other in mentions if other.total is None)
                nearest = not parted and _NOTHING_BETWEEN.fullmatch(text, mention.total or 0, span[0]) is not None
                yield StatedChange(*figure_value, change, _year(comparison), mention, *span, nearest=nearest)
            break


def _counted_in(figure: str) -> tuple[str, ...]:
    """The units in which a comparison counts a figure's change; empty where it has none that is read."""
    if figure == "breach.total":
        return ("vụ",)
    apart = published_family(figure)
    if apart is None:
        return ()
    unit = apart[0].unit(apart[1])
    return _COUNTED.get(unit, (unit,))


def _year(comparison: "re.Match[str]") -> int | None:
    named = comparison.groupdict()
    year = named["year"] or named.get("other")
    return int(year) if year else None
