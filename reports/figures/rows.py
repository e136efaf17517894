"""The incidents that count in a period, one row each: the event list behind a report, and its chart's months."""

from bisect import bisect
from collections.abc import Iterable
from typing import Any

import msgspec

from agreement.figure_families import SIDES
from agreement.periods import Period
from border.vietnam import HANOI
from reports.figures.scope import Scope
from reports.model import Month, Row
from schemas.codebook import Outcome, Side

# The findings of a state are its own or those of the verdict on its only event: what the function `findings_of` says of one state, as a join.
_ROWS = """
SELECT counted.subject, counted.version, counted.kind, counted.outcome, counted.side, counted.clauses, counted.article39, counted.markers,
    counted.province, counted.occurred_start, counted.occurred_precision, counted.rule_pack, counted.judge_version, counted.district,
    counted.commune, coalesce(state.findings, verdict.findings)::text AS findings
FROM counted_incident AS counted JOIN incident_state AS state USING (subject, version)
LEFT JOIN verdict ON state.findings IS NULL AND verdict.source = split_part(state.events[1], ' ', 1)
    AND verdict.id = substr(state.events[1], strpos(state.events[1], ' ') + 1)
    AND (verdict.rule_pack, verdict.judge_version) = (state.rule_pack, state.judge_version)
WHERE counted.period = :period ORDER BY counted.occurred_start, counted.subject COLLATE "C"
"""


class _Explanation(msgspec.Struct):
    vi: str


class _Finding(msgspec.Struct):
    """What a row prints of `schemas.verdicts.Finding`."""

    outcome: str
    explanation: _Explanation
    shadow: bool = False


_FINDINGS = msgspec.json.Decoder(list[_Finding])


def incident_rows(scoped: Scope, period: Period) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Every incident that counts, by (occurred, subject); and the rule packs with judge's version they were judged by."""
    counted = scoped.ask(_ROWS, period=period.id).all()
    packs = {(row.rule_pack, row.judge_version) for row in counted}
    return tuple(map(_row, counted)), tuple(sorted(f"{pack}/{judge_version}" for pack, judge_version in packs))


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
    findings = [] if row.findings is None else _FINDINGS.decode(row.findings)
    # None carries the outcome where an officer's assessment does.
    carrying = (finding.explanation.vi for finding in findings if finding.outcome == row.outcome and not finding.shadow)
    return Row(
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
        finding=next(carrying, None),
    )
