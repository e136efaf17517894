"""JSON that follows RFC 8259 and that PostgreSQL can store: no key twice, no NaN, no U+0000, no lone surrogate, nothing too deep.

Nearly every payload is plain, and `load_plain` reads it in a few microseconds. `load` reads any other payload slowly and says what is wrong:
it needs the hooks of the standard library's parser.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from schemas.heaps import has_heap
from schemas.problems import TOO_DEEP, InvalidEvent, Problem, is_identifier, path_of

MAX_DEPTH = 64
"""How deep objects and lists may be nested."""
MAX_ITEMS = 500
"""How many items a list or object may have: each may be wrong, and it costs time to say how."""

_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{}\]]', re.DOTALL)
_BAD = re.compile(r"[\x00\ud800-\udfff]")


_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Plain(msgspec.Struct, frozen=True, gc=False):
    """A value read from plain JSON."""

    value: Any
    written: bytes
    """The value written again, without spaces and without escaped letters."""


def load_plain(raw: bytes) -> Plain | None:
    """The value of plain JSON; None where `raw` is not plain, or needs a closer look.

    A value that is written again has each key once, and every quotation mark of its texts. So if `raw` has as many quotation marks, no key
    was dropped because it stood twice.
    """
    if 0x5C in raw and (b"\\u0000" in raw or b"\\u0022" in raw):  # an escaped U+0000, or a quotation mark that the count would miss
        return None
    try:
        value = _decode(raw)
        written = _encode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if written.count(b'"') != raw.count(b'"') or written.count(b"{") + written.count(b"[") > MAX_DEPTH:
        return None
    return Plain(value, written)


def load(raw: bytes) -> Any:
    """The value of strict JSON. Raises `InvalidEvent`, which names the place that is wrong."""
    if not raw.strip():
        raise InvalidEvent([Problem("json", "không có nội dung")])
    if raw.startswith(codecs.BOM_UTF8):
        raise InvalidEvent([Problem("json", "có dấu BOM ở đầu: hãy lưu ở dạng UTF-8 không BOM")])
    try:
        text = raw.decode()
        _refuse_depth(text)
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise InvalidEvent([Problem("json", f"không phải UTF-8 (byte thứ {error.start + 1})")]) from None
    except json.JSONDecodeError as error:
        if error.doc[error.pos : error.pos + 1] == "\x00":
            raise InvalidEvent([Problem("nul", f"có ký tự U+0000, dòng {error.lineno} cột {error.colno}")]) from None
        raise InvalidEvent([Problem("json", f"không phải JSON hợp lệ, dòng {error.lineno} cột {error.colno}")]) from None
    except _NotFinite as error:
        key = re.search(rb'"([A-Za-z0-9_]+)"\s*:\s*\[?\s*' + re.escape(str(error).encode()), raw)
        field = key[1].decode() if key and is_identifier(key[1].decode()) else None
        message = f"{error} không phải số hữu hạn, JSON không có số này"
        raise InvalidEvent([Problem("value", f"{field}: {message}" if field else message, field)]) from None
    except ValueError:  # int() refuses thousands of digits
        raise InvalidEvent([Problem("value", "có số quá dài")]) from None


def load_loosely(raw: bytes) -> Any:
    """The value of any JSON; None where it is none. For what is refused already, and whose sender is looked for."""
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def texts(value: Any, at: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:
    """Every key and text in a value, each with the steps that lead to it."""
    match value:
        case str():
            yield at, value
        case dict():
            for key, item in value.items():
                yield (*at, key), key
                yield from texts(item, (*at, key))
        case list():
            for number, item in enumerate(value):
                yield from texts(item, (*at, number))


def refuse_unstorable(value: Any, source: str | None) -> None:
    """Raise `InvalidEvent` for a text that PostgreSQL cannot hold."""
    for steps, text in texts(value):
        if _BAD.search(text) is None:
            continue
        code, what = ("nul", "có ký tự U+0000") if "\x00" in text else ("surrogate", "có nửa cặp surrogate (ký tự Unicode không trọn)")
        field = path_of(steps) or None
        raise InvalidEvent([Problem(code, f"{field}: {what}" if field else what, field)], source=source)


def is_outsized(value: Any) -> bool:
    """Whether a value is larger than any event: a list or an object has too many items, or a letter too many marks."""
    match value:
        case str():
            return has_heap(value)
        case dict():
            return len(value) > MAX_ITEMS or any(has_heap(key) or is_outsized(item) for key, item in value.items())
        case list():
            return len(value) > MAX_ITEMS or any(is_outsized(item) for item in value)
    return False


def writable(text: str) -> str:
    """The text, with each character that cannot be written shown as an escape."""
    return _BAD.sub(lambda bad: f"\\u{ord(bad[0]):04x}", text)


class _NotFinite(ValueError):
    """NaN, Infinity, or a number that no float can hold."""


def _refuse_depth(text: str) -> None:
    depth = 0
    for token in _NESTING.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            raise InvalidEvent([Problem("json", TOO_DEEP)])


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NotFinite(text[:20])
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        if is_identifier(twice):
            raise InvalidEvent([Problem("duplicate_key", f"{twice}: khóa xuất hiện hai lần", twice)])
        raise InvalidEvent([Problem("duplicate_key", "có một khóa xuất hiện hai lần")])
    return value


def _no_constant(name: str) -> None:
    raise _NotFinite(name)
