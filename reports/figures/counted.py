"""Which incidents count for a unit and a period."""

from collections.abc import Iterable
from datetime import datetime

from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from reports.figures.scope import Scope
from reports.units import Unit
from schemas.codebook import Status
from schemas.verdicts import IncidentState
from sinks.query.states import StateAsOf, states_occurred


def counted_incidents(scoped: Scope, period: Period) -> tuple[StateAsOf, ...]:
    """The incidents that count for the scope's unit in a period, by (occurred, subject)."""
    return counted_among(states_occurred(scoped.connection, period.start, period.end, scoped.as_of), period, scoped.unit)


def counted_among(incidents: Iterable[StateAsOf], period: Period, unit: Unit) -> tuple[StateAsOf, ...]:
    """Those of the incidents that count for a unit in a period, in the order given."""
    opens, closes = period.start, period.end
    return tuple(
        incident
        for incident in incidents
        if counts(incident.state) and opens <= occurred_start(incident.state) < closes and is_of(incident.state.province, unit)
    )


def counts(state: IncidentState) -> bool:
    """Whether an incident counts at all: reported, actual, not retracted."""
    return state.complete and state.status == Status.ACTUAL and not state.retracted


def occurred_start(state: IncidentState) -> datetime:
    """When an incident that counts occurred: a complete one states it."""
    assert state.occurred_start is not None  # noqa: S101  # it is complete
    return state.occurred_start


def is_of(province: str | None, unit: Unit) -> bool:
    """Whether an incident of a province counts for a unit."""
    if unit.code == NO_UNIT:
        return province is None
    return unit.code == ALL or province in (unit.provinces or ())
