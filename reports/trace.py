"""Everything behind one figure: the incidents with their place and outcome, or the counted measures of crossing records."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from agreement.figure_families import CASES, CROSSING_FIGURE, FAMILIES, is_figure
from agreement.periods import Period
from agreement.published_families import published_family
from border.vietnam import HANOI
from reports.baselines.store import published_only
from reports.begun import check_begun
from reports.figures.acknowledging import minutes_waited
from reports.figures.counted import counted_incidents
from reports.figures.coverage import coverage, coverage_figures
from reports.figures.crossing import crossing_rows, crossings
from reports.figures.incidents import figures
from reports.figures.listed import definition
from reports.figures.open_matters import open_figures
from reports.figures.published_only import published_only_figures
from reports.figures.rows import event_rows
from reports.figures.scope import Scope, scope
from reports.figures.tally import Tallies, Tally, tally
from reports.model import Figure
from reports.units import Unit
from sinks.postgres.engine import away_is_unavailable
from sinks.query.states import StateAsOf

TRACE_COLUMNS = {
    "subject": "vụ việc · subject",
    "occurred": "lúc · occurred",
    "kind": "loại · kind",
    "side": "phía · side",
    "outcome": "kết luận · outcome",
    "clauses": "điều · clauses",
    "markers": "mốc · markers",
    "province": "tỉnh · province",
    "finding": "lý do · why",
    "source": "nguồn · source",
    "id": "mã · id",
    "gate": "cửa khẩu · gate",
    "direction": "chiều · direction",
    "interval_start": "từ · from",
    "interval_end": "đến · to",
    "what": "đối tượng · what",
    "n": "số · n",
    "unit": "đơn vị · unit",
    "nationality": "quốc tịch · nationality",
}
"""Columns for people, by the names of the rows."""


class UnknownFigure(LookupError):
    """No figure of that name can be in a report."""


def traced(engine: Engine, figure_id: str, unit: Unit, period: Period, as_of: datetime, *, least_shown: int) -> Iterator[dict[str, Any]]:
    """A row for everything a figure counts, or the document that published it; none for a figure that is 0.

    Where it is no number of cases, `n` is what each incident adds to it. A suppressed figure gives no rows: they would tell what it hides.
    Raises `PeriodNotBegun`, `UnknownFigure`, `Unavailable`.
    """
    check_begun(period, as_of)
    with away_is_unavailable(), engine.connect() as connection:
        scoped = scope(connection, unit, as_of)
        if CROSSING_FIGURE.fullmatch(figure_id):
            for row in crossing_rows(scoped, period, figure_id):
                yield {name: _plain(value) for name, value in row.items()}
            return
        if published_family(figure_id) is not None:
            totals = published_only_figures(published_only(connection, unit, as_of=as_of), unit, period)
            yield from ({"source": total.source, "n": total.value, "unit": total.unit} for total in totals if total.figure == figure_id)
            return
        incidents = counted_incidents(scoped, period)
        if figure_id.startswith("duty.") and definition(figure_id) is not None:
            waited = minutes_waited(scoped, incidents)
            yield from (
                row.model_dump(mode="json") | {"n": _plain(waited[row.subject])} for row in event_rows(incidents) if row.subject in waited
            )
            return
        tallies = tally(incidents)
        figure = _figure(scoped, figure_id, period, incidents, figures(tallies, least_shown=least_shown))
        amounts = _amounts(tallies, figure_id, least_shown)
        rows = {row.subject: row.model_dump(mode="json") for row in event_rows(incidents)}
        for subject in figure.subjects if figure else ():
            if isinstance(subject, str):
                more = {"n": _plain(amounts[subject])} if subject in amounts else {}
                yield rows.get(subject, {"subject": subject}) | more


def _amounts(tallies: Tallies, figure_id: str, least_shown: int) -> Tally:
    """What each incident adds to a figure of persons, vehicles, goods …; nothing for one of cases, of which each adds one.

    Few victims or minors of one incident are not shown: at a place and a time they are known to somebody.
    """
    for family in FAMILIES:
        key = family.key_of(figure_id)
        if key is not None and family.unit(key) != CASES:
            amounts = tallies[family.prefix, family.counts].get(key, {})
            hides = family.protects(key)
            shown = {subject: n for subject, n in amounts.items() if not (hides and 0 < n < least_shown)}
            if shown:
                return shown
    return {}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(HANOI).isoformat()
        case Decimal():
            return int(value) if value == int(value) else float(value)
    return value


def _figure(scoped: Scope, figure_id: str, period: Period, incidents: Sequence[StateAsOf], of_incidents: Iterable[Figure]) -> Figure | None:
    figures_here: Iterable[Figure] = open_figures(scoped, period)
    if figure_id.startswith("posts."):
        # Posts are expected that reported in the year before, too.
        before = period.before
        covered_before = coverage(scoped, before, counted_incidents(scoped, before), crossings(scoped, before))
        covered = coverage(scoped, period, incidents, crossings(scoped, period), reported_before=covered_before.reported)
        figures_here = coverage_figures(covered)
    elif is_figure(figure_id):
        figures_here = of_incidents
    elif not any(figure.id == figure_id for figure in figures_here):
        raise UnknownFigure(f"{figure_id!r}: không có số liệu này, xem mã trong `mocgioi report build --format json` · no such figure")
    return next((figure for figure in figures_here if figure.id == figure_id), None)
