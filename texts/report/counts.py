"""Reads the counts of a report's prose: `54 đoàn/583 lượt người`, `04 tàu cá cùng với 22 ngư dân`, `tăng 04 vụ`.

The measures of one incident are `texts.sentence.measures`.
"""

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
_IN_WORDS = r"(?:\s*\([^()\d]{2,24}\))?"
"""`08 (tám) vụ`."""
_COUNT = re.compile(
    rf"(?<![\w/.,+-])(?P<n>{NUMERAL}){_IN_WORDS}\s+(?:{_UNIT})(?!\w)"
    rf"(?:(?P<way>\s+(?:ra|vào))?(?:\s+(?:công\s+tác|khách))?(?:\s*/\s*|\s+(?:cùng\s+)?(?:với|và)\s+)(?P<m>{NUMERAL}){_IN_WORDS}\s+(?:{_SECOND})(?!\w)"
    rf"|(?P<alone>\s+(?:ra|vào))(?!\w))?",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"{APPROXIMATE}\s*$", re.IGNORECASE)
_EXPECTED = re.compile(r"(?<!\w)(?:ước|dự\s+kiến|phấn\s+đấu)(?:\s+(?:đạt|tính|khoảng|thực\s+hiện))*\s*$", re.IGNORECASE)
_STEP = re.compile(r"(?<!\w)(?P<step>tăng|giảm)(?:\s+(?:thêm|đi|so\s+với[^,;.]{0,40}?))?\s*$", re.IGNORECASE)
_WORDS = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười(?:\\s+\\w+)?"
_UNCLEAR = re.compile(rf"(?<![\w/.,-])(?:(?=\w*\d)(?=\w*[OoIl])[\dOoIl]{{1,5}}\s+(?:{_UNIT})(?!\w)|(?i:{_WORDS})\s+(?:vụ|đoàn|tàu)(?!\w))")


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

    def of(self, unit: str) -> Decimal | None:
        """The number of one unit."""
        return dict(self.numbers).get(unit)

    @property
    def settled(self) -> bool:
        """Whether it is neither a change nor approximate nor an estimate."""
        return not (self.step or self.about or self.expected)

    @property
    def units(self) -> tuple[str, ...]:
        """The units it counts."""
        return tuple(unit for unit, _ in self.numbers)


def counts(text: str, start: int, end: int) -> list[Count]:
    """The counts between two places of a text, in order."""
    return list(_counts(text, start, end))


def unclear(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The places of counts with a letter among the digits, as in scans (`O8 vụ`), or in words (`tám vụ`)."""
    return [match.span() for match in _UNCLEAR.finditer(text, start, end)]


def _counts(text: str, start: int, end: int) -> Iterator[Count]:
    for match in _COUNT.finditer(text, start, end):
        before = text[max(start, match.start() - 50) : match.start()]
        numbers = [(_unit(match, "u"), numeral(match["n"]))]
        if match["m"]:
            numbers.append((_unit(match, "v"), numeral(match["m"])))
        step = _STEP.search(before)
        yield Count(
            numbers=tuple((unit, value) for unit, value in numbers if value is not None),
            start=match.start(),
            end=match.end(),
            way=(match["way"] or match["alone"] or "").strip().lower(),
            about=_ABOUT.search(before) is not None,
            expected=_EXPECTED.search(before) is not None,
            step=0 if step is None else 1 if step["step"].lower() == "tăng" else -1,
        )


def _unit(match: "re.Match[str]", lead: str) -> str:
    return next(name for at, (name, _) in enumerate(_UNITS) if match[f"{lead}{at}"])


def is_about(text: str, start: int, at: int) -> bool:
    """Whether the number of a sentence that stands `at` is approximate."""
    return _ABOUT.search(text[max(start, at - 50) : at]) is not None
