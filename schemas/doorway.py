"""From bytes to an event: what every doorway (post, gateway, ingest, classify) refuses, and why."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from schemas import strict_json
from schemas.events import EVENT, AnyEvent
from schemas.hints import expectations
from schemas.problems import InvalidEvent, Problem, from_pydantic
from schemas.secrecy import legible, marked_secret, may_be_marked
from schemas.topics import MAX_EVENT_BYTES

MAX_AHEAD = timedelta(minutes=15)

_SECRET = Problem("secret", "có dấu chỉ độ mật: không được gửi qua hệ thống này, nội dung không được lưu")


def decode(raw: bytes) -> AnyEvent:
    """The event in `raw`, one JSON object. Raises `InvalidEvent` with every problem found; a payload marked secret has code `secret`."""
    if len(raw) > MAX_EVENT_BYTES or not strict_json.is_plain(raw) or may_be_marked(raw.decode()):
        _look_closer(raw)
    try:
        return EVENT.validate_json(raw)
    except ValidationError as error:
        value = strict_json.load(raw)
        raise InvalidEvent(from_pydantic(error, hint=expectations(value)), source=_source(value)) from None


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


def _look_closer(raw: bytes) -> None:
    """Raise `InvalidEvent` for a payload that is too large, no such JSON, marked secret, or not to be stored."""
    try:
        value = _load(raw)
    except InvalidEvent:
        if any(marked_secret(text) for text in legible(raw)):
            raise InvalidEvent([_SECRET]) from None
        raise
    source = _source(value)
    if any(marked_secret(text) for _, text in strict_json.texts(value)):
        raise InvalidEvent([_SECRET], source=source)
    strict_json.refuse_unstorable(value, source)


def _load(raw: bytes) -> Any:
    if len(raw) > MAX_EVENT_BYTES:
        raise InvalidEvent([Problem("too_large", f"sự kiện dài {_dotted(len(raw))} byte, nhiều nhất {_dotted(MAX_EVENT_BYTES)}")])
    return strict_json.load(raw)


def _source(value: Any) -> str | None:
    """The source of what claims to be an event, where one can be made out."""
    source = value.get("source") if isinstance(value, dict) else None
    return source if isinstance(source, str) and strict_json.writable(source) == source else None


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
