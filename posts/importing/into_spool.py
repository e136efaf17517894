"""An import on its way into a post's spool, some rows at a time: other commands write between them, and a kill loses only what is under way.

The same file again does the rest: the plan knows by the spool what is there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from posts.importing.plan import ImportPlan, PlannedRow
from posts.importing.row import ReadRow, read
from posts.importing.table import TableRow
from posts.mint import NewEvent
from posts.spool import Spool

_AT_ONCE = 200
"""Rows in one transaction: about a tenth of a second, and other commands wait for the spool for five."""
_PAGE = 2000


def imported(
    rows: Sequence[TableRow],
    spool: Spool,
    mint: Callable[[Iterable[NewEvent]], object],
    *,
    source: str,
    now: datetime,
    at_once: int = _AT_ONCE,
) -> Iterator[list[PlannedRow]]:
    """What became of some more rows, each time that they are in the spool, where `mint` writes all of them or none. Raises as `mint`."""
    plan = ImportPlan(source)
    unread = _unread(spool)

    def events(read_rows: Iterable[ReadRow], planned: list[PlannedRow]) -> Iterator[NewEvent]:
        # Consumed in the transaction that writes: of two imports at once, the second knows what the first has just written.
        plan.learn(unread())
        for row in read_rows:
            planned.append(plan.of(row))
            yield from planned[-1].events

    for start in range(0, len(rows), at_once):
        # What takes long is done while the spool is free.
        read_rows = [read(row, source=source, time=now) for row in rows[start : start + at_once]]
        plan.learn(unread())
        planned: list[PlannedRow] = []
        mint(events(read_rows, planned))
        yield planned


def _unread(spool: Spool) -> Callable[[], Iterator[bytes]]:
    """Gives the events of this machine that it has not given before, oldest first."""
    position = 1

    def events() -> Iterator[bytes]:
        nonlocal position
        while rows := spool.read(position, _PAGE):
            yield from (row.value for row in rows)
            position = rows[-1].offset + 1

    return events
