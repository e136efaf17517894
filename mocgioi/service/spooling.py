"""Read files of events, validate each event and write the valid ones to a spool."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from agreement.packs import day_of
from agreement.speakers import is_registered
from mocgioi.service.event_files import NoEvents, events_in
from mocgioi.views.file_problems import FileProblems
from mocgioi.views.output import note
from posts.spool import Spool, SpoolEntry
from schemas.events import AnyEvent, Probe
from schemas.problems import InvalidEvent, Problem
from schemas.topics import topic_of
from schemas.validation import decode, refuse_ahead

_CHUNK = 2000


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class Spooled(NamedTuple):
    """What became of the files that a command was given."""

    events: int
    """Events in the spool."""
    refused: int
    """Events that were refused."""
    is_whole: bool
    """Whether every file held events, to its end."""


def spool_files(
    files: Iterable[Path],
    spool: Spool,
    *,
    clock: Callable[[], int] = now_ms,
    on_unknown: Callable[[str], None] = lambda _: None,
    capped: bool = True,
) -> Spooled:
    """Write every valid event to the spool, and print what is wrong with the others; if `capped`, the first few of each kind.

    `on_unknown` is called once for each source that the register does not know.
    """
    sources: set[str] = set()
    spooled = refused = 0
    is_whole = True
    chunk: list[SpoolEntry] = []
    for file in files:
        problems = FileProblems(capped=capped)
        try:
            for item in events_in(file):
                try:
                    event = decode(item.raw)
                    refuse_ahead(event, clock())
                    _refuse_probe(event)
                except InvalidEvent as error:
                    refused += 1
                    problems.add(error.code, f"{file}, {item.place}: {error.sentence}")
                    continue
                if event.source not in sources:
                    sources.add(event.source)
                    if not is_registered(event.source, day_of(event.time)):
                        on_unknown(event.source)
                chunk.append(SpoolEntry(topic_of(event.type), event.subject.encode(), item.raw))
                if len(chunk) >= _CHUNK:
                    spooled += spool.append(chunk)
                    chunk.clear()
        except NoEvents as error:
            is_whole = False
            problems.add(error.code, str(error))
        finally:
            problems.show()
    spooled += spool.append(chunk)
    return Spooled(spooled, refused, is_whole)


def _refuse_probe(event: AnyEvent) -> None:
    """Refuse an event that says of the path what only the door can say. Raises `InvalidEvent`."""
    if isinstance(event, Probe):
        raise InvalidEvent([Problem("value", "type: tin thử đường truyền do cửa tự gửi, không nạp từ tệp", "type")], source=event.source)


def unknown_source(source: str) -> None:
    """Note that the register does not know a post or office. It may report all the same."""
    rest = (
        "chỉ được báo cáo, không sửa được vụ việc · may report, and change nothing"
        if source.startswith("/offices/")
        else ("tin vẫn được nhận · its events are taken")
    )
    note("unknown_source", f"{source}: không có trong danh bạ đồn, cơ quan; {rest}")
