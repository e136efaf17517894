"""Pages that say why something is not shown or not done, and the route class that answers with them."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from schemas.records import Unavailable
from web.duty.rendering import page


class LoginNeeded(Exception):
    """Nobody is logged in."""


class PageRefused(Exception):
    """A request is answered with a page that says why."""

    def __init__(self, status: int, title: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.title = title
        self.sentence = sentence


class PageRoute(APIRoute):
    """A route whose refusals are pages, where those of `/v1` are problems."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its refusals answered."""
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except LoginNeeded:
                return _to_login(request)
            except PageRefused as refused:
                return page("refusal.html", status=refused.status, title=refused.title, sentence=refused.sentence)
            except Unavailable:
                sentence = "Cơ sở dữ liệu của trung tâm đang không trả lời. Trang tự thử lại sau ít giây; không mất gì."
                return page("refusal.html", status=503, title="Chưa đọc được hồ sơ", sentence=sentence, retries=request.method == "GET")

        return answered


def _to_login(request: Request) -> Response:
    """Ask for a login, and come back afterwards.

    A browser that follows a link from elsewhere, an alert's for instance, keeps a `SameSite=Strict` cookie back: then the page is asked for again
    from here, and who is logged in gets it.
    """
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        return page("again.html")
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    after = f"?next={quote(asked, safe='')}" if request.method == "GET" and asked != "/duty" else ""
    return RedirectResponse(f"/duty/login{after}", 303)
