"""What the door writes: events and dead letters, to a publisher that it is handed. Those that wait at the same time are written together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from schemas.records import DeadLetter, Unavailable

_MOST_WAITING_BYTES = 64 * 1024 * 1024
"""More than this is not taken: a publisher that does not answer must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted event on its way."""

    target: str
    """The topic it belongs to."""
    key: bytes
    value: bytes
    received_ms: int
    """When the door received it, in milliseconds since the epoch."""


Outgoing = Entry | DeadLetter
"""What the door writes."""


class Publisher(Protocol):
    """Writes to Kafka, or to the spool of the embedded pipeline."""

    @property
    def part(self) -> Literal["broker", "spool"]:
        """What it writes to."""

    async def publish(self, entries: Sequence[Outgoing]) -> None:
        """Write all of it durably, in order. Raises `Unavailable` where that cannot be said; then any part of it may have been written."""

    async def check(self) -> None:
        """Raises `Unavailable` unless the next write is likely to succeed."""


@dataclass(slots=True)
class _Waiting:
    entries: Sequence[Outgoing]
    written: asyncio.Future[None]
    bytes: int


class GroupPublisher:
    """Writes in turn all that has come in since the last write began: one answer of Kafka, or of the disk, serves many requests."""

    def __init__(self, publisher: Publisher, *, timeout_s: float) -> None:
        self._publisher = publisher
        self._timeout_s = timeout_s
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0
        self._more = asyncio.Event()

    async def publish(self, entries: Sequence[Outgoing]) -> None:
        """Return once all of it is written. Raises `Unavailable`, after `timeout_s` at the latest."""
        size = sum(len((entry.value if isinstance(entry, Entry) else entry.payload) or b"") for entry in entries)
        if self._waiting_bytes + size > _MOST_WAITING_BYTES:
            raise Unavailable(self._publisher.part, "too much waits to be written")
        waiting = _Waiting(entries, asyncio.get_running_loop().create_future(), size)
        self._waiting.append(waiting)
        self._waiting_bytes += size
        self._more.set()
        try:
            async with asyncio.timeout(self._timeout_s):
                await waiting.written
        except TimeoutError:
            raise Unavailable(self._publisher.part, f"not written within {self._timeout_s:g} s") from None
        finally:
            self._waiting_bytes -= size

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._more.wait()
            self._more.clear()
            group = [waiting for waiting in self._waiting if not waiting.written.done()]  # a request that gave up will come again
            self._waiting = []
            if group:
                await self._write(group)

    async def _write(self, group: Sequence[_Waiting]) -> None:
        failure: Exception | None = None
        try:
            await self._publisher.publish([entry for waiting in group for entry in waiting.entries])
        except Exception as error:  # noqa: BLE001  # each request answers for it
            failure = error
        for waiting in group:
            if waiting.written.done():
                continue
            if failure is None:
                waiting.written.set_result(None)
            else:
                waiting.written.set_exception(failure)
