"""Judge the history again: show what would change under another pack, and append it. No state or verdict is changed or removed.

The newest state of an incident holds, and of an event alone its newest verdict. Only first reports are judged alone, since what any other
event says alone is `not_applicable` under every pack.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from agreement.comparing import Difference, Rejudged, compare
from agreement.incident import Incident
from agreement.judge import JUDGE_VERSION, RuleCrash, judge, judge_event
from agreement.judged_state import JudgedState
from agreement.order import Key
from agreement.packs import Pack, day_of, in_force
from agreement.state import is_current, pack_of, state_of
from schemas.events import Reported
from schemas.notices import EventRef
from schemas.verdicts import Verdict
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import hold_history, stamp_under_lock
from sinks.postgres.session import transaction
from sinks.record.history import History, histories, subjects
from sinks.record.incidents import append, following
from sinks.record.states import StateRef, findings_json

_REASON = "INSERT INTO rejudging (rule_pack, judge_version, reason, recorded_at) VALUES (%s, %s, %s, %s) RETURNING number"
_OF_REJUDGING = "INSERT INTO rejudged_version (rejudging, subject, version) SELECT %s, * FROM unnest(%s::text[], %s::int[])"
_VERDICT = """
INSERT INTO verdict (source, id, rule_pack, judge_version, outcome, findings, recorded_at) VALUES (%s, %s, %s, %s, %s, %s::json, %s)
ON CONFLICT DO NOTHING
"""

Progress = Callable[[int], None]
Twice = Callable[[History], Rejudged]


@dataclass(slots=True)
class Appended:
    """How much a rejudging appended."""

    number: int
    """Of the rejudging."""
    states: int
    verdicts: int


def under_both(
    engine: Engine, old: Pack, new: Pack, *, since: datetime | None = None, on_progress: Progress = lambda _: None
) -> Difference:
    """What two packs judge differently over the history, whatever days they are in force. Raises `RuleCrash`, `Unavailable`."""

    def twice(history: History) -> Rejudged:
        incident = history.incident
        reports = [(_ref(event), judge_event(event, (old,)), judge_event(event, (new,))) for event in history.reports]
        return Rejudged(incident, judge(incident, old), judge(incident, new), reports)

    return transaction(engine, lambda cursor: compare(_over(cursor, twice, since, on_progress)), snapshot=True)


def under(engine: Engine, pack: Pack, *, on_progress: Progress = lambda _: None) -> Difference:
    """What `rejudge` would change: from the verdicts that hold now to those of the pack, on the days it is in force."""

    def twice(history: History) -> Rejudged:
        incident = history.incident
        reports = [(_ref(event), history.verdicts[event.source, event.id], _alone(event, history, pack)) for event in history.reports]
        return Rejudged(incident, history.newest.verdict, _whole(incident, history, pack), reports)

    return transaction(engine, lambda cursor: compare(_over(cursor, twice, None, on_progress)), snapshot=True)


def rejudge(engine: Engine, pack: Pack, reason: str, *, on_progress: Progress = lambda _: None) -> Appended:
    """Append the pack's verdicts on the days it is in force, where it has given none yet, and keep the reason. All are appended or none.

    Writers wait meanwhile; readers do not. Raises `RuleCrash`, `Unavailable`.
    """
    return transaction(engine, lambda cursor: _append(cursor, pack, reason, on_progress))


def _append(cursor: Statements, pack: Pack, reason: str, on_progress: Progress) -> Appended:
    hold_history(cursor)
    judged_again: list[tuple[StateRef, JudgedState]] = []
    verdicts: list[tuple[Key, Verdict]] = []
    for some in histories(cursor, subjects(cursor)):
        for history in some:
            with _naming(history):
                if judged := _judged_again(history, pack):
                    judged_again.append((history.newest.ref, judged))
                verdicts += _new_verdicts(history, pack)
        on_progress(len(some))
    now = stamp_under_lock(cursor)
    cursor.execute(_REASON, (pack.id, JUDGE_VERSION, reason, now))
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # an INSERT that did not fail
    done = Appended(number=row[0], states=len(judged_again), verdicts=len(verdicts))
    states = [following(newest, judged, now, ()) for newest, judged in judged_again]
    append(cursor, states)
    cursor.execute(_OF_REJUDGING, (done.number, [state.subject for state in states], [state.version for state in states]))
    cursor.executemany(
        _VERDICT,
        [
            (source, event_id, given.rule_pack, given.judge_version, given.outcome, findings_json(given.findings).decode(), now)
            for (source, event_id), given in verdicts
        ],
    )
    return done


def _judged_again(history: History, pack: Pack) -> JudgedState | None:
    """The state under a pack; None where the pack is not in force on the incident's day or has given the newest verdict."""
    incident = history.incident
    if pack_of(incident) is not pack or is_current(incident, history.newest.state):
        return None
    verdict = judge(incident, pack)
    return JudgedState(state_of(incident, verdict), verdict)


def _new_verdicts(history: History, pack: Pack) -> Iterator[tuple[Key, Verdict]]:
    """The pack's verdicts on the reports it has not judged yet."""
    for event in history.reports:
        verdict = _alone(event, history, pack)
        if verdict is not history.verdicts[event.source, event.id]:
            yield (event.source, event.id), verdict


def _over(cursor: Statements, twice: Twice, since: datetime | None, on_progress: Progress) -> Iterator[Rejudged]:
    for some in histories(cursor, subjects(cursor, since)):
        for history in some:
            with _naming(history):
                rejudged = twice(history)
            yield rejudged
        on_progress(len(some))


@contextlib.contextmanager
def _naming(history: History) -> Iterator[None]:
    """Add to the crash of a rule which incident it was."""
    try:
        yield
    except RuleCrash as crash:
        crash.add_note(f"vụ việc · incident {history.subject}")
        raise


def _whole(incident: Incident, history: History, pack: Pack) -> Verdict:
    """The pack's verdict on an incident where it is in force, else the one that holds now."""
    return judge(incident, pack) if pack_of(incident) is pack else history.newest.verdict


def _alone(event: Reported, history: History, pack: Pack) -> Verdict:
    """The pack's verdict on a report alone where it is in force and has given none yet, else the one that holds now."""
    newest = history.verdicts[event.source, event.id]
    judged_by_it = (newest.rule_pack, newest.judge_version) == (pack.id, JUDGE_VERSION)
    if judged_by_it or in_force(day_of(event.data.occurred.start)) is not pack:
        return newest
    return judge_event(event, (pack,))


def _ref(event: Reported) -> EventRef:
    return EventRef(source=event.source, id=event.id)
