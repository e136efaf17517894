"""Which reports are due for which unit, and their state: upcoming, due, late, built, issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from agreement.periods import Regime
from border.vietnam import HANOI
from reports.schedule.due import Due, due_on, next_due
from reports.units import UnknownUnit, unit_named
from sinks.record.report_runs import Built, Issued, Key, newest_built, newest_issued, record_began

_RECENT = timedelta(days=92)


class State(StrEnum):
    """The state of a report."""

    UPCOMING = "upcoming"
    DUE = "due"
    LATE = "late"
    BUILT = "built"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of a unit, as it stands on a day."""

    unit: str
    due: Due
    on: date
    built: Built | None
    issued: Issued | None

    @property
    def key(self) -> Key:
        """Unit, regime, period."""
        return self.unit, self.due.period.regime.value, self.due.period.id

    @property
    def state(self) -> State:
        """Its state. A late report that is built counts as built; `days_late` stays."""
        if self.issued:
            return State.ISSUED
        if self.built:
            return State.BUILT
        if not self.due.is_open(self.on):
            return State.UPCOMING
        return State.LATE if self.days_late else State.DUE

    @property
    def days_late(self) -> int:
        """Days since the deadline, while it is not issued."""
        return 0 if self.issued else self.due.days_late(self.on)

    @property
    def working_days_late(self) -> int:
        """Of those, the working days."""
        return 0 if self.issued else self.due.working_days_late(self.on)


def agenda(engine: Engine, units: Iterable[str], *, on: date, since: date | None, regime: Regime = Regime.ND09) -> tuple[Entry, ...]:
    """The reports of each unit on periods that ended since a day (None: none) or end next. Raises `Unavailable`."""
    built, issued = newest_built(engine), newest_issued(engine)
    dues = (due_on(on, since, regime) if since is not None else ()) + next_due(on, regime)
    return tuple(
        Entry(unit, due, on, built.get(key), issued.get(key))
        for due in dues
        for unit in units
        if reports_on(unit, due)
        for key in [(unit, regime.value, due.period.id)]
    )


def began(engine: Engine) -> date | None:
    """The day in Vietnam on which the first event was recorded; None while there is none. Raises `Unavailable`."""
    moment = record_began(engine)
    return None if moment is None else moment.astimezone(HANOI).date()


def of_interest(entry: Entry) -> bool:
    """Whether a list of what is due shows it: not what was issued more than a quarter ago."""
    return entry.state is not State.ISSUED or entry.on - entry.due.cut_off <= _RECENT


def reports_on(unit: str, due: Due) -> bool:
    """Whether a unit exists in the period: a province that was merged away reports no more."""
    try:
        unit_named(unit, due.period)
    except UnknownUnit:
        return False
    return True
