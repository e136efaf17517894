"""Incidents of newly inserted events that are no first report alone: each is folded and judged as a whole, and a state is appended to it.

No event is missed at READ COMMITTED: an event is committed together with a state of its incident, so whoever inserts the first state has all
events there are. Another transaction with an event of the same subject waits, on the unique index while the first state is not committed, or
on the lock of the first state's row while a later one is being appended. It reads the events of the subject by a statement that begins after
this wait, so it sees those of the other transaction and its own. If the other rolls back, its own insert succeeds and makes the first state.

Deadlocks are rare, since every transaction takes its locks in the same stages (positions, clock, events, first states, locks on first states,
crossings), and within each stage in the order of the key. Where two transactions cross all the same, PostgreSQL ends one of them and
`transaction` tries it again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from agreement import judged_state
from agreement.judged_state import FoldInput, JudgedState
from agreement.order import Key
from schemas.codebook import Outcome
from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import Verdict
from sinks.postgres.bulk_copy import Statements, names, quoted
from sinks.postgres.clock import stamp
from sinks.postgres.staging import FIRST_STATES
from sinks.postgres.tables import incident_state
from sinks.record.fold_inputs import mark_settled, read_fold_inputs
from sinks.record.states import STATES, STORED, StateRef, StoredState, read_findings, stored

log = structlog.get_logger(__name__)

_INSERT_FIRST = f"""
INSERT INTO incident_state ({quoted(names(incident_state))}) SELECT {quoted(names(incident_state))} FROM first_state ORDER BY subject
ON CONFLICT DO NOTHING RETURNING subject
"""
_LOCK = "SELECT subject FROM incident_state WHERE subject = ANY(%s) AND version = 1 ORDER BY subject FOR UPDATE"
_LAST = "SELECT subject, version, recorded_at FROM incident_state WHERE subject = ANY(%s) AND superseded_at IS NULL"
_NEWEST = f"SELECT {STORED}, findings_of(incident_state)::text FROM incident_state WHERE subject = ANY(%s) AND superseded_at IS NULL"
# One statement for each row: for one join with many rows the planner, knowing little of a new table, would scan all states.
_SUPERSEDE = "UPDATE incident_state SET superseded_at = %s WHERE subject = %s AND version = %s"
_VERDICT = """
SELECT outcome, rule_pack, judge_version, findings::text FROM event JOIN verdict USING (source, id)
WHERE subject = %s AND type LIKE 'vn.mocgioi.incident.%%' ORDER BY type <> 'vn.mocgioi.incident.reported.v1', time, verdict.recorded_at LIMIT 1
"""
_SETTLED = "vn.mocgioi.conflict.settled.v1"


def record_incidents(cursor: Statements, arrived: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> None:
    """Append a state to each incident of newly inserted events that have brought it none yet.

    First states carry the stamp `recorded_at`. Later ones are stamped under the lock of their incident.
    """
    by_subject: dict[str, tuple[Key, ...]] = {}
    for event in arrived:
        by_subject[event.row.subject] = (*by_subject.get(event.row.subject, ()), (event.row.source, event.row.id))
    if settled := [event.row.subject for event in arrived if event.row.type == _SETTLED]:
        for subject in mark_settled(cursor, settled, recorded_at):
            by_subject.setdefault(subject, ())
    existing = _lock(cursor, by_subject)
    if new := {subject: keys for subject, keys in by_subject.items() if subject not in existing}:
        existing |= _lock(cursor, _insert_first(cursor, new, recorded_at, counts))
    if existing:
        _append_next(cursor, {subject: by_subject[subject] for subject in sorted(existing)}, counts)


def first_state(cursor: Statements, subject: str, given: FoldInput) -> JudgedState:
    """The first state of an incident of which an event stands. Where a rule crashes, it keeps what classify said of its first report."""
    return with_crash_logged(subject, judged_state.first_state(given, partial(_first_verdict, cursor, subject)))


def next_state(subject: str, given: FoldInput, newest: Callable[[], JudgedState]) -> JudgedState:
    """The state of an incident behind its newest one, of which a rule's crash keeps the verdict."""
    return with_crash_logged(subject, judged_state.next_state(given, newest))


def with_crash_logged(subject: str, judged: JudgedState) -> JudgedState:
    """The same state. If a rule crashed, this is logged."""
    if judged.crash is not None:
        log.error("judge_failed", subject=subject, rule=judged.crash.rule_id, exc_info=judged.crash)
    return judged


def newest_states(cursor: Statements, subjects: Sequence[str]) -> dict[str, StoredState]:
    """The newest state of each of these incidents, by subject."""
    cursor.execute(_NEWEST, (list(subjects),))
    states = (stored(columns, findings) for *columns, findings in cursor)
    return {state.subject: state for state in states}


def following(last: StateRef, judged: JudgedState, now: datetime, arrived: tuple[Key, ...]) -> StoredState:
    """The row of the state behind `last`, recorded now, and later than `last` whatever the clock says."""
    recorded_at = max(now, last.recorded_at + timedelta(microseconds=1))
    return StoredState(last.subject, last.version + 1, recorded_at, judged.state, judged.verdict, arrived)


def append(cursor: Statements, states: Sequence[StoredState]) -> None:
    """Append states to incidents that have one, each superseding the newest."""
    cursor.executemany(_SUPERSEDE, [(state.recorded_at, state.subject, state.version - 1) for state in states])
    STATES.fill(cursor, [state.row() for state in states])


def _lock(cursor: Statements, subjects: Collection[str]) -> set[str]:
    """Lock those of these incidents that exist until the transaction ends, by the row of their first state."""
    if not subjects:
        return set()
    cursor.execute(_LOCK, (list(subjects),))
    return {subject for (subject,) in cursor}


def _insert_first(cursor: Statements, arrived: Mapping[str, tuple[Key, ...]], recorded_at: datetime, counts: Recorded) -> list[str]:
    """Insert the first states of incidents that look new. Returns the subjects that another transaction has inserted meanwhile."""
    states = []
    for subject, given in read_fold_inputs(cursor, list(arrived)).items():
        if given.events:
            judged = first_state(cursor, subject, given)
            states.append(StoredState(subject, 1, recorded_at, judged.state, judged.verdict, arrived[subject]))
    if not states:
        return []
    FIRST_STATES.fill(cursor, [state.row() for state in states])
    cursor.execute(_INSERT_FIRST)
    inserted = {subject for (subject,) in cursor}
    _count([state for state in states if state.subject in inserted], counts)
    return [state.subject for state in states if state.subject not in inserted]


def _append_next(cursor: Statements, arrived: Mapping[str, tuple[Key, ...]], counts: Recorded) -> None:
    """Fold and judge locked incidents again, from all their events, and append the states these come to."""
    subjects = list(arrived)
    now = stamp(cursor)
    cursor.execute(_LAST, (subjects,))
    last = {subject: StateRef(subject, version, moment) for subject, version, moment in cursor}
    states = []
    for subject, given in read_fold_inputs(cursor, subjects).items():
        judged = next_state(subject, given, partial(_newest, cursor, subject))
        states.append(following(last[subject], judged, now, arrived[subject]))
    append(cursor, states)
    _count(states, counts)


def _newest(cursor: Statements, subject: str) -> JudgedState:
    return newest_states(cursor, [subject])[subject].judged


def _first_verdict(cursor: Statements, subject: str) -> Verdict:
    """Classify's verdict on an incident's first report alone, else on its first event."""
    cursor.execute(_VERDICT, (subject,))
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # stored with its event
    outcome, rule_pack, judge_version, findings = row
    return Verdict(Outcome(outcome), rule_pack, judge_version, read_findings(findings))


def _count(states: Sequence[StoredState], counts: Recorded) -> None:
    for stored_state in states:
        state = stored_state.state
        counts.judge_failures += state.judge_failed
        if state.side is not None:
            counts.verdicts[state.outcome, state.side] += 1
