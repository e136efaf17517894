"""Logging in and out. The form of the login has a token of its own, in a cookie, since there is no session yet."""

import secrets
from functools import partial
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from duty.sessions import close_session, open_session
from duty.users import LoginRefused, User, authenticate
from sinks.postgres.engine import Engine
from web.duty.access import COOKIE, check_token, form_of, set_cookie, visitor_of
from web.duty.desk import Desk, desk_of
from web.duty.refusals import PageRefused, PageRoute
from web.duty.rendering import page

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_FORM_COOKIE = "mocgioi_login"


@router.get("/duty/login")
async def show(request: Request) -> Response:
    """The form."""
    return _form(request, after=request.query_params.get("next", ""))


@router.post("/duty/login")
async def log_in(request: Request) -> Response:
    """Open a session for who knows login and password."""
    desk, form = desk_of(request), await form_of(request)
    try:
        check_token(form.get("csrf"), request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe())
    except PageRefused:
        return _form(request, status=403, problem="Trang đăng nhập đã cũ: đăng nhập lại.", after=form.get("next", ""))
    address = request.client.host if request.client else ""
    if wait_s := desk.logins.wait_s(address):
        return _form(
            request, status=429, problem=f"Quá nhiều lần đăng nhập từ máy này: thử lại sau {wait_s:.0f} giây.", after=form.get("next", "")
        )
    try:
        token = await desk.record(partial(_opened, desk=desk, login=form.get("login", ""), password=form.get("password", "")))
    except LoginRefused as refused:
        return _form(request, status=401, problem=refused.sentence, after=form.get("next", ""))
    response = RedirectResponse(_inside(form.get("next", "")), 303)
    set_cookie(request, response, COOKIE, token)
    response.delete_cookie(_FORM_COOKIE, path="/duty")
    return response


@router.post("/duty/logout")
async def log_out(request: Request) -> Response:
    """End the session."""
    visitor, form, desk = await visitor_of(request), await form_of(request), desk_of(request)
    check_token(form.get("csrf"), visitor.csrf)
    await desk.record(partial(close_session, token=request.cookies[COOKIE], now=desk.config.clock()))
    response = RedirectResponse("/duty/login", 303)
    response.delete_cookie(COOKIE, path="/duty")
    return response


def _opened(engine: Engine, *, desk: Desk, login: str, password: str) -> str:
    user: User = authenticate(engine, login.strip().lower(), password, desk.config.clock())
    return open_session(engine, user, desk.config.clock())[0]


def _form(request: Request, *, status: int = 200, problem: str = "", after: str = "") -> Response:
    csrf = secrets.token_urlsafe()
    response = page("login.html", status=status, csrf=csrf, problem=problem, after=after)
    set_cookie(request, response, _FORM_COOKIE, csrf)
    return response


def _inside(address: str) -> str:
    """An address of these pages to go on to, whatever a link to the login named."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and (parts.path == "/duty" or parts.path.startswith("/duty/")) and "\\" not in address
    return address if is_ours else "/duty"
