"""How much of the record waits for a person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from sinks.postgres.engine import all_rows
from sinks.postgres.tables import conflict, dead_letter, incident


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a person."""

    dead_letters: int
    """Never published again."""
    conflicts: int
    """Not settled."""
    judge_failed: int
    """Incidents whose newest state was made while a rule crashed."""


def backlog(engine: Engine) -> Backlog:
    """What waits now. Raises `Unavailable`."""
    query = select(
        select(func.count()).select_from(dead_letter).where(dead_letter.c.redriven_at.is_(None)).scalar_subquery(),
        select(func.count()).select_from(conflict).where(conflict.c.settled_at.is_(None)).scalar_subquery(),
        select(func.count()).select_from(incident).where(incident.c.judge_failed).scalar_subquery(),
    )
    row: Any = all_rows(engine, query)[0]
    return Backlog(*row)
