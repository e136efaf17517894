"""Reads the sheets of a workbook, with the values its formulas had when it was saved."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

from texts.files import Cell, Grid, Unreadable, checked_table
from texts.old_fonts import refuse_old_fonts
from texts.package import EXCEL, opened

MAX_CELLS = 2_000_000
"""Of one sheet, with the empty ones among them: some programs fill a sheet to its last row."""
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="(\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})"')


def sheets(path: Path) -> list[Grid]:
    """The sheets of a workbook. Raises `Unreadable`, also where it is marked secret."""
    grids = [checked_table(grid) for grid in workbook(path)]
    for grid in grids:
        refuse_old_fonts(" ".join(cell for cell in cells if isinstance(cell, str)) for _, cells in grid.rows)
    return grids


def workbook(path: Path) -> list[Grid]:
    """The sheets of a workbook, whatever their cells are marked. Raises `Unreadable`, also where anything else in it is marked secret."""
    import openpyxl  # noqa: PLC0415  # a third of a second that other files need not
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    raw = opened(path, EXCEL)
    _refuse_merged(path, raw)
    try:
        shown, written = (openpyxl.load_workbook(io.BytesIO(raw), data_only=values) for values in (True, False))
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError):
        raise Unreadable("format", f"{path.name}: không phải tệp Excel (.xlsx), hoặc đã hỏng · not a workbook, or damaged") from None
    grids = []
    for sheet, source in zip(shown.worksheets, written.worksheets, strict=True):
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            sentence = f"trang {sheet.title!r}: quá nhiều ô; hãy bỏ các hàng, cột trống · too many cells: delete the empty rows and columns"
            raise Unreadable("too_large", sentence)
        rows: list[tuple[int, list[Cell]]] = []
        for values, formulas in zip(sheet.iter_rows(), source.iter_rows(), strict=True):
            for value, formula in zip(values, formulas, strict=True):
                if value.value is None and formula.data_type == "f":
                    sentence = (
                        f"trang {sheet.title!r}, ô {value.coordinate}: công thức chưa được tính; hãy mở và lưu lại sổ · not yet calculated"
                    )
                    raise Unreadable("number", sentence)
            rows.append((values[0].row or 0, [_value(cell.value) for cell in values]))
        covered = {
            (row - 1, column - 1): (area.min_row - 1, area.min_col - 1)
            for area in sheet.merged_cells.ranges
            for row, column in area.cells
            if (row, column) != (area.min_row, area.min_col)
        }
        grids.append(Grid(f"trang {sheet.title!r}", rows, covered))
    return grids


def _refuse_merged(path: Path, raw: bytes) -> None:
    """Raises `Unreadable` where a merged area is very large: openpyxl makes each of its cells."""
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        names = [name for name in parts.namelist() if name.startswith(f"{EXCEL}worksheets/")]
        areas = [area for name in names for area in _MERGED.findall(parts.read(name))]
    for area in areas:
        left, top, right, bottom = range_boundaries(area.decode())
        if (int(right or 0) - int(left or 0) + 1) * (int(bottom or 0) - int(top or 0) + 1) > MAX_CELLS:
            raise Unreadable("too_large", f"{path.name}: ô gộp {area.decode()} quá lớn; hãy bỏ gộp · a merged area that is too large")


def _value(value: object) -> Cell:
    if isinstance(value, bool) or value is None:
        return ""
    return Decimal(repr(value)) if isinstance(value, int | float) else str(value)
