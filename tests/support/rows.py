"""Looking into a database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text


def rows(engine: Engine, query: str, **parameters: Any) -> Sequence[Any]:
    """All rows of a query."""
    with engine.connect() as connection:
        return connection.execute(text(query), parameters).all()


def one(engine: Engine, query: str, **parameters: Any) -> Any:
    """The only value of a query."""
    with engine.connect() as connection:
        return connection.execute(text(query), parameters).scalar_one()


def contents(engine: Engine, *tables: str) -> dict[str, Sequence[Any]]:
    """Every row of these tables as text, sorted."""
    return {table: sorted(str(row[0]) for row in rows(engine, f"SELECT {table}::text FROM {table}")) for table in tables}
