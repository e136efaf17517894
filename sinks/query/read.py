"""What the record answers: incidents now and as known on T, dead letters, conflicts, totals. Raises `Unavailable` when it is away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Engine, FromClause, Function, Row, Select, Table, Text, cast, column, func, select, text, update

from agreement.incident import Incident, fold
from agreement.settlement import Aside, standing
from border.vietnam import HANOI
from schemas.events import AnyEvent, IncidentEvent, Reported, Settled
from schemas.validation import read
from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import (
    conflict,
    crossing,
    crossing_state,
    dead_letter,
    event,
    incident,
    incident_state,
    rejudged_version,
    rejudging,
    verdict,
)
from sinks.record.states import fields_of, key_of

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits for a person."""

    dead_letters: int
    conflicts: int
    judge_failed: int


def incidents(
    engine: Engine,
    *,
    side: str | None = None,
    kind: str | None = None,
    outcome: str | None = None,
    province: str | None = None,
    judge_failed: bool | None = None,
    limit: int | None = None,
    as_of: datetime | None = None,
) -> list[Shown]:
    """Incidents, the latest occurrence first. `as_of`: as the record knew them then, never judged again."""
    known = incident_states(as_of)
    wanted = {"side": side, "kind": kind, "outcome": outcome, "province": province, "judge_failed": judge_failed}
    chosen = [known.c[column] == value for column, value in wanted.items() if value is not None]
    query = select(known).where(*chosen).order_by(known.c.occurred_start.desc().nulls_last(), known.c.subject).limit(limit)
    return [_shown(row) for row in _all(engine, query)]


def incident_shown(engine: Engine, subject: str, *, as_of: datetime | None = None) -> Shown | None:
    """One incident with all there is about it: fields, findings, versions, events with their bodies, conflicts. None: not known (then)."""
    states = select(incident_state, func.findings_of(text("incident_state")).label("all_findings")).where(
        incident_state.c.subject == subject
    )
    events = _event_columns().where(event.c.subject == subject).order_by(event.c.time, event.c.source, event.c.sequence, event.c.id)
    aside = _conflict_columns().where(conflict.c.subject == subject).order_by(conflict.c.recorded_at, conflict.c.digest)
    if as_of is not None:
        states, events, aside = (
            states.where(incident_state.c.recorded_at <= as_of),
            events.where(event.c.recorded_at <= as_of),
            aside.where(conflict.c.recorded_at <= as_of),
        )
    with away_is_unavailable(), engine.connect() as connection:
        rows = connection.execute(states.order_by(incident_state.c.version)).all()
        if not rows:
            return None
        newest = rows[-1]
        reasons = {row.version: {"rejudged": row.reason} for row in connection.execute(_rejudged(subject))}
        shown_events = [_plain(row) for row in connection.execute(events)]
        bodies = {(row["source"], row["id"]): row["body"] for row in shown_events}
        kept_aside = [_plain(row) for row in connection.execute(aside)]
        keys = [key_of(reference) for row in rows for reference in row.events]
        versions = [
            {"version": row.version, "recorded_at": _hanoi(row.recorded_at), "outcome": row.outcome, "events": references}
            | reasons.get(row.version, {})
            for row, references in zip(rows, accumulate(_references(row.events) for row in rows), strict=True)
        ]
        return _shown(newest) | {
            "folded": fields_of(_folded(subject, [read(bodies[key].encode()) for key in keys], kept_aside, complete=newest.complete)),
            "findings": newest.all_findings,
            "versions": versions[::-1],
            "events": shown_events,
            "conflicts": kept_aside,
        }


def _folded(subject: str, events: Sequence[AnyEvent], kept_aside: Sequence[Shown], *, complete: bool) -> Incident:
    """The fold of an incident's events, but for what offices have settled about bodies kept aside."""
    settlements = [event for event in events if isinstance(event, Settled)]
    bodies = [Aside(read(row["body"].encode()), row["digest"], row["with_id"]) for row in kept_aside]
    result = standing([event for event in events if not isinstance(event, Settled)], bodies, settlements)
    stand = [event for event in result.events if isinstance(event, IncidentEvent) and event.subject == subject]
    if complete and not any(isinstance(event, Reported) for event in stand):
        # Its report conflicts with an event of another incident, and was settled there.
        stand += [body.event for body in bodies if isinstance(body.event, Reported) and body.event.subject == subject]
    return fold(stand or [event for event in events if isinstance(event, IncidentEvent)], settled=result.answered)


def incident_states(as_of: datetime | None = None) -> FromClause:
    """The state of every incident, for queries: the newest, or the one the record held then."""
    return incident if as_of is None else _as_of(func.incident_as_of, incident_state, as_of)


def crossing_states(as_of: datetime | None = None) -> FromClause:
    """The counted measures of all crossing records, for queries: what they say now, or what the record held then."""
    return crossing if as_of is None else _as_of(func.crossing_as_of, crossing_state, as_of)


def _as_of(function: Callable[..., Function[Any]], table: Table, moment: datetime) -> FromClause:
    return function(moment).table_valued(*(column(each.name, each.type) for each in table.columns)).alias("known")


def _references(events: Sequence[str]) -> list[dict[str, str]]:
    return [{"source": source, "id": event_id} for source, event_id in map(key_of, events)]


def dead_letters(engine: Engine, *, limit: int | None = None, waiting: bool = False) -> list[Shown]:
    """Dead letters without their payloads, the newest first. `waiting`: only those never published again."""
    columns = [column for column in dead_letter.columns if column is not dead_letter.c.payload]
    query = select(*columns, func.length(dead_letter.c.payload).label("size")).order_by(
        dead_letter.c.recorded_at.desc(), dead_letter.c.offset.desc()
    )
    if waiting:
        query = query.where(dead_letter.c.redriven_at.is_(None))
    return [_plain(row) for row in _all(engine, query.limit(limit))]


def dead_letters_at(engine: Engine, topic: str, partition: int, offset: int) -> list[Shown]:
    """The dead letters of a place, with their payloads, the newest first: several where a log was made anew or an older one put back."""
    at = dead_letter.c.topic == topic, dead_letter.c.partition == partition, dead_letter.c.offset == offset
    return [_plain(row) for row in _all(engine, select(dead_letter).where(*at).order_by(dead_letter.c.recorded_at.desc()))]


def dead_letter_whole(engine: Engine, letter: Shown) -> Shown:
    """A dead letter of `dead_letters`, with its payload."""
    return _plain(_all(engine, select(dead_letter).where(*_is(letter)))[0])


def mark_redriven(engine: Engine, letter: Shown) -> None:
    """Say that a dead letter was published again, now by the record's clock. Once more changes nothing: then it was open no longer."""
    with away_is_unavailable(), engine.begin() as connection:
        waiting = update(dead_letter).where(*_is(letter), dead_letter.c.redriven_at.is_(None))
        connection.execute(waiting.values(redriven_at=stamped(connection)))


def conflicts(engine: Engine, *, limit: int | None = None) -> list[Shown]:
    """Events kept aside because the record holds their id or sequence with another body, the newest first."""
    return [
        _plain(row) for row in _all(engine, _conflict_columns().order_by(conflict.c.recorded_at.desc(), conflict.c.digest).limit(limit))
    ]


def highest_sequence(engine: Engine, source: str) -> int:
    """The highest sequence of a device that the record holds; 0 where it holds none."""
    row = _all(engine, select(func.coalesce(func.max(event.c.sequence), 0)).where(event.c.source == source))[0]
    return int(row[0])


def backlog(engine: Engine) -> Backlog:
    """What waits for a person: dead letters not published again, conflicts, incidents whose judging crashed."""
    query = select(
        select(func.count()).select_from(dead_letter).where(dead_letter.c.redriven_at.is_(None)).scalar_subquery(),
        select(func.count()).select_from(conflict).where(conflict.c.settled_at.is_(None)).scalar_subquery(),
        select(func.count()).select_from(incident).where(incident.c.judge_failed).scalar_subquery(),
    )
    row: Any = _all(engine, query)[0]
    dead, aside, failed = row
    return Backlog(dead_letters=dead, conflicts=aside, judge_failed=failed)


def _all(engine: Engine, query: Select[Any]) -> Sequence[Row[Any]]:
    with away_is_unavailable(), engine.connect() as connection:
        return connection.execute(query).all()


def _event_columns() -> Select[Any]:
    """Events with what classify said of them; the body as its text."""
    said = (
        select(verdict.c.outcome)
        .where(verdict.c.source == event.c.source, verdict.c.id == event.c.id)
        .order_by(verdict.c.recorded_at.desc(), verdict.c.judge_version.desc())
        .limit(1)
        .scalar_subquery()
    )
    plain = [column for column in event.columns if column is not event.c.body]
    return select(*plain, cast(event.c.body, Text).label("body"), said.label("outcome"))


def _rejudged(subject: str) -> Select[Any]:
    """The versions of an incident that a rejudging made, and why."""
    made = rejudged_version.join(rejudging, rejudged_version.c.rejudging == rejudging.c.number)
    return select(rejudged_version.c.version, rejudging.c.reason).select_from(made).where(rejudged_version.c.subject == subject)


def _conflict_columns() -> Select[Any]:
    """Conflicts; the body as its text."""
    plain = [column for column in conflict.columns if column is not conflict.c.body]
    return select(*plain, cast(conflict.c.body, Text).label("body"))


def _is(letter: Shown) -> list[ColumnElement[bool]]:
    key = letter | {"received_at": datetime.fromisoformat(letter["received_at"])}
    return [column == key[column.name] for column in dead_letter.primary_key]


def _shown(row: Row[Any]) -> Shown:
    """An incident as `incidents list --json` prints it, and a little more."""
    return {
        "incident": row.subject,
        "kind": row.kind,
        "outcome": row.outcome,
        "clauses": row.clauses,
        "article39": row.article39[0] if row.article39 else None,
        "side": row.side,
        "markers": row.markers,
        "province": row.province,
        "occurred": _hanoi(row.occurred_start),
        "status": row.status,
        "precision": row.occurred_precision,
        "complete": row.complete,
        "retracted": row.retracted,
        "assessed": row.assessed,
        "machine_outcome": row.machine_outcome,
        "facts_after_assessment": row.facts_after_assessment,
        "judge_failed": row.judge_failed,
        "version": row.version,
        "recorded_at": _hanoi(row.recorded_at),
    }


def _plain(row: Row[Any]) -> Shown:
    """A row with its moments as text; payloads and keys stay bytes."""
    values = row._asdict()
    return {name: _hanoi(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _hanoi(moment: datetime | None) -> str | None:
    """A moment as people here write it."""
    return None if moment is None else moment.astimezone(HANOI).isoformat()
