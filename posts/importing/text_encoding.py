"""Decodes a text file: UTF-8, UTF-16 or, where nothing else can be meant, Windows-1258."""

import codecs
import functools
import re
import unicodedata
from typing import NamedTuple

from texts.files import Unreadable

_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"
_STRANGE = re.compile(rf"[^\t\r\n\x20-\x7e“”‘’–—…°²³·\u00a0đ{_VOWELS}{_TONES}]|(?<![{_VOWELS}])[{_TONES}]", re.IGNORECASE)
"""What no Vietnamese text has once its tones are taken off its letters. A text in TCVN3 or VNI, read as Windows-1258, has such letters."""


class Decoded(NamedTuple):
    """A text, and its encoding where the file does not state it."""

    text: str
    inferred: str = ""


def decoded(raw: bytes, name: str, encoding: str | None = None) -> Decoded:
    """The text in `raw`. Raises `Unreadable`, which says what to do."""
    if encoding is not None:
        return Decoded(_as(raw, name, encoding))
    if raw.startswith(_BOMS):
        return Decoded(_as(raw, name, "utf-16"))
    if half := _utf16_without_mark(raw):
        return Decoded(_as(raw, name, half))
    try:
        return Decoded(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        if (text := _windows_1258(raw)) is not None:
            return Decoded(text, "windows-1258")
        raise Unreadable(
            "encoding",
            f"{name}: byte thứ {wrong.start + 1} không phải UTF-8, và tệp không phải Windows-1258; hãy lưu lại dạng UTF-8, hoặc nêu bảng mã: "
            "--encoding windows-1258 · neither UTF-8 nor Windows-1258: save it as UTF-8, or name its encoding",
        ) from None


def _as(raw: bytes, name: str, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
        text.encode()  # some codecs of Python make characters that no text has
    except LookupError:
        raise Unreadable("encoding", f"{encoding}: không có bảng mã này · no such encoding; utf-8, utf-16, windows-1258") from None
    except UnicodeError:
        raise Unreadable("encoding", f"{name}: không phải văn bản {encoding} · is no text in {encoding}") from None
    return unicodedata.normalize("NFC", text).removeprefix("\ufeff")


def _utf16_without_mark(raw: bytes) -> str | None:
    """The header's first letter is ASCII or close to it, so one of its two bytes is nearly always zero."""
    head = raw[:64]
    if not head or b"\0" not in head:
        return None
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _windows_1258(raw: bytes) -> str | None:
    """The text, if it is Vietnamese throughout in Windows-1258; else None."""
    try:
        text = raw.decode("cp1258")
    except UnicodeDecodeError:
        return None
    return None if _STRANGE.search(_tones_apart(text)) else unicodedata.normalize("NFC", text)


def _tones_apart(text: str) -> str:
    """The text with each tone behind its letter; the letters ă â ê ô ơ ư stay whole."""
    return "".join(map(_tone_apart, unicodedata.normalize("NFC", text)))


@functools.cache
def _tone_apart(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in marks if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)) + tones
