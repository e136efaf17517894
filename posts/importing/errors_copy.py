"""A copy of an imported file with one column more, which says what is wrong with each row. Of a row that is marked secret it holds nothing else."""

import csv
from collections.abc import Mapping
from pathlib import Path

from border.names import fold
from posts.importing.columns import ERRORS_LABEL
from posts.importing.plan import PlannedRow
from posts.importing.table import Table

_WIDTH = 80
"""Of the errors' column in a workbook, in characters."""


def copy_of(file: Path) -> Path:
    """Where the copy of a file stands unless the person says otherwise: `so-truc.loi.csv` beside `so-truc.csv`."""
    return file.with_name(f"{file.stem}.loi{file.suffix}")


def write_copy(table: Table, refused: Mapping[int, PlannedRow], copy: Path) -> None:
    """Write the copy. `refused`: the rows that were refused, by their number."""
    if table.delimiter:
        _write_csv(table, refused, copy)
    else:
        _write_workbook(table, refused, copy)


def _write_csv(table: Table, refused: Mapping[int, PlannedRow], copy: Path) -> None:
    """As UTF-8 with a byte-order mark, which Excel needs to read Vietnamese."""
    rows = [(number, [str(cell) for cell in cells]) for number, cells in table.grid.rows]
    header = next(cells for number, cells in rows if number == table.header_number)
    place = _errors_place(header, max(len(cells) for _, cells in rows))
    with copy.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter)
        for number, written in rows:
            row = refused.get(number)
            cells = [""] * place if row and row.is_secret else [*written, *[""] * place][: max(place, len(written))]
            error = ERRORS_LABEL if number == table.header_number else "; ".join(row.problems) if row else ""
            writer.writerow([*cells[:place], error, *cells[place + 1 :]])


def _write_workbook(table: Table, refused: Mapping[int, PlannedRow], copy: Path) -> None:
    import openpyxl  # noqa: PLC0415  # a third of a second that other files need not
    from openpyxl.cell import Cell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.load_workbook(table.file)
    sheet = book.worksheets[table.sheet]
    header = [str(cell.value or "") for cell in sheet[table.header_number]]
    column = _errors_place(header, len(header)) + 1
    letter = get_column_letter(column)
    sheet.cell(table.header_number, column, ERRORS_LABEL).font = Font(bold=True)
    for (cell,) in sheet.iter_rows(min_row=table.header_number + 1, min_col=column, max_col=column):
        cell.value = None
    for number, row in refused.items():
        if row.is_secret:
            for cell in sheet[number]:
                if isinstance(cell, Cell):  # what is merged into another has no content of its own
                    cell.value = cell.comment = None
        error = sheet.cell(number, column, "\n".join(row.problems))
        error.font, error.alignment = Font(color="C00000"), Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[letter].width = _WIDTH
    book.save(copy)


def _errors_place(header: list[str], end: int) -> int:
    """That of the errors' column of an earlier copy, else behind all others."""
    return next((place for place, name in enumerate(header) if fold(name) == fold(ERRORS_LABEL)), end)
