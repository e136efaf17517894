"""The record worker removes the payloads of dead letters after some days."""

import asyncio
from typing import Any

import structlog
from mode import Service

from sinks.postgres.engine import connect
from sinks.record.dead_letters import remove_old_payloads

log = structlog.get_logger(__name__)

_DAY_S = 86_400.0
_SOON_S = 60.0


class PayloadRemoval(Service):
    """Removes old payloads at the start and once a day. Several workers may do so at once."""

    mundane_level = "debug"

    def __init__(self, url: str, days: int, *, every_s: float = _DAY_S, **options: Any) -> None:
        super().__init__(**options)
        self._engine = connect(url, pool_size=1, application="mocgioi payload removal")
        self._days = days
        self._every_s = every_s

    async def on_stop(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    @Service.task
    async def _remove(self) -> None:
        while not self.should_stop:
            try:
                removed = await asyncio.to_thread(remove_old_payloads, self._engine, self._days)
            except Exception as error:  # noqa: BLE001  # not migrated yet, or away: the worker says so itself, and goes on recording
                log.debug("payloads_not_removed", error=str(error))
                await self.sleep(min(_SOON_S, self._every_s))
                continue
            if removed:
                log.info("payloads_removed", dead_letters=removed, after_days=self._days)
            await self.sleep(self._every_s)
