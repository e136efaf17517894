"""What an export holds: its columns by name, type and meaning. The table is `columns.toml`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec


class Form(StrEnum):
    """What an export can be written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Type(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    TEXTS = "text list"
    WHOLE = "integer"
    WHOLES = "integer list"
    NUMBER = "number"
    FLAG = "boolean"
    MOMENT = "moment"
    """When something happened."""
    STAMP = "stamp"
    """A moment of the record's own clock, always to the microsecond: what `--as-of` is given."""


@dataclass(frozen=True, slots=True)
class DatasetColumn:
    """A column, with its explanation for readers."""

    name: str
    type: Type
    label: str
    """Vietnamese."""
    meaning: str
    """Vietnamese, a sentence."""
    meaning_en: str
    codes: str | None = None
    """The closed set its values are of: a name of `schemas.codebook_entries.codes()`, or `kind`, `province`, `gate`."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A kind of export."""

    name: str
    title: str
    """Vietnamese."""
    order: str
    """How its rows are sorted, Vietnamese."""
    notes: tuple[tuple[str, str], ...]
    """What to know before counting: Vietnamese and English."""
    columns: tuple[DatasetColumn, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The content of `columns.toml`."""

    dataset: tuple[Dataset, ...]
    types: dict[Type, dict[Form, str]]


_COLUMNS = msgspec.toml.decode(Path(__file__).with_name("columns.toml").read_bytes(), type=_Columns)
INCIDENTS, CROSSINGS, FIGURES = _COLUMNS.dataset
TYPES = _COLUMNS.types
"""How a cell of a type looks in each form."""
