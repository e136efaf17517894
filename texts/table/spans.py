"""Builds a table row by row from cells that fill several columns or go on over several rows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from texts.files import Cell


class Spans:
    """The rows so far, and which cells another one covers."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[Cell]]] = []
        self.covered: dict[tuple[int, int], tuple[int, int]] = {}
        """By position in `rows`: the position of the cell that covers this one."""

    def begin(self, empty: int) -> None:
        """Begin a row, with so many columns empty."""
        self.rows.append((len(self.rows) + 1, [""] * empty))

    def add(self, text: str, *, width: int, goes_on_down: bool, goes_on_across: bool) -> None:
        """Add a cell; a cell that goes on another shows no text of its own."""
        row, cells = len(self.rows) - 1, self.rows[-1][1]
        column = len(cells)
        above = (row - 1, column) if goes_on_down and row else None
        before = (row, column - 1) if goes_on_across and column else None
        of = before or above
        cells += ["" if of else text, *[""] * (width - 1)]
        for at in range(column, len(cells)):
            origin = self.covered.get(of, of) if of else (row, column)
            if origin != (row, at):
                self.covered[row, at] = origin

    def lines(self) -> Iterator[list[str]]:
        """The cells of each row that show text, in one line each."""
        for at, (_, cells) in enumerate(self.rows):
            yield [str(cell).replace("\n", " ") for column, cell in enumerate(cells) if (at, column) not in self.covered]
