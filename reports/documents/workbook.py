"""A report as an Excel workbook: its sentences, its tables, the lists behind them, the codes in it. No text is ever read as a formula."""

import io
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import xlsxwriter

from agreement.figure_families import SIDES
from reports.documents.annexes import ORIGIN_SHEET
from reports.documents.archive import canonical_archive
from reports.documents.document_model import DRAFT, KIND, Align, Layout, Table
from reports.documents.palette import COLOURS
from reports.documents.sheets import data_sheets
from reports.documents.tables import MONTHS_SHEET
from reports.model import Report
from reports.names import side_name
from schemas.codebook import Side

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_LEAST_WIDTH, _MOST_WIDTH = 6, 44
_PORTRAIT_WIDTH, _LANDSCAPE_WIDTH = 95, 150
"""Characters across a printed page, at about the size of the screen and at the smallest that is read with ease."""
_NAME_WIDTH, _TEXT_WIDTH = 26, 69
_LINE_PT, _TALLEST_PT = 16.5, 400
_LONGEST = 32_767
"""Characters a cell of Excel holds."""
_CHART_ROWS, _CHART_COLUMNS = 18, 8
"""Rows and columns that the chart of months covers at most."""


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
    sheets: dict[str, list[Table]] = {}
    for table in (*(table for table in layout.tables if table.listed_in is None), *data_sheets(report)):
        sheets.setdefault(table.stacked_in or table.sheet, []).append(table)
    for name, tables in sheets.items():
        _sheet(book, looks, name, tables)
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
        self.line = book.add_format(aligned[Align.LEFT])
        self.part = book.add_format(_FONT | {"bold": True})
        self.note = book.add_format(_FONT | {"italic": True})

    def number(self, value: float, align: Align) -> Any:
        """The format of a number: a whole number has no decimal comma."""
        return (self._whole if float(value).is_integer() else self._number)[align]


def _face(book: Any, looks: _Looks, layout: Layout) -> None:
    """Write the first sheet: the sentences, and where the numbers are from."""
    sheet = book.add_worksheet(ORIGIN_SHEET)
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    row = -1

    def put(name: str, text: str = "", look: Any = looks.text) -> None:
        nonlocal row
        row += 1
        if name:
            sheet.write_string(row, 0, name, look)
        if text:
            sheet.write_string(row, 1, text, looks.text)
            sheet.set_row(row, max(_height(name, _NAME_WIDTH), _height(text, _TEXT_WIDTH)))

    if layout.is_draft:
        put(DRAFT, look=looks.title)
    put(layout.head.office, look=looks.part)
    put(f"{KIND}: {layout.subject}", look=looks.title)
    for text in layout.preface:
        put("", text)
    for chapter in layout.chapters:
        row += 1
        put(f"{chapter.number}. {chapter.heading}", look=looks.part)
        for text in (text for block in chapter.blocks for text in block.paragraphs):
            put("", text)
    row += 1
    put("NGUỒN GỐC SỐ LIỆU", look=looks.part)
    for name, text in layout.origin:
        put(name, text)
    _print(sheet, ORIGIN_SHEET, (row, 1), is_wide=False)


def _sheet(book: Any, looks: _Looks, name: str, tables: Sequence[Table]) -> None:
    """Write a sheet: a frozen heading with filters, columns as wide as their content, notes below.

    Tables that share it stand below each other under the heading of the widest, each under its own title.
    """
    sheet = book.add_worksheet(name)
    widest = max(tables, key=lambda table: len(table.columns))
    widths, printed = _widths(tables, widest), len(widest.columns) - widest.screen_only
    sheet.set_row(0, max(_height(column.title, width) for column, width in zip(widest.columns, widths, strict=True)))
    for position, (column, width) in enumerate(zip(widest.columns, widths, strict=True)):
        sheet.write_string(0, position, column.title, looks.head)
        sheet.set_column(position, position, width)
    line = 0
    for table in tables:
        if table.stacked_in:
            line += 1
            sheet.write_string(line, 0, table.title, looks.part)
        for cells in table.rows:
            line += 1
            sheet.set_row(line, max(_height(cell.text, width) for cell, width in zip(cells[:printed], widths, strict=False)))
            for position, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                if cell.value is not None:
                    sheet.write_number(line, position, cell.value, looks.number(cell.value, column.align))
                elif cell.text:
                    sheet.write_string(line, position, cell.text[:_LONGEST], looks.of[column.align] if position < printed else looks.line)
        for note in table.notes:
            line += 1
            sheet.write_string(line, 0, note, looks.note)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, line, len(widest.columns) - 1)
    sheet.repeat_rows(0)
    last = (line, printed - 1)
    if name == MONTHS_SHEET:
        _chart(book, sheet, widest, line + 2)
        last = (line + _CHART_ROWS, max(last[1], _CHART_COLUMNS))
    _print(sheet, tables[0].title if len(tables) == 1 else name, last, is_wide=sum(widths[:printed]) > _PORTRAIT_WIDTH)


def _widths(tables: Sequence[Table], widest: Table) -> list[int]:
    """The widths of columns in characters, from their content; where a printed page is too narrow for all, the widest give way."""
    longest = [max(_LEAST_WIDTH, *(_longest(word) for word in column.title.split())) for column in widest.columns]
    for table in tables:
        for position in range(len(table.columns)):
            longest[position] = max(longest[position], *(_longest(row[position].text) for row in table.rows), 0)
    most = _MOST_WIDTH
    while sum(min(most, width) for width in longest[: len(longest) - widest.screen_only]) > _LANDSCAPE_WIDTH and most > _LEAST_WIDTH:
        most -= 1
    return [min(most, width) + 2 for width in longest]


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))


def _height(text: str, width: int) -> float:
    """The height of a row in points, for the lines of its text: not every program works it out."""
    if len(text) < width and "\n" not in text:
        return _LINE_PT
    return min(_TALLEST_PT, _LINE_PT * sum(1 + len(line) // width for line in text.split("\n")))


def _chart(book: Any, sheet: Any, table: Table, line: int) -> None:
    """Add Excel's own chart of breaches by month below the table, with the sides stacked."""
    last = len(table.rows)
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    by_name = {side_name(side): side for side in SIDES}
    for position, column in enumerate(table.columns):
        if (side := by_name.get(column.title)) is not None:
            chart.add_series(
                {
                    "name": [table.sheet, 0, position],
                    "categories": [table.sheet, 1, 0, last, 0],
                    "values": [table.sheet, 1, position, last, position],
                    "fill": {"color": COLOURS[Side(side)]},
                }
            )
    chart.set_title({"name": table.title, "name_font": {"name": "Times New Roman", "size": 13}})
    most = max(int(row[-1].value or 0) for row in table.rows)
    chart.set_y_axis({"name": "số vụ", "min": 0, "major_unit": max(1, -(-most // 8))})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 640, "height": 20 * (_CHART_ROWS - 1)})
    sheet.insert_chart(line, 0, chart)


def _print(sheet: Any, title: str, last: tuple[int, int], *, is_wide: bool) -> None:
    """Set how the sheet prints: A4, as wide as one page, down to the last row and column of its content."""
    sheet.set_paper(9)  # A4
    if is_wide:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.print_area(0, 0, *last)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f'&C&"{_FONT["font_name"]}"{title.replace("&", "&&")}')
    sheet.set_footer(f'&C&"{_FONT["font_name"]}"&P/&N')
