"""Reads the tables that a person can edit, in `border/data`.

Every row has `source`, `valid_from` and `valid_to`. Validity is half-open, `valid_from <= day < valid_to`; an empty date is open. A source is
a list of references, each with how it was seen: `[S]` a report the project was given, `[V]` a publication, `[L]` a legal text, `[I]` inferred
from those; or `background, not verified`, on which no hard rule may stand.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources

from border.markers import Item, parse

UNVERIFIED = "background, not verified"


@dataclass(frozen=True, slots=True)
class Validity:
    """The days for which a row is known to hold."""

    valid_from: date | None
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Whether the row holds on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table, by column name."""
    return list(csv.DictReader(resources.files("border").joinpath("data", name).read_text(encoding="utf-8").splitlines()))


def validity(row: Mapping[str, str]) -> Validity:
    """The days for which a row holds."""
    return Validity(day(row["valid_from"]), day(row["valid_to"]))


def day(text: str) -> date | None:
    """The date of a cell; None for an empty one."""
    return date.fromisoformat(text) if text else None


def items(text: str) -> tuple[Item, ...]:
    """The markers in a cell. Raises `ValueError` for a cell under review."""
    if not text:
        return ()
    parsed = parse(text)
    if parsed.review is not None:
        raise ValueError(f"{text!r}: {parsed.review}")
    return parsed.items


def references(source: str) -> tuple[str, ...]:
    """The single references of a source."""
    return tuple(source.split("; "))
