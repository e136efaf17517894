"""The period figures that count breaches: `breach.total` and one a side, for each province and for the whole line. Pure."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from agreement.effective import counts_as_breach, effective
from agreement.incident import Incident
from agreement.packs import day_of
from agreement.periods import Regime, periods_of
from agreement.unit import unit_of
from schemas.codebook import Side
from schemas.verdicts import Verdict

ALL = "all"
"""The whole line."""
NO_UNIT = "none"
"""The unit of a breach whose province is not known."""


class PeriodFigure(NamedTuple):
    """The name of one number of one report."""

    regime: Regime
    period: str
    unit: str
    """A province's code, `none` or `all`."""
    id: str
    """`breach.total`, `breach.CN`, …"""


class Breach(NamedTuple):
    """One counted "vụ vi phạm Hiệp định"."""

    day: date
    unit: str
    side: Side


class FigureChange(NamedTuple):
    """A figure whose value changes."""

    figure: PeriodFigure
    before: int
    after: int


def breach_of(incident: Incident, verdict: Verdict) -> Breach | None:
    """The breach this incident counts as under its verdict; None where it counts as none."""
    if incident.occurred is None or not counts_as_breach(incident, verdict):
        return None
    side = effective(incident, verdict).side
    return Breach(day_of(incident.occurred.start), unit_of(incident) or NO_UNIT, side or Side.UNDETERMINED)


def figures_of(breach: Breach) -> tuple[PeriodFigure, ...]:
    """Every figure that counts a breach: both regimes, month to year, its unit and the whole line, the total and its side."""
    return tuple(
        PeriodFigure(regime, period, unit, f"breach.{column}")
        for regime in Regime
        for period in periods_of(breach.day, regime)
        for unit in (breach.unit, ALL)
        for column in ("total", breach.side)
    )


def moved(before: Counter[PeriodFigure], after: Counter[PeriodFigure]) -> list[FigureChange]:
    """The figures that differ, in order."""
    return [FigureChange(figure, before[figure], after[figure]) for figure in sorted({*before, *after}) if before[figure] != after[figure]]
