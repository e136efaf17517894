"""What another rule pack would change: of each event's verdict, of each incident's outcome, of the period figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agreement.effective import Effective, effective
from agreement.figures import Figure, Move, breach_of, figures_of, moved
from agreement.incident import Incident
from schemas.codebook import Outcome
from schemas.notices import EventRef
from schemas.verdicts import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Rejudged:
    """One incident and its reports, judged twice."""

    incident: Incident
    before: Verdict
    after: Verdict
    reports: Sequence[tuple[EventRef, Verdict, Verdict]]


@dataclass(frozen=True, slots=True)
class EventChange:
    """A report whose verdict is another."""

    event: EventRef
    subject: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """An incident that comes to something else."""

    incident: Incident
    before: Effective
    after: Effective
    machine_before: Outcome
    machine_after: Outcome


@dataclass(slots=True)
class Difference:
    """All that changes."""

    incidents_judged: int = 0
    events_judged: int = 0
    events: list[EventChange] = field(default_factory=list)
    incidents: list[IncidentChange] = field(default_factory=list)
    figures: list[Move] = field(default_factory=list)
    shadow: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    """What rules on trial would find in the incidents under the new pack: it changes nothing."""


def compare(history: Iterable[Rejudged]) -> Difference:
    """What changes over a history of incidents."""
    found = Difference()
    before: Counter[Figure] = Counter()
    after: Counter[Figure] = Counter()
    for one in history:
        found.incidents_judged += 1
        found.events_judged += len(one.reports)
        subject = one.incident.subject
        found.events += [EventChange(event, subject, old, new) for event, old, new in one.reports if _said(old) != _said(new)]
        old, new = effective(one.incident, one.before), effective(one.incident, one.after)
        if (old, one.before.outcome) != (new, one.after.outcome):
            found.incidents.append(IncidentChange(one.incident, old, new, one.before.outcome, one.after.outcome))
        for figures, verdict in ((before, one.before), (after, one.after)):
            breach = breach_of(one.incident, verdict)
            figures.update(figures_of(breach) if breach else ())
        found.shadow.update((finding.rule_id, finding.outcome) for finding in one.after.findings if finding.shadow)
    found.figures = moved(before, after)
    return found


def _said(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict comes to: not how it is worded, nor what rules on trial add."""
    return (verdict.outcome, [_stated(finding) for finding in verdict.findings if not finding.shadow])


def _stated(finding: Finding) -> tuple[object, ...]:
    return (finding.rule_id, finding.clause, finding.article39, finding.outcome, finding.side, finding.missing, finding.limit)
