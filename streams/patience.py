"""Wait for a part outside this process that does not answer. That is never an error, and it is always logged."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from schemas.records import Unavailable

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Patience:
    """Repeats a request until it is answered. All requests of a stage share one, so that the stage can name every part that is away."""

    def __init__(
        self,
        *,
        retry_delay_s: float = 1.0,
        late_s: float = 5.0,
        on_waiting: Callable[[str], None] = lambda part: None,  # noqa: ARG005  # named for its callers
    ) -> None:
        """After `late_s` without an answer a part counts as away. `on_waiting` is called each time that the wait for a part begins."""
        self._retry_delay_s = retry_delay_s
        self._late_s = late_s
        self._on_waiting = on_waiting
        self._waiters: Counter[str] = Counter()

    @property
    def waiting(self) -> list[str]:
        """The parts that do not answer now."""
        return sorted(self._waiters)

    async def __call__(
        self, ask: Callable[[], Awaitable[T]], *, part: str | None = None, between: Callable[[], Awaitable[None]] | None = None
    ) -> T:
        """Repeat `ask` while it raises `Unavailable`, and return its answer. Other exceptions pass.

        If `part` is given, a slow answer also means that this part is away. `between` runs between two tries and may raise to give up.
        """
        waiting = _Waiting(self._waiters, self._on_waiting)
        try:
            while True:
                late = asyncio.get_running_loop().call_later(self._late_s, waiting.begin, part, "no answer yet") if part else None
                try:
                    answer = await ask()
                except Unavailable as away:
                    waiting.begin(away.part, away)
                except Exception:
                    waiting.answered()  # any other exception is an answer too
                    raise
                else:
                    waiting.answered()
                    return answer
                finally:
                    if late is not None:
                        late.cancel()
                await (between() if between is not None else asyncio.sleep(self._retry_delay_s))
        finally:
            waiting.end()


class _Waiting:
    """One request that waits for one part at a time."""

    def __init__(self, waiters: Counter[str], on_waiting: Callable[[str], None]) -> None:
        self._waiters = waiters
        self._on_waiting = on_waiting
        self._part: str | None = None

    def begin(self, part: str, why: object) -> None:
        if part != self._part:
            self.end()
            self._part = part
            self._waiters[part] += 1
            log.warning("waiting", part=part, error=str(why))
            self._on_waiting(part)

    def answered(self) -> None:
        if self._part is not None:
            log.info("answered", part=self._part)

    def end(self) -> None:
        if self._part is not None:
            self._waiters -= Counter([self._part])  # subtracting a Counter removes zeros
            self._part = None
