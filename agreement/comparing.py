"""What another rule pack would change: of each event's verdict, of each incident's outcome, of the period figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agreement.effective import Effective, effective
from agreement.figures import FigureChange, PeriodFigure, breach_of, figures_of, moved
from agreement.incident import Incident
from schemas.codebook import Outcome
from schemas.notices import EventRef
from schemas.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Rejudged:
    """One incident and its reports, judged twice."""

    incident: Incident
    before: Verdict
    after: Verdict
    reports: Sequence[tuple[EventRef, Verdict, Verdict]]


@dataclass(frozen=True, slots=True)
class EventChange:
    """A report whose verdict changes."""

    event: EventRef
    subject: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """An incident whose effective or machine outcome changes."""

    incident: Incident
    before: Effective
    after: Effective
    machine_before: Outcome
    machine_after: Outcome


@dataclass(slots=True)
class Difference:
    """All that changes over a history."""

    incidents_judged: int = 0
    events_judged: int = 0
    events: list[EventChange] = field(default_factory=list)
    incidents: list[IncidentChange] = field(default_factory=list)
    figures: list[FigureChange] = field(default_factory=list)
    shadow: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    """What rules on trial find in the incidents under the new pack; it changes nothing."""


def compare(history: Iterable[Rejudged]) -> Difference:
    """What changes over a history of incidents."""
    difference = Difference()
    before: Counter[PeriodFigure] = Counter()
    after: Counter[PeriodFigure] = Counter()
    for rejudged in history:
        incident = rejudged.incident
        difference.incidents_judged += 1
        difference.events_judged += len(rejudged.reports)
        difference.events += [
            EventChange(event, incident.subject, old, new) for event, old, new in rejudged.reports if _substance(old) != _substance(new)
        ]
        old, new = effective(incident, rejudged.before), effective(incident, rejudged.after)
        if (old, rejudged.before.outcome) != (new, rejudged.after.outcome):
            difference.incidents.append(IncidentChange(incident, old, new, rejudged.before.outcome, rejudged.after.outcome))
        for figures, verdict in ((before, rejudged.before), (after, rejudged.after)):
            breach = breach_of(incident, verdict)
            figures.update(figures_of(breach) if breach else ())
        difference.shadow.update((finding.rule_id, finding.outcome) for finding in rejudged.after.findings if finding.shadow)
    difference.figures = moved(before, after)
    return difference


def _substance(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict decides, without its wording and the findings of rules on trial."""
    return verdict.outcome, [
        (finding.rule_id, finding.clause, finding.article39, finding.outcome, finding.side, finding.missing, finding.limit)
        for finding in verdict.findings
        if not finding.shadow
    ]
