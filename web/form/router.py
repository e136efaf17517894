"""The page for posts at `/`, and `POST /v1/draft`, which reads a sentence for it."""

from dataclasses import asdict
from datetime import datetime

import msgspec
import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from border.vietnam import HANOI
from posts.mint import uuid7
from schemas.problems import InvalidEvent
from texts.sentence.draft import draft
from web.api.bodies import Form, body_of
from web.api.door import door_of
from web.api.problems import Refused
from web.api.reference import tagged
from web.form.page import WORKER, page

router = APIRouter()


class Sentence(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /v1/draft`."""

    text: str


@router.get("/", include_in_schema=False)
@router.get("/manifest.webmanifest", include_in_schema=False)
@router.get(f"/{WORKER}", include_in_schema=False)
@router.get("/sw-sync.js", include_in_schema=False)
@router.get("/form/{name:path}", include_in_schema=False)
async def file(request: Request) -> Response:
    """A file of the page."""
    asked = page(door_of(request).config.codebook).get(request.url.path)
    if asked is None:
        raise Refused(404, "not_found", "không có gì ở địa chỉ này")
    return tagged(request, asked.body, asked.media_type)


@router.post("/v1/draft", openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {
    "type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False,
}}}}})  # fmt: skip
async def read_sentence(request: Request) -> Response:
    """Đọc một câu báo cáo thành bản nháp · read a sentence into a draft, as `mocgioi draft` does. Nothing of it is kept."""
    await door_of(request).keys.source_of(request)
    try:
        text = msgspec.json.decode(await body_of(request, Form.ONE), type=Sentence).text
        reading = await run_in_threadpool(draft, text, event_id=uuid7(), time=datetime.now(HANOI))
    except msgspec.MsgspecError:
        raise Refused(422, "json", 'cần JSON dạng {"text": "câu báo cáo"}') from None
    except InvalidEvent as error:
        raise Refused(422, error.code, error.sentence, problems=error.problems) from None
    return Response(orjson.dumps(asdict(reading)), media_type="application/json")
