"""Work the computed tables out again from `event` and `verdict`. The rows come out the same, since all in them follows from the events.

The rows of `crossing_state` are deleted and inserted anew. Those of `incident_state` also say *when* the record held what: which events arrived
with each state, its `recorded_at`, rule pack and judge version. No event holds this history (transactions that met at an incident were stamped
in the order of their locks), so it is kept, and the rest of the row is worked out again from those events. A state under earlier rules keeps
its verdict, because the past is not judged again. Events that no state accounts for get a state, stamped now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from sqlalchemy import Engine

from agreement.judged_state import FoldInput, JudgedState, judged_again
from agreement.order import Key
from schemas.events import AnyEvent, IncidentEvent
from schemas.validation import read
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import hold_history, stamp_under_lock
from sinks.postgres.session import transaction
from sinks.record.crossings import restate
from sinks.record.fold_inputs import read_fold_inputs
from sinks.record.incidents import first_state, following, next_state, with_crash_logged
from sinks.record.states import STATES, STORED, StoredState, stored

_AT_ONCE = 1000
_SUBJECTS = "SELECT DISTINCT subject FROM event WHERE type LIKE 'vn.mocgioi.incident.%' ORDER BY subject"
_RECORDS = "SELECT source, id FROM event WHERE type = 'vn.mocgioi.crossing.recorded.v1' ORDER BY source, id"
_EVENTS = """
SELECT source, id, subject, body::text FROM event
WHERE subject = ANY(%s) AND (type LIKE 'vn.mocgioi.incident.%%' OR type = 'vn.mocgioi.conflict.settled.v1') ORDER BY recorded_at, source, id
"""
_STATES = f"SELECT {STORED}, findings_of(incident_state)::text FROM incident_state WHERE subject = ANY(%s) ORDER BY subject, version"
_REMOVE = "DELETE FROM incident_state WHERE (subject, version) IN (SELECT * FROM unnest(%s::text[], %s::int[]))"

Item = TypeVar("Item")


@dataclass(slots=True)
class Rebuilt:
    """How much a rebuild changed."""

    incidents: int = 0
    states_repaired: int = 0
    """States whose row was not what their events say."""
    states_appended: int = 0
    """Incidents that had events no state accounted for."""
    crossing_records: int = 0


def rebuild(engine: Engine) -> Rebuilt:
    """Work out all states of incidents and crossings again, in one transaction. Raises `Unavailable`."""
    return transaction(engine, _rebuild)


def _rebuild(cursor: Statements) -> Rebuilt:
    done = Rebuilt()
    hold_history(cursor)
    now = stamp_under_lock(cursor)
    cursor.execute(_SUBJECTS)
    subjects = [subject for (subject,) in cursor]
    done.incidents = len(subjects)
    for some in _chunks(subjects):
        _restore(cursor, some, now, done)
    cursor.execute("DELETE FROM crossing_state")
    cursor.execute(_RECORDS)
    for records in _chunks([(source, event_id) for source, event_id in cursor]):
        restate(cursor, records, {})
        done.crossing_records += len(records)
    return done


def _restore(cursor: Statements, subjects: Sequence[str], now: datetime, done: Rebuilt) -> None:
    """Repair the states of these incidents that are not what their events say."""
    events: dict[str, dict[Key, AnyEvent]] = {}
    cursor.execute(_EVENTS, (subjects,))
    for source, event_id, subject, body in cursor:
        events.setdefault(subject, {})[source, event_id] = read(body.encode())
    states: dict[str, list[StoredState]] = {}
    cursor.execute(_STATES, (subjects,))
    for *columns, findings in cursor:
        state = stored(columns, findings)
        states.setdefault(state.subject, []).append(state)
    changed: list[StoredState] = []
    for subject, given in read_fold_inputs(cursor, subjects).items():
        before = states.get(subject, [])
        after = _recomputed(before, events[subject], given)
        if missing := _missing(cursor, subject, before, events[subject], given, now):
            after.append(missing)
            done.states_appended += 1
        if after:
            after = [*(replace(state, superseded_at=later.recorded_at) for state, later in pairwise(after)), after[-1]]
        repaired = [state for state, old in zip(after, before, strict=False) if state != old]
        done.states_repaired += len(repaired)
        changed += repaired + after[len(before) :]
    cursor.execute(_REMOVE, ([state.subject for state in changed], [state.version for state in changed]))
    STATES.fill(cursor, [state.row() for state in changed])


def _recomputed(states: Sequence[StoredState], events: Mapping[Key, AnyEvent], given: FoldInput) -> list[StoredState]:
    """The states of one incident as their events make them: judged again where the verdict is of today's rules, else with the verdict they have.

    Where an office settled a conflict about the incident, only the newest state is worked out again: the record does not say which bodies stood
    at the time of the earlier ones.
    """
    arrived: list[IncidentEvent] = []
    recomputed = []
    for number, state in enumerate(states, start=1):
        arrived += [event for event in map(events.__getitem__, state.arrived) if isinstance(event, IncidentEvent)]
        if given.is_settled and number < len(states):
            recomputed.append(replace(state, superseded_at=None))
            continue
        judged = _judged_again(state, given if given.is_settled else FoldInput(arrived))
        has_findings = state.has_findings or judged.verdict != state.verdict
        recomputed.append(replace(state, state=judged.state, verdict=judged.verdict, has_findings=has_findings, superseded_at=None))
    return recomputed


def _judged_again(state: StoredState, given: FoldInput) -> JudgedState:
    if not given.events:
        return next_state(state.subject, given, lambda: state.judged)
    return with_crash_logged(state.subject, judged_again(given.incident, state.judged))


def _missing(
    cursor: Statements, subject: str, states: Sequence[StoredState], events: Mapping[Key, AnyEvent], given: FoldInput, now: datetime
) -> StoredState | None:
    """The state an incident still needs to account for all its events."""
    accounted = {key for state in states for key in state.arrived}
    arrived = tuple(key for key in events if key not in accounted)
    if not arrived or not given.events:
        return None
    if states:
        newest = states[-1]
        return following(newest.ref, next_state(subject, given, lambda: newest.judged), now, arrived)
    judged = first_state(cursor, subject, given)
    return StoredState(subject, 1, now, judged.state, judged.verdict, arrived)


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
