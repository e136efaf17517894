"""Other people's files: their bytes, their text, and the tables in it. A file that is marked secret is not read."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from schemas.secrecy import marked_secret

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


def checked(text: str) -> str:
    """The same text. Raises `Unreadable` where it, or a line of it, is marked secret: only people read such a document."""
    checked_all([text, *text.splitlines()])
    return text


def checked_all(texts: Iterable[str]) -> None:
    """Raises `Unreadable` where one of the texts is marked secret."""
    if any(map(marked_secret, texts)):
        raise Unreadable("secret", "văn bản có dấu mật: không đọc · the document is marked secret")


def checked_table(grid: Grid) -> Grid:
    """The same table. Raises `Unreadable` where a cell of it is marked secret, or a row read across."""
    for _, cells in grid.rows:
        texts = [cell for cell in cells if isinstance(cell, str)]
        checked_all((*texts, " ".join(texts)))
    return grid


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
