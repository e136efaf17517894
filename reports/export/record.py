"""Rows of the record for an export, in a fixed order. They are read in batches: a million of them never stand in memory together.

Narratives are in no table of states, so none leaves the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, RowMapping, Select, and_, case, func, select

from agreement.figures import ALL
from reports.export.columns import CROSSINGS, INCIDENTS
from reports.export.text import Values
from reports.units import Unit
from schemas.codebook import ARTICLE39, Kind, Measure, Status
from sinks.postgres.engine import away_is_unavailable
from sinks.query.as_of import crossing_states, incident_states

_FETCHED = 5_000
_COUNTED = tuple(measure.value for measure in (Measure.PERSONS, Measure.VEHICLES, Measure.BOATS, Measure.LIVESTOCK))
"""Columns of incidents that are sums of the measures of that name, which are whole numbers."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of the record to export: as of a moment, of a unit, in a span of time."""

    as_of: datetime
    unit: Unit
    start: datetime | None = None
    """None: from the beginning, with the incidents that have no time yet."""
    end: datetime | None = None
    """Not included. None: to the end."""


def incident_rows(engine: Engine, selection: Selection) -> Iterator[Values]:
    """Rows of the data set `incidents`. Raises `Unavailable`."""
    for row in _streamed(engine, incidents(selection)):
        state = row._mapping  # noqa: SLF001  # the documented name of a row's mapping
        cells = {**state, **_sums(state)}
        yield [cells[column.name] for column in INCIDENTS.columns]


def crossing_rows(engine: Engine, selection: Selection) -> Iterator[Values]:
    """Rows of the data set `crossings`. Raises `Unavailable`."""
    return _streamed(engine, crossings(selection))


def how_many(engine: Engine, query: Select[Any], at_most: int) -> int:
    """How many rows a query has; it stops counting at `at_most`. Raises `Unavailable`."""
    with away_is_unavailable(), engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(query.order_by(None).limit(at_most).subquery())).scalar_one()


def incidents(selection: Selection) -> Select[Any]:
    """The query for rows of incidents: their columns except the counts, and `measures`."""
    states = incident_states(selection.as_of)
    computed: dict[str, ColumnElement[Any]] = {
        "occurred": states.c.occurred_start,
        "precision": states.c.occurred_precision,
        "sea_area": case((states.c.scheme == "sea", states.c.area)),
        # As the reports count (`reports.figures.scope`): reported, actual, not retracted.
        "counts": func.coalesce(and_(states.c.complete, states.c.status == Status.ACTUAL.value, ~states.c.retracted), False),
    }
    stored = [column.name for column in INCIDENTS.columns if column.name not in (*computed, *_COUNTED)]
    return (
        select(*(states.c[name] for name in stored), *(value.label(name) for name, value in computed.items()), states.c.measures)
        .where(*_within(selection, states.c.occurred_start), *_of_provinces(selection.unit, states.c.province))
        .order_by(states.c.occurred_start.asc().nulls_last(), states.c.subject.collate("C"))
    )


def crossings(selection: Selection) -> Select[Any]:
    """The query for rows of crossings: their columns, in order."""
    states = crossing_states(selection.as_of)
    stored = [states.c[column.name] for column in CROSSINGS.columns if column.name != "counts"]
    gates = () if selection.unit.code == ALL else (states.c.gate.in_(selection.unit.gates),)
    # A database sorts words as its language does: by their bytes, every one does it alike.
    words = [states.c[name].collate("C") for name in ("gate", "source", "id")]
    return (
        select(*stored, (states.c.status == Status.ACTUAL.value).label("counts"))
        .where(*_within(selection, states.c.interval_start), *gates)
        .order_by(words[0], states.c.interval_start, words[1], words[2], states.c.position)
    )


def _within(selection: Selection, moment: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    since = [] if selection.start is None else [moment >= selection.start]
    return since if selection.end is None else [*since, moment < selection.end]


def _of_provinces(unit: Unit, province: ColumnElement[str]) -> list[ColumnElement[bool]]:
    if unit.code == ALL:
        return []
    return [province.is_(None)] if unit.provinces is None else [province.in_([code.value for code in unit.provinces])]


def _sums(state: RowMapping) -> dict[str, int | None]:
    """Sums of measures. The number of people of a trafficking case is left out: with its place and time it could name them."""
    sums: dict[str, int | None] = dict.fromkeys(_COUNTED)
    for measure in state["measures"] or ():
        name = measure["what"]
        if name in sums:
            sums[name] = (sums[name] or 0) + int(measure["n"])
    if state["kind"] == Kind.TRAFFICKING or ARTICLE39[Kind.TRAFFICKING] in state["article39"]:
        sums["persons"] = None
    return sums


def _streamed(engine: Engine, query: Select[Any]) -> Iterator[Row[Any]]:
    """The rows, fetched from the server in batches."""
    with away_is_unavailable(), engine.connect() as connection:
        result = connection.execution_options(stream_results=True, yield_per=_FETCHED).execute(query)
        yield from result
