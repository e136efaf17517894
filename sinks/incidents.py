"""Incidents of newly inserted events that are no first report alone: folded and judged as a whole, a state appended for each.

Why nothing is missed, at READ COMMITTED: an event is committed together with a state of its incident, so whoever inserts the first state has all
there is. Another transaction with an event of the same subject waits, on the unique index (the first has not committed) or on the lock of
the first state's row (it is appending), and reads the subject's events by a statement begun after that wait: it sees the other's events and
its own. Should the first roll back, the second's insert succeeds and it is the first.

Why nothing deadlocks: every transaction takes its locks in the same stages (positions, clock, events, first states, locks on first states,
crossings) and in each stage in the order of the key. Where two transactions cross all the same, PostgreSQL ends one of them and it is tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.codebook import Kind
from schemas.events import IncidentEvent
from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import IncidentState, Verdict
from sinks.bulk_copy import Statements, names, quoted
from sinks.clock import stamp
from sinks.states import FRESH, STATES, STORED, Key, StoredState, incident_event, judged, stored, verdict_of
from sinks.tables import incident_state

_KNOWN = "SELECT subject FROM incident_state WHERE subject = ANY(%s) AND version = 1"
_INSERT_FRESH = f"""
INSERT INTO incident_state ({quoted(names(incident_state))}) SELECT {quoted(names(incident_state))} FROM fresh ORDER BY subject
ON CONFLICT DO NOTHING RETURNING subject
"""
_LOCK = f"{_KNOWN} ORDER BY subject FOR UPDATE"
_NEWEST = f"SELECT {STORED}, findings_of(incident_state)::text FROM incident_state WHERE subject = ANY(%s) AND superseded_at IS NULL"
_EVENTS = "SELECT subject, body::text FROM event WHERE subject = ANY(%s) AND type LIKE 'vn.mocgioi.incident.%%'"
_SUPERSEDE = """
UPDATE incident_state SET superseded_at = newer.recorded_at
FROM unnest(%s::text[], %s::timestamptz[]) AS newer (subject, recorded_at)
WHERE incident_state.subject = newer.subject AND superseded_at IS NULL
"""
_INSTANT = timedelta(microseconds=1)


def record_incidents(cursor: Statements, arrived: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> None:
    """Bring the incidents of inserted events up to date that have no state for them yet.

    First states carry the stamp `recorded_at`; later ones are stamped under the lock of their incident.
    """
    by_subject: dict[str, list[ClassifiedEvent]] = {}
    for event in arrived:
        by_subject.setdefault(event.row.subject, []).append(event)
    existing = _insert_first(cursor, by_subject, recorded_at, counts)
    if existing:
        _append(cursor, {subject: _keys(by_subject[subject]) for subject in existing}, counts)


def _insert_first(
    cursor: Statements, arrived: Mapping[str, Sequence[ClassifiedEvent]], recorded_at: datetime, counts: Recorded
) -> list[str]:
    """Insert the first states of incidents that are new. Returns the subjects of those that are not."""
    cursor.execute(_KNOWN, (list(arrived),))
    known = {subject for (subject,) in cursor}
    first = [_first_state(subject, events, recorded_at) for subject, events in arrived.items() if subject not in known]
    if first:
        FRESH.fill(cursor, [state.row() for state in first])
        cursor.execute(_INSERT_FRESH)
        inserted = {subject for (subject,) in cursor}
        _count([state for state in first if state.subject in inserted], counts)
        known.update(state.subject for state in first if state.subject not in inserted)
    return sorted(known)


def _first_state(subject: str, events: Sequence[ClassifiedEvent], recorded_at: datetime) -> StoredState:
    """The state of an incident of which these events are all there is."""
    fallback = next((event for event in events if event.row.incident is not None), events[0]).verdict
    state, verdict = judged([incident_event(event.raw) for event in events], verdict_of(fallback))
    return StoredState(subject=subject, version=1, recorded_at=recorded_at, state=state, verdict=verdict, arrived=_keys(events))


def _append(cursor: Statements, arrived: Mapping[str, tuple[Key, ...]], counts: Recorded) -> None:
    """Fold and judge incidents that are there again, from all their events, and append the states these come to."""
    subjects = sorted(arrived)
    cursor.execute(_LOCK, (subjects,))
    now = stamp(cursor)
    newest = newest_states(cursor, subjects)
    events: dict[str, list[IncidentEvent]] = {}
    cursor.execute(_EVENTS, (subjects,))
    for subject, body in cursor:
        events.setdefault(subject, []).append(incident_event(body.encode()))
    appended = [following(newest[subject], *judged(events[subject], newest[subject].verdict), now, arrived[subject]) for subject in subjects]
    append(cursor, appended)
    _count(appended, counts)


def newest_states(cursor: Statements, subjects: Sequence[str]) -> dict[str, StoredState]:
    """The newest state of each of these incidents, by subject."""
    cursor.execute(_NEWEST, (list(subjects),))
    states = (stored(columns, findings) for *columns, findings in cursor)
    return {state.subject: state for state in states}


def following(last: StoredState, state: IncidentState, verdict: Verdict, now: datetime, arrived: tuple[Key, ...]) -> StoredState:
    """The state behind `last`."""
    recorded_at = max(now, last.recorded_at + _INSTANT)
    return replace(last, version=last.version + 1, recorded_at=recorded_at, superseded_at=None, state=state, verdict=verdict, has_findings=True, arrived=arrived)


def append(cursor: Statements, states: Sequence[StoredState]) -> None:
    """Append states to incidents that are there, each superseding the newest."""
    cursor.execute(_SUPERSEDE, ([state.subject for state in states], [state.recorded_at for state in states]))
    STATES.fill(cursor, [state.row() for state in states])


def _keys(events: Sequence[ClassifiedEvent]) -> tuple[Key, ...]:
    return tuple((event.row.source, event.row.id) for event in events)


def _count(states: Sequence[StoredState], counts: Recorded) -> None:
    for stored_state in states:
        state = stored_state.state
        counts.judge_failures += state.judge_failed
        if state.kind is not None:
            counts.incidents[Kind(state.kind), state.outcome] += 1
