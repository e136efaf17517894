"""The incidents that count in a period, one row each: the event list behind a report, and its chart's months."""

from bisect import bisect
from collections.abc import Iterable
from typing import Any

from agreement.periods import Period
from border.vietnam import HANOI
from reports.figures.families import SIDES
from reports.figures.scope import Scope
from reports.model import Month, Row
from schemas.codebook import Outcome, Side

# What the rule said that carries the outcome; NULL where an officer's assessment does.
_ROWS = """
SELECT counted.*, (
    SELECT finding #>> '{explanation,vi}' FROM json_array_elements(findings_of(state)) WITH ORDINALITY AS listed (finding, place)
    WHERE finding ->> 'outcome' = counted.outcome AND finding ->> 'shadow' IS NULL ORDER BY place LIMIT 1
) AS finding
FROM (SELECT subject, version, kind, outcome, side, clauses, article39, markers, province, occurred_start, occurred_precision, rule_pack,
    judge_version, district, commune FROM counted_incident WHERE period = :period) AS counted
JOIN incident_state AS state ON (state.subject, state.version) = (counted.subject, counted.version)
ORDER BY counted.occurred_start, counted.subject COLLATE "C"
"""


def incident_rows(scoped: Scope, period: Period) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Every incident that counts, by (occurred, subject); and the rule packs with judge's version they were judged by."""
    found = scoped.ask(_ROWS, period=period.id).all()
    packs = sorted({f"{row.rule_pack}/{row.judge_version}" for row in found})
    return tuple(_row(row) for row in found), tuple(packs)


def breach_months(period: Period, rows: Iterable[Row]) -> tuple[Month, ...]:
    """Breaches of each report month of the period, by side."""
    months = period.months
    begins = [month.start for month in months]
    counts = [dict.fromkeys(map(str, SIDES), 0) for _ in months]
    for row in rows:
        if row.outcome == Outcome.BREACH:
            counts[bisect(begins, row.occurred) - 1][row.side] += 1
    return tuple(Month(id=month.id, sides=sides) for month, sides in zip(months, counts, strict=True))


def _row(row: Any) -> Row:
    # The database's own columns need no second look: a report of many years has thousands.
    return Row.model_construct(
        subject=row.subject,
        occurred=row.occurred_start.astimezone(HANOI),
        precision=row.occurred_precision,
        kind=row.kind,
        outcome=row.outcome,
        side=row.side if row.outcome != Outcome.BREACH or row.side in SIDES else Side.UNDETERMINED.value,
        clauses=tuple(row.clauses),
        article39=tuple(row.article39),
        markers=tuple(row.markers),
        province=row.province,
        district=row.district,
        commune=row.commune,
        version=row.version,
        finding=row.finding,
    )
