"""Incidents, now and as the record knew them at a moment. Raises `Unavailable` when the database is away."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ARRAY, Connection, Engine, Row, Select, Text, any_, func, literal, literal_column, select, text

from agreement.incident import fold
from agreement.judged_state import FoldInput, folded_fields
from schemas.events import IncidentEvent
from schemas.validation import read
from sinks.postgres.engine import all_rows, away_is_unavailable
from sinks.postgres.session import statements
from sinks.postgres.tables import conflict, event, incident_state, rejudged_version, rejudging, verdict
from sinks.query.as_of import duty_states, incident_states
from sinks.query.shown import Shown, in_hanoi, shown, with_body_as_text
from sinks.record.fold_inputs import read_fold_inputs
from sinks.record.states import key_of


def incidents(
    engine: Engine,
    *,
    side: str | None = None,
    kind: str | None = None,
    outcome: str | None = None,
    province: str | None = None,
    post: str | None = None,
    occurred: tuple[datetime | None, datetime | None] = (None, None),
    acknowledged: bool | None = None,
    judge_failed: bool | None = None,
    subjects: Sequence[str] | None = None,
    limit: int | None = None,
    as_of: datetime | None = None,
) -> list[Shown]:
    """Incidents, the latest occurrence first. `as_of`: as the record knew them then, never judged again.

    `post`: the slug of the post that reported first. `occurred`: from the first moment to the second, both included.
    """
    states = incident_states(as_of)
    wanted = {"side": side, "kind": kind, "outcome": outcome, "province": province, "judge_failed": judge_failed}
    opens, closes = occurred
    acts = duty_states(as_of)
    conditions = [
        *(states.c[column] == value for column, value in wanted.items() if value is not None),
        *([(states.c.reporter + "/").startswith(f"/posts/{post}/", autoescape=True)] if post is not None else []),
        *([states.c.occurred_start >= opens] if opens is not None else []),
        *([states.c.occurred_start <= closes] if closes is not None else []),
        *([acts.c.acknowledged_at.is_not(None) == acknowledged] if acknowledged is not None else []),
        *([states.c.subject == any_(literal(list(subjects), ARRAY(Text)))] if subjects is not None else []),
    ]
    with_duty = states.outerjoin(acts, acts.c.subject == states.c.subject)
    ends = select(event.c.id).where(event.c.subject == states.c.subject, event.c.body["data", "occurred", "end"].as_string().is_not(None))
    columns = (states, acts.c.acknowledged_at, acts.c.acknowledged_by, ends.exists().label("ends"))
    query = select(*columns).select_from(with_duty).where(*conditions)
    query = query.order_by(states.c.occurred_start.desc().nulls_last(), states.c.subject).limit(limit)
    with away_is_unavailable(), engine.connect() as connection:
        rows = connection.execute(query).all()
        over = _ends(connection, [row.subject for row in rows if row.ends], as_of)
    return [_incident(row, row) | {"occurred_end": over.get(row.subject)} for row in rows]


def changed(engine: Engine, after: datetime, until: datetime) -> list[str]:
    """The incidents whose state changed, or on which an officer acted, in a span of the record's clock (the beginning is not in it)."""
    states = select(incident_state.c.subject).where(incident_state.c.recorded_at > after, incident_state.c.recorded_at <= until)
    is_act = event.c.type.like(literal_column("'vn.mocgioi.duty.%'"))  # as written, it is the condition of an index
    acts = select(event.c.subject).where(is_act, event.c.recorded_at > after, event.c.recorded_at <= until)
    return [row.subject for row in all_rows(engine, select(states.union(acts).subquery()))]


def _ends(connection: Connection, subjects: Sequence[str], as_of: datetime | None) -> dict[str, str | None]:
    """When these incidents were over. No column holds it, so their events are folded again."""
    with statements(connection) as cursor:
        given = read_fold_inputs(cursor, subjects, as_of=as_of) if subjects else {}
    folded = {subject: inputs.incident.occurred for subject, inputs in given.items() if inputs.events}
    return {subject: in_hanoi(occurred.end) for subject, occurred in folded.items() if occurred is not None}


def incident_shown(engine: Engine, subject: str, *, as_of: datetime | None = None) -> Shown | None:
    """An incident with all there is about it: fields, findings, versions, events with their bodies, conflicts.

    None: the record does not know it, or did not at that moment.
    """
    findings = func.findings_of(text("incident_state")).label("all_findings")
    states = select(incident_state, findings).where(incident_state.c.subject == subject).order_by(incident_state.c.version)
    events = _events(subject).order_by(event.c.time, event.c.source, event.c.sequence, event.c.id)
    aside = select(*with_body_as_text(conflict)).where(conflict.c.subject == subject).order_by(conflict.c.recorded_at, conflict.c.digest)
    if as_of is not None:
        states = states.where(incident_state.c.recorded_at <= as_of)
        events = events.where(event.c.recorded_at <= as_of)
        aside = aside.where(conflict.c.recorded_at <= as_of)
    with away_is_unavailable(), engine.connect() as connection:
        versions = connection.execute(states).all()
        if not versions:
            return None
        reasons = {row.version: row.reason for row in connection.execute(_rejudged(subject))}
        shown_events = [shown(row) for row in connection.execute(events)]
        conflicts = [shown(row) for row in connection.execute(aside)]
        acts = duty_states(as_of)
        duty = connection.execute(select(acts).where(acts.c.subject == subject)).first()
        with statements(connection) as cursor:
            given = read_fold_inputs(cursor, [subject], as_of=as_of)[subject]
    return _incident(versions[-1], duty) | {
        "folded": _folded(given, shown_events),
        "findings": versions[-1].all_findings,
        "versions": _versions(versions, reasons),
        "events": shown_events,
        "conflicts": conflicts,
    }


def _events(subject: str) -> Select[Any]:
    """The events of an incident, with the outcome of the newest verdict on each alone."""
    outcome = (
        select(verdict.c.outcome)
        .where(verdict.c.source == event.c.source, verdict.c.id == event.c.id)
        .order_by(verdict.c.recorded_at.desc(), verdict.c.judge_version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(*with_body_as_text(event), outcome.label("outcome")).where(event.c.subject == subject)


def _rejudged(subject: str) -> Select[Any]:
    """The versions of an incident that a rejudging appended, and its reason."""
    joined = rejudged_version.join(rejudging, rejudged_version.c.rejudging == rejudging.c.number)
    return select(rejudged_version.c.version, rejudging.c.reason).select_from(joined).where(rejudged_version.c.subject == subject)


def _folded(given: FoldInput, shown_events: Sequence[Shown]) -> Shown:
    """The folded fields. Where no event stands, they are those of all its events, as before any settlement."""
    if given.events:
        return folded_fields(given.incident)
    events = [event for row in shown_events if isinstance(event := read(row["body"].encode()), IncidentEvent)]
    return folded_fields(fold(events, settled=given.answered))


def _versions(rows: Sequence[Row[Any]], reasons: dict[int, str]) -> list[Shown]:
    """The versions of an incident, the newest first, each with all events that had arrived by then."""
    arrived = accumulate([{"source": source, "id": event_id} for source, event_id in map(key_of, row.events)] for row in rows)
    versions = [
        {"version": row.version, "recorded_at": in_hanoi(row.recorded_at), "outcome": row.outcome, "events": events}
        | ({"rejudged": reasons[row.version]} if row.version in reasons else {})
        for row, events in zip(rows, arrived, strict=True)
    ]
    return versions[::-1]


def _incident(row: Row[Any], duty: Row[Any] | None) -> Shown:
    """An incident as `incidents list --json` prints it, and a few fields more."""
    return {
        "incident": row.subject,
        "kind": row.kind,
        "outcome": row.outcome,
        "clauses": row.clauses,
        "article39": row.article39[0] if row.article39 else None,
        "side": row.side,
        "markers": row.markers,
        "province": row.province,
        "occurred": in_hanoi(row.occurred_start),
        "status": row.status,
        "acknowledged_at": None if duty is None else in_hanoi(duty.acknowledged_at),
        "acknowledged_by": None if duty is None else duty.acknowledged_by,
        "precision": row.occurred_precision,
        "complete": row.complete,
        "retracted": row.retracted,
        "assessed": row.assessed,
        "machine_outcome": row.machine_outcome,
        "facts_after_assessment": row.facts_after_assessment,
        "judge_failed": row.judge_failed,
        "version": row.version,
        "recorded_at": in_hanoi(row.recorded_at),
    }
