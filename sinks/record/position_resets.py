"""Positions that a person set: who, when and why, and where the stages stood before. The row is written before anything moves."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select

from border.vietnam import HANOI
from schemas.records import Partition, Position
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.engine import all_rows
from sinks.postgres.session import transaction
from sinks.postgres.tables import position_reset
from sinks.record import positions as stored

Row = dict[str, Any]

_NOTE = "INSERT INTO position_reset (reset_at, reset_by, reason, log, before, after) VALUES (record_now(), %s, %s, %s, %s, %s)"


def positions(engine: Engine) -> dict[str, dict[Partition, Position]]:
    """All positions of the record, by log. Raises `Unavailable`."""
    return transaction(engine, stored.every)


def reset(
    engine: Engine, log: str, recorded: Mapping[Partition, Position], *, by: str, reason: str, before: Sequence[Row], after: Sequence[Row]
) -> None:
    """Move the record's positions of a log, and note them with those of the other stages, which move after this. Raises `Unavailable`."""

    def work(cursor: Statements) -> None:
        cursor.execute(_NOTE, (by, reason, log, json.dumps(before), json.dumps(after)))
        if recorded:
            stored.put(cursor, log, recorded)

    transaction(engine, work)


def resets(engine: Engine) -> list[Row]:
    """The resets, the newest first. Raises `Unavailable`."""
    rows = all_rows(engine, select(position_reset).order_by(position_reset.c.number.desc()))
    return [row._asdict() | {"reset_at": row.reset_at.astimezone(HANOI).isoformat()} for row in rows]
