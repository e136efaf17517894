"""Judging the history again: what would change under another pack, and appending it. What was said stays; the past is added to.

Of an incident speaks its newest version, of an event alone its newest verdict. Only first reports are judged alone: what any other event
says alone is `not_applicable` under every pack.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from agreement.comparing import Difference, Rejudged, compare
from agreement.incident import Incident
from agreement.judge import JUDGE_VERSION, RuleCrash, judge, judge_event
from agreement.order import Key
from agreement.packs import Pack, day_of, in_force
from agreement.state import is_current, pack_of, state_of
from schemas.events import Reported
from schemas.notices import EventRef
from schemas.verdicts import IncidentState, Verdict
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.clock import hold_history, stamp_under_lock
from sinks.postgres.session import transaction
from sinks.record.history import History, histories, subjects
from sinks.record.incidents import append, following
from sinks.record.states import StoredState, findings_json

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
    """What a rejudging added."""

    number: int
    """Of the rejudging."""
    states: int
    verdicts: int


def under_both(
    engine: Engine, old: Pack, new: Pack, *, since: datetime | None = None, on_progress: Progress = lambda _: None
) -> Difference:
    """What differs between two packs over the history, whatever days they hold on. Raises `RuleCrash`, `Unavailable`."""

    def twice(history: History) -> Rejudged:
        incident = history.incident
        reports = [(_ref(event), judge_event(event, (old,)), judge_event(event, (new,))) for event in history.reports]
        return Rejudged(incident, judge(incident, old), judge(incident, new), reports)

    return transaction(engine, lambda cursor: compare(_over(cursor, twice, since, on_progress)), snapshot=True)


def under(engine: Engine, pack: Pack, *, on_progress: Progress = lambda _: None) -> Difference:
    """What `rejudge` would change: from what the record says now to what the pack says, on the days it is in force."""

    def twice(history: History) -> Rejudged:
        incident = history.incident
        reports = [(_ref(event), history.verdicts[event.source, event.id], _alone(event, history, pack)) for event in history.reports]
        return Rejudged(incident, history.newest.verdict, _whole(incident, history, pack), reports)

    return transaction(engine, lambda cursor: compare(_over(cursor, twice, None, on_progress)), snapshot=True)


def rejudge(engine: Engine, pack: Pack, reason: str, *, on_progress: Progress = lambda _: None) -> Appended:
    """Append the pack's word, whole or not at all, on the days it is in force and where it has not spoken yet; keep the reason.

    Who records waits meanwhile, who reads does not. Raises `RuleCrash`, `Unavailable`.
    """
    return transaction(engine, lambda cursor: _append(cursor, pack, reason, on_progress))


def _append(cursor: Statements, pack: Pack, reason: str, on_progress: Progress) -> Appended:
    hold_history(cursor)
    appended: list[tuple[StoredState, IncidentState, Verdict]] = []
    verdicts: list[tuple[Key, Verdict]] = []
    for some in histories(cursor, subjects(cursor)):
        for history in some:
            with _naming(history):
                if again := _judged_again(history, pack):
                    appended.append((history.newest, *again))
                verdicts += _new_verdicts(history, pack)
        on_progress(len(some))
    now = stamp_under_lock(cursor)
    cursor.execute(_REASON, (pack.id, JUDGE_VERSION, reason, now))
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # an INSERT that did not fail
    done = Appended(number=row[0], states=len(appended), verdicts=len(verdicts))
    states = [following(newest.ref, state, verdict, now, ()) for newest, state, verdict in appended]
    append(cursor, states)
    cursor.execute(_OF_REJUDGING, (done.number, [state.subject for state in states], [state.version for state in states]))
    cursor.executemany(
        _VERDICT, [(*key, v.rule_pack, v.judge_version, v.outcome, findings_json(v.findings).decode(), now) for key, v in verdicts]
    )
    return done


def _judged_again(history: History, pack: Pack) -> tuple[IncidentState, Verdict] | None:
    """The state under a pack; None where the pack is not in force on the incident's day or has given the newest verdict."""
    incident = history.incident
    if pack_of(incident) is not pack or is_current(incident, history.newest.state):
        return None
    verdict = judge(incident, pack)
    return state_of(incident, verdict), verdict


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
                judged = twice(history)
            yield judged
        on_progress(len(some))


@contextlib.contextmanager
def _naming(history: History) -> Iterator[None]:
    """Say of a crash where it was."""
    try:
        yield
    except RuleCrash as crash:
        crash.add_note(f"vụ việc · incident {history.subject}")
        raise


def _whole(incident: Incident, history: History, pack: Pack) -> Verdict:
    """The pack's verdict on an incident where it is in force, else the one that stands."""
    return judge(incident, pack) if pack_of(incident) is pack else history.newest.verdict


def _alone(event: Reported, history: History, pack: Pack) -> Verdict:
    """The pack's verdict on a report alone where it is in force and has not spoken, else the one that stands."""
    stands = history.verdicts[event.source, event.id]
    spoken = (stands.rule_pack, stands.judge_version) == (pack.id, JUDGE_VERSION)
    if spoken or in_force(day_of(event.data.occurred.start)) is not pack:
        return stands
    return judge_event(event, (pack,))


def _ref(event: Reported) -> EventRef:
    return EventRef(source=event.source, id=event.id)
