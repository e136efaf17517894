"""Marks heaped on one letter. To bring them into Unicode's order costs the square of their number: of 120,000 on one letter, 17 seconds."""

import functools
import re
import sys
import unicodedata

HIGHEST = 30
"""Marks on one letter, as in Unicode's own format for streams. No language comes near it."""
_SHORT = 1000
"""Letters of a text in which no heap costs anything."""


def has_heap(text: str) -> bool:
    """Whether more marks than any language writes stand on one letter of a text that is not short."""
    return _may_have(text) and _heap().search(text) is not None


def without_heaps(text: str) -> str:
    """The text with its heaps cut, for who must read it whatever it is."""
    return _heap().sub(r"\1", text) if _may_have(text) else text


def _may_have(text: str) -> bool:
    """Quick: a heap has a mark at every place that is looked at within it."""
    return len(text) > _SHORT and not text.isascii() and any(map(unicodedata.combining, text[::HIGHEST]))


@functools.cache
def _heap() -> re.Pattern[str]:
    marks = "".join(letter for letter in map(chr, range(0x300, sys.maxunicode)) if unicodedata.combining(letter))
    return re.compile(f"([{marks}]{{{HIGHEST}}})[{marks}]+")
