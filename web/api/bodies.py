"""From a request's body to the bytes of each event in it, within the limits."""

import asyncio
import zlib
from collections.abc import Sequence
from enum import Enum

import msgspec
from starlette.requests import ClientDisconnect, Request

from schemas.problems import Problem
from schemas.topics import MAX_EVENT_BYTES
from schemas.validation import MAX_SEARCHED_BYTES
from web.api.problems import Refused

MOST_EVENTS = 1000
MOST_BYTES = 8 * 1024 * 1024
"""Of a batch, packed or unpacked."""
_LONGEST_S = 30.0
"""A body that takes longer is given up: the client sends it again."""
_DISCARDED = 4 * 1024 * 1024
"""How much is taken beyond a limit before the answer: where bytes are left, closing the connection may take our answer with it."""
_CHUNK = 256 * 1024

_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Form(Enum):
    """How events stand in a body, by its media type."""

    ONE = "application/cloudevents+json"
    ARRAY = "application/cloudevents-batch+json"
    LINES = "application/x-ndjson"


ACCEPTED = {"Accept-Post": ", ".join(form.value for form in Form), "Accept-Encoding": "gzip"}


def form_of(request: Request) -> Form:
    """The form of a request's body. Raises `Refused`, 415."""
    media_type, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next((value.strip('" ') for name, _, value in (part.partition("=") for part in parameters) if name == "charset"), "utf-8")
    try:
        form = Form(media_type)
    except ValueError:
        detail = f"Content-Type phải là một trong: {', '.join(form.value for form in Form)}"
        raise Refused(415, "media_type", detail, headers=ACCEPTED) from None
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Refused(415, "media_type", "bảng mã của nội dung phải là UTF-8", headers=ACCEPTED)
    if _encoding(request) not in ("", "identity", "gzip"):
        raise Refused(415, "encoding", "Content-Encoding chỉ nhận gzip, hoặc không nén", headers=ACCEPTED)
    return form


async def body_of(request: Request, form: Form) -> bytes:
    """The whole body, unpacked. Raises `Refused`."""
    # One event that is too large is read a little further, so that it can be searched for a marking and its receipt says why.
    limit = MAX_SEARCHED_BYTES if form is Form.ONE else MOST_BYTES
    packed = await _read(request, limit)
    return _unpacked(packed, limit) if _encoding(request) == "gzip" else packed


def events_of(body: bytes, form: Form) -> Sequence[bytes]:
    """The bytes of each event. Raises `Refused`."""
    match form:
        case Form.ONE:
            return [body]
        case Form.LINES:
            events = [line for line in map(bytes.strip, body.split(b"\n")) if line]
        case Form.ARRAY:
            try:
                events = [bytes(raw) for raw in _array(body)]
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                problem = Problem("json", "nội dung phải là một mảng JSON [...] các sự kiện")
                raise Refused(422, "json", problem.message, problems=[problem]) from None
    if len(events) > MOST_EVENTS:
        raise Refused(413, "too_many", f"{len(events)} tin một lần, nhiều nhất {MOST_EVENTS}: chia ra nhiều lần gửi")
    return events


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    taken = 0
    try:
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit + _DISCARDED:
            raise _too_large(limit)
        async with asyncio.timeout(_LONGEST_S):
            async for chunk in request.stream():
                taken += len(chunk)
                if taken <= limit:
                    body += chunk
                elif taken > limit + _DISCARDED:
                    break
        if taken > limit:
            raise _too_large(limit)
    except TimeoutError:
        detail = f"quá {_LONGEST_S:.0f} giây chưa nhận đủ nội dung: gửi lại, chia nhỏ hơn nếu đường truyền chậm"
        raise Refused(408, "slow", detail, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Refused(400, "body", "đường truyền bị cắt trước khi nhận đủ nội dung: gửi lại") from None
    return bytes(body)


def _unpacked(packed: bytes, limit: int) -> bytes:
    """What gzip packed, of one member or several. Never more than the limit is unpacked."""
    body = bytearray()
    while packed or not body:
        unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            while not unpacking.eof:
                part = unpacking.decompress(packed, _CHUNK)
                packed = unpacking.unconsumed_tail
                body += part
                if len(body) > limit:
                    raise _too_large(limit)
                if not part and not packed and not unpacking.eof:
                    raise _damaged()
        except zlib.error:
            raise _damaged() from None
        packed = unpacking.unused_data.lstrip(b"\0")  # a file's padding
        if not body and not packed:
            break
    return bytes(body)


def _damaged() -> Refused:
    problem = Problem("gzip", "nội dung nén gzip bị hỏng hoặc bị cắt: gửi lại")
    return Refused(422, "gzip", problem.message, problems=[problem])


def _too_large(limit: int) -> Refused:
    what = (
        f"một tin nhiều nhất {MAX_EVENT_BYTES // 1024} KiB" if limit < MOST_BYTES else f"một lần gửi nhiều nhất {MOST_BYTES // 1024**2} MiB"
    )
    return Refused(413, "too_large", f"nội dung quá lớn, {what}", headers={"Connection": "close"})
