"""Tells open pages that the record changed. One task asks the record, however many pages wait."""

import asyncio
from collections.abc import AsyncGenerator

import structlog

from schemas.failures import Failure
from sinks.query.duty_incidents import state_mark
from web.api.record import Record

log = structlog.get_logger(__name__)

_EVERY_S = 1.0
_HEARTBEAT_S = 20.0
"""A stream says at least so often that it is alive, which also finds a reader who has gone."""


class Changes:
    """The number of changes seen so far, and who waits for the next."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.number = 0
        """The newest change. A page carries it, so that nothing is missed between its drawing and its stream."""
        self._moved = asyncio.Event()
        self._readers = 0
        self.is_closing = False

    async def watch_for_ever(self) -> None:
        """Ask for as long as anybody waits, until cancelled. While the record cannot be read nothing is new."""
        mark: object = None
        while True:
            await asyncio.sleep(_EVERY_S)
            if not self._readers:
                continue
            try:
                newest = await self._record(state_mark)
            except Failure as error:
                log.warning("changes_not_read", error=error.sentence)
                continue
            if newest != mark:
                mark = newest
                self.number += 1
                self._wake()

    async def stream(self, since: int) -> AsyncGenerator[int | None, None]:
        """The number of each change after `since`, at once where there is one; None as a sign of life. It ends when the server closes."""
        self._readers += 1
        try:
            seen = since
            while not self.is_closing:
                moved = self._moved
                if self.number != seen:
                    seen = self.number
                    yield seen
                    continue
                try:
                    async with asyncio.timeout(_HEARTBEAT_S):
                        await moved.wait()
                except TimeoutError:
                    yield None
        finally:
            self._readers -= 1

    def close(self) -> None:
        """Let all streams end: a server that is stopped waits for them."""
        self.is_closing = True
        self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
