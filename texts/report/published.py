"""Finds the figures that are only published among the counts of a sentence: agreements, trade, sessions, talks and letters, directives, plans.

Delegations and consular cases are found with the incidents, in `texts.report.mentions`.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from agreement.published_families import MILLION_USD, PLAN, published_family
from border.provinces import provinces
from texts.letters import CAPITAL
from texts.numbers import NUMERAL, numeral
from texts.report.counts import Count
from texts.report.mentions import FigureMention, of_a_place

_ESTIMATED = "văn bản ghi là số ước"
_NOT_THE_TOTAL = "xuất khẩu cộng nhập khẩu khác tổng kim ngạch"
_YEARS_PLAN = "so với kế hoạch năm"
_IN_MILLIONS = {"tỷ USD": Decimal(1000), MILLION_USD: Decimal(1), "USD": Decimal("0.000001")}
_ALL_TRADE, _DIRECTIONS = "trade.total", ("trade.export", "trade.import")
_VALUE = re.compile(r"(?<!\w)(?:kim\s+ngạch|trị\s+giá|giá\s+trị)(?!\w)", re.IGNORECASE)
"""Words for the value of goods, one of which stands in the sentence."""
_PLANNED = re.compile(r"(?<![%\w]\s)(?<!\w)(?:kế\s+hoạch|mục\s+tiêu|chỉ\s+tiêu)(?!\w)[^;.]*$", re.IGNORECASE)
"""The amount behind it is a plan's, unless a percentage stands before it."""
_BEFORE = 200
"""How many characters before a count are searched for what it counts."""
_IN_A_PERIOD = r"(?:(?:(?:quý|tháng)\s+[\dIV]+|\d{1,2}\s+tháng(?:\s+(?:đầu|cuối))?)(?:\s*/\s*|\s+năm\s+|\s+)|năm\s+)\d{4}"
"""With its year: without one, it may be another period than that of the sentence."""
_REACHES = (
    r"(?:\s+(?:hàng\s+(?:hóa|hoá)|qua\s+(?:các\s+)?cửa\s+khẩu(?!\s+(?-i:"
    + CAPITAL
    + r"))|qua\s+địa\s+bàn|trên\s+địa\s+bàn|(?:của\s+)?(?:toàn\s+|cả\s+)?tỉnh(?:\s+PROVINCE)?"
    rf"|(?:trong\s+)?{_IN_A_PERIOD}|ước|tính|thực\s+hiện|đạt|được|là|khoảng))*"
)
"""What may stand between the name of all trade and its amount: no goods, no gate, no country."""
_SIGNED = re.compile(r"(?<!\w)ký(?:\s+kết)?(?:\s+(?:được|mới))?\s*$", re.IGNORECASE)
_AND = re.compile(r"(?:,|;|(?<!\w)và)\s*$", re.IGNORECASE)
"""What joins a count to the one before it, with whose verb it goes."""
_BY_LEVEL = re.compile(r"(?:\s+quốc\s+tế)?\s+cấp\s+(?P<level>tỉnh|sở)", re.IGNORECASE)
_LEVEL_BEFORE = re.compile(
    r"(?:(?P<department>các\s+sở(?:\s*,\s*ban)?\s*,?\s*ngành)|(?P<province>(?<!\w)tỉnh))\s+(?:đã\s+)?ký(?:\s+kết)?\s*$", re.IGNORECASE
)
_SESSIONS = (
    ("committee.joint", re.compile(r"[^.;\d]{0,40}?(?:ủy|uỷ)\s+ban\s+(?:công\s+tác\s+)?liên\s+hợp", re.IGNORECASE)),
    ("committee.steering", re.compile(r"[^.;\d]{0,40}?ban\s+chỉ\s+đạo", re.IGNORECASE)),
)
_TALKS = re.compile(r"\s+hội\s+đàm(?!\s*(?:,|/|và)\s*(?:gặp|tiếp\s+xúc|trao\s+đổi|làm\s+việc))(?!\s+(?:cấp|của|giữa)(?!\w))", re.IGNORECASE)
_TALKS_BEFORE = re.compile(r"(?<!\w)hội\s+đàm\s*(?:được\s*)?$", re.IGNORECASE)
_SENT = re.compile(r"(?<!\w)(?:gửi|trao\s+đổi|chuyển)(?:\s+[^\W\d_]+){0,2}\s*$", re.IGNORECASE)
_WRITTEN = {"thư": "contacts.letters", "điện": "contacts.telegrams", "công hàm": "contacts.notes"}
_DIRECTIVE = re.compile(r"văn\s+bản\s+(?:lãnh\s+đạo\s*,\s*)?chỉ\s+đạo", re.IGNORECASE)
_DIRECTIVES = (
    ("directives.received", re.compile(r"(?<!\w)(?:tiếp\s+)?nhận(?:\s+được)?\s*$", re.IGNORECASE)),
    ("directives.pending", re.compile(r"(?<!\w)(?:còn(?:\s+lại)?|chưa\s+trả\s+lời)\s*$", re.IGNORECASE)),
    ("directives.answered", re.compile(r"(?<!\w)(?<!chưa\s)(?:trả\s+lời|phúc\s+đáp)(?:\s+(?:xong|được))?\s*$", re.IGNORECASE)),
)
_OF_PLAN = re.compile(
    rf"(?<!\w)(?:đạt|bằng|hoàn\s+thành)\s+(?P<n>{NUMERAL})\s*%\s+(?:so\s+với\s+)?kế\s+hoạch(?P<year>\s+(?:cả\s+)?năm(?!\s+\d))?",
    re.IGNORECASE,
)


def published_mentions(text: str, start: int, end: int, counts: Sequence[Count]) -> list[FigureMention]:
    """The figures of a sentence that are only published, from its counts."""
    return [
        *_agreements(text, start, counts),
        *_trade(text, start, counts),
        *_sessions(text, end, counts),
        *_contacts(text, start, counts),
        *_directives(text, start, end, counts),
    ]


def planned(text: str, end: int, counts: Sequence[Count], mentions: Sequence[FigureMention]) -> Iterator[FigureMention]:
    """The percentages of a plan that a sentence states behind such figures."""
    for mention in mentions:
        figure, _ = mention.values[0]
        stop = min((count.start for count in counts if count.start >= mention.end and not count.step), default=end)
        percentage = _OF_PLAN.search(text, mention.end, stop)
        value = numeral(percentage["n"]) if percentage else None
        if percentage and value is not None and published_family(figure) is not None:
            notes = (*mention.notes, *([_YEARS_PLAN] if percentage["year"] else []))
            sure = mention.sure and not percentage["year"]
            yield FigureMention(((PLAN + figure, value),), percentage.start(), percentage.end(), None, notes, sure=sure)


def _clauses(text: str, start: int, counts: Sequence[Count], unit: str) -> Iterator[tuple[Count, Decimal, str, Count | None]]:
    """The settled counts of a unit, each with the words between the count before it and itself, and that count."""
    for at, count in enumerate(counts):
        value, last = count.of(unit), counts[at - 1] if at else None
        if value is not None and count.settled:
            yield count, value, text[max(start, count.start - _BEFORE, last.end if last else start) : count.start], last


def _mention(figure: str, value: Decimal, count: Count, end: int | None = None) -> FigureMention:
    stop = count.end if end is None else end
    return FigureMention(((figure, value),), count.start, stop, stop)


def _agreements(text: str, start: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    signed = -1
    for count, value, before, last in _clauses(text, start, counts, "thỏa thuận"):
        if not _SIGNED.search(before) and not (last is not None and last.start == signed and _AND.search(before)):
            continue
        signed = count.start
        by_level, level_before = _BY_LEVEL.match(text, count.end), _LEVEL_BEFORE.search(before)
        if by_level:
            figure = "agreements.province" if by_level["level"].lower() == "tỉnh" else "agreements.department"
        elif level_before:
            figure = f"agreements.{level_before.lastgroup}"
        else:
            figure = "agreements.total"
        yield _mention(figure, value, count, by_level.end() if by_level else None)


def _trade(text: str, start: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    """Trade in million USD. What follows an estimate in its sentence is estimated too; directions that do not make the total are in doubt."""
    stated: dict[str, tuple[Decimal, Count, bool]] = {}
    for at, count in enumerate(counts):
        unit, number = count.numbers[0]
        before = text[max(start, count.start - _BEFORE, counts[at - 1].end if at else start) : count.start]
        figure = _traded(text, start, count, before) if unit in _IN_MILLIONS and not count.step and not count.about else None
        if figure is not None:
            expected = count.expected or any(estimated for _, _, estimated in stated.values())
            stated.setdefault(figure, (number * _IN_MILLIONS[unit], count, expected))
    values = {figure: value for figure, (value, _, _) in stated.items()}
    wrong = {*_DIRECTIONS, _ALL_TRADE} <= values.keys() and sum(values[way] for way in _DIRECTIONS) != values[_ALL_TRADE]
    for figure, (value, count, expected) in stated.items():
        doubt = wrong and figure in (*_DIRECTIONS, _ALL_TRADE)
        notes = (*([_ESTIMATED] if expected else []), *([_NOT_THE_TOTAL] if doubt else []))
        yield FigureMention(((figure, value),), count.start, count.end, count.end, notes, sure=not notes)


@functools.cache
def _trade_named() -> re.Pattern[str]:
    """The words that name all trade of a province, up to its amount."""
    reaches = _REACHES.replace("PROVINCE", f"(?:{'|'.join(re.escape(row.name) for row in provinces().values())})")
    return re.compile(
        rf"(?:^|(?<!xuất)[.;:,(]\s*|(?<!\w)(?:trong\s+đó|gồm|có|(?<!xuất\s)và|{_IN_A_PERIOD})[:,]?\s+)"
        r"(?:tổng\s+)?(?:(?:kim\s+ngạch|trị\s+giá|giá\s+trị)\s+)?(?:hàng\s+(?:hóa\s+|hoá\s+)?)?"
        r"(?:(?P<both>xuất(?:\s*,\s*|\s+|\s+và\s+)nhập\s+khẩu|xuất\s+khẩu\s+và\s+nhập\s+khẩu|XNK)|(?P<out>xuất\s+khẩu|XK)(?P<local>\s+địa\s+phương)?"
        r"|nhập\s+khẩu|NK)"
        rf"{reaches}\s*:?\s*$",
        re.IGNORECASE,
    )


def _traded(text: str, start: int, count: Count, before: str) -> str | None:
    """The figure of trade that the words before an amount name."""
    named = _trade_named().search(before)
    if named is None or _PLANNED.search(before) or not (named["local"] or _VALUE.search(text, start, count.start)):
        return None
    if named["both"]:
        return _ALL_TRADE
    return _DIRECTIONS[1] if not named["out"] else "trade.local_export" if named["local"] else _DIRECTIONS[0]


def _sessions(text: str, end: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    for at, count in enumerate(counts):
        value, stop = count.of("phiên"), counts[at + 1].start if at + 1 < len(counts) else end
        if value is None or not count.settled:
            continue
        named = [(figure, match.end()) for figure, words in _SESSIONS if (match := words.match(text, count.end, stop))]
        if named:
            figure, reach = min(named, key=lambda each: each[1])
            yield _mention(figure, value, count, reach)


def _contacts(text: str, start: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    for unit in ("cuộc", "lần"):
        for count, value, before, _ in _clauses(text, start, counts, unit):
            behind = _TALKS.match(text, count.end) if unit == "cuộc" else None
            if (behind or _TALKS_BEFORE.search(before)) and not of_a_place(before, text[behind.end() if behind else count.end :]):
                yield _mention("contacts.talks", value, count, behind.end() if behind else None)
    sent = -1
    for at, count in enumerate(counts):
        unit, value = count.numbers[0]
        before = text[max(start, count.start - _BEFORE, counts[at - 1].end if at else start) : count.start]
        listed = at > 0 and counts[at - 1].start == sent and _AND.search(before) is not None
        if unit in _WRITTEN and count.settled and (_SENT.search(before) or listed) and not of_a_place(before, text[count.end :]):
            sent = count.start
            yield _mention(_WRITTEN[unit], value, count)


def _directives(text: str, start: int, end: int, counts: Sequence[Count]) -> Iterator[FigureMention]:
    if _DIRECTIVE.search(text, start, end) is None:
        return
    for count, value, before, _ in _clauses(text, start, counts, "văn bản"):
        figure = next((figure for figure, words in _DIRECTIVES if words.search(before)), None)
        if figure is not None and not of_a_place(before, text[count.end :]):
            yield _mention(figure, value, count)
