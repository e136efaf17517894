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
        waiting: str | None = None

        def wait(away: str | None, why: object = "") -> None:
            """Wait for this part, and no longer for the one before."""
            nonlocal waiting
            if away == waiting:
                return
            if waiting is not None:
                self._waiters -= Counter([waiting])  # leaves no zeros behind
            if away is not None:
                log.warning("waiting", part=away, error=str(why))
                self._waiters[away] += 1
                self._on_waiting(away)
            waiting = away

        try:
            while True:
                late = asyncio.get_running_loop().call_later(self._late_s, wait, part, "no answer yet") if part else None
                try:
                    answer = await ask()
                except Unavailable as away:
                    wait(away.part, away)
                else:
                    if waiting is not None:
                        log.info("answered", part=waiting)
                    return answer
                finally:
                    if late is not None:
                        late.cancel()
                await (between() if between is not None else asyncio.sleep(self._retry_delay_s))
        finally:
            wait(None)
