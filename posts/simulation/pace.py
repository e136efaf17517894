"""A rate of events a second, evenly spread, by the clock of the wall."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_ROUNDING = 1e-6
"""Of an event: what a clock's floating point may lack."""


class Pace:
    """When the next event may go. What a slow centre held up goes when it answers again, so that the rate holds over the whole time."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._began: float | None = None

    def wait_s(self, gone: int) -> float:
        """In how many seconds the next one may go, after so many have gone. The first one goes at once."""
        return max(0.0, gone / self._rate - self._elapsed_s())

    def due(self, gone: int) -> int:
        """How many may go after that wait: those whose time has come, and one at least."""
        return max(1, math.floor(self._elapsed_s() * self._rate + _ROUNDING) + 1 - gone)

    def _elapsed_s(self) -> float:
        now = self._clock()
        if self._began is None:
            self._began = now
        return now - self._began


def paced(items: Sequence[T], pace: Pace, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[Sequence[T]]:
    """The items in their order, each time those that may go now."""
    gone = 0
    while gone < len(items):
        sleep(pace.wait_s(gone))
        due = items[gone : gone + pace.due(gone)]
        yield due
        gone += len(due)
