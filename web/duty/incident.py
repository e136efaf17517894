"""`/duty/incidents/SUBJECT`: all there is about an incident, and what an officer does about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from border.vietnam import HANOI
from duty.runbook import steps
from duty.users import User, users
from schemas.codebook import Label
from schemas.failures import Failure
from sinks.postgres.engine import Engine
from sinks.postgres.scope import scoped
from sinks.query.duty_incidents import Needs, is_visible, needs, notifications
from sinks.query.shown import Shown
from sinks.record.audit import typed
from web.api.door import door_of
from web.duty.access import Visitor, check_token, form_of, visitor_of
from web.duty.desk import Act, DutyConfig, desk_of
from web.duty.refusals import PageRefused, PageRoute
from web.duty.rendering import page
from web.duty.timeline import Entry, missing_facts, timeline

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_KINDS: Mapping[str, Act] = {"ack": "acknowledged", "assign": "assigned", "note": "noted"}
_DONE = {
    "ack": "Đã ghi: vụ việc đã được tiếp nhận.",
    "assign": "Đã ghi: vụ việc đã được giao.",
    "note": "Đã ghi chú.",
    "sent": "Đã gửi; trang báo khi hồ sơ ghi xong.",
}
_STATUS = {"not_found": 404, "out_of_scope": 403, "closed": 409, "value": 422, "without_effect": 409}
_REFUSED = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """What the page shows of an incident."""

    incident: Shown
    needs: Needs | None
    timeline: Sequence[Entry]
    missing: Sequence[Label]
    notifications: Sequence[Any]
    steps: Sequence[Label]
    receivers: Sequence[User]
    """Who may be given it."""

    @property
    def seen(self) -> str:
        """What a form of the page carries, so that an answer to an older page is noticed: how many events it shows."""
        return str(len(self.incident["events"]))


@router.get("/duty/incidents/{subject}")
async def show(request: Request, subject: str) -> Response:
    """The page."""
    visitor = await visitor_of(request)
    change = desk_of(request).changes.number
    done = _DONE.get(request.query_params.get("done", ""), "")
    return _page(visitor, await _read(request, visitor, subject), change=change, message=done)


@router.post("/duty/incidents/{subject}/{act}")
async def act(request: Request, subject: str, act: Literal["ack", "assign", "note"]) -> Response:
    """Acknowledge, assign or note, and show the page again: where that is refused, with the reason and with nothing changed."""
    visitor, form = await visitor_of(request), await form_of(request)
    try:
        check_token(form.get("csrf"), visitor.csrf)
    except PageRefused:
        _note(request, visitor, "csrf", subject, act)
        raise
    shown = await _read(request, visitor, subject)
    if act == "assign" and form.get("seen") != shown.seen:
        _note(request, visitor, "stale", subject, act)
        problem = "Vụ việc đã có tin mới từ lúc trang này được mở, nên chưa giao cho ai. Xem lại rồi giao."
        return _page(visitor, shown, problem=problem, status=_REFUSED)
    try:
        texts = {name: form.get(name, "").strip() or None for name in ("to", "note", "seen_as")}
        given = texts | {"due": _due(form.get("due", ""))}
        acted = await run_in_threadpool(desk_of(request).config.act, visitor.user, _KINDS[act], subject, given)
    except Failure as refused:
        return _page(visitor, shown, problem=f"Chưa ghi gì: {refused.sentence}", status=_STATUS.get(refused.code, 503))
    if acted.already is not None:
        by, at = acted.already
        problem = f"Vụ việc đã được {by} tiếp nhận lúc {at.astimezone(HANOI):%H:%M %d/%m/%Y}: không ghi thêm gì."
        return _page(visitor, await _read(request, visitor, subject), problem=problem, status=_REFUSED)
    return RedirectResponse(f"{request.url.path.rpartition('/')[0]}?done={act if acted.is_recorded else 'sent'}", 303)


def _page(visitor: Visitor, shown: IncidentPage, *, change: int = 0, message: str = "", problem: str = "", status: int = 200) -> Response:
    return page("incident.html", status=status, visitor=visitor, page=shown, change=change, message=message, problem=problem)


async def _read(request: Request, visitor: Visitor, subject: str) -> IncidentPage:
    """The page's content. Raises `PageRefused` for an incident that is not there, or that the user may not see: both look the same."""
    desk = desk_of(request)
    read = partial(_of_subject, config=desk.config, user=visitor.user, subject=subject)
    shown = None if "\0" in subject else await desk.record(read)
    if shown is None:
        _note(request, visitor, "not_found", subject, "page")
        raise PageRefused(404, "Không có vụ việc này", "không có vụ việc nào mang mã này mà anh, chị được xem")
    return shown


def _note(request: Request, visitor: Visitor, action: str, subject: str, detail: str) -> None:
    """Note in the audit what is refused. The subject is as anybody may type it into an address."""
    door_of(request).audit.note(visitor.user.login, action, typed(subject), detail)


def _of_subject(engine: Engine, *, config: DutyConfig, user: User, subject: str) -> IncidentPage | None:
    with scoped(engine, user.province) as connection:
        if not is_visible(connection, subject):
            return None
        why = needs(connection, [subject]).get(subject)
        sent = notifications(connection, subject)
    incident = config.incident(engine, subject)
    if incident is None:
        return None
    receivers = [each.user for each in users(engine) if each.disabled_at is None] if user.may_act else []
    return IncidentPage(
        incident=incident,
        needs=why,
        timeline=timeline(incident),
        missing=missing_facts(incident),
        notifications=sent,
        steps=steps(incident),
        receivers=[each for each in receivers if each.may_act and each.sees(incident["province"])],
    )


def _due(text: str) -> datetime | None:
    """A day and time as a browser's field gives it, in Vietnam's time."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HANOI)
    except ValueError:
        raise _BadDue("due: cần ngày và giờ, dạng 2026-11-27T08:00") from None


class _BadDue(Failure):
    code = "value"
