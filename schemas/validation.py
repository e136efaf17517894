"""Validation: from bytes to an event, or every problem with them. It is the same at the post, the door, `ingest` and classify."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from border.offices import offices
from border.places import posts
from border.vietnam import HANOI
from schemas import strict_json
from schemas.codebook import Kind, Precision
from schemas.events import EVENT, AnyEvent, CrossingFixed, Reported, Updated
from schemas.fields import LONGEST_SOURCE, SOURCE
from schemas.heaps import HIGHEST
from schemas.incidents import Occurred
from schemas.invisible import is_blank
from schemas.problems import InvalidEvent, Problem, from_pydantic
from schemas.secrecy import marked_payload, marked_secret, may_be_marked
from schemas.sound import SoundReport, sound_report
from schemas.strict_json import Plain
from schemas.suggestions import expectations
from schemas.topics import MAX_EVENT_BYTES

MAX_AHEAD = timedelta(minutes=15)
MAX_SEARCHED_BYTES = 2 * MAX_EVENT_BYTES
"""A larger payload is refused unread. It may be marked secret, so no copy of it is kept."""
_MAX_AHEAD_MS = MAX_AHEAD // timedelta(milliseconds=1)

SECRET = Problem("secret", "có dấu chỉ độ mật: không được gửi qua hệ thống này, nội dung không được lưu")
_OUTSIZED = Problem(
    "too_large",
    f"danh sách hoặc đối tượng có quá {strict_json.MAX_ITEMS} phần tử, hoặc một chữ mang quá {HIGHEST} dấu: không sự kiện nào cần thế",
)
_SOURCE = re.compile(SOURCE)
_SEQUENCE = re.compile(r"[0-9]{1,18}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST_ID = 255
_DEVICE = re.compile(r"d[0-9]{1,4}")
_OFFSET = HANOI.utcoffset(None)
_SMALL_BYTES = 8 * 1024
"""Nothing in an event of this size or less costs much time."""
_DAY_OR_COARSER = frozenset(Precision) - {Precision.MINUTE, Precision.HOUR, Precision.NIGHT}


def decode(raw: bytes) -> AnyEvent:
    """The event in `raw`, one JSON object. Raises `InvalidEvent` with every problem there is; a payload marked secret has code `secret`."""
    plain = _unmarked(raw)
    return _decode_closely(raw) if plain is None else _modelled(plain, raw)


def decode_quickly(raw: bytes) -> AnyEvent | SoundReport:
    """As `decode`, for classify: a sound first report comes as a `SoundReport`, in two thirds of the time."""
    plain = _unmarked(raw)
    if plain is None:
        return _decode_closely(raw)
    return sound_report(plain) or _modelled(plain, raw)


def _unmarked(raw: bytes) -> Plain | None:
    """The plain JSON in `raw`; None where its form, or a possible marking, needs a closer look."""
    plain = strict_json.load_plain(raw) if len(raw) <= MAX_EVENT_BYTES else None
    if plain is None or may_be_marked(plain.written):
        return None
    return None if len(raw) > _SMALL_BYTES and strict_json.is_outsized(plain.value) else plain


def _modelled(plain: Plain, raw: bytes) -> AnyEvent:
    try:
        event = EVENT.validate_python(plain.value)
    except ValidationError:
        return _decode_closely(raw)
    return _decode_closely(raw) if any(_stricter(event)) else event


def read(raw: bytes) -> AnyEvent:
    """An event that has passed validation before, perhaps in another version of the program: unknown fields are ignored.

    Raises `pydantic.ValidationError` for bytes that no version would have accepted.
    """
    return EVENT.validate_json(raw, extra="ignore", context="ignore")


def refuse_ahead(event: AnyEvent | SoundReport, now_ms: int) -> None:
    """Refuse a `time` more than 15 minutes ahead of `now_ms`, in milliseconds since the epoch.

    That is the clock of the post or the door, or the time at which a log took the record. Raises `InvalidEvent` with code `ahead`.
    """
    if event.time.timestamp() > (now_ms + _MAX_AHEAD_MS) / 1000:
        clock = datetime.fromtimestamp(now_ms / 1000, HANOI).isoformat()
        sentence = f"time: {event.time.isoformat()} sớm hơn đồng hồ quá 15 phút (bây giờ {clock}): kiểm tra giờ của máy"
        raise InvalidEvent([Problem("ahead", sentence, "time")], source=event.source)


class Sender(NamedTuple):
    """Which event of which device a refused payload is, as far as it says so."""

    source: str
    sequence: int
    event_id: str | None
    subject: str | None


def sender_of(raw: bytes, *, secret: bool) -> Sender | None:
    """Who sent a payload that is no event, under which number; None where it does not say both. Of a secret one only a UUID is repeated."""
    value: Any = strict_json.load_loosely(raw) if len(raw) <= MAX_SEARCHED_BYTES else None
    source = _source(value)
    if source is None or (secret and registered_source(source) != source):
        return None
    sequence = value.get("sequence")
    if not isinstance(sequence, str) or not _SEQUENCE.fullmatch(sequence):
        return None
    return Sender(source, int(sequence), repeatable(value.get("id"), secret=secret), repeatable(value.get("subject"), secret=secret))


def repeatable(key: object, *, secret: bool) -> str | None:
    """An id or subject that a dead letter may carry: of a payload marked secret only a UUID."""
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_ID:
        return None
    return key if not secret or _UUID.fullmatch(key) else None


def registered_source(source: str | None) -> str | None:
    """The part of a secret event's source that may be repeated: a registered post or office, and a device with a name of the centre's form."""
    match (source or "").split("/"):
        case ["", "posts" | "offices" as family, slug, *device] if slug in (posts() if family == "posts" else offices()):
            return "/".join(["", family, slug, *filter(_DEVICE.fullmatch, device)])
    return None


def _decode_closely(raw: bytes) -> AnyEvent:
    """As `decode`, but slower: it says what is wrong, or finds that nothing is."""
    try:
        value = _load(raw)
    except InvalidEvent:
        if len(raw) <= MAX_SEARCHED_BYTES and marked_payload(raw):
            raise InvalidEvent([SECRET]) from None
        raise
    source = _source(value)
    if any(map(marked_secret, _searched_texts(value))):
        raise InvalidEvent([SECRET], source=registered_source(source))
    if strict_json.is_outsized(value):
        raise InvalidEvent([_OUTSIZED], source=source)
    strict_json.refuse_unstorable(value, source)
    try:
        event = EVENT.validate_json(raw)
    except ValidationError as error:
        raise InvalidEvent(from_pydantic(error, hint=expectations(value)), source=source) from None
    if problems := list(_stricter(event)):
        raise InvalidEvent(problems, source=source)
    return event


def _load(raw: bytes) -> Any:
    if len(raw) > MAX_EVENT_BYTES:
        raise InvalidEvent([Problem("too_large", f"sự kiện dài {_dotted(len(raw))} byte, nhiều nhất {_dotted(MAX_EVENT_BYTES)}")])
    return strict_json.load(raw)


def _stricter(event: AnyEvent) -> Iterator[Problem]:
    """What the models accept only because earlier versions did and the record holds it."""
    if len(event.source) > LONGEST_SOURCE:
        yield _too_long("source")
    if isinstance(event, (Reported, Updated)):
        occurred = event.data.occurred
        if occurred is not None and occurred.precision in _DAY_OR_COARSER:
            yield from _not_in_vietnam_time(occurred)
        if event.data.kind is Kind.OTHER and isinstance(event, Reported) and is_blank(event.data.text or ""):
            yield Problem("value", "data.text: không có chữ nào nhìn thấy được, kind other cần có text mô tả", "data.text")
    elif isinstance(event, CrossingFixed) and len(event.data.corrects.source) > LONGEST_SOURCE:
        yield _too_long("data.corrects.source")


def _not_in_vietnam_time(occurred: Occurred) -> Iterator[Problem]:
    """Moments at another offset. A day is Vietnam's: midnight elsewhere falls on another day here."""
    for name, moment in (("start", occurred.start), ("end", occurred.end)):
        if moment is not None and moment.utcoffset() != _OFFSET:
            field = f"data.occurred.{name}"
            sentence = (
                f"{field}: {moment.isoformat()} phải ghi theo giờ Việt Nam (+07:00) khi precision là {occurred.precision};"
                f" cùng thời điểm đó là {moment.astimezone(HANOI).isoformat()}"
            )
            yield Problem("value", sentence, field)


def _too_long(field: str) -> Problem:
    return Problem("value", f"{field}: quá dài, nhiều nhất {LONGEST_SOURCE}", field)


def _source(value: Any) -> str | None:
    """The source in a value that should be an event; None where there is no valid one."""
    source = value.get("source") if isinstance(value, dict) else None
    return source if isinstance(source, str) and len(source) <= LONGEST_SOURCE and _SOURCE.fullmatch(source) else None


def _searched_texts(value: Any) -> Iterator[str]:
    """Every key and text in a value, and each text together with its key, as a form shows them: `độ mật: mật`."""
    for steps, text in strict_json.texts(value):
        yield text
        if steps and isinstance(steps[-1], str) and text is not steps[-1]:
            yield f"{steps[-1]}: {text}"


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
