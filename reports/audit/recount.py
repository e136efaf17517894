"""The incidents of a span of time once more, from the raw events: folded and judged in Python, beside nothing the record worked out.

What the record stored is asked for in two cases only: under which rules it spoke (a report keeps the words of its time and is never judged
again by later rules), and which events it had folded by then.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from agreement.effective import Effective, effective
from agreement.incident import Incident, fold
from agreement.judge import JUDGE_VERSION, RuleCrash, judge
from agreement.order import Key, in_order
from agreement.packs import day_of, in_force
from agreement.unit import unit_of
from border.provinces import Province
from reports.audit.settled import Arrival, settle, settlements
from schemas.codebook import Outcome, Status
from schemas.events import IncidentEvent, Settled
from schemas.validation import read
from schemas.verdicts import Finding, Verdict
from sinks.record.states import key_of

# LATERAL … OFFSET 0: one look into the index a subject, whatever the planner believes of how many there are.
_EVENTS = """
WITH chosen AS (
    SELECT subject FROM event WHERE occurred_start >= :opens AND occurred_start < :closes
        AND recorded_at <= :as_of AND type IN ('vn.mocgioi.incident.reported.v1', 'vn.mocgioi.incident.updated.v1')
    UNION
    SELECT unnest(CAST(:subjects AS text[]))
)
SELECT subject, received_at, recorded_at, body::text FROM chosen CROSS JOIN LATERAL (
    SELECT received_at, recorded_at, body FROM event WHERE event.subject = chosen.subject AND recorded_at <= :as_of
        AND (type LIKE 'vn.mocgioi.incident.%' OR type = 'vn.mocgioi.conflict.settled.v1') OFFSET 0
) AS told
"""
_STORED = """
SELECT subject, version, rule_pack, judge_version, judge_failed, events FROM incident_state
WHERE subject = ANY(CAST(:subjects AS text[])) AND recorded_at <= :as_of ORDER BY subject, version
"""
_LATER = (
    "SELECT subject, events FROM incident_state WHERE subject = ANY(CAST(:subjects AS text[])) AND recorded_at > :as_of ORDER BY version"
)
_VERDICTS = """
SELECT subject, machine_outcome, rule_pack, judge_version, findings_of(incident_state)::text FROM incident_state
JOIN unnest(CAST(:subjects AS text[]), CAST(:versions AS int[])) AS wanted (subject, version) USING (subject, version)
"""
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])


@dataclass(frozen=True, slots=True)
class Stored:
    """What the record says of how it made its version."""

    version: int
    rule_pack: str
    judge_version: int
    judge_failed: bool
    events: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Recounted:
    """One incident as its events tell it."""

    subject: str
    incident: Incident
    arrivals: tuple[Arrival, ...]
    """In the order of the fold."""
    verdict: Verdict
    effective: Effective
    province: Province | None
    judge_failed: bool
    """A rule crashed on it, in the record or here: the verdict is the one it had before."""
    kept: bool
    """The verdict is the stored one: it was given under rules that are not those of today, or a rule crashed."""
    unaccounted: bool
    """The record's version does not name exactly the events that had been recorded by then."""

    @property
    def counts(self) -> bool:
        """Whether it counts at all: reported, actual, not retracted."""
        return self.incident.complete and self.incident.status is Status.ACTUAL and not self.incident.retracted

    @property
    def start(self) -> datetime:
        """When it occurred. Of one that counts only."""
        assert self.incident.occurred is not None  # noqa: S101  # it is complete
        return self.incident.occurred.start

    @property
    def markers(self) -> tuple[str, ...]:
        """Canonical items of its place, each once."""
        return tuple(dict.fromkeys(marker for finding in self.verdict.findings for marker in finding.markers))


@dataclass(slots=True)
class Recount:
    """All that was read again."""

    incidents: list[Recounted] = field(default_factory=list)
    """By subject; also those that do not count."""
    torn: list[str] = field(default_factory=list)
    """Subjects of events that were being recorded at that very moment: in the record a moment later, and left out here as they are there."""


def recount(connection: Connection, opens: datetime, closes: datetime, as_of: datetime, *, also: Collection[str] = ()) -> Recount:
    """Every incident of which some event says that it occurred in [opens, closes), and `also`, as told by then."""
    conflicts = settlements(connection, as_of)
    given: dict[str, Any] = {"opens": opens, "closes": closes, "as_of": as_of, "subjects": sorted({*also, *conflicts.subjects})}
    told: dict[str, list[Arrival]] = {}
    settled: list[Settled] = []
    for subject, received_at, recorded_at, body in connection.execute(text(_EVENTS), given):
        event = read(body.encode())
        if isinstance(event, Settled):
            settled.append(event)
        elif isinstance(event, IncidentEvent):
            told.setdefault(subject, []).append(Arrival(event, received_at, recorded_at))
    told, answered = settle(told, settled, conflicts) if settled else (told, frozenset())
    stored = _stored(connection, sorted(told), as_of, settled)
    found = Recount(torn=_leave_out_torn(connection, told, stored, as_of))
    for subject in sorted(told):
        found.incidents.append(_recounted(subject, told[subject], stored.get(subject), answered))
    _keep_words(connection, found, stored)
    return found


def _keys(arrivals: Sequence[Arrival]) -> set[Key]:
    return {(one.event.source, one.event.id) for one in arrivals}


def _named(references: Iterable[str]) -> frozenset[Key]:
    return frozenset(map(key_of, references))


def _stored(connection: Connection, subjects: Sequence[str], as_of: datetime, settled: Iterable[Settled]) -> dict[str, Stored]:
    """The newest state of each incident by then, with the events of all its states. A settlement is none that it is folded from."""
    stored: dict[str, Stored] = {}
    settlements = {(event.source, event.id) for event in settled}
    for row in connection.execute(text(_STORED), {"subjects": list(subjects), "as_of": as_of}):
        earlier = stored[row.subject].events if row.subject in stored else frozenset()
        stored[row.subject] = Stored(
            row.version, row.rule_pack, row.judge_version, row.judge_failed, earlier | _named(row.events) - settlements
        )
    return stored


def _leave_out_torn(connection: Connection, told: dict[str, list[Arrival]], stored: Mapping[str, Stored], as_of: datetime) -> list[str]:
    """Drop what was recorded by then and folded a moment after: an event is stamped before the version it makes.

    Never so at a moment that `sinks.postgres.clock.as_of_now` chose; a person may name any other.
    """
    behind = [subject for subject, arrivals in told.items() if subject in stored and _keys(arrivals) - stored[subject].events]
    if not behind:
        return []
    later: dict[str, set[Key]] = {}
    for subject, events in connection.execute(text(_LATER), {"subjects": behind, "as_of": as_of}):
        later.setdefault(subject, set()).update(_named(events))
    torn = [subject for subject in sorted(later) if _keys(told[subject]) <= stored[subject].events | later[subject]]
    for subject in torn:
        known = stored[subject].events
        told[subject] = [arrival for arrival in told[subject] if (arrival.event.source, arrival.event.id) in known]
    return torn


def _recounted(subject: str, arrivals: Sequence[Arrival], stored: Stored | None, answered: Collection[Key]) -> Recounted:
    incident = fold((one.event for one in arrivals), settled=answered)
    pack = in_force(day_of(incident.occurred.start if incident.occurred else incident.first_time))
    failed = stored is not None and stored.judge_failed
    spoken = stored is not None and (stored.rule_pack, stored.judge_version) != (pack.id, JUDGE_VERSION)
    verdict = Verdict(Outcome.NOT_APPLICABLE, pack.id, JUDGE_VERSION, ())
    if not (failed or spoken):
        try:
            verdict = judge(incident, pack)
        except RuleCrash:
            failed = True
    return Recounted(
        subject=subject,
        incident=incident,
        arrivals=tuple(arrivals if len(arrivals) == 1 else in_order(arrivals, lambda arrival: arrival.event)),
        verdict=verdict,
        effective=effective(incident, verdict),
        province=unit_of(incident),
        judge_failed=failed,
        kept=failed or spoken,
        unaccounted=stored is None or stored.events != _keys(arrivals),
    )


def _keep_words(connection: Connection, found: Recount, stored: Mapping[str, Stored]) -> None:
    """Put the record's verdict where today's rules have no say."""
    places = {one.subject: place for place, one in enumerate(found.incidents) if one.kept and one.subject in stored}
    if not places:
        return
    wanted = {"subjects": list(places), "versions": [stored[subject].version for subject in places]}
    for subject, outcome, rule_pack, judge_version, findings in connection.execute(text(_VERDICTS), wanted):
        verdict = Verdict(Outcome(outcome), rule_pack, judge_version, _FINDINGS.decode(findings))
        one = found.incidents[places[subject]]
        found.incidents[places[subject]] = replace(one, verdict=verdict, effective=effective(one.incident, verdict))
