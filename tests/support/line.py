"""The line between a browser and the door: it can be cut, lose an answer, and bring another version of the page."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

_OWN = {"connection", "content-length", "transfer-encoding", "host", "accept-encoding", "if-none-match"}
"""Headers that either connection has for itself, and those that would hide a body that is rewritten."""


class Line:
    """Forwards to a door. `url` is the door through it."""

    def __init__(self, door: str) -> None:
        self.is_cut = False
        """Connections are closed without an answer, as where the last mast is out of reach."""
        self.losing = 0
        """So many events reach the door, and the answers to them are lost."""
        self.rewritten: dict[bytes, bytes] = {}
        """Replaced in whatever the door serves."""
        self._client = httpx.Client(base_url=door, timeout=30)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._forward()

            def do_POST(self) -> None:
                self._forward()

            def log_message(self, *_: Any) -> None:
                pass

            def _forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                self.close_connection = True
                if line.is_cut:
                    return
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
                answer = line._client.request(self.command, self.path, headers=headers, content=body)
                if self.path == "/v1/events" and line.losing:
                    line.losing -= 1
                    return
                served = answer.content
                for old, new in line.rewritten.items():
                    served = served.replace(old, new)
                self.send_response_only(answer.status_code)
                for name, value in answer.headers.items():
                    if name.lower() not in _OWN:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(served)))
                self.send_header("connection", "close")
                self.end_headers()
                self.wfile.write(served)

        return Handler
