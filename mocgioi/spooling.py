"""Files of events into a spool: the doorway of an import."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from mocgioi.lines import numbered
from mocgioi.output import problem
from posts.spool import Entry, Spool
from schemas.doorway import decode, refuse_ahead
from schemas.problems import InvalidEvent
from schemas.topics import topic_of

_CHUNK = 2000


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def spool_files(files: Iterable[Path], spool: Spool, *, clock: Callable[[], int] = now_ms) -> tuple[int, int]:
    """Write every valid event to the spool; tell of every other on stderr, with its line. Returns how many were spooled and refused."""
    spooled = refused = 0
    chunk: list[Entry] = []
    for file in files:
        for number, raw in numbered(file):
            try:
                event = decode(raw)
                refuse_ahead(event, clock())
            except InvalidEvent as error:
                refused += 1
                problem(error.code, f"{file}, dòng {number}: {error.sentence}")
                continue
            chunk.append(Entry(topic_of(event.type), event.subject.encode(), raw))
            if len(chunk) >= _CHUNK:
                spooled += spool.append(chunk)
                chunk.clear()
    spooled += spool.append(chunk)
    return spooled, refused
