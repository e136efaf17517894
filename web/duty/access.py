"""Who asks for a page: the session in the cookie, and the token that a form of that session carries."""

import hmac
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from duty.sessions import LONGEST, session_of
from duty.users import User
from web.duty.desk import desk_of
from web.duty.refusals import LoginNeeded, PageRefused

COOKIE = "mocgioi_duty"
_LARGEST_FORM = 64 * 1024


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user in a session."""

    user: User
    csrf: str


async def visitor_of(request: Request) -> Visitor:
    """Whose session a request belongs to. Raises `LoginNeeded`."""
    token = request.cookies.get(COOKIE)
    desk = desk_of(request)
    session = await desk.record(partial(session_of, token=token, now=desk.config.clock())) if token else None
    if session is None:
        raise LoginNeeded
    return Visitor(*session)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form. Raises `PageRefused` for what no form of ours sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise PageRefused(413, "Biểu mẫu quá lớn", "nội dung dài quá 64 KiB: rút ngắn ghi chú rồi gửi lại")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError:
        raise PageRefused(422, "Biểu mẫu không đọc được", "cần một biểu mẫu của trang này") from None


def check_token(given: str | None, expected: str) -> None:
    """Refuse a form that does not carry its session's token: another site may have made the browser send it."""
    if not hmac.compare_digest((given or "").encode(), expected.encode()):
        raise PageRefused(403, "Biểu mẫu không hợp lệ", "biểu mẫu không thuộc phiên đăng nhập này: tải lại trang rồi gửi lại")


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """A cookie that scripts do not see and that no other site makes a browser send."""
    response.set_cookie(
        name,
        value,
        max_age=int(LONGEST.total_seconds()),
        path="/duty",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
