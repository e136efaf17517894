"""Names of places as people write them: with or without diacritics, in any case, hyphens or blanks between the words."""

import difflib
import unicodedata
from collections.abc import Mapping

_LONGEST = 200
"""Characters of a name worth comparing with others."""


def fold(text: str) -> str:
    """What all ways to write a name have in common: its letters and digits, small and without diacritics. Chinese characters stay."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def nearest_of(text: str, known: Mapping[str, str]) -> str:
    """A hint at the known names closest to one; empty where none is close. `known`: what to show, by folded name."""
    if len(text) > _LONGEST:
        return ""
    close = difflib.get_close_matches(fold(text), list(known), n=5, cutoff=0.6)
    shown = list(dict.fromkeys(known[name] for name in close))[:3]
    return f" (gần nhất: {', '.join(shown)})" if shown else ""
