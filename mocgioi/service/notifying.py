"""The notifier in a process: one of its own (`mocgioi duty notify`), or that of an embedded door."""

import asyncio
from datetime import timedelta
from typing import Any

import structlog
from mode import Service

from duty import roster
from duty.alertmanager import Alertmanager
from duty.notifier import Notifier
from duty.planning import PlanConfig
from mocgioi.service.settings import Settings
from schemas.failures import USAGE, Failure
from sinks.metrics import Metrics
from sinks.postgres.engine import connect

log = structlog.get_logger(__name__)

_EVERY_S = 2.0


class NoAlertmanager(Failure):
    """No Alertmanager is set."""

    code = "settings"
    exit_code = USAGE


class NotifierService(Service):
    """Lets a notifier look every two seconds, on a thread and through a connection of its own."""

    mundane_level = "debug"

    def __init__(self, settings: Settings, url: str, metrics: Metrics, **options: Any) -> None:
        """Raises `NoAlertmanager`, and `InvalidRoster`."""
        super().__init__(**options)
        if settings.alertmanager is None:
            raise NoAlertmanager("MOCGIOI_ALERTMANAGER: cần địa chỉ như · needs an address like http://127.0.0.1:9093")
        config = _config(settings)
        self._engine = connect(url, pool_size=1, application="mocgioi notifier")
        self._alertmanager = Alertmanager(settings.alertmanager)
        self._notifier = Notifier(self._engine, self._alertmanager, metrics, config)

    async def on_stop(self) -> None:
        """Let another notifier go on, at once."""
        await asyncio.to_thread(self._notifier.close)
        self._alertmanager.close()
        self._engine.dispose()

    @Service.task
    async def _look_for_ever(self) -> None:
        while not self.should_stop:
            try:
                await asyncio.to_thread(self._notifier.step)
            except Exception as error:  # noqa: BLE001  # whatever it is, the next look may succeed; `border_notifier_last_success…` stands still
                log.error("notifier_failed", error=f"{type(error).__name__}: {error}")  # noqa: TRY400  # every two seconds
            await self.sleep(_EVERY_S)


def _config(settings: Settings) -> PlanConfig:
    return PlanConfig(
        wake=timedelta(hours=settings.duty_wake_hours),
        known=timedelta(days=settings.duty_known_days),
        escalate=timedelta(minutes=settings.duty_escalate),
        roster=None if settings.duty_roster is None else roster.load(settings.duty_roster),
        public_url=settings.public_url or "",
    )
