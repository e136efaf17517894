"""What crossing records count now. Raises `Unavailable` when the database is away."""

from collections.abc import Sequence

from sqlalchemy import Engine, func, select

from sinks.postgres.engine import all_rows
from sinks.postgres.tables import crossing


def crossing_sums(engine: Engine, sources: Sequence[str]) -> dict[tuple[str, str, str], int]:
    """What the records of some devices count, by gate, direction and what is counted."""
    columns = crossing.c
    by = [columns.gate, columns.direction, columns.what]
    query = select(*by, func.sum(columns.n)).where(columns.stated_source.in_(sources)).group_by(*by)
    return {(row[0], row[1], row[2]): int(row[3]) for row in all_rows(engine, query)}
