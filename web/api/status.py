"""How the door is: alive, ready, and its metrics. None of it needs a key, and nothing on it comes from a payload."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from schemas.records import Unavailable
from web.api.door import door_of

router = APIRouter()

_NAMES = {"broker": "kafka", "database": "database", "spool": "spool"}
_WHY = {
    "kafka": "Kafka không trả lời hoặc thiếu topic: không nhận tin, máy của đồn giữ và tự gửi lại · Kafka or its topics are away: nothing is taken",
    "spool": "hộp gửi không ghi được: không nhận tin, máy của đồn giữ và tự gửi lại · the spool cannot be written: nothing is taken",
}


@router.get("/healthz")
async def alive() -> dict[str, bool]:
    """Tiến trình còn sống · the process answers."""
    return {"ok": True}


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Sẵn sàng nhận tin; nếu không thì phần nào vắng, và vì thế cửa làm gì · ready, else 503 with what is away and what follows."""
    door = door_of(request)
    away = [part for part in await asyncio.gather(*map(_away, door.checks)) if part is not None]
    stopped = door.config.stopped()
    sentences = _WHY | {"database": f"cơ sở dữ liệu không trả lời: {door.keys.while_away()}"}
    why = "; ".join(sentences[part] for part in away) or None
    document: dict[str, Any] = {"ok": not away and stopped is None, "away": away, "why": why, "stopped": stopped}
    return Response(orjson.dumps(document), 200 if document["ok"] else 503, media_type="application/json")


async def _away(check: Callable[[], Awaitable[None]]) -> str | None:
    try:
        await check()
    except Unavailable as error:
        return _NAMES[error.part]
    return None


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Số đo cho Prometheus · metrics as Prometheus text."""
    door = door_of(request)
    door.config.refresh()
    return Response(door.metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
