"""Opens other people's files: their text in lines, and their tables. A file that is marked secret is not read."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.secrecy import marked_secret

if TYPE_CHECKING:
    from docx.document import Document

Cell = str | Decimal
"""Text, or a number that a workbook stores as a number."""
_NOT_TEXT = {".pdf", ".doc", ".xls", ".odt", ".ods", ".rtf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}
_COMMENT = re.compile(r"\A#[^\n]*")
"""The lines before the header of our own exports."""
_PIPE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")


class Unreadable(ValueError):
    """A file, or a place in it, that cannot be read. The message says where, in Vietnamese."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, each row with its line number in the file."""

    name: str
    """Vietnamese, empty for the only table of a file."""
    rows: list[tuple[int, list[Cell]]]
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Of cells covered by a merged one, by position in `rows`: the position of the cell whose text they share."""


def text_of(path: Path) -> str:
    """A file's text: UTF-8 or UTF-16, or the paragraphs and table rows of a .docx, a line each. Raises `Unreadable`."""
    if path.suffix.lower() == ".docx":
        return checked("\n".join(_docx_lines(path)))
    raw = raw_of(path)
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(
            "encoding", f"{path.name}: byte thứ {wrong.start + 1} không phải UTF-8; hãy lưu lại thành văn bản UTF-8 hoặc .docx · not UTF-8"
        ) from None
    if "\x00" in text:
        raise Unreadable("encoding", f"{path.name}: không phải văn bản · not a text")
    return checked(text)


def checked(text: str) -> str:
    """The same text. Raises `Unreadable` where it is marked secret: only people read such a document."""
    if marked_secret(text):
        raise Unreadable("secret", "văn bản có dấu mật: không đọc · the document is marked secret")
    return text


def raw_of(path: Path) -> bytes:
    """A file's bytes. Raises `Unreadable`."""
    if path.suffix.lower() in _NOT_TEXT:
        raise Unreadable(
            "format", f"{path.name}: chỉ đọc văn bản UTF-8, .docx, .md, .csv, .tsv, .xlsx, .json; hãy lưu lại · save it as one of these"
        )
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Unreadable("file", f"{path}: không đọc được · cannot be read ({wrong.strerror})") from None


def separated(text: str, *, delimiter: str | None = None) -> Grid:
    """The table of a CSV or TSV; its delimiter is a comma, semicolon or tab, whichever its first line has most of. Raises `Unreadable`."""
    text = _COMMENT.sub("", text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text), delimiter=delimiter or max(",;\t", key=first.count), strict=True)
    rows: list[tuple[int, list[Cell]]] = []
    try:
        rows.extend((reader.line_num, list(cells)) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as wrong:
        raise Unreadable("csv", f"dòng {reader.line_num}: không phải CSV · not CSV ({wrong})") from None
    return Grid("", rows)


def piped(text: str) -> list[Grid]:
    """The tables of a Markdown text."""
    grids: list[Grid] = []
    rows: list[tuple[int, list[Cell]]] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.count("|") >= 2 or (rows and "|" in line):
            if not _PIPE_RULE.fullmatch(line):
                rows.append((number, [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]))
        elif rows:
            grids.append(Grid(f"bảng {len(grids) + 1}", rows))
            rows = []
    return [Grid("", grids[0].rows)] if len(grids) == 1 else grids


def sheets(path: Path) -> list[Grid]:
    """The sheets of a workbook. Raises `Unreadable`, also where it is marked secret."""
    grids = workbook(path)
    checked("\n".join(str(cell) for grid in grids for _, cells in grid.rows for cell in cells))
    return grids


def workbook(path: Path) -> list[Grid]:
    """The sheets of a workbook, whatever they are marked, with the values its formulas had when it was saved. Raises `Unreadable`."""
    import openpyxl  # noqa: PLC0415  # a third of a second that other files need not
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        shown, written = (openpyxl.load_workbook(io.BytesIO(raw_of(path)), data_only=values) for values in (True, False))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        raise Unreadable("format", f"{path.name}: không phải sổ .xlsx · not a workbook") from None
    grids = []
    for sheet, source in zip(shown.worksheets, written.worksheets, strict=True):
        rows = []
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


def docx_tables(path: Path) -> list[Grid]:
    """The tables of a .docx. Raises `Unreadable`."""
    grids = []
    for number, table in enumerate(_docx(path).tables, start=1):
        rows: list[tuple[int, list[Cell]]] = [(at, [cell.text for cell in row.cells]) for at, row in enumerate(table.rows, start=1)]
        grids.append(Grid(f"bảng {number}", rows))
    return grids


def _value(value: object) -> Cell:
    if isinstance(value, bool) or value is None:
        return ""
    return Decimal(repr(value)) if isinstance(value, int | float) else str(value)


def _docx_lines(path: Path) -> list[str]:
    from docx.table import Table  # noqa: PLC0415

    lines: list[str] = []
    for block in _docx(path).iter_inner_content():
        if isinstance(block, Table):
            lines += [" | ".join(dict.fromkeys(cell.text.replace("\n", " ") for cell in row.cells)) for row in block.rows]
        else:
            lines += block.text.split("\n")
    return lines


def _docx(path: Path) -> "Document":
    import docx  # noqa: PLC0415  # two tenths of a second that other files need not
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        return docx.Document(io.BytesIO(raw_of(path)))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        raise Unreadable("format", f"{path.name}: không phải văn bản .docx · not a .docx") from None
