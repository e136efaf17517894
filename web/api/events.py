"""`POST /v1/events`: 202 once Kafka, or the spool of the embedded pipeline, has what was accepted."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from schemas.records import Unavailable
from sinks.metrics import Metrics
from web.api.acceptance import Accepted, RefusedEvent, judged
from web.api.bodies import MOST_EVENTS, Form, body_of, events_of, form_of
from web.api.door import Door, door_of
from web.api.keys import too_fast
from web.api.problems import Refused, away, described_event

log = structlog.get_logger(__name__)
router = APIRouter()

_JUDGED_AT_ONCE = 20
"""Events of a batch that are validated before other requests get their turn: some milliseconds."""
_TOO_LARGE, _FORBIDDEN, _UNPROCESSABLE = 413, 403, 422


@router.post("/v1/events", status_code=202, openapi_extra={"requestBody": {"required": True, "content": {
    Form.ONE.value: {"schema": {"type": "object"}},
    Form.ARRAY.value: {"schema": {"type": "array", "items": {"type": "object"}, "maxItems": MOST_EVENTS}},
    Form.LINES.value: {"schema": {"type": "string"}},
}}})  # fmt: skip
async def post_events(request: Request) -> Response:
    """Nhận một sự kiện, hoặc đến 1.000 sự kiện một lần · take one event, or a thousand at most."""
    door = door_of(request)
    device = await door.keys.source_of(request)
    form = form_of(request)
    events = events_of(await body_of(request, form), form)
    if wait := door.events_a_second.wait_s(device, len(events)):
        raise too_fast(wait, "mỗi thiết bị nhiều nhất 5.000 tin một giây")
    answers = await _judge(events, device)
    await _publish(door, answers)
    _count(door.metrics, answers)
    if foreign := [answer for answer in answers if isinstance(answer, RefusedEvent) and answer.is_foreign]:
        door.audit.note(device, foreign[0].refusal.code, foreign[0].refusal.source, f"{len(foreign)} tin · events")
    if form is Form.ONE:
        return _one(answers[0])
    return _answer({"events": [_row(index, answer) for index, answer in enumerate(answers)]})


async def _judge(events: Sequence[bytes], device: str) -> list[Accepted | RefusedEvent]:
    now_ms = time.time_ns() // 1_000_000
    answers: list[Accepted | RefusedEvent] = []
    for raw in events:
        answers.append(judged(raw, device, now_ms))
        if len(answers) % _JUDGED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return answers


async def _publish(door: Door, answers: Sequence[Accepted | RefusedEvent]) -> None:
    outgoing = [answer.entry if isinstance(answer, Accepted) else answer.letter for answer in answers]
    entries = [entry for entry in outgoing if entry is not None]
    if not entries:
        return
    try:
        await door.publisher.publish(entries)
    except Unavailable as error:
        log.warning("not_published", part=error.part, error=error.sentence, events=len(entries))
        raise away(error.part) from error


def _count(metrics: Metrics, answers: Sequence[Accepted | RefusedEvent]) -> None:
    for answer in answers:
        if isinstance(answer, Accepted):
            metrics.door_accepted(answer.late_s)
        else:
            metrics.door_refused(answer.refusal.code)


def _one(answer: Accepted | RefusedEvent) -> Response:
    if isinstance(answer, Accepted):
        return _answer({"id": answer.id, "source": answer.source, "sequence": answer.sequence, "status": "accepted"})
    refusal = answer.refusal
    status = {"not_yours": _FORBIDDEN, "too_large": _TOO_LARGE}.get(refusal.code, _UNPROCESSABLE)
    raise Refused(status, refusal.code, refusal.sentence, problems=refusal.problems)


def _row(index: int, answer: Accepted | RefusedEvent) -> dict[str, Any]:
    if isinstance(answer, Accepted):
        return {"index": index, "id": answer.id, "status": "accepted"}
    return {"index": index, "status": "refused", "problem": described_event(answer.refusal)}


def _answer(document: Any) -> Response:
    return Response(orjson.dumps(document), 202, media_type="application/json")
