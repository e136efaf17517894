"""The period figures that breaches stand in: `breach.total` and one a side, for each province and for the whole line. Pure."""

from collections import Counter
from collections.abc import Iterable
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
"""What no province is known for: a figure of its own."""


class Figure(NamedTuple):
    """One number of one report."""

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


class Move(NamedTuple):
    """A figure that would be another."""

    figure: Figure
    before: int
    after: int


def breach_of(incident: Incident, verdict: Verdict) -> Breach | None:
    """The breach this incident counts as under its verdict; None where it counts as none."""
    if incident.occurred is None or not counts_as_breach(incident, verdict):
        return None
    side = effective(incident, verdict).side
    return Breach(day_of(incident.occurred.start), unit_of(incident) or NO_UNIT, side or Side.UNDETERMINED)


def figures_of(breach: Breach) -> tuple[Figure, ...]:
    """Every figure a breach stands in: both regimes, month to year, its unit and the whole line, the total and its side."""
    return tuple(
        Figure(regime, period, unit, f"breach.{column}")
        for regime in Regime
        for period in periods_of(breach.day, regime)
        for unit in (breach.unit, ALL)
        for column in ("total", breach.side)
    )


def counted(breaches: Iterable[Breach]) -> Counter[Figure]:
    """The figures that breaches add up to."""
    return Counter(figure for breach in breaches for figure in figures_of(breach))


def moved(before: Counter[Figure], after: Counter[Figure]) -> list[Move]:
    """The figures that differ, in order."""
    return [Move(figure, before[figure], after[figure]) for figure in sorted({*before, *after}) if before[figure] != after[figure]]
