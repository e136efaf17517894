"""Text for a terminal: a character that would steer the terminal or that nobody sees is shown as its JSON escape, whoever wrote the text."""

import json
import unicodedata

from schemas.invisible import IGNORABLE


class _Shown(dict[int, str]):
    """How each character is shown, worked out when it is first met."""

    def __init__(self, kept: str) -> None:
        super().__init__({ord(character): character for character in kept})

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = json.dumps(character)[1:-1] if _is_unseen(character) else character
        return self[code]


_IN_A_LINE, _IN_LINES = _Shown(""), _Shown("\n\t")


def one_line(text: str) -> str:
    """As one line, whatever line ends are in it: a text of an event never looks like a line of ours."""
    return text.translate(_IN_A_LINE)


def lines(text: str) -> str:
    """With its line ends and tabs. Of JSON still the same JSON: there an unescaped line end stands between values only."""
    return text.translate(_IN_LINES)


def _is_unseen(character: str) -> bool:
    """Control characters, marks of writing direction, line and paragraph separators, characters of no width, halves of surrogate pairs."""
    return character in IGNORABLE or not (character.isprintable() or unicodedata.category(character) == "Zs")
