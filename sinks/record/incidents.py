"""Incidents of newly inserted events that are no first report alone: folded and judged as a whole, a state appended for each.

Why nothing is missed, at READ COMMITTED: an event is committed together with a state of its incident, so whoever inserts the first state has all
there is. Another transaction with an event of the same subject waits, on the unique index (the first has not committed) or on the lock of
the first state's row (it is appending), and reads the subject's events by a statement begun after that wait: it sees the other's events and
its own. Should the first roll back, the second's insert succeeds and it is the first.

Why nothing deadlocks: every transaction takes its locks in the same stages (positions, clock, events, first states, locks on first states,
crossings) and in each stage in the order of the key. Where two transactions cross all the same, PostgreSQL ends one of them and it is tried again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from agreement.order import Key
from schemas.codebook import Kind, Outcome
from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import IncidentState, Verdict
from sinks.postgres.bulk_copy import Statements, names, quoted
from sinks.postgres.clock import stamp
from sinks.postgres.tables import incident_state
from sinks.record.standing import FoldInput, fold_inputs, settle
from sinks.record.states import FRESH, STATES, STORED, StateRef, StoredState, judged, read_findings, stored

_INSERT_FRESH = f"""
INSERT INTO incident_state ({quoted(names(incident_state))}) SELECT {quoted(names(incident_state))} FROM fresh ORDER BY subject
ON CONFLICT DO NOTHING RETURNING subject
"""
_LOCK = "SELECT subject FROM incident_state WHERE subject = ANY(%s) AND version = 1 ORDER BY subject FOR UPDATE"
_LAST = "SELECT subject, version, recorded_at FROM incident_state WHERE subject = ANY(%s) AND superseded_at IS NULL"
_NEWEST = f"SELECT {STORED}, findings_of(incident_state)::text FROM incident_state WHERE subject = ANY(%s) AND superseded_at IS NULL"
# A statement a row: of a join with all states the planner would read them all while it knows little of the table.
_SUPERSEDE = "UPDATE incident_state SET superseded_at = %s WHERE subject = %s AND version = %s"
_VERDICT = """
SELECT outcome, rule_pack, judge_version, findings::text FROM event JOIN verdict USING (source, id)
WHERE subject = %s AND type LIKE 'vn.mocgioi.incident.%%' ORDER BY type <> 'vn.mocgioi.incident.reported.v1', time, verdict.recorded_at LIMIT 1
"""
_INSTANT = timedelta(microseconds=1)
_SETTLED = "vn.mocgioi.conflict.settled.v1"


def record_incidents(cursor: Statements, arrived: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> None:
    """Bring the incidents of inserted events up to date that have no state for them yet.

    First states carry the stamp `recorded_at`; later ones are stamped under the lock of their incident.
    """
    by_subject: dict[str, tuple[Key, ...]] = {}
    for event in arrived:
        by_subject[event.row.subject] = (*by_subject.get(event.row.subject, ()), (event.row.source, event.row.id))
    if settled := [event.row.subject for event in arrived if event.row.type == _SETTLED]:
        for subject in settle(cursor, settled, recorded_at):
            by_subject.setdefault(subject, ())
    existing = _lock(cursor, by_subject)
    if new := {subject: keys for subject, keys in by_subject.items() if subject not in existing}:
        existing |= _lock(cursor, _insert_first(cursor, new, recorded_at, counts))
    if existing:
        _append(cursor, {subject: by_subject[subject] for subject in sorted(existing)}, counts)


def _lock(cursor: Statements, subjects: Collection[str]) -> set[str]:
    """Lock those of these incidents that are there until the transaction ends, by the row of their first state."""
    if not subjects:
        return set()
    cursor.execute(_LOCK, (list(subjects),))
    return {subject for (subject,) in cursor}


def _insert_first(cursor: Statements, arrived: Mapping[str, tuple[Key, ...]], recorded_at: datetime, counts: Recorded) -> list[str]:
    """Insert the first states of incidents that look new. Returns the subjects of those that another transaction has made meanwhile."""
    first = []
    for subject, given in fold_inputs(cursor, list(arrived)).items():
        if given.events:
            state, verdict = judged(given.events, partial(first_verdict, cursor, subject), settled=given.answered)
            first.append(StoredState(subject, 1, recorded_at, state, verdict, arrived[subject]))
    if not first:
        return []
    FRESH.fill(cursor, [state.row() for state in first])
    cursor.execute(_INSERT_FRESH)
    inserted = {subject for (subject,) in cursor}
    _count([state for state in first if state.subject in inserted], counts)
    return [state.subject for state in first if state.subject not in inserted]


def first_verdict(cursor: Statements, subject: str) -> Verdict:
    """Classify's verdict on an incident's first report alone, else on its first event."""
    cursor.execute(_VERDICT, (subject,))
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # stored with its event
    outcome, rule_pack, judge_version, findings = row
    return Verdict(Outcome(outcome), rule_pack, judge_version, read_findings(findings))


def _append(cursor: Statements, arrived: Mapping[str, tuple[Key, ...]], counts: Recorded) -> None:
    """Fold and judge locked incidents again, from all their events, and append the states these come to."""
    subjects = list(arrived)
    now = stamp(cursor)
    cursor.execute(_LAST, (subjects,))
    last = {subject: StateRef(subject, version, moment) for subject, version, moment in cursor}
    appended = []
    for subject, given in fold_inputs(cursor, subjects).items():
        state, verdict = refolded(partial(newest_state, cursor, subject), given)
        appended.append(following(last[subject], state, verdict, now, arrived[subject]))
    append(cursor, appended)
    _count(appended, counts)


def refolded(newest: Callable[[], StoredState], given: FoldInput) -> tuple[IncidentState, Verdict]:
    """What an incident comes to now. Without an event that stands it is incomplete, and so counts nowhere.

    `newest` is asked only for what keeps its verdict: where no event stands, and where a rule crashes.
    """
    if not given.events:
        state = newest()
        return msgspec.structs.replace(state.state, complete=False), state.verdict
    return judged(given.events, lambda: newest().verdict, settled=given.answered)


def newest_states(cursor: Statements, subjects: Sequence[str]) -> dict[str, StoredState]:
    """The newest state of each of these incidents, by subject."""
    cursor.execute(_NEWEST, (list(subjects),))
    states = (stored(columns, findings) for *columns, findings in cursor)
    return {state.subject: state for state in states}


def newest_state(cursor: Statements, subject: str) -> StoredState:
    """The newest state of an incident that is there."""
    return newest_states(cursor, [subject])[subject]


def following(last: StateRef, state: IncidentState, verdict: Verdict, now: datetime, arrived: tuple[Key, ...]) -> StoredState:
    """The state behind `last`."""
    recorded_at = max(now, last.recorded_at + _INSTANT)
    return StoredState(last.subject, last.version + 1, recorded_at, state, verdict, arrived)


def append(cursor: Statements, states: Sequence[StoredState]) -> None:
    """Append states to incidents that are there, each superseding the newest."""
    cursor.executemany(_SUPERSEDE, [(state.recorded_at, state.subject, state.version - 1) for state in states])
    STATES.fill(cursor, [state.row() for state in states])


def _count(states: Sequence[StoredState], counts: Recorded) -> None:
    for stored_state in states:
        state = stored_state.state
        counts.judge_failures += state.judge_failed
        if state.kind is not None:
            counts.incidents[Kind(state.kind), state.outcome] += 1
