"""What is missing of posts, and when each was heard last, as gauges of the process that records."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from mocgioi.service.record_watch import RecordWatch
from sinks.metrics import Metrics
from sinks.postgres.engine import Engine
from sinks.query.completeness import Standing, standings

SILENT_S = 26 * 3600.0
"""A post speaks once a day at least, if only to say that nothing happened; two hours more for a line that was down."""


class PostWatch(RecordWatch):
    """Asks the record every five minutes."""

    watch = "posts"

    def __init__(self, url: str, metrics: Metrics, *, every_s: float = 300.0, **options: Any) -> None:
        super().__init__(url, metrics, every_s=every_s, **options)

    def look(self, engine: Engine) -> None:
        """Set the gauges."""
        devices = standings(engine)
        self._metrics.set("border_sequence_missing", sum(device.missing for device in devices))
        self._metrics.set("border_posts_silent", len(silent_posts(devices, time.time())))
        self._metrics.set_all("border_post_last_seen_timestamp_seconds", last_seen(devices))


def silent_posts(devices: Sequence[Standing], now: float) -> set[str]:
    """The posts that were heard before and not lately, but for those whose every key is revoked: nobody expects them to speak."""
    expected = {_post(device) for device in devices if not device.is_revoked}
    return {post for post, moment in last_seen(devices).items() if post in expected and now - moment > SILENT_S}


def last_seen(devices: Iterable[Standing]) -> dict[str, float]:
    """When each post was heard last, by whichever of its devices, in seconds since the epoch."""
    seen: dict[str, float] = {}
    for device in devices:
        if device.last_seen is not None:
            seen[_post(device)] = max(seen.get(_post(device), 0.0), device.last_seen.timestamp())
    return seen


def _post(device: Standing) -> str:
    return device.source.split("/")[2]
