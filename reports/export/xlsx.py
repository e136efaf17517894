"""An export as a workbook: a sheet of rows, and a sheet "about" with scope and checksum."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from border.vietnam import HANOI
from reports.export.columns import Dataset, Type
from reports.export.text import BETWEEN, Canonical, Values, stamp_text

ROWS = 1_048_575
"""Rows that a sheet holds under its line of names."""
_WIDTHS = {Type.TEXT: 18, Type.TEXTS: 18, Type.WHOLES: 12, Type.MOMENT: 19, Type.STAMP: 32}
_NARROW = 10


class TooManyRows(Exception):
    """A sheet cannot hold so many rows."""

    def __init__(self) -> None:
        super().__init__(
            f"--format xlsx: quá {ROWS} dòng, một trang tính không chứa hết; dùng csv hoặc parquet, hoặc chọn khoảng thời gian ngắn hơn"
            " · more rows than a sheet holds: choose csv, parquet or a shorter span"
        )


def write_xlsx(path: Path, dataset: Dataset, batches: Iterable[Sequence[Values]], scope: Mapping[str, str]) -> Canonical:
    """Write it all. Moments are real dates of Vietnam's time; a stamp is text, since a sheet's dates have no microseconds.

    Text is never read as a formula. Raises `TooManyRows`.
    """
    canonical = Canonical(dataset)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": f"mocgioi export {dataset.name}",
                "created": datetime.fromisoformat(scope["as_of"]).astimezone(UTC).replace(tzinfo=None),
            }
        )
        bold, dated = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet, about = book.add_worksheet(dataset.name), book.add_worksheet("about")
        _head(sheet, dataset, bold)
        writers = [_writer(sheet, column.type, dated) for column in dataset.columns]
        for batch in batches:
            first = canonical.rows + 1
            canonical.lines(batch)
            if canonical.rows > ROWS:
                raise TooManyRows
            for line, row in enumerate(batch, first):
                for cell, (write, value) in enumerate(zip(writers, row, strict=True)):
                    if value is not None:
                        write(line, cell, value)
        _tell(about, {"export": dataset.name, "rows": str(canonical.rows), "sha256": canonical.sha256, **scope}, bold)
    return canonical


def _head(sheet: Worksheet, dataset: Dataset, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for cell, column in enumerate(dataset.columns):
        sheet.set_column(cell, cell, _WIDTHS.get(column.type, _NARROW))
        sheet.write_string(0, cell, column.name, bold)


def _writer(sheet: Worksheet, of: Type, dated: Any) -> Callable[[int, int, Any], object]:
    """The function that writes cells of a type."""
    words: Callable[[int, int, str], object] = sheet.write_string
    numbers: Callable[[int, int, float], object] = sheet.write_number
    flags: Callable[[int, int, bool], object] = sheet.write_boolean
    match of:
        case Type.TEXT:
            return words
        case Type.TEXTS | Type.WHOLES:
            return lambda line, cell, values: words(line, cell, BETWEEN.join(map(str, values)))
        case Type.FLAG:
            return flags
        case Type.MOMENT:
            return lambda line, cell, moment: sheet.write_datetime(line, cell, moment.astimezone(HANOI).replace(tzinfo=None), dated)
        case Type.STAMP:
            return lambda line, cell, moment: words(line, cell, stamp_text(moment))
    return numbers


def _tell(about: Worksheet, facts: Mapping[str, str], bold: Any) -> None:
    about.set_column(0, 0, 12)
    about.set_column(1, 1, 70)
    for line, (name, value) in enumerate(facts.items()):
        about.write_string(line, 0, name, bold)
        about.write_string(line, 1, value)
