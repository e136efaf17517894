"""What a device tried and may not do, for the record's audit. Rows wait in memory while the database is away: a refusal never waits for them."""

import asyncio
from collections import deque
from datetime import UTC, datetime
from functools import partial

import structlog

from sinks.record.audit import AuditEntry, append
from web.api.record import Record

log = structlog.get_logger(__name__)

_RETRY_S = 5.0
_MOST_WAITING = 10_000
"""Older ones are then only in the log."""


class Audit:
    """Rows on their way into the record."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._waiting: deque[AuditEntry] = deque(maxlen=_MOST_WAITING)
        self._more = asyncio.Event()

    def note(self, actor: str, action: str, about: str | None, detail: str) -> None:
        """Note an act that was refused."""
        log.warning("refused_act", actor=actor, action=action, object=about, detail=detail)
        self._waiting.append(AuditEntry(datetime.now(UTC), actor, action, about, detail))
        self._more.set()

    async def write_for_ever(self) -> None:
        """Write what waits, until cancelled."""
        while True:
            await self._more.wait()
            self._more.clear()
            entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
            try:
                await self._record(partial(append, entries=entries))
            except Exception as error:  # noqa: BLE001  # each act is in the log already
                log.warning("audit_not_written", error=str(error), entries=len(entries))
                self._waiting.extendleft(reversed(entries))
                await asyncio.sleep(_RETRY_S)
                self._more.set()
