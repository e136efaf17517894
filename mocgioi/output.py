"""How commands speak: results on stdout, problems on stderr, exit codes of the contract."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from schemas import failures

_WIDE = 180
"""Columns of a table that goes into a file or a pipe."""
DONE, REFUSED, USAGE, UNREACHABLE = 0, failures.REFUSED, failures.USAGE, failures.UNREACHABLE


def problem(code: str, sentence: str) -> None:
    """One line on stderr: `problem: code: sentence`."""
    print(f"problem: {code}: {sentence}", file=sys.stderr)  # noqa: T201


def note(code: str, sentence: str) -> None:
    """One line on stderr about something that is no error: `note: code: sentence`."""
    print(f"note: {code}: {sentence}", file=sys.stderr)  # noqa: T201


def notice(sentence: str) -> None:
    """A sentence on stderr for a person who waits; nothing where nobody looks."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)  # noqa: T201


def waiting(part: str) -> None:
    """Tell a person why nothing goes on."""
    notice(f"{part} không trả lời, đang đợi · does not answer, waiting")


def fail(code: str, sentence: str, exit_code: int = REFUSED) -> NoReturn:
    """Say what is wrong and leave."""
    problem(code, sentence)
    raise SystemExit(exit_code)


def line(value: Any) -> None:
    """One JSON line."""
    print(json.dumps(value, ensure_ascii=False, default=str))  # noqa: T201


def document(value: Any) -> None:
    """One JSON document, indented for people too."""
    print(json.dumps(value, ensure_ascii=False, default=str, indent=2))  # noqa: T201


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """A table for people, as wide as the terminal; nothing but its title where it has no rows."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not cells:
        say(title or "")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold", pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in cells:
        shown.add_row(*(Text(cell) for cell in row))  # never markup: a reason may hold brackets
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(shown)


def say(text: str) -> None:
    """A sentence for people."""
    print(text)  # noqa: T201


def write(content: bytes) -> None:
    """A document, as its bytes."""
    sys.stdout.buffer.write(content)


def need_kafka(bootstrap: str | None) -> None:
    """Leave with a usage problem where no brokers are set."""
    if bootstrap is None:
        fail("settings", "MOCGIOI_KAFKA chưa đặt · is not set", USAGE)
