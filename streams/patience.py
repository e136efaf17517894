"""Waiting for a part outside this process that does not answer: it is never an error, and it is always said."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from schemas.records import Unavailable

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Patience:
    """Asks until it is answered. One a stage, shared by whatever waits in it, so that its page can name all that is away."""

    def __init__(
        self,
        *,
        retry_delay_s: float = 1.0,
        late_s: float = 5.0,
        on_waiting: Callable[[str], None] = lambda part: None,  # noqa: ARG005  # named for its callers
    ) -> None:
        """`late_s`: after so long without an answer a part is waited for. `on_waiting` is told each time that begins."""
        self._retry_delay_s = retry_delay_s
        self._late_s = late_s
        self._on_waiting = on_waiting
        self._waiters: Counter[str] = Counter()

    @property
    def waiting(self) -> list[str]:
        """The parts that do not answer."""
        return sorted(self._waiters)

    async def __call__(
        self, ask: Callable[[], Awaitable[T]], *, part: str | None = None, between: Callable[[], Awaitable[None]] | None = None
    ) -> T:
        """Ask again each time `Unavailable` is raised, and return the answer; what else is raised passes.

        `part`: whom is asked, where an answer that takes long means that the part is away. `between`: what to do between two tries; it
        may raise to give up.
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
                    waiting.answered()  # whatever else is raised is an answer too
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
    """One who waits, for one part at a time."""

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
            self._waiters -= Counter([self._part])  # leaves no zeros behind
            self._part = None
