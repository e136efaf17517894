"""A proxy in front of PostgreSQL's socket that can fail on cue: cut at any time, swallow the answer to a COMMIT and cut then, or fail over."""

import contextlib
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit


class Proxy:
    """Listens on a socket of its own; `url` is the given one through it."""

    def __init__(self, url: str) -> None:
        self._server = _socket_of(url)
        self._folder = Path(tempfile.mkdtemp(prefix="mocgioi-proxy-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._open: set[socket.socket] = set()
        self.swallow_commits = 0
        """So many commits reach the server, and their answers are lost with the connection."""
        self.refuse = False
        """New connections are closed at once."""
        self.url = f"{url.partition('?')[0]}?host={quote(str(self._folder), safe='')}&port=5432"
        threading.Thread(target=self._accept, daemon=True).start()

    def fail_over(self, url: str) -> None:
        """Send new connections to another server; those that are open stay where they are."""
        self._server = _socket_of(url)

    def cut(self) -> None:
        """Close every connection now."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it."""
        self._listener.close()
        self.cut()
        shutil.rmtree(self._folder)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.refuse:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            self._open |= {client, server}
            cutting = threading.Event()
            threading.Thread(target=self._forward, args=(client, server, cutting), daemon=True).start()
            threading.Thread(target=self._answer, args=(server, client, cutting), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket, cutting: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := client.recv(65536):
                if b"COMMIT\x00" in chunk and self.swallow_commits:
                    self.swallow_commits -= 1
                    cutting.set()
                server.sendall(chunk)
        self._end(client, server)

    def _answer(self, server: socket.socket, client: socket.socket, cutting: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while (chunk := server.recv(65536)) and not cutting.is_set():
                client.sendall(chunk)
        self._end(client, server)

    def _end(self, *both: socket.socket) -> None:
        for connection in both:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            self._open.discard(connection)


def _socket_of(url: str) -> str:
    asked = parse_qs(urlsplit(url).query)
    return f"{asked['host'][0]}/.s.PGSQL.{asked['port'][0]}"
