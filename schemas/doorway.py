"""From bytes to an event: what every doorway (post, gateway, ingest, classify) refuses, and why."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from schemas.events import EVENT, CrossingEvent, Duty, IncidentEvent, PostSaid
from schemas.problems import InvalidEvent, Problem, from_pydantic
from schemas.secrecy import marked_secret
from schemas.topics import MAX_EVENT_BYTES

AnyEvent = IncidentEvent | CrossingEvent | PostSaid | Duty
MAX_AHEAD = timedelta(minutes=15)

_ESCAPE = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_MAYBE_MARKED = re.compile(rb"[mM](?:\xe1\xba|\xc3|[aA]\xcc|\\u)")
"""Bytes any spelling of MẬT has, composed, decomposed or escaped: most payloads have none and are not searched."""


def decode(raw: bytes) -> AnyEvent:
    """The event in `raw`, one JSON object. Raises `InvalidEvent` with every problem found; a payload marked secret has code `secret`."""
    try:
        value = _json(raw)
    except InvalidEvent:
        if _MAYBE_MARKED.search(raw) and marked_secret(_unescaped(raw)):
            raise InvalidEvent([_SECRET]) from None
        raise
    source = value["source"] if isinstance(value, dict) and isinstance(value.get("source"), str) else None
    if _MAYBE_MARKED.search(raw) and any(marked_secret(text) for text in _texts(value)):
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
        sizes = f"{len(raw):,} byte, nhiều nhất {MAX_EVENT_BYTES:,}".replace(",", ".")
        raise InvalidEvent([Problem("too_large", f"sự kiện dài {sizes}")])
    try:
        return json.loads(raw, object_pairs_hook=_once, parse_constant=_no_constant)
    except InvalidEvent:
        raise
    except UnicodeDecodeError as error:
        raise InvalidEvent([Problem("json", f"không phải UTF-8 (byte thứ {error.start + 1})")]) from None
    except json.JSONDecodeError as error:
        raise InvalidEvent([Problem("json", f"không phải JSON hợp lệ, dòng {error.lineno} cột {error.colno}: {error.msg}")]) from None
    except (ValueError, RecursionError) as error:
        raise InvalidEvent([Problem("json", f"không phải JSON hợp lệ: {error}")]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidEvent([Problem("duplicate_key", f"{twice}: khóa xuất hiện hai lần", twice)])
    return value


def _no_constant(name: str) -> None:
    raise InvalidEvent([Problem("value", f"{name}: không phải số hợp lệ trong JSON")])


def _unescaped(raw: bytes) -> str:
    """What the payload says, as far as it can be made out, when it is no JSON."""
    text = raw.decode("utf-8", "replace")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                yield key
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)


def _refuse_unstorable(value: Any, source: str | None) -> None:
    for text in _texts(value):
        if "\x00" in text:
            raise InvalidEvent([Problem("nul", "có ký tự U+0000")], source=source)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise InvalidEvent([Problem("surrogate", "có nửa cặp surrogate (ký tự Unicode không trọn)")])
