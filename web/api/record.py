"""Questions to the record, asked on threads of their own and for a limited time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from schemas.records import Unavailable
from sinks.postgres.engine import Engine, ping

Answer = TypeVar("Answer")

_THREADS = 4
_CHECK_S = 3.0


class Record:
    """The record as the door asks it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="record")

    async def __call__(self, ask: Callable[[Engine], Answer], *, timeout_s: float = 8.0) -> Answer:
        """The answer of `ask`. Raises `Unavailable`, after `timeout_s` at the latest."""
        asked = asyncio.get_running_loop().run_in_executor(self._threads, ask, self._engine)
        try:
            async with asyncio.timeout(timeout_s):
                return await asked
        except TimeoutError:
            raise Unavailable("database", f"no answer within {timeout_s:g} s") from None

    async def check(self) -> None:
        """Raises `Unavailable` unless the database answers."""
        await self(ping, timeout_s=_CHECK_S)

    def close(self) -> None:
        """Start nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
