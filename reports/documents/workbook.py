"""A report as an Excel workbook: a sheet for each table, the lists behind them, the codebook. No text is ever read as a formula."""

import io
from datetime import UTC
from typing import Any

import xlsxwriter

from agreement.figure_families import SIDES
from reports.documents.archive import canonical_archive
from reports.documents.document_model import KIND, Align, Layout, Table
from reports.documents.palette import COLOURS
from reports.documents.sheets import data_sheets
from reports.documents.tables import MONTHS_SHEET
from reports.model import Report
from schemas.codebook import Side

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_LEAST_WIDTH, _MOST_WIDTH = 8, 60
_FACE_WIDTH = 110
_LINE_PT, _TALLEST_PT = 16.5, 400
_LONGEST = 32_767
"""Characters a cell of Excel holds."""
_SIDE_COLUMN = {side: column for column, side in enumerate(SIDES, start=1)}


def workbook(report: Report, layout: Layout) -> bytes:
    """The file. The same report gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": f"{KIND} {layout.subject}",
            "author": layout.head.office,
            "comments": f"sha256 {report.data_sha256}",
            "created": report.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )
    looks = _Looks(book)
    _face(book, looks, layout)
    for table in (*(table for table in layout.tables if table.listed_in is None), *data_sheets(report)):
        _sheet(book, looks, table)
    book.close()
    return canonical_archive(out.getvalue())


class _Looks:
    """Formats of cells."""

    def __init__(self, book: Any) -> None:
        inset = {Align.LEFT: 1, Align.CENTER: 0, Align.RIGHT: 1}
        aligned = {align: _FONT | {"align": align.value, "indent": inset[align]} for align in Align}
        self.of = {align: book.add_format(look | {"text_wrap": True}) for align, look in aligned.items()}
        self.text = self.of[Align.LEFT]
        self._whole = {align: book.add_format(look | {"num_format": "#,##0"}) for align, look in aligned.items()}
        self._number = {align: book.add_format(look | {"num_format": "#,##0.###"}) for align, look in aligned.items()}
        self.head = book.add_format(_FONT | {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#EDEDED", "border": 1})
        self.title = book.add_format(_FONT | {"bold": True, "font_size": 14})
        self.note = book.add_format(_FONT | {"italic": True})

    def number(self, value: float, align: Align) -> Any:
        """The format of a number: a whole number has no decimal comma."""
        return (self._whole if float(value).is_integer() else self._number)[align]


def _face(book: Any, looks: _Looks, layout: Layout) -> None:
    """Write the first sheet: what a reader needs before the numbers, and the sentences."""
    sheet = book.add_worksheet("Thông tin")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, _FACE_WIDTH)
    sheet.write_string(0, 0, f"{KIND}: {layout.subject}", looks.title)
    row = 2
    for name, text in (("Cơ quan", layout.head.office), *layout.face):
        sheet.write_string(row, 0, name, looks.text)
        sheet.write_string(row, 1, text, looks.text)
        sheet.set_row(row, _height(text, _FACE_WIDTH))
        row += 1
    for chapter in layout.chapters:
        row += 1
        sheet.write_string(row, 0, f"{chapter.number}. {chapter.heading}", looks.title)
        for text in (text for block in chapter.blocks for text in block.paragraphs):
            row += 1
            sheet.write_string(row, 1, text, looks.text)
            sheet.set_row(row, _height(text, _FACE_WIDTH))
        row += 1
    _print(sheet, "Thông tin")


def _sheet(book: Any, looks: _Looks, table: Table) -> None:
    """Write the sheet of a table: a frozen heading with filters, columns as wide as their content, notes below."""
    sheet = book.add_worksheet(table.sheet)
    widths = [_width(table, position) for position in range(len(table.columns))]
    sheet.set_row(0, max(_height(column.title, width) for column, width in zip(table.columns, widths, strict=True)))
    for position, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.write_string(0, position, column.title, looks.head)
        sheet.set_column(position, position, width)
    for line, cells in enumerate(table.rows, start=1):
        sheet.set_row(line, max(_height(cell.text, width) for cell, width in zip(cells, widths, strict=True)))
        for position, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            if cell.value is not None:
                sheet.write_number(line, position, cell.value, looks.number(cell.value, column.align))
            elif cell.text:
                sheet.write_string(line, position, cell.text[:_LONGEST], looks.of[column.align])
    for offset, note in enumerate(table.notes, start=2):
        sheet.write_string(len(table.rows) + offset, 0, note, looks.note)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    sheet.repeat_rows(0)
    _print(sheet, table.title)
    if table.sheet == MONTHS_SHEET:
        _chart(book, sheet, table)


def _width(table: Table, column: int) -> int:
    """The width of a column in characters, from its content."""
    longest = max((len(line) for row in table.rows for line in row[column].text.split("\n")), default=0)
    return min(_MOST_WIDTH, max(_LEAST_WIDTH, longest, len(table.columns[column].title) // 2)) + 3


def _height(text: str, width: int) -> float:
    """The height of a row in points, for the lines of its text: not every program works it out."""
    if len(text) < width and "\n" not in text:
        return _LINE_PT
    return min(_TALLEST_PT, _LINE_PT * sum(1 + len(line) // width for line in text.split("\n")))


def _chart(book: Any, sheet: Any, table: Table) -> None:
    """Add Excel's own chart of breaches by month, with the sides stacked."""
    last = len(table.rows)
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for side, column in _SIDE_COLUMN.items():
        chart.add_series(
            {
                "name": [table.sheet, 0, column],
                "categories": [table.sheet, 1, 0, last, 0],
                "values": [table.sheet, 1, column, last, column],
                "fill": {"color": COLOURS[Side(side)]},
            }
        )
    chart.set_title({"name": table.title, "name_font": {"name": "Times New Roman", "size": 13}})
    most = max(int(row[-1].value or 0) for row in table.rows)
    chart.set_y_axis({"name": "số vụ", "min": 0, "major_unit": max(1, -(-most // 8))})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(1, len(table.columns) + 1, chart)


def _print(sheet: Any, title: str) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C{title.replace('&', '&&')}")
    sheet.set_footer("&C&P/&N")
