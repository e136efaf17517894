"""Write an export of the record: a file for other people's programs, with its codebook beside it, whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from agreement.periods import Period
from border.vietnam import HANOI
from reports.export.atomic_file import replacing
from reports.export.codebook import codebook
from reports.export.columns import Dataset, Form
from reports.export.csv_file import write_csv
from reports.export.parquet import write_parquet
from reports.export.record import Selection
from reports.export.text import Canonical, Values, stamp_text
from reports.export.xlsx import write_xlsx
from reports.spreadsheet import Dialect

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

BATCH = 20_000
"""Rows in memory at a time, and in a row group of Parquet."""


@dataclass(frozen=True, slots=True)
class Export:
    """The content of an export."""

    dataset: Dataset
    rows: Iterable[Values]
    """Read once, while the file is written."""
    scope: Mapping[str, str]
    """How the rows were selected, `as_of` first. It is written into the file."""
    raw: bool = False
    """Whether a text that begins like a formula stays as it is, in CSV for programs."""
    dialect: Dialect = Dialect.CSV
    """How CSV is written."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file."""

    file: Path
    codebook: Path
    rows: int
    sha256: str


def scope_of(selection: Selection, period: Period | None = None, *, by_month: bool = False) -> dict[str, str]:
    """How rows were selected, in words that a command line takes again. The span of time is half-open."""
    scope = {"as_of": stamp_text(selection.as_of), "unit": selection.unit.code}
    if period is not None:
        scope |= {"regime": period.regime.value, "period": period.id}
    if by_month:
        scope["by"] = "month"
    ends = {"start": selection.start, "end": selection.end}
    return scope | {name: moment.astimezone(HANOI).isoformat() for name, moment in ends.items() if moment is not None}


def write_file(export: Export, form: Form, path: Path) -> Written:
    """Write it, and its codebook as `<path>.codebook.md`. Only the finished file replaces an older one.

    Raises `NoFile`, `TooManyRows`, `OSError`, and what reading the rows raises.
    """
    beside = path.with_name(f"{path.name}.codebook.md")
    with replacing(beside) as part_beside, replacing(path) as part:
        canonical = _write(export, form, part)
        part_beside.write_text(codebook(export.dataset, path.name, canonical, export.scope), encoding="utf-8")
    return Written(path, beside, canonical.rows, canonical.sha256)


def write_stream(export: Export, out: "SupportsWrite[bytes]") -> Canonical:
    """Write it as CSV to a stream."""
    return write_csv(out, export.dataset, _batches(export.rows), export.scope, dialect=export.dialect, raw=export.raw)


def _write(export: Export, form: Form, path: Path) -> Canonical:
    match form:
        case Form.CSV:
            with path.open("wb") as out:
                return write_stream(export, out)
        case Form.PARQUET:
            return write_parquet(path, export.dataset, _batches(export.rows), export.scope)
        case Form.XLSX:
            return write_xlsx(path, export.dataset, _batches(export.rows), export.scope)


def _batches(rows: Iterable[Values]) -> Iterator[Sequence[Values]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch
