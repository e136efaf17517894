"""How often somebody may do something: token buckets in memory."""

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_NAMES = 20_000
"""Names remembered. The one used longest ago is forgotten: its bucket is full by then, unless so many came at once."""


class Rate:
    """Lets each name do `per_second`, and `burst` at once."""

    def __init__(self, *, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, count: float = 1) -> float:
        """Take `count` of what a name may do and return 0, or take nothing and return how many seconds are missing."""
        now = self._clock()
        left, at = self._buckets.get(name, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_second)
        missing = max(0.0, count - left) / self._per_second
        self._buckets[name] = (left if missing else left - count, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > _MOST_NAMES:
            self._buckets.popitem(last=False)
        return missing
