"""Every number of a text, and what one is that counts nothing: a date, a document's number, an ordinal, a percentage. None is passed over.

Which numbers are figures is found elsewhere (`texts.report.mentions`, `texts.report.published`).
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from texts.numbers import numeral
from texts.periods import YEAR, mentions

_WORD = "một|hai|ba|bốn|sáu|bảy|tám|chín|mười"
_NUMBER = re.compile(
    r"\d+(?:[.,/:-]\d+)*(?:\(\d\))?"
    r"|(?<!\w)[IVX]+(?!\w)"
    r"|(?<=[Tt]hứ )(?i:hai|ba|tư|năm|sáu|bảy)(?!\w)"
    rf"|(?<!\w)(?:{_WORD}|năm(?=\s+(?:vụ|đoàn|tàu|sở|huyện|tỉnh|xã|người|đồn|đợt|lần|cuộc|trường\s+hợp)(?!\w)))(?:\s+(?:mươi|mốt|lăm|{_WORD}))*(?!\w)"
)
_FIRST_WORD = re.compile(rf"(?:[-+•]\s*)?((?i:{_WORD})(?:\s+(?:mươi|mốt|lăm|{_WORD}))*)(?!\w)")
_ACT = r"công\s+văn|nghị\s+quyết|nghị\s+định|thông\s+tư|quy\s+chế|luật|giấy\s+mời|GM|khoản|(?-i:Điều)"
"""Documents that are cited by their number alone. Others are verbs too (`thông báo 05 lô hàng`) and need the word "số"."""
_DOCUMENT = rf"{_ACT}|quyết\s+định|chỉ\s+thị|kế\s+hoạch|thông\s+báo|chương\s+trình\s+hành\s+động|báo\s+cáo|tờ\s+trình|điều"
_ITEM = r"(?:[IVX]+|\d{1,2}(?:\.\d{1,2})*)[.)](?:\s|$)"
_SERIES = r"\d+(?:/\d+)?(?:\s*(?:,|và)\s*\d+)*(?!\w)"
_MEANINGS: tuple[tuple[str, str], ...] = (
    ("số thứ tự đề mục", rf"^{_ITEM}"),
    ("số điện thoại, địa chỉ", r"(?:Tel|ĐT|Điện\s+thoại|Fax)[\s:.]*\(?\d[\d\s().-]*|số\s+\d+\w?\s*,?\s+(?:đường|phố)(?!\w)"),
    ("số, ký hiệu văn bản", r"(?<![\w/])\d+(?:/\d{4})?[/-](?-i:[A-ZĐ])[\w-]*(?:/(?-i:[A-ZĐ])[\w-]*)*"),
    ("số, ký hiệu văn bản", rf"(?<!\w)(?:(?:{_DOCUMENT})\s+số|{_ACT})\s+\d+(?!\w)"),
    (
        "ngày, tháng",
        r"(?:ngày\s+)?\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{4}|ngày\s+(?:\d{1,2})?\s*tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?|ngày\s+\d{1,2}(?:/\d{1,2})?",
    ),
    ("giờ", r"\d{1,2}:\d{2}|\d{1,2}\s*(?:giờ|h)(?!\w)"),
    ("số thứ tự", rf"(?<!tổng\s)(?<!con\s)(?<!\w)(?:lần(?:\s+thứ)?|thứ|số|mức\s+độ|hội\s+nghị)\s+{_SERIES}(?!\s*%)"),
    ("số thứ tự", r"(?<!\w)thứ\s+(?:hai|ba|tư|năm|sáu|bảy)(?!\w)"),
    ("số thứ tự", r"(?:khóa|khoá|đại\s+hội)\s+[IVX]+(?!\w)"),
    ("tên gọi có số", r"[A-Za-zĐđ]+-?\d+(?!\w)|(?<!\w)(?:đề\s+án|chương\s+trình)\s+\d+"),
    ("tên kỳ, năm", rf"(?:giai\s+đoạn|năm|xuân|từ|tầm\s+nhìn|đến)\s+{YEAR}(?:\s*(?:-|,|và|đến)\s*{YEAR})*(?!\w)"),
    (
        "tên kỳ, năm",
        r"(?<!\w)tháng\s+\d{1,2}(?:\s*-\s*\d{1,2})?(?:/\d{4}|\s+năm\s+\d{4})?|\d{1,2}\s+tháng(?!\w)|quý\s+[IV\d]+(?:\s*(?:,|và|hoặc)\s*(?:quý\s+)?[IV]+)*",
    ),
    ("thời hạn", r"(?<![\w.,/])\d{1,3}\s+(?:năm|ngày|tuần)(?!\w)"),
    ("tỷ lệ phần trăm, không suy ra số đếm", r"\d+(?:[.,]\d+)?\s*%"),
)
"""What a number is, by the words around it; the first that fits."""
_OF_A_PERIOD = "tên kỳ, năm"
_ROMAN = "số La Mã"
_IN_WORDS = "từ chỉ số trong lời văn"


@dataclass(frozen=True, slots=True)
class Token:
    """One number as it is written."""

    written: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.written)

    @property
    def value(self) -> Decimal | None:
        """Its value, where it is one numeral."""
        return numeral(self.written)

    @property
    def first(self) -> int | None:
        """The whole number it begins with: 834 of `834/1-835`."""
        digits = re.match(r"\d+", self.written)
        return int(digits[0]) if digits else None


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The numbers of a sentence: in digits, in words, in Roman letters."""
    if (first := _FIRST_WORD.match(text, start, end)) and not first[1].islower():
        yield Token(first[1], first.start(1))
    for match in _NUMBER.finditer(text, start, end):
        yield Token(match[0], match.start())


def after_item(text: str, start: int, end: int) -> int:
    """Where the words of a sentence begin, behind the number of its heading."""
    item = re.compile(_ITEM).match(text, start, end)
    return item.end() if item else start


def meaning(text: str, start: int, end: int, token: Token) -> str | None:
    """What a number of a sentence is that counts nothing, Vietnamese. None: it counts something."""
    at = token.start - start
    named = next((why for why, first, last in _meanings(text[start:end]) if first <= at < last), None)
    if named is not None:
        return named
    if token.written.isdigit():
        return _OF_A_PERIOD if re.fullmatch(YEAR, token.written) else None
    return None if token.written[0].isdigit() else _ROMAN if token.written.isupper() else _IN_WORDS


@functools.lru_cache(maxsize=64)
def _meanings(sentence: str) -> tuple[tuple[str, int, int], ...]:
    """The places of a sentence whose numbers count nothing, the surest first."""
    rows = [(why, *match.span()) for why, words in _MEANINGS[:4] for match in re.finditer(words, sentence, re.IGNORECASE)]
    rows += [(_OF_A_PERIOD, each.start, each.end) for each in mentions(sentence)]
    rows += [(why, *match.span()) for why, words in _MEANINGS[4:] for match in re.finditer(words, sentence, re.IGNORECASE)]
    return tuple(rows)
