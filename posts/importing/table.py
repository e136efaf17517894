"""Reads the table of a CSV or XLSX file: its header and its rows, each with the number it has in the file."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from posts.importing.columns import Column, WrongColumns, columns_in, columns_of
from posts.importing.text_encoding import decoded
from schemas.secrecy import marked_secret
from texts.files import Cell, Grid, Unreadable, checked, raw_of, separated
from texts.workbook import workbook

MAX_BYTES = 32 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_HEAD = 20
"""Lines among which the header is."""
_A_HEADER = 3
"""Cells that name columns, in a row that is a header: a title or a first row of values has fewer."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row below the header."""

    number: int
    """Its line, the last one where a cell fills several, or its number in the sheet; counted from 1."""
    cells: dict[Column, str]
    is_secret: bool = False
    """Marked with a level of secrecy: it goes nowhere, and no copy of it is made."""
    is_longer: bool = False
    """It has more cells than the header: a delimiter stands inside a value, so nobody can say which value belongs where."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be imported."""

    file: Path
    grid: Grid
    header_number: int
    rows: list[TableRow]
    delimiter: str = ""
    """Of a CSV; empty for a workbook."""
    sheet: int = 0
    """Of a workbook: which of its sheets."""
    inferred_encoding: str = ""
    """Of a CSV: how it is encoded, where neither the file nor the person stated it."""


def table_of(file: Path, *, encoding: str | None = None) -> Table:
    """The table of a file. Raises `Unreadable` or `WrongColumns`."""
    if file.stat().st_size > MAX_BYTES:
        raise Unreadable("too_large", f"{file.name}: quá 32 MB; hãy chia thành nhiều tệp · larger than 32 MB, divide it")
    raw = raw_of(file)
    if raw.startswith(_ZIP):
        grids = workbook(file)
        # The first sheet that has a header of ours: others may explain the codes.
        sheet = next((place for place, grid in enumerate(grids) if _header(grid) is not None), 0)
        checked("\n".join(str(cell) for grid in (*grids[:sheet], *grids[sheet + 1 :]) for _, cells in grid.rows for cell in cells))
        number, rows = _rows(grids[sheet])
        return Table(file, grids[sheet], number, rows, sheet=sheet)
    text = decoded(raw, file.name, encoding)
    delimiter = _delimiter(text.text)
    grid = separated(text.text, delimiter=delimiter)
    number, rows = _rows(grid)
    return Table(file, grid, number, rows, delimiter=delimiter, inferred_encoding=text.inferred)


def _delimiter(text: str) -> str:
    """The mark that parts a line into the most column names: no guess from the values is as sure."""
    head = text.splitlines()[:_HEAD]
    marks = sorted({mark for line in head for mark in re.findall(r"[^\w \"'-]", line)})
    return max(marks, key=lambda mark: max(columns_in(line.replace('"', "").split(mark)) for line in head), default=",")


def _rows(grid: Grid) -> tuple[int, list[TableRow]]:
    place = _header(grid)
    above = " ".join(cell for _, cells in grid.rows[: 1 if place is None else place + 1] for cell in _cells(cells))
    if marked_secret(above):
        raise Unreadable("secret", "tệp có dấu mật: không đọc, không gửi qua hệ thống này · the file is marked secret")
    if place is None:
        raise WrongColumns(
            "không thấy hàng tên cột (số vào sổ, loại việc, xảy ra lúc, mốc, phía…) · no header row; `mocgioi import template`"
        )
    number, header = grid.rows[place]
    columns = columns_of(_cells(header))
    rows = []
    for row_number, values in grid.rows[place + 1 :]:
        cells = _cells(values)
        if any(cells):
            named = {column: cells[at] for column, at in columns.items() if at < len(cells)}
            is_longer = any(cells[len(header) :])
            rows.append(TableRow(row_number, named, is_secret=_is_marked(_cells(header), cells), is_longer=is_longer))
    return number, rows


def _header(grid: Grid) -> int | None:
    """The first row that names columns."""
    return next((place for place, (_, cells) in enumerate(grid.rows) if columns_in(_cells(cells)) >= _A_HEADER), None)


def _is_marked(header: list[str], cells: list[str]) -> bool:
    """Each cell, alone and with its column's name, and all of them in a row: a marking may begin in one cell and end in the next."""
    named = (f"{name}: {cell}" for name, cell in zip(header, cells, strict=False))
    return any(map(marked_secret, (*cells, *named, " ".join(cells))))


def _cells(values: list[Cell] | list[str]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: Cell) -> str:
    """A cell as text in NFC. A workbook knows no whole numbers: 12 is stored as 12.0."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return unicodedata.normalize("NFC", value).replace("\u00a0", " ").strip()
