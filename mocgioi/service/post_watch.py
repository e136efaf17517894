"""What is missing of posts, and when each was heard last, as gauges of the process that records."""

import asyncio
from collections.abc import Iterable
from typing import Any

import structlog
from mode import Service
from sqlalchemy import Engine

from sinks.metrics import Metrics
from sinks.query.completeness import Standing, standings

log = structlog.get_logger(__name__)


class PostWatch(Service):
    """Asks the record every five minutes."""

    mundane_level = "debug"

    def __init__(self, engine: Engine, metrics: Metrics, *, every_s: float = 300.0, **options: Any) -> None:
        super().__init__(**options)
        self._engine = engine
        self._metrics = metrics
        self._every_s = every_s

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            try:
                found = await asyncio.to_thread(standings, self._engine)
                self._metrics.posts(sum(standing.missing for standing in found), _last_seen(found))
            except Exception as error:  # noqa: BLE001  # away, or not migrated yet: the worker says so itself, and a gauge is not worth it
                log.debug("posts_unknown", error=str(error))
            await self.sleep(self._every_s)


def _last_seen(found: Iterable[Standing]) -> dict[str, float]:
    """When each post was heard last, by whichever of its devices, in seconds since the epoch."""
    seen: dict[str, float] = {}
    for standing in found:
        if standing.last_seen is not None:
            post = standing.source.split("/")[2]
            seen[post] = max(seen.get(post, 0.0), standing.last_seen.timestamp())
    return seen
