"""What an incident counts as: the machine's verdict, or an office's assessment over it. Both are kept."""

from typing import NamedTuple

from agreement.incident import Incident
from schemas.codebook import Kind, Outcome, Side, Status
from schemas.verdicts import Verdict

_ACCUSES = frozenset({Outcome.BREACH, Outcome.NEEDS_FACTS})
_CITES_ITEM = frozenset({*_ACCUSES, Outcome.BORDER_EVENT})


class Effective(NamedTuple):
    """What an incident counts as."""

    outcome: Outcome
    side: Side | None
    """None only while the incident is incomplete and no event stated it."""
    clauses: tuple[str, ...]
    article39: tuple[int, ...]
    assessed: bool
    """Whether an assessment stands over the machine's outcome."""


def effective(incident: Incident, verdict: Verdict) -> Effective:
    """What the incident counts as: what the latest assessment states, and the verdict on the rest.

    Clauses and items are those of the findings that carry the machine's outcome; a shadow finding carries nothing. Nature breaks no
    clause: where only the side is assessed, as natural, the machine's accusation falls; where an officer states a breach, it is
    somebody's, not nature's.
    """
    assessment = incident.assessment
    outcome = verdict.outcome if assessment is None or assessment.outcome is None else assessment.outcome
    side = incident.side if assessment is None or assessment.side is None else assessment.side
    if side is Side.NATURAL and outcome in _ACCUSES:
        if assessment is not None and assessment.outcome is not None:
            side = Side.UNDETERMINED
        else:
            outcome = Outcome.BORDER_EVENT if incident.kind is Kind.MARKER_DAMAGE else Outcome.NOT_APPLICABLE
    findings = [finding for finding in verdict.findings if finding.outcome is verdict.outcome and not finding.shadow]
    clauses = tuple(dict.fromkeys([finding.clause for finding in findings if finding.clause is not None]))
    items = tuple(dict.fromkeys([finding.article39 for finding in findings if finding.article39 is not None]))
    if assessment is not None and assessment.clause is not None:
        clauses = (assessment.clause,)
    if outcome not in _CITES_ITEM:
        items = ()
    if assessment is not None and assessment.article39 is not None:
        items = (assessment.article39,)
    return Effective(outcome, side, clauses, items, assessed=assessment is not None)


def counts_as_breach(incident: Incident, verdict: Verdict) -> bool:
    """Whether this is one "vụ vi phạm Hiệp định": complete, actual, not retracted, and in effect a breach."""
    return (
        incident.complete
        and incident.status is Status.ACTUAL
        and not incident.retracted
        and effective(incident, verdict).outcome is Outcome.BREACH
    )
