"""A worker's page: `/metrics` for Prometheus, `/healthz` (is it alive?) and `/readyz` (does it get its work done?).

Anybody may read it, so it holds fixed words and numbers, and nothing from a payload.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from aiohttp import web
from mode import Service

from sinks.metrics import Metrics
from streams.intake import Intake

log = structlog.get_logger(__name__)

_STOPPED = "paused: mocgioi doctor says why, mocgioi deadletter resume lets it go on"
_STUCK_S = 120.0
"""No batch takes so long, unless it waits for a part that is away; such a part is named."""


class Health(Service):
    """Serves the page while the worker lives."""

    mundane_level = "debug"

    def __init__(
        self, host: str, port: int, *, metrics: Metrics, stages: dict[str, Intake], refresh: Iterable[Callable[[], None]], **options: Any
    ) -> None:
        super().__init__(**options)
        self._host = host
        self._port = port
        self._metrics = metrics
        self._stages = stages
        self._refresh = tuple(refresh)
        self._runner: web.AppRunner | None = None

    async def on_start(self) -> None:
        """Open the port. Raises `OSError` if another process has it, or the machine not the address."""
        page = web.Application()
        page.add_routes([web.get("/metrics", self._show_metrics), web.get("/healthz", self._alive), web.get("/readyz", self._ready)])
        self._runner = web.AppRunner(page, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as taken:
            log.error("no_page", host=self._host, port=self._port, error=str(taken), remedy="MOCGIOI_METRICS_HOST, MOCGIOI_METRICS_PORT")  # noqa: TRY400  # Faust would end without a message
            raise
        port = self._runner.addresses[0][1]
        log.info("listening", host=self._host, port=port)

    async def on_stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _show_metrics(self, _: web.Request) -> web.Response:
        for refresh in self._refresh:
            refresh()
        return web.Response(body=self._metrics.render(), headers={"content-type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _alive(self, _: web.Request) -> web.Response:
        """Alive while no batch is stuck: a stuck agent is what a restart mends."""
        ages = {name: intake.oldest_age() for name, intake in self._stages.items() if not intake.patience.waiting}
        stuck = {name: round(age) for name, age in ages.items() if age > _STUCK_S}
        return _answer({"stuck_seconds": stuck}, ok=not stuck)

    async def _ready(self, _: web.Request) -> web.Response:
        """Ready while every stage is connected, waits for nothing and has not stopped itself. `mocgioi doctor` says why one has."""
        stages = {
            name: {
                "connected": intake.status.connected,
                "waiting": ", ".join(intake.patience.waiting) or None,
                "stopped": intake.status.lost or (intake.status.paused and _STOPPED),
            }
            for name, intake in self._stages.items()
        }
        ready = all(stage["connected"] and stage["waiting"] is None and stage["stopped"] is None for stage in stages.values())
        return _answer(stages, ok=ready)


def _answer(body: dict[str, Any], *, ok: bool) -> web.Response:
    return web.json_response({"ok": ok, **body}, status=200 if ok else 503)
