"""Rows of the record as commands and pages show them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, Text, cast

from border.vietnam import HANOI

Shown = dict[str, Any]


def shown(row: Row[Any]) -> Shown:
    """A row by column name, with its moments as text. Payloads and keys stay bytes."""
    return {name: in_hanoi(value) if isinstance(value, datetime) else value for name, value in row._asdict().items()}


def in_hanoi(moment: datetime | None) -> str | None:
    """A moment in ISO 8601 at +07:00."""
    return None if moment is None else moment.astimezone(HANOI).isoformat()


def with_body_as_text(table: Table) -> list[ColumnElement[Any]]:
    """The columns of `event` or `conflict`, the body as the text it was written in."""
    return [*(column for column in table.columns if column.name != "body"), cast(table.c.body, Text).label("body")]
