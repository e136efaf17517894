"""The door sends a probe through the whole path every minute, as it sends the events of posts: what it does not send either is an alert."""

from datetime import UTC, datetime
from typing import Any

import structlog
from mode import Service

from schemas.probe import PROBE_SUBJECT, PROBE_TYPE, probe
from schemas.topics import topic_of
from web.api.publishing import Entry, GroupPublisher

log = structlog.get_logger(__name__)


class Probing(Service):
    """Sends one at once and then every minute."""

    mundane_level = "debug"

    def __init__(self, publisher: GroupPublisher, *, every_s: float = 60.0, **options: Any) -> None:
        super().__init__(**options)
        self._publisher = publisher
        self._every_s = every_s

    @Service.task
    async def _send(self) -> None:
        while not self.should_stop:
            now = datetime.now(UTC)
            entry = Entry(topic_of(PROBE_TYPE), PROBE_SUBJECT.encode(), probe(now), int(now.timestamp() * 1000))
            try:
                await self._publisher.publish([entry])
            except Exception as error:  # noqa: BLE001  # away, or a topic forbidden: the door says so itself, and the next probe may come through
                log.warning("probe_not_sent", error=str(error))
            await self.sleep(self._every_s)
