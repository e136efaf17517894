"""Questions to the record, asked on threads of their own and for a limited time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import select

from schemas.records import Unavailable
from sinks.postgres.engine import Engine, all_rows

Answer = TypeVar("Answer")

_THREADS = 4


class Record:
    """The record as the door asks it."""

    def __init__(self, engine: Engine, *, timeout_s: float = 5.0) -> None:
        self._engine = engine
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="record")

    async def __call__(self, ask: Callable[[Engine], Answer]) -> Answer:
        """The answer of `ask`. Raises `Unavailable`, after `timeout_s` at the latest."""
        asked = asyncio.get_running_loop().run_in_executor(self._threads, ask, self._engine)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asked
        except TimeoutError:
            raise Unavailable("database", f"no answer within {self._timeout_s:g} s") from None

    async def check(self) -> None:
        """Raises `Unavailable` unless the database answers."""
        await self(lambda engine: all_rows(engine, select(1)))

    def close(self) -> None:
        """Start nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
