"""Questions to a person at a terminal, answered by a number or in words. They go to stderr, so that results stay alone on stdout."""

import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TextIO, TypeVar

from border.names import fold
from mocgioi.views.layout import cells
from mocgioi.views.output import explain, fail, prompt
from schemas.problems import InvalidEvent, Problem

T = TypeVar("T")

_LONG = 10
"""A shorter list needs no second column."""


class Asker:
    """Somebody who can be asked."""

    def __init__(self, answers: TextIO) -> None:
        self._answers = answers

    def ask(self, question: str, read: Callable[[str], T], *, none: str | None = None) -> T | None:
        """Ask until the answer can be read: `read` raises `InvalidEvent`. An empty answer gives None where `none` says what it means."""
        while True:
            text = self._line(question if none is None else f"{question} [Enter: {none}]")
            if not text and none is not None:
                return None
            if not text:
                continue
            try:
                return read(text)
            except InvalidEvent as unread:
                explain(f"  {unread.sentence}")

    def choose(self, question: str, options: Sequence[tuple[T, str]], *, none: str | None = None) -> T | None:
        """Ask for one of several, by its number or its name without regard to diacritics; part of a name is enough where it is of one only."""
        explain(question)
        for line in _columns([f"{number:>2}. {name}" for number, (_, name) in enumerate(options, start=1)]):
            explain(line)

        def chosen(text: str) -> T:
            with suppress(ValueError):
                if 1 <= (number := int(text)) <= len(options):
                    return options[number - 1][0]
            word = fold(text)
            alike = [option for option in options if fold(option[1]) == word] or [
                option for option in options if word and word in fold(option[1])
            ]
            if len(alike) == 1:
                return alike[0][0]
            near = f": {', '.join(name for _, name in alike[:5])}" if alike else ""
            raise InvalidEvent([Problem("value", f"gõ một số từ 1 đến {len(options)}, hoặc tên{near}")])

        return self.ask("Chọn số", chosen, none=none)

    def _line(self, question: str) -> str:
        prompt(question)
        line = self._answers.readline()
        if not line:  # the terminal was closed, or Ctrl-D
            explain("")
            fail("stopped", "dừng giữa chừng, chưa ghi gì · stopped, nothing was written")
        return line.strip()


def asker(*, is_stdin_taken: bool = False) -> Asker | None:
    """Who sits at the terminal; None where nobody does. Where stdin is a file or a pipe of data, the terminal itself is asked."""
    if not sys.stderr.isatty():
        return None
    if not is_stdin_taken:
        return Asker(sys.stdin) if sys.stdin.isatty() else None
    try:
        return Asker(open("/dev/tty", encoding="utf-8", errors="replace"))  # noqa: PTH123  # until the command ends
    except OSError:
        return None


def _columns(texts: Sequence[str]) -> list[str]:
    """Texts in two columns where they fit, read downwards."""
    width = max(map(cells, texts)) + 3
    if len(texts) < _LONG or 2 * width > shutil.get_terminal_size().columns:
        return [f"  {text}" for text in texts]
    half = -(-len(texts) // 2)
    rights = [*texts[half:], ""]
    return [f"  {left}{' ' * (width - cells(left))}{right}".rstrip() for left, right in zip(texts[:half], rights, strict=False)]
