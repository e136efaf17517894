"""Judging the history again: what would change under another pack, and appending it. What was said stays; the past is added to.

Of an incident speaks its newest version, of an event alone its newest verdict. Only first reports are judged alone: what any other event
says alone is `not_applicable` under every pack.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from agreement.comparing import Difference, Rejudged, compare
from agreement.incident import Incident, fold
from agreement.judge import JUDGE_VERSION, RuleCrash, judge, judge_event
from agreement.packs import Pack, day_of, in_force
from schemas.events import Reported
from schemas.notices import EventRef
from schemas.verdicts import Verdict
from sinks.arrivals import GIVEN, INSERT_VERDICTS, findings_json
from sinks.clock import stamp, stamp_under_lock
from sinks.copying import Statements
from sinks.history import History, histories, subjects
from sinks.incidents import append
from sinks.session import transaction
from sinks.versions import pack_of, rejudged

_LOCK = "LOCK TABLE verdict, incident, incident_version IN SHARE ROW EXCLUSIVE MODE"
"""In the order in which who records comes to them: neither waits for the other in a circle."""
_REASON = "INSERT INTO rejudging (rule_pack, judge_version, reason, recorded_at) VALUES (%s, %s, %s, %s) RETURNING number"
_MADE = "INSERT INTO rejudged_version (subject, version, rejudging) SELECT *, %s FROM unnest(%s::text[], %s::int[])"
_INSTANT = timedelta(microseconds=1)

Progress = Callable[[int], None]
Twice = Callable[[History], Rejudged]


@dataclass(slots=True)
class Appended:
    """What a rejudging added."""

    number: int
    """Of the rejudging."""
    versions: int = 0
    verdicts: int = 0


def under_both(
    engine: Engine, old: Pack, new: Pack, *, since: datetime | None = None, on_progress: Progress = lambda _: None
) -> Difference:
    """What differs between two packs over the history, whatever days they hold on. Raises `RuleCrash`, `Unavailable`."""

    def twice(told: History) -> Rejudged:
        incident = fold(told.events)
        reports = [(_ref(event), judge_event(event, (old,)), judge_event(event, (new,))) for event in told.reports]
        return Rejudged(incident, judge(incident, old), judge(incident, new), reports)

    return transaction(engine, lambda cursor: compare(_over(cursor, twice, since, on_progress)))


def under(engine: Engine, pack: Pack, *, on_progress: Progress = lambda _: None) -> Difference:
    """What `rejudge` would change: from what the record says now to what the pack says, on the days it is in force."""

    def twice(told: History) -> Rejudged:
        incident = fold(told.events)
        reports = [(_ref(event), told.verdicts[event.source, event.id], _alone(event, told, pack)) for event in told.reports]
        return Rejudged(incident, told.newest.verdict, _whole(incident, told, pack), reports)

    return transaction(engine, lambda cursor: compare(_over(cursor, twice, None, on_progress)))


def rejudge(engine: Engine, pack: Pack, reason: str, *, on_progress: Progress = lambda _: None) -> Appended:
    """Append the pack's word, whole or not at all, on the days it is in force and where it has not spoken yet; keep the reason.

    Who records waits meanwhile, who reads does not. Raises `RuleCrash`, `Unavailable`.
    """
    return transaction(engine, lambda cursor: _append(cursor, pack, reason, on_progress))


def _append(cursor: Statements, pack: Pack, reason: str, on_progress: Progress) -> Appended:
    stamp_under_lock(cursor)
    cursor.execute(_LOCK)
    now = stamp(cursor)  # after the wait: what was appended meanwhile is before it
    cursor.execute(_REASON, (pack.id, JUDGE_VERSION, reason, now))
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # an INSERT that did not fail
    done = Appended(number=row[0])
    for some in histories(cursor, subjects(cursor)):
        made = []
        for told in some:
            with _naming(told):
                version = rejudged(told.events, told.newest, pack)
            if version is not None:
                made.append((told, version))
        if made:
            append(cursor, [(told.subject, told.number + 1, max(now, told.recorded_at + _INSTANT), version) for told, version in made])
            cursor.execute(_MADE, (done.number, [told.subject for told, _ in made], [told.number + 1 for told, _ in made]))
        done.versions += len(made)
        done.verdicts += _append_verdicts(cursor, [row for told in some for row in _verdict_rows(told, pack, now)])
        on_progress(len(some))
    return done


def _verdict_rows(told: History, pack: Pack, now: datetime) -> Iterator[tuple[Any, ...]]:
    """The pack's verdicts on the reports it has not spoken of yet, as rows."""
    for event in told.reports:
        verdict = _alone(event, told, pack)
        if verdict is not told.verdicts[event.source, event.id]:
            given = verdict.rule_pack, verdict.judge_version, verdict.outcome, findings_json(verdict.findings)
            yield event.source, event.id, *given, now


def _append_verdicts(cursor: Statements, rows: Sequence[tuple[Any, ...]]) -> int:
    if not rows:
        return 0
    GIVEN.fill(cursor, rows)
    cursor.execute(INSERT_VERDICTS)
    inserted = cursor.rowcount
    cursor.execute("DELETE FROM given")
    return inserted


def _over(cursor: Statements, twice: Twice, since: datetime | None, on_progress: Progress) -> Iterator[Rejudged]:
    for some in histories(cursor, subjects(cursor, since)):
        for told in some:
            with _naming(told):
                judged = twice(told)
            yield judged
        on_progress(len(some))


@contextlib.contextmanager
def _naming(told: History) -> Iterator[None]:
    """Say of a crash where it was."""
    try:
        yield
    except RuleCrash as crash:
        crash.add_note(f"vụ việc · incident {told.subject}")
        raise


def _whole(incident: Incident, told: History, pack: Pack) -> Verdict:
    """The pack's verdict on an incident where it is in force, else the one that stands."""
    return judge(incident, pack) if pack_of(incident) is pack else told.newest.verdict


def _alone(event: Reported, told: History, pack: Pack) -> Verdict:
    """The pack's verdict on a report alone where it is in force and has not spoken, else the one that stands."""
    stands = told.verdicts[event.source, event.id]
    spoken = (stands.rule_pack, stands.judge_version) == (pack.id, JUDGE_VERSION)
    if spoken or in_force(day_of(event.data.occurred.start)) is not pack:
        return stands
    return judge_event(event, (pack,))


def _ref(event: Reported) -> EventRef:
    return EventRef(source=event.source, id=event.id)
