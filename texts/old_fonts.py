"""Texts in the letters of the fonts before Unicode: TCVN3 (ABC) and VNI show Vietnamese by other letters, which no reader of Unicode may guess at."""

import re

_TCVN3 = re.compile(r"[A-Za-z][¨©ª«¬®µ¶·¸¹»¼½¾Æß\u00ad]|[®§¨©ª«¬][A-Za-z]")
_VNI = re.compile(r"[aeouyAEOUYôöÔÖ][øûïåäëüÿØÛÏÅÄËÜ]|[ñÑ][aeiouyAEIOUYôöÔÖ]|[öÖôÔ][ôøùûïõ]|(?:[aoe][âêùáàé])+n?g?(?!\w)")
_UNICODE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LEAST = 3
"""Signs of the font, so that a foreign name or a footnote is none."""


def old_font(text: str) -> str | None:
    """The name of the font; None for a text in Unicode."""
    if _UNICODE.search(text):
        return None
    return next((name for name, sign in (("TCVN3 (ABC)", _TCVN3), ("VNI", _VNI)) if len(sign.findall(text)) >= _LEAST), None)
