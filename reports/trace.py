"""Everything behind one figure: the incidents with their place and outcome, or the counted measures of crossing records."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from agreement.figure_families import CASES, CROSSING_FIGURE, FAMILIES, is_figure
from agreement.periods import Period
from border.vietnam import HANOI
from reports.figures.counted_rows import ROWS
from reports.figures.coverage import coverage, coverage_figures
from reports.figures.crossing import crossing_rows, crossings
from reports.figures.incidents import figures
from reports.figures.open_matters import open_figures
from reports.figures.rows import incident_rows
from reports.figures.scope import Scope, scope
from reports.model import Figure
from reports.units import Unit
from sinks.postgres.engine import away_is_unavailable

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
    """A row for everything a figure counts; none for a figure that is 0. Raises `UnknownFigure`, `Unavailable`.

    Where it is no number of cases, `n` is what each incident adds to it. A suppressed figure gives no rows: they would tell what it hides.
    """
    with away_is_unavailable(), engine.connect() as connection:
        scoped = scope(connection, [period], unit, as_of)
        if CROSSING_FIGURE.fullmatch(figure_id):
            for row in crossing_rows(scoped, figure_id):
                yield {name: _plain(value) for name, value in row.items()}
            return
        found = _figure(scoped, figure_id, period, least_shown)
        rows, _ = incident_rows(scoped, period)
        told = {row.subject: row.model_dump(mode="json") for row in rows}
        added = _added(scoped, figure_id, period, least_shown)
        for subject in found.subjects if found else ():
            if isinstance(subject, str):
                more = {"n": _plain(added[subject])} if subject in added else {}
                yield told.get(subject, {"subject": subject}) | more


def _added(scoped: Scope, figure_id: str, period: Period, least_shown: int) -> dict[str, Decimal]:
    """What each incident adds to a figure of persons, vehicles, goods …; nothing for one of cases, of which each adds one.

    Few victims or minors of one incident are not told: at a place and a time they are known to somebody.
    """
    for family, counted in zip(FAMILIES, ROWS, strict=True):
        key = family.key_of(figure_id)
        if key is not None and family.unit(key) != CASES:
            asked = f"SELECT subject, sum(n) FROM ({counted}) AS stated WHERE period = :period AND key = :key GROUP BY subject"
            hides = family.protects(key)
            added = {subject: n for subject, n in scoped.ask(asked, period=period.id, key=key) if not (hides and 0 < n < least_shown)}
            if added:
                return added
    return {}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(HANOI).isoformat()
        case Decimal():
            return int(value) if value == int(value) else float(value)
    return value


def _figure(scoped: Scope, figure_id: str, period: Period, least_shown: int) -> Figure | None:
    there: tuple[Figure, ...] = open_figures(scoped, period)
    if figure_id.startswith("posts."):
        # Posts are expected that reported in the year before, too.
        wider = scope(scoped.connection, (period, period.before), scoped.unit, scoped.as_of)
        there = coverage_figures(coverage(wider, period, {name: one.sources for name, one in crossings(wider).items()}))
    elif is_figure(figure_id):
        there = figures(scoped, least_shown=least_shown)[period.id]
    elif not any(figure.id == figure_id for figure in there):
        raise UnknownFigure(f"{figure_id!r}: không có số liệu này, xem mã trong `mocgioi report build --format json` · no such figure")
    return next((figure for figure in there if figure.id == figure_id), None)
