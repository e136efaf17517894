"""What the commands `mocgioi export` do: check all options first, then read the rows, write them and print where they are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agreement.periods import Period, Regime, UnknownPeriod
from border.vietnam import HANOI
from mocgioi.commands.options import day_of, moment_in, moment_of
from mocgioi.service.database import record_engine
from mocgioi.service.settings import load
from mocgioi.views.output import USAGE, document, fail, results, say
from mocgioi.views.progress import progress
from reports.export.atomic_file import NoFile
from reports.export.columns import CROSSINGS, FIGURES, INCIDENTS, Dataset, Form
from reports.export.export import Export, scope_of, write_file, write_stream
from reports.export.figures import figure_rows
from reports.export.record import Selection, crossing_rows, crossings, how_many, incident_rows, incidents
from reports.export.text import Values
from reports.export.xlsx import ROWS, TooManyRows
from reports.spreadsheet import Dialect
from reports.units import Unit, UnknownUnit, unit_named

if TYPE_CHECKING:
    from sinks.postgres.engine import Engine

_PROGRESS_EVERY = 1_000
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The options of every export."""

    form: Form
    output: Path | None
    as_of: str | None
    unit: str
    as_json: bool
    raw: bool
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class Within:
    """The span of time: days, both included, or a report period."""

    first_day: str | None
    last_day: str | None
    regime: Regime | None
    period: str | None


def export_incidents(options: ExportOptions, within: Within) -> None:
    """`mocgioi export incidents`."""
    _export(options, within, INCIDENTS, incidents, incident_rows)


def export_crossings(options: ExportOptions, within: Within) -> None:
    """`mocgioi export crossings`."""
    _export(options, within, CROSSINGS, crossings, crossing_rows)


def export_figures(options: ExportOptions, period_id: str, regime: Regime, *, by_month: bool) -> None:
    """`mocgioi export figures`."""
    _check_output(options)
    moment_of(options.as_of)  # a wrong one is refused before a database is started
    period = _parsed(period_id, regime)
    unit = _unit(options, period)
    settings = load()
    with record_engine(settings) as engine:
        as_of = moment_in(engine, options.as_of)
        rows = figure_rows(engine, unit, period, as_of, least_shown=settings.report_min_cell, by_month=by_month)
        _write(Export(FIGURES, rows, scope_of(Selection(as_of, unit, period.start, period.end), period, by_month=by_month)), options)


def _export(
    options: ExportOptions,
    within: Within,
    dataset: Dataset,
    query: Callable[[Selection], Any],
    rows: Callable[["Engine", Selection], Iterator[Values]],
) -> None:
    _check_output(options)
    moment_of(options.as_of)  # a wrong one is refused before a database is started
    period = _period(within)
    unit, (start, end) = _unit(options, period), _span(within, period)
    with record_engine() as engine:
        chosen = Selection(moment_in(engine, options.as_of), unit, start, end)
        if options.form is Form.XLSX and how_many(engine, query(chosen), ROWS + 1) > ROWS:
            fail("too_many_rows", str(TooManyRows()))
        _write(Export(dataset, rows(engine, chosen), scope_of(chosen, period)), options)


def _write(export: Export, options: ExportOptions) -> None:
    """Write the rows to the output, and print what was written."""
    with progress("dòng · rows") as advance:
        watched = Export(export.dataset, _with_progress(export.rows, advance), export.scope, options.raw, options.dialect)
        if options.output is None:
            write_stream(watched, results())
            return
        try:
            written = write_file(watched, options.form, options.output)
        except NoFile as wrong:
            fail("usage", f"--output {wrong}", USAGE)
    if options.as_json:
        document({"file": written.file, "codebook": written.codebook, "rows": written.rows, "sha256": written.sha256, **export.scope})
    else:
        say(f"{written.file}: {written.rows} dòng · rows, as_of {export.scope['as_of']}, sha256 {written.sha256}; {written.codebook}")


def _with_progress(rows: Iterable[Values], advance: Callable[[int], None]) -> Iterator[Values]:
    for number, row in enumerate(rows, 1):
        if number % _PROGRESS_EVERY == 0:
            advance(_PROGRESS_EVERY)
        yield row


def _check_output(options: ExportOptions) -> None:
    if options.output is None and options.form is not Form.CSV:
        fail("usage", f"--format {options.form}: cần -o FILE, chỉ csv in ra được · needs -o FILE, only csv goes to stdout", USAGE)
    if options.raw and options.form is not Form.CSV:
        fail(
            "usage",
            f"--raw: chỉ cho csv, {options.form} luôn giữ nguyên chữ · for csv only, {options.form} keeps every text as it is",
            USAGE,
        )
    if options.dialect is not Dialect.CSV and (options.raw or options.form is not Form.CSV):
        fail("usage", f"--dialect {options.dialect}: chỉ cho csv, không đi cùng --raw · for csv only, and not with --raw", USAGE)
    if options.output is None and options.as_json:
        fail("usage", "--json: cần -o FILE, csv đã in ra · needs -o FILE: stdout has the csv", USAGE)


def _unit(options: ExportOptions, period: Period | None) -> Unit:
    try:
        return unit_named(options.unit, period)
    except UnknownUnit as wrong:
        fail("usage", f"--unit: {wrong}", USAGE)


def _period(within: Within) -> Period | None:
    """The report period; None where days are given, or nothing."""
    if within.period is None:
        if within.regime is not None:
            fail("usage", "--regime: cần thêm --period · needs --period beside it, e.g. 2019Q4", USAGE)
        return None
    if within.first_day is not None or within.last_day is not None:
        fail("usage", "--period: không đi cùng --from, --to · does not go with --from, --to", USAGE)
    return _parsed(within.period, within.regime or Regime.ND09)


def _parsed(period: str, regime: Regime) -> Period:
    try:
        return Period.parse(period, regime)
    except UnknownPeriod as wrong:
        fail("usage", f"--period: {wrong}", USAGE)


def _span(within: Within, period: Period | None) -> tuple[datetime | None, datetime | None]:
    """Where the rows begin, and where they end, not included."""
    if period is not None:
        return period.start, period.end
    first, last = day_of("--from", within.first_day), day_of("--to", within.last_day)
    if first is not None and last is not None and last < first:
        fail("usage", f"--to {within.last_day}: trước · before --from {within.first_day}", USAGE)
    return _midnight(first), None if last is None else _midnight(last + _A_DAY)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), HANOI)
