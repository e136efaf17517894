"""How often somebody may do something: token buckets in memory."""

from collections import OrderedDict
from collections.abc import Callable

_MOST_NAMES = 20_000
"""Names remembered. The one used longest ago is forgotten: its bucket is full by then, unless so many came at once."""


class Rate:
    """Lets each name do `per_second`, and `burst` at once."""

    def __init__(self, *, per_second: float, burst: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, count: float = 1) -> float:
        """Take `count` of what a name may do and return 0, or take nothing and return how many seconds are missing."""
        missing = self.missing_s(name, count)
        if not missing:
            left, at = self._buckets[name]
            self._buckets[name] = (left - count, at)
        return missing

    def missing_s(self, name: str, count: float = 1) -> float:
        """How many seconds are missing until a name may do so much; nothing is taken."""
        now = self._clock()
        left, at = self._buckets.get(name, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_second)
        self._buckets[name] = (left, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > _MOST_NAMES:
            self._buckets.popitem(last=False)
        return max(0.0, count - left) / self._per_second
