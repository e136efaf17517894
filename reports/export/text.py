"""The canonical text of an export: CSV lines whose SHA-256 every format of it carries, so that their contents can be compared.

UTF-8, commas, quotes only where needed, LF. Nothing known is an empty cell, a list joins with "; ", a moment is ISO 8601 in
Vietnam's time, a number has no exponent and no idle zeros. A text that a spreadsheet would take for a formula has an apostrophe before it,
but in the raw text, which is for programs.
"""

import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from border.vietnam import HANOI
from reports.export.columns import Dataset, Type
from reports.spreadsheet import Dialect, csv_lines, inert

Values = Sequence[Any]
"""The cells of a row, as the record has them."""
BETWEEN = "; "
_REPEATED = 1_024
"""Size of the caches of moments, which rows of one record and of one transaction share."""


class CsvLines:
    """Turns the rows of a data set into lines of CSV."""

    def __init__(self, dataset: Dataset, dialect: Dialect = Dialect.CSV, *, raw: bool = False) -> None:
        texts = _TEXTS | ({} if raw else _INERT) | (_EXCEL_VI if dialect is Dialect.EXCEL_VI else {})
        self._texts = [texts[column.type] for column in dataset.columns]
        self._dialect = dialect
        self.heading = csv_lines([[column.name for column in dataset.columns]], dialect)

    def lines(self, rows: Sequence[Values]) -> bytes:
        """The lines of the next rows, at least one."""
        columns = [
            values if text is None else [None if value is None else text(value) for value in values]
            for text, values in zip(self._texts, zip(*rows, strict=True), strict=True)
        ]
        return csv_lines(zip(*columns, strict=True), self._dialect)


class Canonical(CsvLines):
    """The canonical lines of an export. It counts rows and checksum on the way."""

    def __init__(self, dataset: Dataset, *, raw: bool = False) -> None:
        super().__init__(dataset, raw=raw)
        self.raw = raw
        self._sha256 = hashlib.sha256(self.heading)
        self.rows = 0

    @property
    def sha256(self) -> str:
        """The checksum of the line of names and all rows so far."""
        return self._sha256.hexdigest()

    def lines(self, rows: Sequence[Values]) -> bytes:
        """The lines of the next rows, at least one."""
        self.rows += len(rows)
        lines = super().lines(rows)
        self._sha256.update(lines)
        return lines


@functools.lru_cache(_REPEATED)
def moment_text(moment: datetime) -> str:
    """When something happened, in Vietnam."""
    return moment.astimezone(HANOI).isoformat()


@functools.lru_cache(_REPEATED)
def stamp_text(moment: datetime) -> str:
    """A moment of the record's clock, whole: given back as `--as-of`, it means the same."""
    return moment.astimezone(HANOI).isoformat(timespec="microseconds")


def number_text(number: Decimal | float) -> str:
    """A number as people write it: 120, 1234.56."""
    text = f"{Decimal(repr(number)) if isinstance(number, float) else Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _joined(values: Iterable[object]) -> str:
    return BETWEEN.join(map(str, values))


_TEXTS: dict[Type, Callable[[Any], str] | None] = {
    Type.TEXT: None,
    Type.TEXTS: _joined,
    Type.WHOLE: None,
    Type.WHOLES: _joined,
    Type.NUMBER: number_text,
    Type.FLAG: _flag,
    Type.MOMENT: moment_text,
    Type.STAMP: stamp_text,
}
"""None: the CSV writer writes the value as it should be."""
_INERT: dict[Type, Callable[[Any], str] | None] = {Type.TEXT: inert, Type.TEXTS: lambda values: inert(_joined(values))}
_EXCEL_VI: dict[Type, Callable[[Any], str] | None] = {
    Type.NUMBER: lambda number: Dialect.EXCEL_VI.decimal(number_text(number)),
    Type.MOMENT: lambda moment: f"{moment.astimezone(HANOI):%d/%m/%Y %H:%M:%S}",
}
"""What Excel in Vietnamese reads as a number and as a moment. A stamp stays as `--as-of` takes it."""
