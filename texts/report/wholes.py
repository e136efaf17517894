"""Wholes and their parts in prose: `54 đoàn/583 lượt người … trong đó … 36 đoàn/524 …; 10 đoàn/162 …`, and the parts in brackets.

Parts are those that count the same thing as the whole, in the same sentence or in one that begins with "Trong đó", up to a comparison (`tăng`,
`giảm`, `so với`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from texts.numbers import NUMERAL, numeral
from texts.report.counts import Count

_OF_WHICH = re.compile(r"(?<!\w)(?:trong\s+(?:số\s+)?đó|bao\s+gồm|gồm|chia\s+ra|cụ\s+thể)(?!\w)", re.IGNORECASE)
_OPENS = re.compile(r"[^()]{0,110}?\(")
_COMPARES = re.compile(r"(?<!\w)(?:tăng|giảm|so\s+với)(?!\w)", re.IGNORECASE)
_OF_ANOTHER_TIME = re.compile(r"(?:năm|tháng|quý)\s+[\dIV]|cùng\s+kỳ|kế\s+hoạch|lũy\s+kế|tăng|giảm|%", re.IGNORECASE)
_SOME_ONLY = re.compile(r"trong\s+(?:số\s+)?đó", re.IGNORECASE)
_NO_THIRD = (
    ("nhập cảnh", "xuất cảnh"),
    ("nhập khẩu", "xuất khẩu"),
    ("phía trung quốc", "phía việt nam"),
    ("đoàn ra", "đoàn vào"),
    ("(?<!việt )nam", "nữ"),
)
"""Two parts of these names are all of a whole, also behind "trong đó"."""
_BARE_PAIR = re.compile(rf"(?<![\w/.,-])({NUMERAL})\s*/\s*({NUMERAL})(?![\w/])")


@dataclass(frozen=True, slots=True)
class Split:
    """A whole and its parts."""

    whole: Count
    parts: tuple[Count, ...]
    full: bool
    """Whether the words state that these are all its parts."""
    end: int
    """Where the parts end."""

    def sums(self) -> Iterator[tuple[str, list[Decimal], Decimal]]:
        """For each unit that all of them have: the unit, the parts and the whole."""
        for unit, whole in self.whole.numbers:
            values = [value for part in self.parts if (value := part.of(unit)) is not None]
            if len(values) == len(self.parts):
                yield unit, values, whole


def splits(text: str, end: int, counts: Sequence[Count]) -> list[Split]:
    """The wholes among the counts of a sentence that ends at `end`; a part belongs to the nearest whole before it."""
    wholes: list[Split] = []
    within = 0
    for at, whole in enumerate(counts):
        if whole.step or whole.about:
            continue
        is_part = whole.start < within
        split = _bracketed(text, end, whole, counts[at + 1 :]) or (None if is_part else _listed(text, end, whole, counts[at + 1 :]))
        if split is not None:
            wholes.append(split)
            within = max(within, split.end)
    return wholes


def _bracketed(text: str, end: int, whole: Count, after: Sequence[Count]) -> Split | None:
    """Parts in the bracket that follows, before any other count."""
    opened = _OPENS.match(text, whole.end, end)
    if opened is None or (after and after[0].start < opened.end() - 1) or _COMPARES.search(text, whole.end, opened.end()):
        return None
    closed = text.find(")", opened.end(), end)
    closed = end if closed < 0 else closed
    inner = text[opened.end() : closed]
    if _OF_ANOTHER_TIME.search(inner):
        return None
    parts = _same(whole, [count for count in after if count.start < closed])
    if not parts and len(whole.numbers) == 2:
        parts = _bare(whole, text, opened.end(), closed)
    if not parts:
        return None
    return Split(whole, tuple(parts), full=len(parts) > 1 and not _SOME_ONLY.search(inner), end=closed)


def _listed(text: str, end: int, whole: Count, after: Sequence[Count]) -> Split | None:
    """Parts behind "trong đó", "gồm", … in the same sentence."""
    introduction = _OF_WHICH.search(text, whole.end, end)
    if introduction is None or ";" in text[whole.end : introduction.start()]:
        return None
    between = [count for count in after if count.start < introduction.start() and not count.step]
    if any(_fits(count, whole) for count in between):
        return None
    stop = _COMPARES.search(text, introduction.end(), end)
    limit = _limit(text, introduction.end(), end, stop)
    listed = [count for count in after if introduction.end() <= count.start < limit]
    parts = _same(whole, [count for count in listed if not _is_in_brackets(text, introduction.end(), count.start)])
    if not parts:
        return None
    names = " ".join(text[introduction.end() : limit].lower().split())
    no_third = len(parts) == 2 and any(all(re.search(rf"(?<!\w){name}(?!\w)", names) for name in pair) for pair in _NO_THIRD)
    return Split(whole, tuple(parts), full=no_third or not _SOME_ONLY.match(introduction[0]), end=parts[-1].end)


def _is_in_brackets(text: str, start: int, at: int) -> bool:
    """Whether a part of a list stands in brackets: it is then a part of a part."""
    return text.count("(", start, at) > text.count(")", start, at)


def _limit(text: str, start: int, end: int, stop: "re.Match[str] | None") -> int:
    """Where a list ends: at the comparison behind its last part. Parts may have comparisons in percent of their own."""
    while stop is not None and re.match(r"[\s\w,]*%", text[stop.end() : stop.end() + 12]):
        stop = _COMPARES.search(text, stop.end(), end)
    return end if stop is None or stop.start() < start else stop.start()


def _same(whole: Count, others: Sequence[Count]) -> list[Count]:
    """The exact counts in the unit of the whole."""
    return [count for count in others if not count.step and not count.about and _fits(count, whole)]


def _fits(count: Count, whole: Count) -> bool:
    return count.units[0] == whole.units[0]


def _bare(whole: Count, text: str, start: int, end: int) -> list[Count]:
    """Pairs without their units, `hình sự 31/62; hành chính 178/785`: they count what the whole counts."""
    parts: list[Count] = []
    for match in _BARE_PAIR.finditer(text, start, end):
        values = numeral(match[1]), numeral(match[2])
        if values[0] is not None and values[1] is not None:
            pair = tuple(zip(whole.units, (values[0], values[1]), strict=True))
            parts.append(replace(whole, numbers=pair, start=match.start(), end=match.end()))
    return parts if len(parts) > 1 else []
