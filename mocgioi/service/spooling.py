"""Files of events into a spool: the doorway of an import."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from agreement.packs import day_of
from agreement.speakers import is_registered
from mocgioi.service.json_lines import numbered
from mocgioi.views.output import note, problem
from posts.spool import Entry, Spool
from schemas.problems import InvalidEvent
from schemas.topics import topic_of
from schemas.validation import decode, refuse_ahead

_CHUNK = 2000


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def spool_files(
    files: Iterable[Path], spool: Spool, *, clock: Callable[[], int] = now_ms, on_unknown: Callable[[str], None] = lambda _: None
) -> tuple[int, int]:
    """Write every valid event to the spool; tell of every other on stderr, with its line. Returns how many were spooled and refused.

    `on_unknown` hears once of each source that the register does not know.
    """
    sources: set[str] = set()
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
            if event.source not in sources:
                sources.add(event.source)
                if not is_registered(event.source, day_of(event.time)):
                    on_unknown(event.source)
            chunk.append(Entry(topic_of(event.type), event.subject.encode(), raw))
            if len(chunk) >= _CHUNK:
                spooled += spool.append(chunk)
                chunk.clear()
    spooled += spool.append(chunk)
    return spooled, refused


def unknown_source(source: str) -> None:
    """Tell that a post or office may report, though the register does not know it."""
    rest = (
        "chỉ được báo cáo, không sửa được vụ việc · may report, and change nothing"
        if source.startswith("/offices/")
        else ("tin vẫn được nhận · its events are taken")
    )
    note("unknown_source", f"{source}: không có trong danh bạ đồn, cơ quan; {rest}")
