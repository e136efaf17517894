"""The canonical text of an export: CSV lines whose SHA-256 every format of it carries, so that their contents can be compared.

UTF-8 without a mark, commas, quotes only where needed, LF. Nothing known is an empty cell, a list joins with "; ", a moment is ISO 8601 in
Vietnam's time, a number has no exponent and no idle zeros. A text that a spreadsheet would take for a formula has an apostrophe before it,
but in the raw text, which is for programs.
"""

import csv
import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from border.vietnam import HANOI
from reports.export.columns import Dataset, Type
from reports.spreadsheet import inert

Values = Sequence[Any]
"""The cells of a row, as the record has them."""
BETWEEN = "; "
_REPEATED = 1_024
"""Size of the caches of moments, which rows of one record and of one transaction share."""


class Canonical:
    """Writes the lines of an export, and counts rows and checksum on the way."""

    def __init__(self, dataset: Dataset, *, raw: bool = False) -> None:
        texts = _TEXTS if raw else _TEXTS | _INERT
        self.raw = raw
        self._texts = [texts[column.type] for column in dataset.columns]
        self._sha256 = hashlib.sha256()
        self.rows = 0
        self.heading = self._lines([[column.name for column in dataset.columns]])

    @property
    def sha256(self) -> str:
        """The checksum of the line of names and all rows so far."""
        return self._sha256.hexdigest()

    def lines(self, rows: Sequence[Values]) -> bytes:
        """The lines of the next rows, at least one."""
        self.rows += len(rows)
        columns = [
            values if text is None else [None if value is None else text(value) for value in values]
            for text, values in zip(self._texts, zip(*rows, strict=True), strict=True)
        ]
        return self._lines(zip(*columns, strict=True))

    def _lines(self, cells: Iterable[Iterable[object]]) -> bytes:
        written = _Lines()
        csv.writer(written).writerows(cells)
        lines = "\n".join([*written, ""]).encode()
        self._sha256.update(lines)
        return lines


class _Lines(list[str]):
    """Collects the lines of a CSV writer that ends them with CR LF: then every version of Python quotes a cell that holds CR or LF."""

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n"))


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
