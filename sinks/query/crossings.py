"""What crossing records count now. Raises `Unavailable` when the database is away."""

from collections.abc import Sequence

from sqlalchemy import Engine, func, select

from sinks.postgres.engine import all_rows
from sinks.postgres.tables import crossing


def crossing_sums(engine: Engine, sources: Sequence[str]) -> dict[tuple[str, str, str], int]:
    """What the records of some devices count, by gate, direction and what is counted."""
    columns = crossing.c
    total = func.sum(columns.n).label("total")
    query = select(columns.gate, columns.direction, columns.what, total).where(columns.stated_source.in_(sources))
    rows = all_rows(engine, query.group_by(columns.gate, columns.direction, columns.what))
    return {(row.gate, row.direction, row.what): int(row.total) for row in rows}
