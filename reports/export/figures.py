"""Rows of figures for an export: those of a period's report, or of each of its months."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine

from agreement.periods import Period
from reports.begun import check_begun
from reports.build import build
from reports.export.text import Values
from reports.units import Unit


def figure_rows(
    engine: Engine, unit: Unit, period: Period, as_of: datetime, *, least_shown: int, by_month: bool = False
) -> Iterator[Values]:
    """Rows of the data set `figures`. Of one suppressed, or that nobody was heard on, value and `subjects` are empty.

    Months that are still to come have no rows. Raises `PeriodNotBegun`, `Unavailable`.
    """
    check_begun(period, as_of)
    for part in period.months if by_month else (period,):
        if as_of < part.start:
            return
        report = build(engine, unit, part, as_of, least_shown=least_shown, audited=False)
        for figure in report.figures:
            behind = None if figure.value is None else len(figure.subjects)
            heard = (None,) * 3 if figure.coverage is None else (figure.coverage.whole, figure.coverage.part, figure.coverage.expected)
            yield (unit.code, part.regime.value, part.id, figure.id, figure.label, figure.value, figure.unit, behind, *heard)
