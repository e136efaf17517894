"""Events kept aside because the record holds their id or sequence with another body."""

from sqlalchemy import Engine, func, select

from sinks.postgres.engine import all_rows
from sinks.postgres.tables import conflict, event
from sinks.query.shown import Shown, shown, with_body_as_text


def conflicts(engine: Engine, *, limit: int | None = None) -> list[Shown]:
    """Conflicts, settled or not, the newest first."""
    query = select(*with_body_as_text(conflict)).order_by(conflict.c.recorded_at.desc(), conflict.c.digest).limit(limit)
    return [shown(row) for row in all_rows(engine, query)]


def highest_sequence(engine: Engine, source: str) -> int:
    """The highest sequence of a device that the record holds; 0 where it holds none."""
    return int(all_rows(engine, select(func.coalesce(func.max(event.c.sequence), 0)).where(event.c.source == source))[0][0])
