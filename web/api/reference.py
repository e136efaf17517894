"""What posts and programs look up: the codebook, the schema of an event, and what a marker reference means. None of it needs a key."""

import functools
import hashlib

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from border import markers
from schemas.jsonschema import event_schema
from web.api.door import door_of
from web.api.problems import Refused

router = APIRouter()

_LONGEST_TEXT = 2000
_FOR_A_WHILE = {"Cache-Control": "no-cache"}
"""Kept, and asked for again by its ETag."""


@router.get("/v1/codebook")
async def codebook(request: Request) -> Response:
    """Bảng mã sự việc · the codebook, as `mocgioi codebook --format json`."""
    door = door_of(request)
    return _tagged(request, door.config.codebook)


@router.get("/v1/schema")
async def schema(request: Request) -> Response:
    """JSON Schema của một sự kiện · of an event."""
    return _tagged(request, _schema())


@router.get("/v1/markers/{text:path}")
async def marker(request: Request, text: str) -> Response:
    """Số hiệu mốc trong một văn bản · the markers in a text, as `mocgioi marker parse`."""
    if len(text) > _LONGEST_TEXT:
        raise Refused(422, "value", f"văn bản quá dài, nhiều nhất {_LONGEST_TEXT} ký tự")
    return _tagged(request, orjson.dumps(markers.as_json(markers.parse(text))))


@functools.cache
def _schema() -> bytes:
    return orjson.dumps(event_schema())


def _tagged(request: Request, body: bytes) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag} | _FOR_A_WHILE
    known = [given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
