"""What every answer carries for browsers, and that nothing but loopback is served without TLS in front."""

import time
from ipaddress import ip_address

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sinks.metrics import Metrics
from web.api.problems import response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
"""No page of another origin may read an answer: there is no CORS header, and a key in a header is never sent unasked."""
_OPEN = ("/healthz", "/readyz", "/metrics", "/duty/alerts")
"""Asked by supervisors within the centre. The way in from elsewhere (`deploy/caddy`) leads to none of them."""


class SafeAnswers:
    """Adds the headers, counts the answers, and refuses who comes over a line that others may read."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        began = time.monotonic()

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.answered(message["status"], time.monotonic() - began)
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if _is_exposed(scope):
            detail = "chỉ nhận qua HTTPS, hoặc từ chính máy này: khóa không được gửi qua đường truyền không mã hóa"
            await response(403, "tls", detail)(scope, receive, send_safely)
            return
        await self._app(scope, receive, send_safely)


def _is_exposed(scope: Scope) -> bool:
    """Whether a request came from elsewhere without TLS. The server has put in what a proxy that it trusts says of scheme and client."""
    if scope["scheme"] == "https" or scope["path"] in _OPEN or scope["client"] is None:
        return False
    try:
        return not ip_address(scope["client"][0]).is_loopback
    except ValueError:  # a name, as test clients have
        return False
