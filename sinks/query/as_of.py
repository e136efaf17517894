"""The states of incidents, the counts of crossing records and officers' acts for queries: the newest, or those of the record at a moment."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Function, Table, column, func

from sinks.postgres.tables import crossing, crossing_state, duty_state, incident, incident_state


def incident_states(as_of: datetime | None = None) -> FromClause:
    """The state of every incident."""
    return incident if as_of is None else _at(func.incident_as_of, incident_state, as_of)


def crossing_states(as_of: datetime | None = None) -> FromClause:
    """The counted measures of all crossing records."""
    return crossing if as_of is None else _at(func.crossing_as_of, crossing_state, as_of)


def duty_states(as_of: datetime | None = None) -> FromClause:
    """What officers did about every incident."""
    return duty_state if as_of is None else _at(func.duty_state_as_of, duty_state, as_of)


def _at(function: Callable[..., Function[Any]], table: Table, moment: datetime) -> FromClause:
    return function(moment).table_valued(*(column(each.name, each.type) for each in table.columns)).alias(table.name)
