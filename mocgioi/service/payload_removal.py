"""The record worker removes the payloads of dead letters after some days."""

from typing import Any

import structlog

from mocgioi.service.record_watch import RecordWatch
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.record.dead_letters import remove_old_payloads

log = structlog.get_logger(__name__)

_DAY_S = 86_400.0
_SOON_S = 60.0


class PayloadRemoval(RecordWatch):
    """Removes old payloads at the start and once a day. Several workers may do so at once."""

    watch = "payloads"

    def __init__(self, url: str, metrics: Metrics, *, days: int, every_s: float = _DAY_S, **options: Any) -> None:
        super().__init__(url, metrics, every_s=every_s, again_s=min(_SOON_S, every_s), **options)
        self._days = days

    def look(self, engine: Engine) -> None:
        """Remove what is old enough."""
        removed = remove_old_payloads(engine, self._days)
        if removed:
            log.info("payloads_removed", dead_letters=removed, after_days=self._days)
