"""Incidents as the officers' pages list them: read through the views of the schema `duty`, which show what a province may see.

Each function takes a connection of `sinks.postgres.scope.scoped` and raises `Unavailable` when the database is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, text

from border.places import Province
from border.vietnam import HANOI
from schemas.codebook import Kind, Outcome, Side
from sinks.postgres.engine import away_is_unavailable


class Acknowledged(StrEnum):
    """Whether a person has taken an incident on."""

    YES = "yes"
    NO = "no"


class DutyClass(StrEnum):
    """Why an incident needs a person: the column `class` of the view `attention`."""

    FLASH = "flash"
    BREACH = "breach"
    NEEDS_FACTS = "needs_facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which incidents are asked for; None asks for all."""

    province: Province | None = None
    side: Side | None = None
    kind: Kind | None = None
    attention: DutyClass | None = None
    outcome: Outcome | None = None
    acknowledged: Acknowledged | None = None
    since: date | None = None
    """The first day of the occurrence, in Vietnam's time."""
    until: date | None = None
    """The last day."""
    first: int | None = None
    """The main marker at which the stretch begins."""
    last: int | None = None


class Needs(NamedTuple):
    """Why an incident needs a person, and who has it."""

    attention: DutyClass
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    assigned_to: str | None
    due: datetime | None
    outgrown_by: str | None
    """Who had acknowledged it when it was less than the flash incident that it is now."""


class ListedIncident(NamedTuple):
    """An incident as a row of the list."""

    subject: str
    kind: str | None
    outcome: str
    clauses: Sequence[str]
    article39: Sequence[int]
    side: str | None
    province: str | None
    markers: Sequence[str]
    gate: str | None
    area: str | None
    occurred_start: datetime | None
    occurred_precision: str | None
    status: str | None
    complete: bool
    retracted: bool
    needs: Needs | None
    """None: it needs nobody."""


class Counted(NamedTuple):
    """How many incidents of one side and class lie at the markers from `main` on."""

    main: int | None
    """None: at no marker."""
    side: str | None
    attention: DutyClass | None
    incidents: int
    subject: str
    """One of them."""


_MAIN = "nullif(split_part(translate(left(markers[1], 4), '/(-+', '    '), ' ', 1), '')::integer"
"""The main number of the first marker that an incident names: `1088` of `1088/2-1089`. A regular expression takes four times as long."""
_CONDITIONS = {
    "province": "province = :province",
    "side": "side = :side",
    "kind": "kind = :kind",
    "attention": "class = :attention",
    "outcome": "outcome = :outcome",
    "since": "occurred_start >= :since",
    "until": "occurred_start < :until",
    "first": f"{_MAIN} >= :first",
    "last": f"{_MAIN} <= :last",
}
# The planner cannot know how much an officer sees, expects next to nothing, and would compare every incident with every other.
_NO_NESTED_LOOPS = text("SET LOCAL enable_nestloop = off")


def urgent(connection: Connection, known: timedelta) -> list[str]:
    """The incidents of the flash class that nobody has acknowledged, however long ago; not what its post had known for longer than `known`."""
    query = """
        SELECT subject FROM duty.attention
        WHERE class = 'flash' AND acknowledged_at IS NULL AND is_news(via, reported_at, known_at, :known)
    """
    return list(connection.scalars(text(query), {"known": known}))


def listed(connection: Connection, filters: Filters, *, first: Sequence[str], limit: int, offset: int) -> list[ListedIncident]:
    """A page of incidents: those of `first` before all others, then the latest occurrence first."""
    source, where, parameters = _wanted(filters, classes=False)
    columns = ", ".join(f"incident.{name}" for name in ListedIncident._fields if name != "needs")
    query = f"""
        SELECT {columns} FROM {source} WHERE {where}
        ORDER BY incident.subject = ANY(:first_subjects) DESC, occurred_start DESC NULLS LAST, incident.subject LIMIT :limit OFFSET :offset
    """
    connection.execute(_NO_NESTED_LOOPS)
    rows = connection.execute(text(query), parameters | {"first_subjects": list(first), "limit": limit, "offset": offset}).all()
    needing = needs(connection, [row.subject for row in rows])
    return [ListedIncident(**row._asdict(), needs=needing.get(row.subject)) for row in rows]


def needs(connection: Connection, subjects: Sequence[str]) -> dict[str, Needs]:
    """Why these incidents need a person, by subject; those that do not are absent."""
    query = text(
        "SELECT subject, class, acknowledged_at, acknowledged_by, assigned_to, due, outgrown_by FROM duty.attention WHERE subject = ANY(:subjects)"
    )
    rows = connection.execute(query, {"subjects": list(subjects)})
    return {subject: Needs(DutyClass(attention), *acts) for subject, attention, *acts in rows}


def counted(connection: Connection, filters: Filters, *, origin: int, wide: int) -> list[Counted]:
    """All incidents that pass the filters, counted by side, class and part of the line: `wide` markers each, beginning at `origin`."""
    source, where, parameters = _wanted(filters, classes=True)
    query = f"""
        SELECT main - (main - :origin) % :wide, side, class, count(*), min(subject)
        FROM (SELECT {_MAIN} AS main, incident.side, class, incident.subject FROM {source} WHERE {where} OFFSET 0) AS placed GROUP BY 1, 2, 3
    """
    connection.execute(_NO_NESTED_LOOPS)
    rows = connection.execute(text(query), parameters | {"origin": origin, "wide": wide})
    return [Counted(main, side, DutyClass(name) if name else None, count, subject) for main, side, name, count, subject in rows]


def notifications(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """The notifications of an incident, the oldest first: alert, receiver, status, detail, at."""
    query = "SELECT alert, receiver, status, detail, at FROM duty.notification WHERE subject = :subject ORDER BY number"
    return connection.execute(text(query), {"subject": subject}).all()


def is_visible(connection: Connection, subject: str) -> bool:
    """Whether the record shows this incident to whom the connection is scoped to."""
    query = text("SELECT EXISTS (SELECT FROM duty.incident WHERE subject = :subject)")
    return bool(connection.execute(query, {"subject": subject}).scalar_one())


def state_mark(engine: Engine) -> object:
    """A value that differs once something was recorded, judged again or notified: it comes with the transaction that did it."""
    query = """
        SELECT (SELECT sum(next_offset) FROM consumed_offset), (SELECT max(number) FROM rejudging), (SELECT max(number) FROM notification)
    """
    with away_is_unavailable(), engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


def _wanted(filters: Filters, *, classes: bool) -> tuple[str, str, dict[str, Any]]:
    """The source of the incidents that pass the filters, the condition, and its parameters. `classes`: with their class, null where none."""
    values = {field.name: value for field in fields(filters) if (value := getattr(filters, field.name)) is not None}
    conditions = [condition for name, condition in _CONDITIONS.items() if name in values]
    if "since" in values:
        values["since"] = datetime.combine(values["since"], time(), HANOI)
    if "until" in values:
        values["until"] = datetime.combine(values["until"], time(), HANOI) + timedelta(days=1)
    acknowledged = values.pop("acknowledged", None)
    if acknowledged is not None:
        conditions.append(f"acknowledged_at IS {'NOT ' if acknowledged is Acknowledged.YES else ''}NULL AND class IS NOT NULL")
    # What is not asked for is not worked out: the acknowledgements of all incidents take as long as all the rest.
    columns = "subject, class" if acknowledged is None else "subject, class, acknowledged_at"
    joined = f"duty.incident LEFT JOIN (SELECT {columns} FROM duty.attention) AS attention USING (subject)"
    source = joined if classes or acknowledged is not None or filters.attention is not None else "duty.incident"
    return source, " AND ".join(conditions) or "true", values
