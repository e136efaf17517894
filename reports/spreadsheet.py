"""CSV that a person may open as a spreadsheet: every CSV file of this project is written here."""

import csv
from collections.abc import Iterable
from enum import StrEnum

BOM = "\ufeff".encode()
"""It stands first in a file for a person: without it Excel takes UTF-8 for the code page of its machine."""
_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n")


class Dialect(StrEnum):
    """How a CSV file is written."""

    CSV = "csv"
    """Commas, decimal points, ISO moments: for programs, and for Excel in English."""
    EXCEL_VI = "excel-vi"
    """Semicolons, decimal commas, days first: what Excel in Vietnamese reads as numbers and moments."""

    @property
    def delimiter(self) -> str:
        """What stands between cells."""
        return ";" if self is Dialect.EXCEL_VI else ","

    def decimal(self, number: str) -> str:
        """A number, given with a decimal point."""
        return number.replace(".", ",") if self is Dialect.EXCEL_VI else number


def inert(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would take it for a formula: then it stays text."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_CONTROL) else text


def csv_lines(rows: Iterable[Iterable[object]], dialect: Dialect = Dialect.CSV) -> bytes:
    """The lines of some rows: UTF-8 without a mark, quotes only where needed, LF."""
    written = _Lines()
    csv.writer(written, delimiter=dialect.delimiter).writerows(rows)
    return "\n".join([*written, ""]).encode()


class _Lines(list[str]):
    """Collects the lines of a CSV writer that ends them with CR LF: then every version of Python quotes a cell that holds CR or LF."""

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n"))
