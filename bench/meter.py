"""A meter in a measured process. It reports to the parent: first ready, then the time, the CPU time and the memory used."""

import asyncio
import json
import os
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One run of one process."""

    events: int
    begin: float
    """On the machine's monotonic clock, which all processes share: when the first events were in hand."""
    end: float
    """When the last of them was safe."""
    cpu_s: float
    """Of all threads of the process, between the two."""
    peak_rss_mb: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / (self.end - self.begin)


class Meter:
    """Runs from the first event in hand to the last one safe: neither imports nor joining a consumer group count."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._safe = 0
        self._began = 0.0
        self._cpu_s = 0.0
        self._announced = False

    def ready(self) -> None:
        """The process waits for its first event."""
        if not self._announced:
            self._announced = True
            _tell("ready")

    async def go(self) -> None:
        """Be ready, and wait until the parent says go, since a process that has its events already would begin too early."""
        self.ready()
        await asyncio.to_thread(sys.stdin.readline)

    def begin(self) -> None:
        """Events are in hand; only the first call counts."""
        if not self._began:
            self._began, self._cpu_s = time.monotonic(), _cpu_s()

    def safe(self, events: int) -> bool:
        """Count events that are safe. After the last one, report to the parent and return True."""
        self._safe += events
        if self._safe < self._expected:
            return False
        reading = MeterReading(self._safe, self._began, time.monotonic(), _cpu_s() - self._cpu_s, _peak_rss_mb())
        _tell(json.dumps(asdict(reading)))
        return True


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_rss_mb() -> float:
    """The peak memory of this program only: `ru_maxrss` would begin with the parent's memory at the fork."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{os.getpid()}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024
