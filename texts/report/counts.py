"""Reads the counts of a report's prose: `54 đoàn/583 lượt người`, `04 tàu cá cùng với 22 ngư dân`, `tăng 04 vụ`.

The measures of one incident are `texts.sentence.measures`.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from texts.numbers import APPROXIMATE, NUMERAL, numeral

_UNITS = (
    ("đoàn", r"đoàn"),
    ("lượt phương tiện", r"lượt\s+(?:phương\s+tiện|xe)"),
    ("lượt", r"lượt(?:\s+(?:người|khách|công\s+dân|hành\s+khách|cán\s+bộ))?"),
    ("vụ", r"vụ(?:\s+việc)?"),
    ("đối tượng", r"đối\s+tượng"),
    ("ngư dân", r"ngư\s+dân"),
    ("công dân", r"công\s+dân"),
    ("người", r"người"),
    ("trường hợp", r"trường\s+hợp"),
    ("tàu", r"(?:tàu\s+cá|tàu\s+thuyền|tàu|thuyền)"),
    ("phương tiện", r"phương\s+tiện"),
    ("tỷ USD", r"t[ỷỉ]\s+(?:USD|đô\s+la)"),
    ("triệu USD", r"triệu\s+(?:USD|đô\s+la)"),
    ("USD", r"USD"),
    ("tỷ đồng", r"t[ỷỉ]\s+đồng"),
    ("triệu đồng", r"triệu\s+đồng"),
    ("tấn", r"tấn"),
    ("kg", r"kg"),
    ("lần", r"lần"),
    ("thư", r"(?:bức\s+)?thư(?!\s+(?:viện|ký|mục))"),
    ("điện", r"(?:bức\s+)?điện(?=\s+(?:chúc\s+)?(?:mừng|chia\s+buồn|thăm\s+hỏi|trao\s+đổi)|\s*[,;.])"),
    ("công hàm", r"công\s+hàm"),
    ("cuộc", r"cuộc"),
    ("phiên", r"phiên(?!\s+bản)(?:\s+họp)?"),
    ("văn bản", r"văn\s+bản"),
    ("dự án", r"dự\s+án"),
    ("thỏa thuận", r"(?:bản\s+)?th(?:ỏa|oả)\s+thuận"),
)
_UNIT = "|".join(f"(?P<u{at}>{pattern})" for at, (_, pattern) in enumerate(_UNITS))
_SECOND = _UNIT.replace("(?P<u", "(?P<v")
_IN_WORDS = r"(?:\s*\([^()\d]{2,60}\))?"
"""`08 (tám) vụ`."""
_COUNT = re.compile(
    rf"(?<![\w/.,+-])(?P<n>{NUMERAL}){_IN_WORDS}\s*(?:{_UNIT})(?!\w)"
    rf"(?:(?P<way>\s+(?:ra|vào))?(?:\s+(?:công\s+tác|khách))?(?:\s*/\s*|\s+(?:cùng\s+)?(?:với|và)\s+)(?P<m>{NUMERAL}){_IN_WORDS}\s*(?:{_SECOND})(?!\w)"
    rf"|(?P<alone>\s+(?:ra|vào))(?!\w))?",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?<![\d/])\d{1,3}(?:\.\d{3})* $")
"""Another number right before one of three digits: the two may be one."""
_MEASURED = frozenset({"tỷ USD", "triệu USD", "USD", "tỷ đồng", "triệu đồng", "tấn", "kg"})
"""Units of which there may be a part."""
_SCALES = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 1000, "ngàn": 1000}
_SCALE = "|".join(_SCALES)
_IN_MILLIONS = {"tỷ đồng": "triệu đồng", "tỷ USD": "triệu USD"}
"""Billions are counted in millions, so that a whole and its parts have one unit."""
_AMOUNT = re.compile(
    rf"(?<![\w/.,+-])(?P<first>{NUMERAL})\s+(?P<of>t[ỷỉ]|triệu)\s+(?P<rest>\d{{1,3}}(?:\s+(?:{_SCALE})(?!\w))?(?:\s+\d{{1,3}}\s+(?:{_SCALE}))?)"
    r"\s+(?P<currency>đồng|USD|đô\s+la)(?!\w)",
    re.IGNORECASE,
)
"""`3 tỷ 250 triệu đồng`."""
_ABOUT = re.compile(rf"{APPROXIMATE}\s*$", re.IGNORECASE)
_EXPECTED = re.compile(r"(?<!\w)(?:ước|dự\s+kiến|phấn\s+đấu)(?:\s+(?:đạt|tính|khoảng|thực\s+hiện))*\s*$", re.IGNORECASE)
_STEP = re.compile(r"(?<!\w)(?P<step>tăng|giảm)(?:\s+(?:thêm|đi|so\s+với[^,;.]{0,40}?))?\s*$", re.IGNORECASE)
_RANGE = re.compile(r"\d\s*(?:-|đến|tới|hoặc|hay)\s*$", re.IGNORECASE)
"""`từ 8 đến 10 vụ`."""
_DENIED = re.compile(
    r"(?<!\w)(?:không|chưa)\s+(?:để\s+)?(?:xảy\s+ra|phát\s+hiện|ghi\s+nhận|có|cử|đón|tiếp\s+nhận)(?:\s+(?:thêm|bất\s+kỳ|dù\s+chỉ|đủ))*\s*$",
    re.IGNORECASE,
)
"""`không xảy ra 01 vụ nào`."""
_WORDS = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười(?:\\s+\\w+)?"
_UNCLEAR = re.compile(rf"(?<![\w/.,-])(?:(?=\w*\d)(?=\w*[OoIl])[\dOoIl]{{1,5}}\s+(?:{_UNIT})(?!\w)|(?i:{_WORDS})\s+(?:vụ|đoàn|tàu)(?!\w))")

_DOUBTFUL = re.compile(
    rf"(?<![\w/.,+-])\d[\d.,]*(?:\s+(?:(?:{_SCALE})\s+)?\d[\d.,]*)*\s+(?:(?:{_SCALE})(?!\s+(?:lệ|trọng|số)(?!\w))|đồng(?!\s+(?:chí|bào)(?!\w))|{_UNIT})(?!\w)",
    re.IGNORECASE,
)
"""Any number before a unit: `1,502 vụ`, `mốc 12 345 người`, `2 tỷ 50`."""


@dataclass(frozen=True, slots=True)
class Count:
    """One count, or a pair of counts of the same things (`đoàn` and `lượt`)."""

    numbers: tuple[tuple[str, Decimal], ...]
    """Unit and number, one or two."""
    start: int
    end: int
    way: str
    """`ra` or `vào` where the count holds the word (`09 đoàn ra/114 lượt`), else empty."""
    about: bool
    """Whether it is approximate: `trên 200`, `khoảng 3.000`."""
    expected: bool
    """Whether it is an estimate: `ước đạt`."""
    step: int
    """1 for `tăng`, -1 for `giảm`: it counts a change. Else 0."""
    denied: bool = False
    """Whether the words say that there was no such number: `không xảy ra 01 vụ nào`."""

    def of(self, unit: str) -> Decimal | None:
        """The number of one unit."""
        return dict(self.numbers).get(unit)

    @property
    def settled(self) -> bool:
        """Whether it is neither a change nor approximate nor an estimate, and not denied."""
        return not (self.step or self.about or self.expected or self.denied)

    @property
    def units(self) -> tuple[str, ...]:
        """The units it counts."""
        return tuple(unit for unit, _ in self.numbers)


def counts(text: str, start: int, end: int) -> list[Count]:
    """The counts between two places of a text, in order."""
    return sorted(_counts(text, start, end), key=lambda count: count.start)


@functools.lru_cache(maxsize=64)
def unclear(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The places of counts with a letter among the digits, as in scans (`O8 vụ`), in words (`tám vụ`), or that may be read in two ways."""
    clear = counts(text, start, end)
    doubtful = (match.span() for match in _DOUBTFUL.finditer(text, start, end))
    return (
        *(match.span() for match in _UNCLEAR.finditer(text, start, end)),
        *((first, last) for first, last in doubtful if not any(first < count.end and count.start < last for count in clear)),
    )


def _counts(text: str, start: int, end: int) -> Iterator[Count]:
    amounts = list(_AMOUNT.finditer(text, start, end))
    for amount in amounts:
        if (value := _value_of(amount)) is not None:
            yield _count(text, start, amount, value, "")
    for match in _COUNT.finditer(text, start, end):
        numbers = [(_unit(match, "u"), numeral(match["n"]))]
        if match["m"]:
            numbers.append((_unit(match, "v"), numeral(match["m"])))
        exact = tuple(
            _in_millions(unit, value)
            for unit, value in numbers
            if value is not None and (unit in _MEASURED or value == value.to_integral_value())
        )
        beside = re.fullmatch(r"\d{3}", match["n"]) and _BESIDE.search(text, start, match.start())
        if len(exact) == len(numbers) and not beside and not any(amount.start() <= match.start() < amount.end() for amount in amounts):
            yield _count(text, start, match, exact, (match["way"] or match["alone"] or "").strip().lower())


def _count(text: str, start: int, match: "re.Match[str]", numbers: tuple[tuple[str, Decimal], ...], way: str) -> Count:
    before = text[max(start, match.start() - 50) : match.start()]
    step = _STEP.search(before)
    return Count(
        numbers=numbers,
        start=match.start(),
        end=match.end(),
        way=way,
        about=_ABOUT.search(before) is not None or _RANGE.search(before) is not None,
        expected=_EXPECTED.search(before) is not None,
        step=0 if step is None else 1 if step["step"].lower() == "tăng" else -1,
        denied=_DENIED.search(before) is not None,
    )


def _value_of(amount: "re.Match[str]") -> tuple[tuple[str, Decimal], ...] | None:
    """An amount in millions. None where it may be read in two ways: `2 tỷ 50 đồng`."""
    first, scale = numeral(amount["first"]), _SCALES[amount["of"].lower()]
    rest = [
        (Decimal(digits), _SCALES.get(name.lower(), 0))
        for digits, name in re.findall(rf"(\d+)(?:\s+({_SCALE}))?", amount["rest"], re.IGNORECASE)
    ]
    if not rest[0][1] and len(amount["rest"]) == 3:
        rest[0] = rest[0][0], scale // 1000  # `2 tỷ 500`: the millions, all three digits of them
    scales = [scale, *(of for _, of in rest)]
    if first is None or first != first.to_integral_value() or 0 in scales or scales != sorted(set(scales), reverse=True):
        return None
    currency = "đồng" if amount["currency"].lower() == "đồng" else "USD"
    return ((f"triệu {currency}", (first * scale + sum((value * of for value, of in rest), Decimal(0))) / 10**6),)


def _in_millions(unit: str, value: Decimal) -> tuple[str, Decimal]:
    return (_IN_MILLIONS[unit], 1000 * value) if unit in _IN_MILLIONS else (unit, value)


def _unit(match: "re.Match[str]", lead: str) -> str:
    return next(name for at, (name, _) in enumerate(_UNITS) if match[f"{lead}{at}"])


def is_about(text: str, start: int, at: int) -> bool:
    """Whether the number of a sentence that stands `at` is approximate."""
    return _ABOUT.search(text[max(start, at - 50) : at]) is not None
