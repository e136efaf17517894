"""A tiny HTTP server in place of the door, for what a real one does only on a bad day: it is told how to answer each request."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = "application/json"


@dataclass
class Reply:
    """An answer; None as status cuts the connection instead."""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FlakyDoor:
    """What came, and how the next requests are answered; after those, as the contract says."""

    url: str = ""
    batches: list[list[dict[str, Any]]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    highest: int = 0
    clock_s: float | None = None
    refuse: Callable[[dict[str, Any]], bool] = lambda _: False

    def answer(self, batch: list[dict[str, Any]]) -> Reply:
        """As the contract says."""
        problem = {"code": "ahead", "title": "Giờ sai", "detail": "đồng hồ của máy nhanh"}
        rows = [
            {"index": index, "status": "refused", "problem": problem}
            if self.refuse(event)
            else {"index": index, "id": event["id"], "status": "accepted"}
            for index, event in enumerate(batch)
        ]
        return Reply(202, json.dumps({"events": rows}).encode())


@contextmanager
def flaky_door() -> Iterator[FlakyDoor]:
    """Serve it on a port of its own."""
    door = FlakyDoor()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = {"source": "/posts/tan-thanh/d1", "highest": door.highest, "gaps": [], "receipts": []}
            self._send(Reply(200, json.dumps(page).encode()))

        def do_POST(self) -> None:
            packed = self.rfile.read(int(self.headers["content-length"]))
            batch = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
            door.batches.append(batch)
            self._send(door.replies.pop(0) if door.replies else door.answer(batch))

        def _send(self, reply: Reply) -> None:
            if reply.status is None:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            self.send_header("Date", formatdate(door.clock_s, usegmt=True))
            for name, value in ({"Content-Type": JSON, "Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class calls it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    door.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
