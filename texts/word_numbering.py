"""The numbers that Word puts before paragraphs by itself: `III.`, `2.1.`, `a)`, `•` (ECMA-376 part 1, 17.9).

A heading without its number is no heading to whoever reads the text, and a part about plans would be read as one about results.
"""

from collections import defaultdict
from typing import TYPE_CHECKING

from texts.word_styles import Styles

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLET = "•"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_LEVELS = 9


class Numbering:
    """The lists of one document, and how far each has counted."""

    def __init__(self, numbering: "BaseOxmlElement | None", styles: Styles) -> None:
        self._styles = styles
        lists = [] if numbering is None else list(numbering)
        levels = {each.get(f"{_W}abstractNumId"): each for each in lists if each.tag == f"{_W}abstractNum"}
        self._lists = {each.get(f"{_W}numId"): each for each in lists if each.tag == f"{_W}num"}
        self._levels = {number: levels.get(_value(each, "abstractNumId")) for number, each in self._lists.items()}
        self._counted: dict[str | None, dict[int, int]] = defaultdict(dict)
        """By list, the number that each level has come to. Lists of one form count on from each other."""
        self._begun: set[tuple[str | None, int]] = set()

    def mark(self, properties: "BaseOxmlElement | None", style: str | None) -> str:
        """What stands before the next paragraph, with a blank behind it; empty for one without a number."""
        number, at = self._styles.list_of(properties, style)
        levels = self._levels.get(number)
        level = None if levels is None else _level(levels, at)
        if levels is None or level is None:
            return ""
        counted = self._counted[levels.get(f"{_W}abstractNumId")]
        override = self._override(number, at)
        counted[at] = override if override is not None else counted[at] + 1 if at in counted else _start(level)
        for deeper in range(at + 1, _LEVELS):
            counted.pop(deeper, None)
        if _value(level, "numFmt") == "bullet":
            return f"{_BULLET} "
        text = _value(level, "lvlText") or ""
        for upper in range(at + 1):
            of = _level(levels, upper)
            if of is not None and f"%{upper + 1}" in text:
                text = text.replace(f"%{upper + 1}", _written(counted.setdefault(upper, _start(of)), _value(of, "numFmt")))
        return f"{text} " if text.strip() else ""

    def _override(self, number: str | None, at: int) -> int | None:
        """Where a list begins anew, at its first paragraph of a level."""
        if (number, at) in self._begun:
            return None
        self._begun.add((number, at))
        begins = self._lists[number].find(f"{_W}lvlOverride[@{_W}ilvl='{at}']/{_W}startOverride")
        return None if begins is None else int(begins.get(f"{_W}val", "1"))


def _level(levels: "BaseOxmlElement", at: int) -> "BaseOxmlElement | None":
    return next((level for level in levels.iterchildren(f"{_W}lvl") if level.get(f"{_W}ilvl") == str(at)), None)


def _start(level: "BaseOxmlElement") -> int:
    return int(_value(level, "start") or 0)


def _written(number: int, form: str | None) -> str:
    match form:
        case "upperRoman" | "lowerRoman":
            letters = ""
            for worth, letter in _ROMAN:
                letters += letter * (number // worth)
                number %= worth
            return letters if form == "upperRoman" else letters.lower()
        case "upperLetter" | "lowerLetter" if number > 0:
            letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letter if form == "upperLetter" else letter.lower()
        case "decimalZero":
            return f"{number:02d}"
        case "none":
            return ""
        case _:
            return str(number)


def _value(element: "BaseOxmlElement", name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    return None if child is None else child.get(f"{_W}val")
