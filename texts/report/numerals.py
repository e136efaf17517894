"""Numbers as old reports and tables write them, read exactly: `08`, `1.502`, `346,433`, `36 đoàn/524 lượt`."""

import re
from decimal import Decimal

from border.marker_words import plain

NUMERAL = r"(?:\d{1,3}(?:\.\d{3})+(?![\d])|\d+)(?:,\d+)?"
"""A dot parts thousands, a comma the decimals."""
_WHOLE = re.compile(rf"([+-]?)({NUMERAL})")
_SPACED = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+(?:,\d+)?)")
_MACHINE = re.compile(r"[+-]?\d+\.\d+")
"""Of programs, where it can be no number of thousands: `12.5`, `0.25`."""
_PIECE = re.compile(rf"\s*([+-]?{NUMERAL})\s*((?:[^\W\d_]{{2,}}[^\d/;]*?|%)?)\s*")
_NOTE_MARKS = re.compile(r"[*_¹²³⁴⁵⁶⁷⁸⁹⁰]+")
_NOTHING = frozenset({"", "-", "...", "…", ".", "x", "/"})
_NONE_AT_ALL = frozenset({"không", "không có", "0 vụ"})


def numeral(text: str) -> Decimal | None:
    """The number a text is; None where it is none. Zeros before it, bold marks and signs of footnotes do not count."""
    clean = even(text)
    if found := _WHOLE.fullmatch(clean) or _SPACED.fullmatch(clean):
        return Decimal(found[1] + found[2].replace(".", "").replace(" ", "").replace(",", "."))
    return Decimal(clean) if _MACHINE.fullmatch(clean) else None


def amounts(text: str) -> dict[str, Decimal] | None:
    """What a cell counts, by the word it has for it: `36 đoàn/524 lượt` is 36 `đoàn` and 524 `lượt`, `08` is 8 of no name.

    Empty for an empty cell and a dash; None where the text is no such thing.
    """
    clean = even(text)
    if clean.lower() in _NOTHING:
        return {}
    if clean.lower() in _NONE_AT_ALL:
        return {"": Decimal(0)}
    if (value := numeral(clean)) is not None:
        return {"": value}
    found: dict[str, Decimal] = {}
    for number, piece in enumerate(re.split("[/;]", clean)):
        match = _PIECE.fullmatch(piece)
        value = numeral(match[1]) if match else None
        if match is None or value is None:
            return None
        unit = match[2].strip(" .,:()").lower() or (f"/{number + 1}" if number else "")
        if unit in found:
            return None
        found[unit] = value
    return found


def even(text: str) -> str:
    """A text in NFC without marks of bold type and footnotes, with one hyphen, narrow digits and single blanks."""
    return " ".join(_NOTE_MARKS.sub("", plain(text)).split())
