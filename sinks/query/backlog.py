"""How much of the record waits for a person."""

from dataclasses import dataclass

from sqlalchemy import Engine

from schemas.topics import DOOR
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import transaction

# What the door refused waits for nobody: its sender was answered so at once.
_BACKLOG = """
SELECT (SELECT count(*) FROM dead_letter WHERE redriven_at IS NULL AND topic <> %s),
    (SELECT count(*) FROM conflict WHERE settled_at IS NULL),
    (SELECT count(*) FROM incident WHERE judge_failed)
"""


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
    return transaction(engine, backlog_of, snapshot=True)


def backlog_of(cursor: Statements) -> Backlog:
    """The same, within a transaction."""
    (row,) = cursor.execute(_BACKLOG, (DOOR,)).fetchall()
    return Backlog(*row)
