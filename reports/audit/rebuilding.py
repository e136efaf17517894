"""The incidents of a span of time rebuilt from their events, by the same functions that record uses: what a report's rows are compared with.

What the record derived is asked for in two cases only: under which rules a state was judged (a report keeps the verdicts of its time), and
which events the record had folded by then.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from agreement.incident import Incident
from agreement.judge import JUDGE_VERSION
from agreement.judged_state import FoldInput, JudgedState, judged, judged_again
from agreement.order import Key
from agreement.state import is_current, pack_of
from schemas.codebook import Outcome
from schemas.events import IncidentEvent
from schemas.verdicts import IncidentState, Verdict
from sinks.postgres.bulk_copy import Statements
from sinks.postgres.session import statements
from sinks.query.states import StateAsOf, states_of
from sinks.record.fold_inputs import read_fold_inputs
from sinks.record.states import key_of

# The incidents of the span, and those in whose conflicts an office has settled something: a body kept aside may be about another time.
_SUBJECTS = """
SELECT subject FROM event WHERE occurred_start >= :opens AND occurred_start < :closes
    AND recorded_at <= :as_of AND type IN ('vn.mocgioi.incident.reported.v1', 'vn.mocgioi.incident.updated.v1')
UNION
SELECT unnest(ARRAY[first.subject, conflict.subject])
FROM conflict JOIN event AS first ON first.source = conflict.source AND first.id = conflict.with_id
WHERE conflict.recorded_at <= :as_of AND first.type LIKE 'vn.mocgioi.incident.%' AND EXISTS (
    SELECT FROM event WHERE event.subject = first.subject AND event.type = 'vn.mocgioi.conflict.settled.v1' AND event.recorded_at <= :as_of
)
"""
_ARRIVALS = """
SELECT subject, source, id, time, received_at, recorded_at, type FROM event
WHERE subject = ANY(%(subjects)s) AND (type LIKE 'vn.mocgioi.incident.%%' OR type = 'vn.mocgioi.conflict.settled.v1') AND recorded_at <= %(as_of)s
UNION ALL
SELECT subject, source, id, time, received_at, recorded_at, NULL FROM conflict WHERE subject = ANY(%(subjects)s) AND settled_at <= %(as_of)s
"""
_SETTLED = "vn.mocgioi.conflict.settled.v1"
_FOLDED = "SELECT subject, recorded_at <= %(as_of)s, events FROM incident_state WHERE subject = ANY(%(subjects)s)"


class Arrival(NamedTuple):
    """When an event was minted, taken by the log, and recorded."""

    time: datetime
    received_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RebuiltIncident:
    """One incident as its events make it."""

    row: StateAsOf
    """Its state, with the version of the one that the record holds; 0 where it holds none."""
    incident: Incident
    events: Sequence[IncidentEvent]
    """Those that stand."""
    arrivals: Sequence[Arrival] = ()
    """Of those events."""
    is_judged_today: bool = True
    """Whether the verdict is of today's rules. Otherwise it is the one that the record holds."""
    is_accounted: bool = True
    """Whether the record's states name exactly the events that were recorded by then."""

    @property
    def subject(self) -> str:
        """The incident's."""
        return self.row.subject

    @property
    def state(self) -> IncidentState:
        """What it comes to."""
        return self.row.state


@dataclass(slots=True)
class _Account:
    """Which events of an incident were recorded by a moment, and which of them its states name. Settlements are no part of the fold."""

    recorded: set[Key] = field(default_factory=set)
    folded: set[Key] = field(default_factory=set)
    folded_later: set[Key] = field(default_factory=set)
    """What the states made after the moment name."""
    arrivals: list[tuple[str, Arrival]] = field(default_factory=list)
    """Each with its source; also of bodies that were kept aside."""

    @property
    def is_torn(self) -> bool:
        """Whether an event was being recorded at that very moment: it is stamped before the state that it makes.

        Never so at a moment that `sinks.postgres.clock.as_of_now` chose; a person may name any other.
        """
        unfolded = self.recorded - self.folded
        return bool(self.folded) and bool(unfolded) and unfolded <= self.folded_later


def rebuilt_incidents(
    connection: Connection, opens: datetime, closes: datetime, as_of: datetime, *, also: Collection[str] = ()
) -> tuple[list[RebuiltIncident], list[str]]:
    """Every incident of which some event states that it occurred in [opens, closes), and `also`, by what was recorded by then; by subject.

    The second list names those of which an event was being recorded at that very moment. It is left out, as it is in the record.
    """
    span = {"opens": opens, "closes": closes, "as_of": as_of}
    subjects = sorted({*connection.execute(text(_SUBJECTS), span).scalars(), *also})
    stored = states_of(connection, subjects, as_of)
    with statements(connection) as cursor:
        accounts = _accounts(cursor, subjects, as_of)
        inputs = read_fold_inputs(cursor, subjects, as_of=as_of)
    torn = [subject for subject in subjects if accounts[subject].is_torn]
    for subject in torn:
        folded = accounts[subject].folded
        accounts[subject].recorded &= folded
        inputs[subject].events = [event for event in inputs[subject].events if (event.source, event.id) in folded]
    rebuilt = []
    for subject in subjects:
        if inputs[subject].events:
            account = accounts[subject]
            arrivals = _of_standing(account.arrivals, inputs[subject].events)
            is_accounted = subject in stored and account.recorded == account.folded
            rebuilt.append(rebuilt_incident(subject, inputs[subject], stored.get(subject), arrivals, is_accounted=is_accounted))
    return rebuilt, torn


def rebuilt_incident(
    subject: str, given: FoldInput, stored: StateAsOf | None, arrivals: Sequence[Arrival] = (), *, is_accounted: bool = True
) -> RebuiltIncident:
    """Fold and judge one incident of which an event stands. `stored` is the state that the record holds."""
    incident = given.incident
    if stored is None:
        version, result = 0, judged(incident, lambda: Verdict(Outcome.NOT_APPLICABLE, pack_of(incident).id, JUDGE_VERSION, ()))
    else:
        version, result = stored.version, judged_again(incident, JudgedState(stored.state, stored.verdict))
    return RebuiltIncident(
        row=StateAsOf(subject, version, result.state, result.verdict),
        incident=incident,
        events=given.events,
        arrivals=arrivals,
        is_judged_today=stored is None or is_current(incident, stored.state),
        is_accounted=is_accounted,
    )


def _accounts(cursor: Statements, subjects: Sequence[str], as_of: datetime) -> dict[str, _Account]:
    accounts = {subject: _Account() for subject in subjects}
    parameters = {"subjects": subjects, "as_of": as_of}
    settlements: set[Key] = set()
    for subject, source, event_id, time, received_at, recorded_at, event_type in cursor.execute(_ARRIVALS, parameters).fetchall():
        accounts[subject].arrivals.append((source, Arrival(time, received_at, recorded_at)))
        if event_type == _SETTLED:
            settlements.add((source, event_id))
        elif event_type is not None:
            accounts[subject].recorded.add((source, event_id))
    for subject, is_by_then, references in cursor.execute(_FOLDED, parameters).fetchall():
        account = accounts[subject]
        (account.folded if is_by_then else account.folded_later).update(set(map(key_of, references)) - settlements)
    return accounts


def _of_standing(arrivals: Iterable[tuple[str, Arrival]], events: Iterable[IncidentEvent]) -> list[Arrival]:
    """Those of events that stand. A body kept aside that stands may have another id now; its source and time are its own."""
    standing = {(event.source, event.time) for event in events}
    return [arrival for source, arrival in arrivals if (source, arrival.time) in standing]
