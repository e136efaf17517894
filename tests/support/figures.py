"""What the record counts, of the whole line and all time."""

from datetime import datetime

from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.figures.counted import counted_incidents
from reports.figures.incidents import figures
from reports.figures.scope import scope
from reports.figures.tally import tally
from reports.units import unit_named
from sinks.postgres.clock import as_of_now

EVER = Period.parse("2000..2100", Regime.CALENDAR)


def counted(engine: Engine, head: str, *, as_of: datetime | None = None) -> dict[str, float]:
    """The figures that are not 0 of a head (`breach`, `outcome`), by key, as known now or then; without the total."""
    with engine.connect() as connection:
        incidents = counted_incidents(scope(connection, unit_named("all"), as_of or as_of_now(engine)), EVER)
    named = {
        figure.id.removeprefix(f"{head}."): figure.value
        for figure in figures(tally(incidents))
        if figure.id.startswith(f"{head}.") and figure.value
    }
    return {key: value for key, value in named.items() if "." not in key and key != "total" and value is not None}
