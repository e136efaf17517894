"""What needs a person, and what officers did about it. Raises `Unavailable` when the database is away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, select

from sinks.postgres.engine import all_rows
from sinks.postgres.tables import attention as view
from sinks.postgres.tables import duty_state, event, notification
from sinks.query.shown import Shown, shown

FLASH = "flash"
_OFFICERS = tuple(column.name for column in duty_state.columns if column.name != "subject")


@dataclass(frozen=True, slots=True)
class DutyState:
    """What officers did about an incident: the first acknowledgement that holds, the newest assignment, the newest deadline."""

    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    assigned_to: str | None = None
    due: datetime | None = None
    outgrown_by: str | None = None
    """Who took note of it, the last time, when it was less than the flash incident that it is now."""


@dataclass(frozen=True, slots=True)
class Attention:
    """An incident that needs a person."""

    subject: str
    category: str
    """`flash`, `breach` or `needs_facts`."""
    kind: str
    act: str | None
    outcome: str
    side: str
    province: str | None
    gate: str | None
    markers: tuple[str, ...]
    occurred_start: datetime
    reporter: str
    """Source of its first report."""
    received_at: datetime
    """When the door, or the log, took its first report or, while nobody has acknowledged it, the event that gave it its class."""
    known_at: datetime
    """When the unit came to know of it, else when it occurred."""
    via: str | None
    """How the first report came: `phone`, `form`, `import`; None: by a command."""
    reported_at: datetime
    """When the door, or the log, took its first report."""
    duty: DutyState

    @property
    def is_acknowledged(self) -> bool:
        """Whether a person took note of it."""
        return self.duty.acknowledged_at is not None


def attention(engine: Engine, *, province: str | None = None, limit: int | None = None) -> list[Attention]:
    """What needs a person: the unacknowledged first, of those the flash class, then the newest."""
    conditions: list[ColumnElement[bool]] = [] if province is None else [view.c.province == province]
    return [_attention(row) for row in all_rows(engine, _in_order(select(view).where(*conditions)).limit(limit))]


def class_of(engine: Engine, subject: str) -> str | None:
    """Why an incident needs a person; None where it needs nobody."""
    rows = all_rows(engine, select(view.c["class"].label("category")).where(view.c.subject == subject))
    return rows[0].category if rows else None


def duty_state_of(engine: Engine, subject: str) -> DutyState:
    """What officers did about an incident."""
    rows = all_rows(engine, select(duty_state).where(duty_state.c.subject == subject))
    return _duty(rows[0]) if rows else DutyState()


def notifications(engine: Engine, subject: str, *, as_of: datetime | None = None) -> list[Shown]:
    """The notifications of an incident: to whom, when, and what came of each; the oldest first."""
    query = select(notification).where(notification.c.subject == subject).order_by(notification.c.at, notification.c.number)
    return [shown(row) for row in all_rows(engine, query if as_of is None else query.where(notification.c.at <= as_of))]


def is_recorded(engine: Engine, subject: str, event_id: str) -> bool:
    """Whether the record has an event of an incident."""
    return bool(all_rows(engine, select(event.c.id).where(event.c.subject == subject, event.c.id == event_id)))


def _in_order(query: Select[Any]) -> Select[Any]:
    is_flash = view.c["class"] == FLASH
    newest = (view.c.occurred_start.desc(), view.c.received_at.desc(), view.c.subject)
    return query.order_by(view.c.acknowledged_at.is_not(None), is_flash.desc(), *newest)


def _attention(row: Row[Any]) -> Attention:
    values = row._asdict()
    duty = DutyState(**{name: values.pop(name) for name in _OFFICERS})
    return Attention(category=values.pop("class"), markers=tuple(values.pop("markers")), duty=duty, **values)


def _duty(row: Row[Any]) -> DutyState:
    return DutyState(**{name: getattr(row, name) for name in _OFFICERS})
