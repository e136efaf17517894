"""How commands print: results on stdout, problems on stderr, exit codes of the contract.

Whatever a person reads passes `mocgioi.views.screen` here, so that no text of an event or a file steers a terminal. Into a file or a pipe go
documents and rows as they are.
"""

import codecs
import io
import json
import shutil
import sys
import traceback
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from mocgioi.views import layout, paper, screen
from schemas import failures

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_WIDE = 180
"""Columns of a table that goes into a file or a pipe."""
DONE, REFUSED, USAGE, UNREACHABLE = 0, failures.REFUSED, failures.USAGE, failures.UNREACHABLE


def write_utf8() -> None:
    """Write UTF-8 on stdout and stderr, whatever code page Windows or `LANG` would have: no other holds Vietnamese and Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a test may have put something else there
            stream.reconfigure(encoding="utf-8")


def problem(code: str, sentence: str) -> None:
    """One line on stderr: `problem: code: sentence`."""
    _complain(f"problem: {code}: {sentence}")


def note(code: str, sentence: str) -> None:
    """One line on stderr about something that is no error: `note: code: sentence`."""
    _complain(f"note: {code}: {sentence}")


def notice(sentence: str) -> None:
    """A sentence on stderr for a person who waits; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        _complain(sentence)


def waiting(part: str) -> None:
    """Tell a person why nothing goes on."""
    notice(f"{part} không trả lời, đang đợi · does not answer, waiting")


def fail(code: str, sentence: str, exit_code: int = REFUSED) -> NoReturn:
    """Say what is wrong and leave."""
    problem(code, sentence)
    raise SystemExit(exit_code)


def explain(text: str) -> None:
    """Several lines on stderr."""
    print(screen.lines(text), file=sys.stderr)  # noqa: T201


def trace(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    """Where a fault of ours happened, on stderr: what `sys.excepthook` does."""
    explain("".join(traceback.format_exception(kind, error, frames)).removesuffix("\n"))


def line(value: Any) -> None:
    """One JSON line."""
    encoded(json.dumps(value, ensure_ascii=False, default=str))


def document(value: Any) -> None:
    """One JSON document, indented for people too."""
    encoded(json.dumps(value, ensure_ascii=False, default=str, indent=2))


def encoded(text: str) -> None:
    """JSON that is encoded already."""
    print(screen.lines(text))  # noqa: T201


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, below_first: Sequence[int] = ()) -> None:
    """A table for people, as wide as the terminal; nothing but its title where it has no rows. `below_first` as in `layout.laid_out`."""
    texts = [["" if cell is None else screen.lines(str(cell)) for cell in row] for row in rows]
    if title is not None or not texts:
        say(title or "")
    if not texts:
        return
    say("")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    for text in layout.laid_out([screen.lines(column) for column in columns], texts, width, below_first=below_first):
        print(text)  # noqa: T201
    say("")


def say(sentence: str) -> None:
    """A sentence for people: one line."""
    print(screen.one_line(sentence))  # noqa: T201


def prompt(question: str) -> None:
    """A question on stderr, with the place for the answer behind it."""
    print(f"{screen.one_line(question)}: ", end="", file=sys.stderr, flush=True)  # noqa: T201


class _Terminal:
    """A terminal that is given UTF-8; a character may come in two pieces."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def write(self, content: bytes, /) -> object:
        return sys.stdout.write(screen.lines(self._decode(content)))


def results() -> "SupportsWrite[bytes]":
    """Stdout, for bytes: as they are into a file or a pipe."""
    return _Terminal() if sys.stdout.isatty() else sys.stdout.buffer


def write(content: bytes) -> None:
    """A document, as its bytes."""
    results().write(content)


def markdown(content: bytes) -> None:
    """A Markdown document: as its bytes, or in the width of a terminal."""
    if not sys.stdout.isatty():
        write(content)
        return
    for text in paper.fitted(content.decode(), shutil.get_terminal_size().columns):
        print(screen.lines(text))  # noqa: T201


def need_kafka(bootstrap: str | None) -> None:
    """Leave with a usage problem where no brokers are set."""
    if bootstrap is None:
        fail("settings", "MOCGIOI_KAFKA chưa đặt · is not set", USAGE)


def _complain(sentence: str) -> None:
    print(screen.one_line(sentence), file=sys.stderr)  # noqa: T201
