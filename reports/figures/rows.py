"""The incidents that count in a period, one row each: the event list behind a report, and its chart's months. Pure."""

from bisect import bisect
from collections.abc import Iterable

from agreement.figure_families import SIDES
from agreement.periods import Period
from border.vietnam import HANOI
from reports.figures.counted import occurred_start
from reports.figures.tally import side_column
from reports.model import Month, Row
from schemas.codebook import Outcome
from sinks.query.states import StateAsOf


def event_rows(incidents: Iterable[StateAsOf]) -> tuple[Row, ...]:
    """A row for each incident that counts, in the order given."""
    return tuple(map(_row, incidents))


def rule_packs(incidents: Iterable[StateAsOf]) -> tuple[str, ...]:
    """The rule packs, with the judge's version, that gave the verdicts."""
    return tuple(sorted({f"{incident.verdict.rule_pack}/{incident.verdict.judge_version}" for incident in incidents}))


def breach_months(period: Period, rows: Iterable[Row]) -> tuple[Month, ...]:
    """Breaches of each report month of the period, by side."""
    months = period.months
    begins = [month.start for month in months]
    counts = [dict.fromkeys(map(str, SIDES), 0) for _ in months]
    for row in rows:
        if row.outcome == Outcome.BREACH:
            counts[bisect(begins, row.occurred) - 1][row.side] += 1
    return tuple(Month(id=month.id, sides=sides) for month, sides in zip(months, counts, strict=True))


def _row(incident: StateAsOf) -> Row:
    state = incident.state
    # No finding carries the outcome where an officer's assessment does.
    carrying = (finding.explanation.vi for finding in incident.verdict.findings if finding.outcome is state.outcome and not finding.shadow)
    return Row(
        subject=incident.subject,
        occurred=occurred_start(state).astimezone(HANOI),
        precision=state.occurred_precision,
        kind=state.kind,
        outcome=state.outcome,
        side=side_column(state) if state.outcome is Outcome.BREACH else state.side,
        clauses=state.clauses,
        article39=state.article39,
        markers=state.markers,
        province=state.province,
        district=state.district,
        commune=state.commune,
        version=incident.version,
        finding=next(carrying, None),
    )
