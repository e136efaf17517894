"""The door as an application: its routes, its problems, and what every answer carries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from schemas.problems import Problem
from schemas.records import Unavailable
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from web.api import events, problems, receipts, reference, status
from web.api.door import Door, DoorConfig
from web.api.headers import SafeAnswers
from web.api.problems import Refused
from web.api.publishing import Publisher
from web.duty import alerts, incident, line, login, runbooks
from web.duty.desk import Desk, DutyConfig
from web.form import router as form

log = structlog.get_logger(__name__)

_NOT_FOUND, _NOT_ALLOWED = 404, 405


def create(config: DoorConfig, publisher: Publisher, engine: Engine, metrics: Metrics, duty: DutyConfig) -> FastAPI:
    """A door that writes to `publisher` and asks the record through `engine`, and the officers' pages. Nothing is opened before it starts."""
    door = Door(config, publisher, engine, metrics)
    desk = Desk(duty, engine, config.clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with door.open(), desk.open():
            yield

    app = FastAPI(
        title="Mốc Giới", description="Cửa nhận tin của các đồn · the door for posts", version="1", lifespan=lifespan,
        openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.door, app.state.desk = door, desk
    for part in (events, receipts, reference, status, form, login, line, incident, runbooks, alerts):
        app.include_router(part.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _crashed)
    app.add_middleware(SafeAnswers, metrics=metrics)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101  # as it was registered, and so below
    return problems.response_to(error)


async def _unavailable(_: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)  # noqa: S101
    return problems.response_to(problems.away(error.part))


async def _invalid(_: Request, error: Exception) -> Response:
    """A parameter of the address that has not the form it needs."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    refusals = [
        Problem("value", f"{detail['loc'][-1]}: {_WANTED.get(str(detail['loc'][-1]), 'không hợp lệ')}") for detail in error.errors()
    ]
    return problems.response(422, "value", "; ".join(problem.message for problem in refusals), refusals)


_WANTED = {"after": "cần số nguyên từ 0, số thứ tự cuối đã biết", "limit": "cần số nguyên từ 1 đến 1000"}


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    code, detail = {
        _NOT_FOUND: ("not_found", "không có gì ở địa chỉ này: xem /v1/openapi.json"),
        _NOT_ALLOWED: ("method", "địa chỉ này không nhận cách gọi (method) này: xem /v1/openapi.json"),
    }.get(error.status_code, ("body", "yêu cầu không đọc được: gửi lại"))
    return problems.response(error.status_code, code, detail, headers=error.headers)


async def _crashed(request: Request, error: Exception) -> Response:
    log.error("request_crashed", method=request.method, route=getattr(request.scope.get("route"), "path", None), error=type(error).__name__)
    return problems.response(500, "internal", "lỗi của chương trình ở trung tâm, đã ghi lại: tin vẫn ở máy, gửi lại sau")
