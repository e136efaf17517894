"""Dead letters."""

from sqlalchemy import Engine, func, select

from sinks.postgres.engine import all_rows
from sinks.postgres.tables import dead_letter
from sinks.query.shown import Shown, shown
from sinks.record.dead_letters import is_letter


def dead_letters(engine: Engine, *, limit: int | None = None, waiting: bool = False) -> list[Shown]:
    """Dead letters without their payloads, the newest first. `waiting`: only those that were never published again."""
    columns = [column for column in dead_letter.columns if column is not dead_letter.c.payload]
    query = select(*columns, func.length(dead_letter.c.payload).label("size")).order_by(
        dead_letter.c.recorded_at.desc(), dead_letter.c.offset.desc()
    )
    if waiting:
        query = query.where(dead_letter.c.redriven_at.is_(None))
    return [shown(row) for row in all_rows(engine, query.limit(limit))]


def dead_letters_at(engine: Engine, topic: str, partition: int, offset: int) -> list[Shown]:
    """The dead letters of one place in a log, with their payloads, the newest first.

    There are several where a topic was made anew or an older one was put back.
    """
    place = dead_letter.c.topic == topic, dead_letter.c.partition == partition, dead_letter.c.offset == offset
    return [shown(row) for row in all_rows(engine, select(dead_letter).where(*place).order_by(dead_letter.c.recorded_at.desc()))]


def dead_letter_whole(engine: Engine, letter: Shown) -> Shown:
    """A dead letter of `dead_letters`, with its payload."""
    return shown(all_rows(engine, select(dead_letter).where(*is_letter(letter)))[0])
