"""From bytes to an event: what every doorway (post, gateway, ingest, classify) refuses, and why."""

import codecs
import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from schemas.events import EVENT, CrossingEvent, Duty, IncidentEvent, PostSaid
from schemas.problems import TOO_DEEP, InvalidEvent, Problem, from_pydantic
from schemas.secrecy import marked_secret
from schemas.topics import MAX_EVENT_BYTES

AnyEvent = IncidentEvent | CrossingEvent | PostSaid | Duty
MAX_AHEAD = timedelta(minutes=15)

_ESCAPE = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_M = re.compile(rb"[mM]\s?(?:\xe1\xba|\xc3|[aA]\xcc|\xef|\\u)")
_M_ESCAPED = re.compile(rb"\\u(?:00[46]|[fF][fF][24])[dD]")
_M_WIDE = ("Ｍ".encode(), "ｍ".encode())


def decode(raw: bytes) -> AnyEvent:
    """The event in `raw`, one JSON object. Raises `InvalidEvent` with every problem found; a payload marked secret has code `secret`."""
    try:
        value = _json(raw)
    except InvalidEvent:
        if any(marked_secret(text) for text in _legible(raw)):
            raise InvalidEvent([_SECRET]) from None
        raise
    source = _storable(value["source"]) if isinstance(value, dict) and isinstance(value.get("source"), str) else None
    if _may_be_marked(raw) and any(marked_secret(text) for _, text in _texts(value)):
        raise InvalidEvent([_SECRET], source=source)
    if _ESCAPE.search(raw):
        _refuse_unstorable(value, source)
    try:
        return EVENT.validate_json(raw)
    except ValidationError as error:
        raise InvalidEvent(from_pydantic(error), source=source) from None


def read(raw: bytes) -> AnyEvent:
    """An event that a doorway let in before, perhaps by a newer schema: fields unknown here are ignored.

    Raises `pydantic.ValidationError` for what no doorway would have let in.
    """
    return EVENT.validate_json(raw, extra="ignore", context="ignore")


def refuse_ahead(event: AnyEvent, now: datetime) -> None:
    """Refuse a minting time more than 15 minutes ahead of `now`: a post's and the gateway's check, since only they hold a clock to it.

    Raises `InvalidEvent`.
    """
    if event.time > now + MAX_AHEAD:
        sentence = f"time: {event.time.isoformat()} sớm hơn đồng hồ quá 15 phút (bây giờ {now.isoformat()}): kiểm tra giờ của máy"
        raise InvalidEvent([Problem("ahead", sentence, "time")], source=event.source)


_SECRET = Problem("secret", "có dấu chỉ độ mật: không được gửi qua hệ thống này, nội dung không được lưu")


def _json(raw: bytes) -> Any:
    if len(raw) > MAX_EVENT_BYTES:
        raise InvalidEvent([Problem("too_large", f"sự kiện dài {_dotted(len(raw))} byte, nhiều nhất {_dotted(MAX_EVENT_BYTES)}")])
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


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


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
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidEvent([Problem("duplicate_key", f"{_writable(twice)}: khóa xuất hiện hai lần", _writable(twice))])
    return value


def _no_constant(name: str) -> None:
    raise _NotFinite(name)


def _may_be_marked(raw: bytes) -> bool:
    """Whether there is an M that any spelling of MẬT may begin with, composed, decomposed, wide or escaped: most payloads have none."""
    return _M.search(raw) is not None or _M_ESCAPED.search(raw) is not None or any(wide in raw for wide in _M_WIDE)


def _legible(raw: bytes) -> Iterator[str]:
    """What a payload says, as far as it can be made out, when it is no JSON: in UTF-8, and in UTF-16 where it has the look of it."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be") if b"\x00" in raw else ("utf-8",):
        text = raw.decode(encoding, "replace")
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)


def _texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every key and text in a value, with its path."""
    match value:
        case str():
            yield at, value
        case dict():
            for key, item in value.items():
                path = f"{at}.{key}" if at else key
                yield path, key
                yield from _texts(item, path)
        case list():
            for number, item in enumerate(value):
                yield from _texts(item, f"{at}.{number}")


def _refuse_unstorable(value: Any, source: str | None) -> None:
    for path, text in _texts(value):
        field = _writable(path)
        if "\x00" in text:
            raise InvalidEvent([Problem("nul", f"{field}: có ký tự U+0000", field)], source=source)
        if _BAD.search(text):
            raise InvalidEvent([Problem("surrogate", f"{field}: có nửa cặp surrogate (ký tự Unicode không trọn)", field)], source=source)


_BAD = re.compile(r"[\x00\ud800-\udfff]")


def _writable(text: str) -> str:
    return _BAD.sub(lambda bad: f"\\u{ord(bad[0]):04x}", text)


def _storable(source: str | None) -> str | None:
    return None if source is None or _BAD.search(source) else source
