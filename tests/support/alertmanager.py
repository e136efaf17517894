"""A real Alertmanager, and a receiver that keeps what is sent to it."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.support.debian import program
from tests.support.workers import wait_until

PACKAGE = "prometheus-alertmanager"
_TEMPLATES = b"/usr/share/prometheus/alertmanager"


class Hook:
    """A webhook's receiver: answers each call as `answer` says, and keeps the payloads."""

    def __init__(self, port: int = 0) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.answer = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                hook.payloads.append(json.loads(body))
                self.send_response(hook.answer)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def alerts(self, status: str) -> list[dict[str, Any]]:
        """All alerts that came, in this status."""
        return [alert for payload in self.payloads for alert in payload["alerts"] if alert["status"] == status]

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def hook() -> Iterator[Hook]:
    """A receiver for as long as the context lasts."""
    receiver = Hook()
    try:
        yield receiver
    finally:
        receiver.close()


@contextmanager
def alertmanager(folder: Path, port: int, config: dict[str, Any]) -> Iterator[str]:
    """Its URL, for as long as the context lasts."""
    (folder / "alertmanager.yml").write_text(json.dumps(config))  # JSON is YAML
    options = {
        "config.file": folder / "alertmanager.yml", "storage.path": folder / "alertmanager", "web.listen-address": f"127.0.0.1:{port}",
        "cluster.listen-address": "",
    }  # fmt: skip
    binary, home = _binary()
    with (folder / "alertmanager.log").open("ab") as log:
        process = subprocess.Popen([binary, *(f"--{name}={value}" for name, value in options.items())], cwd=home, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(f"{url}/-/ready") or process.poll() is not None, "Alertmanager is ready")
        assert process.poll() is None, (folder / "alertmanager.log").read_text()
        yield url
    finally:
        process.kill()
        process.wait()


def _binary() -> tuple[Path, Path]:
    """The program, and the folder to run it in.

    Debian's reads its templates from where the package installs them. One taken out of its package has a copy beside it that reads them below the
    folder it runs in.
    """
    fetched = program(PACKAGE, PACKAGE)
    home = fetched.parents[2]
    if home == Path("/"):
        return fetched, home
    copy = fetched.with_name("alertmanager-here")
    if not copy.exists():
        relative = _TEMPLATES[1:].replace(b"/alertmanager", b"//alertmanager")  # as many letters
        unfinished = copy.with_name(f"{copy.name}-{threading.get_native_id()}")
        unfinished.write_bytes(fetched.read_bytes().replace(_TEMPLATES, relative))
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy, home


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False
