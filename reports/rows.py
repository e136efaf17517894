"""The incidents that count in a period, one row each: the event list behind a report, and its chart's months."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from agreement.packs import HANOI, day_of
from agreement.periods import Period, month_of
from reports.families import SIDES
from reports.model import Month, Row
from reports.scope import COUNTED, bound
from reports.units import Unit
from schemas.codebook import Side

_ROWS = f"WITH {COUNTED} SELECT * FROM counted ORDER BY occurred_start, subject"


def incident_rows(connection: Connection, period: Period, unit: Unit, as_of: datetime) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Every incident that counts, by (occurred, subject); and the rule packs with judge's version they were judged by."""
    found = connection.execute(text(_ROWS), bound([period], unit, as_of)).all()
    packs = sorted({f"{row.rule_pack}/{row.judge_version}" for row in found})
    return tuple(_row(row) for row in found), tuple(packs)


def breach_months(period: Period, rows: Iterable[Row]) -> tuple[Month, ...]:
    """Breaches of each report month of the period, by side."""
    counts = {month.id: dict.fromkeys(map(str, SIDES), 0) for month in period.months}
    for row in rows:
        if row.outcome == "breach":
            counts[month_of(day_of(row.occurred), period.regime).id][row.side] += 1
    return tuple(Month(id=month, sides=sides) for month, sides in counts.items())


def _row(row: Any) -> Row:
    return Row(
        subject=row.subject,
        occurred=row.occurred_start.astimezone(HANOI),
        precision=row.occurred_precision,
        kind=row.kind,
        outcome=row.outcome,
        side=row.side if row.outcome != "breach" or row.side in SIDES else Side.UNDETERMINED,
        clauses=tuple(row.clauses),
        article39=tuple(row.article39),
        markers=tuple(row.markers),
        province=row.province,
        district=row.district,
        commune=row.commune,
        version=row.version,
        finding=_sentence(row.findings, row.outcome),
    )


def _sentence(findings: Any, outcome: str) -> str | None:
    """What the rule said that carries the outcome; None where an officer's assessment does."""
    told = json.loads(findings) if isinstance(findings, str) else findings
    return next((finding["explanation"]["vi"] for finding in told if finding["outcome"] == outcome and not finding.get("shadow")), None)
