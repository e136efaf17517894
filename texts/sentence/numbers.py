"""Numbers as Vietnamese reports write them: `09`, `1.725`, `396,9`, `hai mươi mốt`."""

import re

_DIGITS = "một hai ba bốn năm sáu bảy tám chín"
_ONES = {word: value for value, word in enumerate(_DIGITS.split(), start=1)} | {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7}
_ONE = "|".join(_ONES)
DIGITS = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
WORDS = rf"(?:(?:{_ONE})\s+mươi(?:\s+(?:{_ONE}))?|mười(?:\s+(?:{_ONE}))?|{_ONE})"
NUMBER = rf"(?<![\w+.,-])(?<!\d/)(?:{DIGITS}|{WORDS})"
"""Not what is left of another number, a marker, a time or a date."""


def number(text: str) -> float:
    """Its value: a dot parts thousands, a comma the decimals."""
    if text[0].isdigit():
        return float(text.replace(".", "").replace(",", "."))
    tens, ten, ones = re.split(r"\s*(mươi|mười)\s*", text.lower(), maxsplit=1) if re.search("mươi|mười", text.lower()) else ("", "", text)
    value = 10 * _ONES[tens] if ten == "mươi" else 10 if ten else 0
    return float(value + (_ONES[ones.lower()] if ones else 0))


def tidy(value: float) -> int | float:
    """A whole number without its decimal point."""
    return int(value) if value.is_integer() else value
