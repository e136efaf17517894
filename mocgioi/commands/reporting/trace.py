"""`mocgioi report trace`: what a figure counts, row by row."""

from datetime import datetime
from typing import Annotated

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, AsOf, PeriodName, RegimeName, UnitName, moment_in, unit_and_period

_TIME_COLUMNS = frozenset({"occurred", "interval_start", "interval_end"})
FigureId = Annotated[str, typer.Argument(metavar="ID", help="mã số liệu · the figure's id, e.g. breach.CN")]


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Truy một số liệu về sự kiện · what a figure counts")(trace)


def trace(
    figure: FigureId, period: PeriodName, unit: UnitName, regime: RegimeName = Regime.ND09, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Truy một số liệu về từng vụ việc hoặc từng bản ghi · every incident, or crossing record, behind a figure. --json: JSON lines."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import fail, line, say, table
    from reports.trace import TRACE_COLUMNS, UnknownFigure, traced

    whose, span = unit_and_period(unit, period, regime)
    settings = load()
    with record_engine(settings) as engine:
        try:
            rows = traced(engine, figure, whose, span, moment_in(engine, as_of), least_shown=settings.report_min_cell)
            if as_json:
                for row in rows:
                    line(row)
                return
            kept = list(rows)
        except UnknownFigure as wrong:
            fail("figure", str(wrong))
    if not kept:
        least = settings.report_min_cell
        none = "không có dòng nào; không có vụ nào, chưa có báo cáo"
        say(f"{figure}: {none}, hoặc đếm nạn nhân, trẻ em và dưới {least} · no rows: none, nobody reported, or suppressed")
        return
    kept.sort(key=lambda row: str(row.get("occurred") or ""))
    columns = [name for name in TRACE_COLUMNS if any(name in row for row in kept)]
    table(
        [TRACE_COLUMNS[name] for name in columns],
        [[_cell(name, row.get(name)) for name in columns] for row in kept],
        title=f"{figure}: {len(kept)} dòng · rows",
    )


def _cell(name: str, value: object) -> object:
    from texts.wording import number

    if name in _TIME_COLUMNS and isinstance(value, str):
        return f"{datetime.fromisoformat(value):%d/%m/%Y %H:%M}"
    if isinstance(value, int | float):
        return number(value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
