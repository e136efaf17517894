"""Everything the record holds about one event: where it was read, how it was judged, and what it became part of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Text, cast, func, literal_column, or_, select, text

from sinks.postgres.engine import all_rows, away_is_unavailable
from sinks.postgres.tables import conflict, crossing_state, event, incident_state, rejudged_version, rejudging, verdict
from sinks.query.shown import with_body_as_text

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trace:
    """What the record holds about one event."""

    event: Row
    """Its row; `body` is its text."""
    verdicts: list[Row]
    """The verdicts on it alone, the oldest first."""
    incident: Row | None
    """The newest state of the incident it belongs to."""
    versions: list[Row]
    """The states of that incident, the oldest first: number, moment, outcome, events that arrived, and the reason of a rejudging."""
    siblings: list[str]
    """The bodies of all events of that incident's fold."""
    counts: list[Row]
    """The crossing counts it states now or stated before; `superseded_at` says when they were corrected."""
    corrections: list[Row]
    """The events that correct it, a crossing record: source, id, time."""
    conflicts: list[Row]
    """Other bodies that came under its id."""


def sources(engine: Engine, event_id: str) -> list[str]:
    """The devices that sent an event of this id."""
    return [row.source for row in all_rows(engine, select(event.c.source).where(event.c.id == event_id).order_by(event.c.source))]


def set_aside(engine: Engine, event_id: str) -> bool:
    """Whether an event of this id was kept aside as a conflict."""
    return bool(all_rows(engine, select(conflict.c.id).where(conflict.c.id == event_id).limit(1)))


def of_event(engine: Engine, source: str, event_id: str) -> Trace | None:
    """All there is about an event; None where the record has no such event."""
    this = select(*with_body_as_text(event)).where(event.c.source == source, event.c.id == event_id)
    with away_is_unavailable(), engine.connect() as connection:

        def rows(query: Any) -> list[Row]:
            return [dict(row) for row in connection.execute(query).mappings()]

        row = next(iter(rows(this)), None)
        if row is None:
            return None
        subject = row["subject"]
        versions = rows(_versions(subject)) if row["type"].startswith("vn.mocgioi.incident.") or ".duty." in row["type"] else []
        columns = [each for each in incident_state.columns if each is not incident_state.c.findings]
        newest = select(*columns, func.findings_of(text("incident_state")).label("findings")).where(
            incident_state.c.subject == subject, incident_state.c.superseded_at.is_(None)
        )
        clashes = conflict.c.source == source, or_(conflict.c.id == event_id, conflict.c.with_id == event_id)
        siblings = select(cast(event.c.body, Text).label("body")).where(
            event.c.subject == subject, event.c.type.like("vn.mocgioi.incident.%")
        )
        return Trace(
            event=row,
            verdicts=rows(select(verdict).where(verdict.c.source == source, verdict.c.id == event_id).order_by(verdict.c.recorded_at)),
            incident=next(iter(rows(newest)), None) if versions else None,
            versions=versions,
            siblings=list(connection.scalars(siblings)) if versions else [],
            counts=rows(_counts(source, event_id)),
            corrections=rows(_corrections(source, event_id)),
            conflicts=rows(select(conflict.c.digest, conflict.c.conflicts_by, conflict.c.recorded_at).where(*clashes)),
        )


def _versions(subject: str) -> Any:
    joined = incident_state.outerjoin(
        rejudged_version,
        (rejudged_version.c.subject == incident_state.c.subject) & (rejudged_version.c.version == incident_state.c.version),
    ).outerjoin(rejudging, rejudging.c.number == rejudged_version.c.rejudging)
    columns = [incident_state.c[name] for name in ("version", "recorded_at", "outcome", "rule_pack", "judge_version", "events")]
    return (
        select(*columns, rejudging.c.reason)
        .select_from(joined)
        .where(incident_state.c.subject == subject)
        .order_by(incident_state.c.version)
    )


def _counts(source: str, event_id: str) -> Any:
    """What this crossing record, or the record that this event corrects, counts now and counted before."""
    states = crossing_state.c
    mine = or_((states.source == source) & (states.id == event_id), (states.stated_source == source) & (states.stated_id == event_id))
    return select(crossing_state).where(mine).order_by(states.superseded_at.is_not(None), states.recorded_at, states.position)


def _corrections(source: str, event_id: str) -> Any:
    return select(event.c.source, event.c.id, event.c.time).where(
        event.c.type == "vn.mocgioi.crossing.corrected.v1",
        # Written exactly as the index has it: with a parameter in the path the planner would not use the index.
        literal_column("(body #>> '{data,corrects,source}')", Text) == source,
        literal_column("(body #>> '{data,corrects,id}')", Text) == event_id,
    )
