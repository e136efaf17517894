"""The periods a day stands in, in both regimes of reporting. Days are Vietnam's (UTC+7)."""

from datetime import date
from enum import StrEnum

_CUT_OFF = 15
"""First day of the next month under Decree 09/2019/NĐ-CP, Article 12."""


class Regime(StrEnum):
    """How months are cut."""

    ND09 = "nd09"
    """15 of the month before to 14: Decree 09/2019/NĐ-CP, Article 12."""
    CALENDAR = "calendar"


def periods_of(day: date, regime: Regime) -> tuple[str, str, str, str]:
    """The month, quarter, half and year of a day: `2019-12`, `2019Q4`, `2019H2`, `2019`.

    Under `nd09` the 15th opens the next month, so that 15 December is of next year's January, first quarter and first half.
    """
    year, month = day.year, day.month
    if regime is Regime.ND09 and day.day >= _CUT_OFF:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{year:04d}-{month:02d}", f"{year:04d}Q{(month + 2) // 3}", f"{year:04d}H{(month + 5) // 6}", f"{year:04d}"
