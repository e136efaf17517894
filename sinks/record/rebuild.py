# statements are put together from our own column names, never from values
"""Work the computed tables out again from `event` and `verdict`: the same rows, since all in them follows from the events.

Crossing states are emptied and filled. Incident states also say *when* the record held what: which events arrived with each state, its
`recorded_at`, its rule pack and judge version. That is history, which no event holds (transactions that met at an incident were stamped in
the order of their locks): it is kept, and the rest of the row is worked out again from those events. A state under rules that are not
today's keeps its verdict, for the past is not judged again. Events that no state accounts for get a state, stamped now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TypeVar

from sqlalchemy import Engine

from agreement.incident import fold
from agreement.order import Key
from agreement.state import is_current, state_of
from schemas.events import AnyEvent, IncidentEvent
from schemas.validation import read
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import hold_history, stamp_under_lock
from sinks.postgres.session import transaction
from sinks.record.crossings import restate
from sinks.record.incidents import first_verdict, following, refolded
from sinks.record.standing import FoldInput, fold_inputs
from sinks.record.states import STATES, STORED, StoredState, judged, stored

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
    for subject, given in fold_inputs(cursor, subjects).items():
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
    """The states of one incident as their events make them: under today's rules, or under their own verdict where that is an earlier one's.

    Of an incident about which an office settled a conflict, only the newest state is worked out again: what was kept aside when is not retold.
    """
    arrived: list[IncidentEvent] = []
    recomputed = []
    for number, state in enumerate(states, start=1):
        arrived += [event for event in map(events.__getitem__, state.arrived) if isinstance(event, IncidentEvent)]
        if given.is_settled and number < len(states):
            recomputed.append(replace(state, superseded_at=None))
            continue
        heard = given if given.is_settled else FoldInput(arrived)
        if not heard.events or is_current(fold(heard.events), state.state):
            again, verdict = refolded(_at_hand(state), heard)
        else:
            incident = fold(heard.events, settled=heard.answered)
            again, verdict = state_of(incident, state.verdict, judge_failed=state.state.judge_failed), state.verdict
        has_findings = state.has_findings or verdict != state.verdict
        recomputed.append(replace(state, state=again, verdict=verdict, has_findings=has_findings, superseded_at=None))
    return recomputed


def _at_hand(state: StoredState) -> Callable[[], StoredState]:
    return lambda: state


def _missing(
    cursor: Statements, subject: str, states: Sequence[StoredState], events: Mapping[Key, AnyEvent], given: FoldInput, now: datetime
) -> StoredState | None:
    """The state an incident still needs to account for all its events."""
    accounted = {key for state in states for key in state.arrived}
    arrived = tuple(key for key in events if key not in accounted)
    if not arrived or not given.events:
        return None
    if states:
        return following(states[-1].ref, *refolded(_at_hand(states[-1]), given), now, arrived)
    state, verdict = judged(given.events, partial(first_verdict, cursor, subject), settled=given.answered)
    return StoredState(subject, 1, now, state, verdict, arrived)


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
