"""Numbers as Vietnamese texts write them, read exactly: `08`, `1.502`, `346,433`, `hai mươi mốt`, `36 đoàn/524 lượt`.

`texts.wording` writes them.
"""

import re
from decimal import Decimal

from border.marker_words import plain
from texts.letters import CROSSED_D

NUMERAL = r"(?:\d{1,3}(?:\.\d{3})+(?![\d])|\d+)(?:,\d+)?"
"""A dot parts thousands, a comma the decimals."""
_DIGITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ONES = {word: value for value, word in enumerate(_DIGITS, start=1)} | {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7}
_DIGIT = "|".join(_ONES)
_IN_WORDS = rf"(?:(?:{_DIGIT})\s+mươi(?:\s+(?:{_DIGIT}))?|mười(?:\s+(?:{_DIGIT}))?|{_DIGIT})"
NUMBER = rf"(?<![\w+.,-])(?<!\d/)(?:{NUMERAL}|{_IN_WORDS})"
"""A numeral or a number in words; not what is left of another number, a marker, a time or a date."""
APPROXIMATE = r"(?:khoảng|gần|hơn|trên|trên\s+dưới|xấp\s+xỉ|>|<|dưới|ít\s+nhất|chưa\s+đến)"
"""What stands before a number that is not exact."""
_WHOLE = re.compile(rf"([+-]?)({NUMERAL})")
_GROUPED = r"[1-9]\d{0,2}(?: \d{3})+(?!\d)(?:,\d+)?"
"""A blank parts thousands."""
_SPACED = re.compile(rf"([+-]?)({_GROUPED})")
_MACHINE = re.compile(r"[+-]?\d+\.\d+")
"""Of programs, where it can be no number of thousands: `12.5`, `0.25`."""
_PIECE = re.compile(rf"\s*([+-]?(?:{_GROUPED}|{NUMERAL}))\s*((?:[^\W\d_]{{2,}}[^\d/;]*?|%)?)\s*")
_APART = re.compile(r"(?<![\w.,+-])(?<!\d[/ ])[1-9]\d{0,2}(?: \d{3})+(?!\w|[./:-]\d|,\d{3}| \d)")
"""`1 502`: a blank parts thousands, or two numbers."""
_NUMBERED = re.compile(
    r"(?<!\w)(?:mốc|năm|tháng|ngày|quý|tuần|điều|khoản|điểm|(?<!tổng )(?<!con )số|tổ|đội|nhóm|lần|đợt|km|kỳ|khoá|khóa|trang|bảng|phụ lục|thứ|lúc"
    r"|quốc lộ|QL|đường|tel|điện thoại|fax)[.:]? $",
    re.IGNORECASE,
)
"""A word whose own number may end before the blank: `tháng 3 120 vụ`."""
_NOTE_MARKS = re.compile(r"[*_¹²³⁴⁵⁶⁷⁸⁹⁰]+")
_NOTHING = frozenset({"", "-", "...", "…", ".", "x", "/"})
_NONE_AT_ALL = frozenset({"không", "không có", "0 vụ"})


def numeral(text: str) -> Decimal | None:
    """The value of a text that is one numeral, else None. Leading zeros, bold marks and footnote signs are ignored."""
    clean = even(text)
    if match := _WHOLE.fullmatch(clean) or _SPACED.fullmatch(clean):
        return Decimal(match[1] + match[2].replace(".", "").replace(" ", "").replace(",", "."))
    return Decimal(clean) if _MACHINE.fullmatch(clean) else None


def number(text: str) -> Decimal:
    """The value of a text that `NUMBER` matches."""
    value = numeral(text)
    if value is not None:
        return value
    tens, ten, ones = re.split(r"\s*(mươi|mười)\s*", text.lower(), maxsplit=1) if re.search("mươi|mười", text.lower()) else ("", "", text)
    return Decimal((10 * _ONES[tens] if ten == "mươi" else 10 if ten else 0) + (_ONES[ones.lower()] if ones else 0))


def for_json(value: Decimal) -> int | float:
    """A number as JSON has it: whole without a decimal point."""
    return int(value) if value == value.to_integral_value() else float(value)


def amounts(text: str) -> dict[str, Decimal] | None:
    """The counts of a cell, by their unit: `36 đoàn/524 lượt` is 36 `đoàn` and 524 `lượt`, `08` is 8 without a unit.

    Empty for an empty cell or a dash; None where the text holds anything else.
    """
    clean = even(text)
    if clean.lower() in _NOTHING:
        return {}
    if clean.lower() in _NONE_AT_ALL:
        return {"": Decimal(0)}
    if (value := numeral(clean)) is not None:
        return {"": value}
    by_unit: dict[str, Decimal] = {}
    for position, piece in enumerate(re.split("[/;]", clean)):
        match = _PIECE.fullmatch(piece)
        value = numeral(match[1]) if match else None
        if match is None or value is None:
            return None
        unit = match[2].strip(" .,:()").lower() or (f"/{position + 1}" if position else "")
        if unit in by_unit:
            return None
        by_unit[unit] = value
    return by_unit


def even(text: str) -> str:
    """A text in NFC without marks of bold type and footnotes, with one hyphen, narrow digits and single blanks."""
    return " ".join(_NOTE_MARKS.sub("", plain(text)).translate(CROSSED_D).split())


def with_points(text: str) -> str:
    """A running text, of the same length, with points where blanks part the thousands of a number: `1 502 vụ` becomes `1.502 vụ`."""
    return _APART.sub(_with_points, text)


def _with_points(digits: "re.Match[str]") -> str:
    is_label = _NUMBERED.search(digits.string, max(0, digits.start() - 20), digits.start())
    return digits[0] if is_label else digits[0].replace(" ", ".")
