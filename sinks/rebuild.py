# statements are put together from our own column names, never from values
"""Work the computed tables out again from `event` and `verdict`: the same rows, since all in them follows from the events.

Crossing states are emptied and filled. Incident states also say *when* the record held what: which events arrived with each state, its
`recorded_at`, its rule pack and judge version. That is history, which no event holds (transactions that met at an incident were stamped in
the order of their locks): it is kept, and the rest of the row is worked out again from those events. A state under rules that are not
today's keeps its verdict, for the past is not judged again. Events that no state accounts for get a state, stamped now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from sqlalchemy import Engine

from agreement.incident import fold
from agreement.state import is_current, state_of
from schemas.codebook import Outcome
from schemas.events import IncidentEvent, Reported
from schemas.verdicts import Verdict
from sinks.bulk_copy import Statements
from sinks.clock import hold_history, stamp_under_lock
from sinks.crossings import restate
from sinks.incidents import following
from sinks.session import transaction
from sinks.states import STATES, STORED, Key, StoredState, incident_event, judged, read_findings, stored

_AT_ONCE = 1000
_SUBJECTS = "SELECT DISTINCT subject FROM event WHERE type LIKE 'vn.mocgioi.incident.%' ORDER BY subject"
_RECORDS = "SELECT source, id FROM event WHERE type = 'vn.mocgioi.crossing.recorded.v1' ORDER BY source, id"
_EVENTS = """
SELECT source, id, subject, body::text FROM event WHERE subject = ANY(%s) AND type LIKE 'vn.mocgioi.incident.%%'
ORDER BY recorded_at, source, id
"""
_STATES = f"SELECT {STORED}, findings_of(incident_state)::text FROM incident_state WHERE subject = ANY(%s) ORDER BY subject, version"
_VERDICT = """
SELECT outcome, rule_pack, judge_version, findings::text FROM verdict WHERE source = %s AND id = %s ORDER BY recorded_at LIMIT 1
"""
_REMOVE = "DELETE FROM incident_state WHERE (subject, version) IN (SELECT * FROM unnest(%s::text[], %s::int[]))"

Item = TypeVar("Item")


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did."""

    incidents: int = 0
    states_repaired: int = 0
    """States whose row was not what their events say."""
    states_appended: int = 0
    """Incidents that had events no state accounted for."""
    crossing_records: int = 0


def rebuild(engine: Engine) -> Rebuilt:
    """Work out the states of incidents and crossings again, in one transaction. Raises `Unavailable`."""
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
    """Bring the states of these incidents to what their events say."""
    events: dict[str, dict[Key, IncidentEvent]] = {}
    cursor.execute(_EVENTS, (subjects,))
    for source, event_id, subject, body in cursor:
        events.setdefault(subject, {})[source, event_id] = incident_event(body.encode())
    states: dict[str, list[StoredState]] = {}
    cursor.execute(_STATES, (subjects,))
    for *columns, findings in cursor:
        state = stored(columns, findings)
        states.setdefault(state.subject, []).append(state)
    changed: list[StoredState] = []
    for subject in subjects:
        before = states.get(subject, [])
        after = _recomputed(before, events[subject])
        if missing := _missing(cursor, subject, before, events[subject], now):
            after.append(missing)
            done.states_appended += 1
        after = [*(replace(state, superseded_at=later.recorded_at) for state, later in pairwise(after)), after[-1]]
        repaired = [state for state, old in zip(after, before, strict=False) if state != old]
        done.states_repaired += len(repaired)
        changed += repaired + after[len(before) :]
    cursor.execute(_REMOVE, ([state.subject for state in changed], [state.version for state in changed]))
    STATES.fill(cursor, [state.row() for state in changed])


def _recomputed(states: Sequence[StoredState], events: Mapping[Key, IncidentEvent]) -> list[StoredState]:
    """The states of one incident as their events make them: under today's rules, or under their own verdict where that is an earlier one's."""
    arrived: list[IncidentEvent] = []
    recomputed = []
    for state in states:
        arrived += [events[key] for key in state.arrived]
        incident = fold(arrived)
        if is_current(incident, state.state):
            again, verdict = judged(arrived, state.verdict)
        else:
            again, verdict = state_of(incident, state.verdict, judge_failed=state.state.judge_failed), state.verdict
        has_findings = state.has_findings or verdict != state.verdict
        recomputed.append(replace(state, state=again, verdict=verdict, has_findings=has_findings, superseded_at=None))
    return recomputed


def _missing(
    cursor: Statements, subject: str, states: Sequence[StoredState], events: Mapping[Key, IncidentEvent], now: datetime
) -> StoredState | None:
    """The state an incident still needs to account for all its events."""
    accounted = {key for state in states for key in state.arrived}
    arrived = tuple(key for key in events if key not in accounted)
    if not arrived:
        return None
    if states:
        return following(states[-1], *judged(list(events.values()), states[-1].verdict), now, arrived)
    first = next((key for key, event in events.items() if isinstance(event, Reported)), arrived[0])
    state, verdict = judged(list(events.values()), _verdict(cursor, first))
    return StoredState(subject=subject, version=1, recorded_at=now, state=state, verdict=verdict, arrived=arrived)


def _verdict(cursor: Statements, key: Key) -> Verdict:
    cursor.execute(_VERDICT, key)
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # stored with its event
    outcome, rule_pack, judge_version, findings = row
    return Verdict(Outcome(outcome), rule_pack, judge_version, read_findings(findings))


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
