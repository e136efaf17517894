"""Names of places as people write them: with or without diacritics, in any case, hyphens or blanks between the words."""

import difflib
import unicodedata
from collections.abc import Mapping

_LONGEST = 200
"""Characters: a longer name is compared with no other."""


def fold(text: str) -> str:
    """The form common to all spellings of a name: letters and digits, lower case, without diacritics. Chinese characters stay."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def nearest_of(text: str, shown: Mapping[str, str]) -> str:
    """The names closest to one, in brackets for a person; empty where none is close. `shown`: how each is shown, by folded name."""
    if len(text) > _LONGEST:
        return ""
    close = difflib.get_close_matches(fold(text), list(shown), n=5, cutoff=0.6)
    nearest = list(dict.fromkeys(shown[name] for name in close))[:3]
    return f" (gần nhất: {', '.join(nearest)})" if nearest else ""
