"""JSON as RFC 8259 wishes it and PostgreSQL can store it: no key twice, no NaN, no U+0000, no half of a surrogate pair.

Nearly every payload is plain. `is_plain` says so in a few microseconds; what is not is read again, slowly, by `load`, to say what is wrong.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from schemas.problems import TOO_DEEP, InvalidEvent, Problem

_SPACED_COLON = re.compile(rb'"[ \t\r\n]+:')
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_BAD = re.compile(r"[\x00\ud800-\udfff]")


def is_plain(raw: bytes) -> bool:
    """Whether `raw` is JSON in which no key stands twice and nothing is escaped by number. False may also mean: look closer.

    A key ends in `":`. Written again, a value has each key once, and whatever looks like the end of a key inside a text looks the same
    again; so if the counts agree, no key was dropped for standing twice.
    """
    if b"\\u" in raw or _SPACED_COLON.search(raw) is not None:
        return False
    try:
        again = _encode(_decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return again.count(b'":') == raw.count(b'":')


def load(raw: bytes) -> Any:
    """The value. Raises `InvalidEvent` for what is no such JSON, naming the place."""
    if not raw.strip():
        raise InvalidEvent([Problem("json", "không có nội dung")])
    if raw.startswith(codecs.BOM_UTF8):
        raise InvalidEvent([Problem("json", "có dấu BOM ở đầu: hãy lưu ở dạng UTF-8 không BOM")])
    try:
        return json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise InvalidEvent([Problem("json", f"không phải UTF-8 (byte thứ {error.start + 1})")]) from None
    except json.JSONDecodeError as error:
        if error.doc[error.pos : error.pos + 1] == "\x00":
            raise InvalidEvent([Problem("nul", f"có ký tự U+0000, dòng {error.lineno} cột {error.colno}")]) from None
        raise InvalidEvent([Problem("json", f"không phải JSON hợp lệ, dòng {error.lineno} cột {error.colno}")]) from None
    except RecursionError:
        raise InvalidEvent([Problem("json", TOO_DEEP)]) from None
    except _NotFinite as error:
        named = re.search(rb'"([^"]{1,100})"\s*:\s*\[?\s*' + re.escape(str(error).encode()), raw)
        field = named[1].decode() if named else None
        message = f"{error} không phải số hữu hạn, JSON không có số này"
        raise InvalidEvent([Problem("value", f"{field}: {message}" if field else message, field)]) from None
    except ValueError:  # int() refuses thousands of digits
        raise InvalidEvent([Problem("value", "có số quá dài")]) from None


def texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every key and text in a value, with its path."""
    match value:
        case str():
            yield at, value
        case dict():
            for key, item in value.items():
                path = f"{at}.{key}" if at else key
                yield path, key
                yield from texts(item, path)
        case list():
            for number, item in enumerate(value):
                yield from texts(item, f"{at}.{number}")


def refuse_unstorable(value: Any, source: str | None) -> None:
    """Raise `InvalidEvent` for a text that PostgreSQL cannot hold."""
    for path, text in texts(value):
        field = writable(path)
        if "\x00" in text:
            raise InvalidEvent([Problem("nul", f"{field}: có ký tự U+0000", field)], source=source)
        if _BAD.search(text):
            raise InvalidEvent([Problem("surrogate", f"{field}: có nửa cặp surrogate (ký tự Unicode không trọn)", field)], source=source)


def writable(text: str) -> str:
    """A text with what cannot be written shown as an escape."""
    return _BAD.sub(lambda bad: f"\\u{ord(bad[0]):04x}", text)


class _NotFinite(ValueError):
    """NaN, Infinity, or a number no float can hold."""


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NotFinite(text[:20])
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = writable(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
        raise InvalidEvent([Problem("duplicate_key", f"{twice}: khóa xuất hiện hai lần", twice)])
    return value


def _no_constant(name: str) -> None:
    raise _NotFinite(name)
