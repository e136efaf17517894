"""When the line of a simulated post is down: a third of the time, for hours or for days."""

import bisect
import random
from datetime import datetime, timedelta

_UP = timedelta(hours=32)
_DOWN = timedelta(hours=16)
"""The mean lengths; each length is drawn from an exponential distribution, so that some outages last for days."""


class Line:
    """The line of one device over the simulated time."""

    def __init__(self, chance: random.Random, start: datetime, end: datetime) -> None:
        self._changes: list[datetime] = []
        """When it goes down, comes back, goes down …"""
        at = start
        while at < end:
            for mean in (_UP, _DOWN):
                at += mean * chance.expovariate(1)
                self._changes.append(at)

    def up_from(self, moment: datetime) -> datetime:
        """The first moment from this one on at which the line is up."""
        changed = bisect.bisect_right(self._changes, moment)
        return self._changes[changed] if changed % 2 else moment
