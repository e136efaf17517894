"""Too many combining marks on one letter. Sorting them into Unicode's order costs the square of their number: 120,000 take 17 seconds."""

import functools
import re
import sys
import unicodedata

HIGHEST = 30
"""The most marks on one letter, as in Unicode's format for streams. No language comes near it."""
_SHORT = 1000
"""In a text of so few letters no heap costs much time."""


def has_heap(text: str) -> bool:
    """Whether a letter of a long text carries more marks than any language writes."""
    return _may_have(text) and _heap().search(text) is not None


def without_heaps(text: str) -> str:
    """The text with its heaps cut, for a reader that must read any text."""
    return _heap().sub(r"\1", text) if _may_have(text) else text


def _may_have(text: str) -> bool:
    """A quick test that misses no heap: every heap covers one of the letters it looks at."""
    return len(text) > _SHORT and not text.isascii() and any(map(unicodedata.combining, text[::HIGHEST]))


@functools.cache
def _heap() -> re.Pattern[str]:
    marks = "".join(letter for letter in map(chr, range(0x300, sys.maxunicode)) if unicodedata.combining(letter))
    return re.compile(f"([{marks}]{{{HIGHEST}}})[{marks}]+")
