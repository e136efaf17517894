"""Which reports are due when: cut-off, deadline and the working day to send by. Pure.

Working days are those of the package `holidays`: Tết, the other public holidays, days off in lieu, and the swaps of working days that were
announced when its version came out.
"""

import functools
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from agreement.periods import Period, Regime, month_of, periods_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A rule in force from a day on: by which day of a month a report is sent."""

    valid_from: date
    day: int
    """Of the last month of the period."""
    source: str


DEADLINES: dict[Regime, tuple[Deadline, ...]] = {
    Regime.ND09: (Deadline(date(2019, 3, 12), 25, "Nghị định 09/2019/NĐ-CP, Điều 13"),),
    Regime.CALENDAR: (),
}
"""By regime, the oldest first. No law gives reports of calendar months a deadline."""


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is due once its figures are closed."""

    period: Period
    cut_off: date
    """The last day that counts."""
    deadline: date | None
    """The day by which the law wants it sent; None where no law says."""

    @property
    def opens(self) -> date:
        """The first day on which it can be drawn up."""
        return self.cut_off + _DAY

    @property
    def send_by(self) -> date | None:
        """The last working day up to the deadline: if the deadline is a day off, the report is sent before it."""
        return None if self.deadline is None else last_working_day(self.deadline)

    def is_open(self, on: date) -> bool:
        """Whether its figures are closed when a day begins."""
        return on >= self.opens

    def days_late(self, on: date) -> int:
        """Days since the deadline; 0 before it and without one."""
        return 0 if self.deadline is None else max(0, (on - self.deadline).days)

    def working_days_late(self, on: date) -> int:
        """Of those, the working days."""
        return 0 if self.deadline is None else working_days(self.deadline, on)


def due_on(day: date, since: date, regime: Regime = Regime.ND09) -> tuple[Due, ...]:
    """The reports that can be drawn up on a day, of those closed since another, the oldest first: a report that was missed stays due."""
    return due_between(since, day - _DAY, regime)


def next_due(day: date, regime: Regime = Regime.ND09) -> tuple[Due, ...]:
    """The month, quarter, half and year that close next, on a day or after it."""
    closing = [_due(Period.parse(period, regime)) for period in periods_of(day, regime)]
    return tuple(sorted(closing, key=lambda due: (due.cut_off, due.period.length)))


def due_between(first: date, last: date, regime: Regime = Regime.ND09) -> tuple[Due, ...]:
    """The reports whose cut-off lies in these days, both included; by cut-off, the shorter period first.

    A report a month, quarter, half and year: nine months are no period of the decree, and nobody has to send them.
    """
    dues: list[Due] = []
    month = month_of(first, regime)
    while month.end.date() - _DAY <= last:
        closing = [Period.parse(period, regime) for period in periods_of(month.end.date() - _DAY, regime)]
        dues += [_due(period) for period in closing if period.end == month.end]
        month = month_of(month.end.date(), regime)
    return tuple(dues)


def is_working_day(day: date) -> bool:
    """Whether offices in Vietnam work on a day."""
    return _vietnam().is_working_day(day)


def last_working_day(until: date) -> date:
    """The last working day up to a day, itself included."""
    while not is_working_day(until):
        until -= _DAY
    return until


def working_days(after: date, until: date) -> int:
    """How many working days follow one day, up to another, which is included."""
    return sum(is_working_day(after + count * _DAY) for count in range(1, (until - after).days + 1))


def _due(period: Period) -> Due:
    cut_off = period.end.date() - _DAY
    rule = next((rule for rule in reversed(DEADLINES[period.regime]) if rule.valid_from <= cut_off), None)
    # The last month of the period is the month its last day lies in, in both regimes.
    return Due(period, cut_off, None if rule is None else cut_off.replace(day=rule.day))


@functools.cache
def _vietnam() -> holidays.HolidayBase:
    return holidays.country_holidays("VN")
