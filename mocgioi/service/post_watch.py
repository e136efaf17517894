"""What is missing of posts, and when each was heard last, as gauges of the process that records."""

from collections.abc import Iterable
from typing import Any

from mocgioi.service.record_watch import RecordWatch
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.query.completeness import Standing, standings


class PostWatch(RecordWatch):
    """Asks the record every five minutes."""

    failed = "posts_unknown"

    def __init__(self, url: str, metrics: Metrics, *, every_s: float = 300.0, **options: Any) -> None:
        super().__init__(url, every_s=every_s, **options)
        self._metrics = metrics

    def look(self, engine: Engine) -> None:
        """Set the gauges."""
        devices = standings(engine)
        self._metrics.posts(sum(device.missing for device in devices), _last_seen(devices))


def _last_seen(devices: Iterable[Standing]) -> dict[str, float]:
    """When each post was heard last, by whichever of its devices, in seconds since the epoch."""
    seen: dict[str, float] = {}
    for device in devices:
        if device.last_seen is not None:
            post = device.source.split("/")[2]
            seen[post] = max(seen.get(post, 0.0), device.last_seen.timestamp())
    return seen
