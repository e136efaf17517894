"""What counts of an incident: the machine's verdict, or an officer's assessment over it. The assessment hides nothing: both stay."""

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
    """None only while the incident is incomplete and nobody said."""
    clauses: tuple[str, ...]
    article39: tuple[int, ...]
    assessed: bool
    """An officer's assessment stands over the machine's outcome."""


def effective(incident: Incident, verdict: Verdict) -> Effective:
    """What the incident counts as under its verdict: each thing the latest assessment states, and the machine's word on the rest.

    Clauses and items are those of the findings that carry the machine's outcome; a shadow finding carries nothing. Nature breaks no
    clause: where only the side is assessed, as natural, the machine's accusation falls; where an officer states a breach, it is
    somebody's, not nature's.
    """
    said = incident.assessment
    outcome = verdict.outcome if said is None or said.outcome is None else said.outcome
    side = incident.side if said is None or said.side is None else said.side
    if side is Side.NATURAL and outcome in _ACCUSES:
        if said is not None and said.outcome is not None:
            side = Side.UNDETERMINED
        else:
            outcome = Outcome.BORDER_EVENT if incident.kind is Kind.MARKER_DAMAGE else Outcome.NOT_APPLICABLE
    clauses: dict[str, None] = {}
    items: dict[int, None] = {}
    for finding in verdict.findings:
        if finding.outcome is verdict.outcome and not finding.shadow:
            if finding.clause is not None:
                clauses[finding.clause] = None
            if finding.article39 is not None:
                items[finding.article39] = None
    return Effective(
        outcome=outcome,
        side=side,
        clauses=tuple(clauses) if said is None or said.clause is None else (said.clause,),
        article39=(tuple(items) if outcome in _CITES_ITEM else ()) if said is None or said.article39 is None else (said.article39,),
        assessed=said is not None,
    )


def counts_as_breach(incident: Incident, verdict: Verdict) -> bool:
    """Whether this is one "vụ vi phạm Hiệp định": complete, actual, not retracted, and in effect a breach."""
    return (
        incident.complete
        and incident.status is Status.ACTUAL
        and not incident.retracted
        and effective(incident, verdict).outcome is Outcome.BREACH
    )
