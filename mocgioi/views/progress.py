"""A progress bar on stderr for what takes longer than two seconds, where stderr is a terminal."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

_SHOWN_AFTER_S = 2.0


@contextlib.contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yields a function to call with how much more is done."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=total)
    began, shown = time.monotonic(), False

    def advance(count: int) -> None:
        nonlocal shown
        if not shown and time.monotonic() - began > _SHOWN_AFTER_S:
            bar.start()
            shown = True
        bar.advance(task, count)

    try:
        yield advance
    finally:
        if shown:
            bar.stop()
