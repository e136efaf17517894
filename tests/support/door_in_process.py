"""The door as an application in this process: a real spool behind it, a real record beside it, and no socket."""

import asyncio
import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from mocgioi.service.door import SpoolPublisher
from posts.spool import Spool, SpoolRow
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.record import devices
from tests import builders
from web.api.app import create
from web.api.door import DoorConfig
from web.api.publishing import Publisher
from web.duty.desk import Acted, DutyConfig

ONE, ARRAY, LINES = "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson"


class DoorInProcess:
    """A door that is asked one request at a time; between two requests nothing of it runs."""

    def __init__(self, engine: Engine, publisher: Publisher, spool: Spool, config: DoorConfig, duty: DutyConfig | None) -> None:
        self.engine = engine
        self.metrics = Metrics()
        self.app = create(config, publisher, engine, self.metrics, duty or DutyConfig(act=_nothing, incident=lambda *_: None))
        self.source, self.key = "", ""
        self._spool = spool
        self._since = 1
        self._runner = asyncio.Runner()
        self._life = self.app.router.lifespan_context(self.app)
        self._runner.run(self._life.__aenter__())

    def enrol(self, post: str = "tan-thanh") -> "DoorInProcess":
        """Speak as a new device of a post from now on."""
        issued = devices.add(self.engine, post)
        self.source, self.key = issued.source, issued.key
        _, self._since = self._spool.bounds()
        return self

    def ask(
        self, method: str, path: str, *, client: str = "127.0.0.1", headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        """One request, with the device's key."""
        given = {"authorization": f"Bearer {self.key}"} if self.key else {}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(client, 50_000), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as http:
                return await http.request(method, path, headers=given | (headers or {}), **options)

        return self._runner.run(send())

    def post(self, content: bytes, media_type: str = ONE, **headers: str) -> httpx.Response:
        """Send a body; `content_encoding="gzip"` packs it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = gzip.compress(content) if named.get("content-encoding") == "gzip" else content
        return self.ask("POST", "/v1/events", content=body, headers={"content-type": media_type} | named)

    def event(self, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A valid report of the device."""
        return builders.reported(data, **({"source": self.source} | changes))

    def spooled(self) -> Sequence[SpoolRow]:
        """What has gone on its way since the device was enrolled."""
        return self._spool.read(self._since, 5000)

    def close(self) -> None:
        """End it."""
        self._runner.run(self._life.__aexit__(None, None, None))
        self._runner.close()


@contextmanager
def door_in_process(
    engine: Engine,
    folder: Path,
    *,
    publisher: Publisher | None = None,
    key: str = "",
    duty: DutyConfig | None = None,
    **config: Any,
) -> Iterator[DoorInProcess]:
    """Such a door with an enrolled device, for as long as the context lasts. Its clock stands still unless `config` has another.

    `publisher`: another than the spool's. `key`: speak with this one and enrol nobody. `duty`: what the officers' pages are
    handed; without it nothing can be done there.
    """
    spooled = SpoolPublisher(folder / "spool.db")
    spool = Spool(folder / "spool.db")
    door = DoorInProcess(engine, publisher or spooled, spool, DoorConfig(codebook=b"{}", **({"clock": lambda: 0.0} | config)), duty)
    try:
        door.key = key
        yield door if key else door.enrol()
    finally:
        door.close()
        spool.close()
        spooled.close()


def _nothing(*_: object) -> Acted:
    raise AssertionError("this door was handed no acts")
