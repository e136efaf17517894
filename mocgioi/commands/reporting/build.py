"""`mocgioi report build`: one report, from the record alone."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from agreement.periods import Period, Regime, UnknownPeriod
from mocgioi.commands.options import AsOf, PeriodName, RegimeName, UnitName, moment_in, unit_and_period

Format = Annotated[
    Literal["json", "md", "docx", "xlsx", "pdf"], typer.Option("--format", metavar="FORMAT", help="json, md, docx, xlsx; pdf: LibreOffice")
]
Into = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="ghi vào tệp · into a file")]

Estimated = Annotated[
    list[str] | None,
    typer.Option(
        "--estimate", metavar="PERIOD", help="thêm số ước của kỳ dài hơn, nhiều lần được · with expected figures of a longer period"
    ),
]


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Lập báo cáo · build a report")(build)


def build(
    period: PeriodName,
    unit: UnitName,
    regime: RegimeName = Regime.ND09,
    as_of: AsOf = None,
    form: Format = "md",
    output: Into = None,
    estimate: Estimated = None,
) -> None:
    """Lập báo cáo của một kỳ từ hồ sơ, kèm kiểm tra số liệu · build a period's report from the record, with its checks."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import USAGE, fail, markdown, say, write
    from reports.build import build as built
    from reports.documents import render
    from reports.estimates import NotEstimable

    check_output(form, output)
    whose, span = unit_and_period(unit, period, regime)
    settings = load()
    try:
        with record_engine(settings) as engine:
            then, expected = moment_in(engine, as_of), longer(estimate, regime)
            report = built(engine, whose, span, then, least_shown=settings.report_min_cell, estimate=expected)
    except NotEstimable as error:
        fail("estimate", str(error), USAGE)
    content = render(report, form)
    if output is None:
        (markdown if form == "md" else write)(content)
        return
    output.write_bytes(content)
    errors = [check for check in report.checks if check.severity == "error"]
    say(f"{output}: {report.sentences['breach']}. Kiểm tra: {len(report.checks)} mục, {len(errors)} lỗi · checks, errors")


def check_output(form: str, output: Path | None) -> None:
    """Leave with exit code 2 where a document that is no text would go to a terminal."""
    from mocgioi.views.output import USAGE, fail

    if output is None and form in ("docx", "xlsx", "pdf"):
        fail("usage", f"--format {form}: cần -o FILE · needs -o FILE", USAGE)


def longer(periods: list[str] | None, regime: Regime) -> tuple[Period, ...]:
    """The longer periods to estimate; leaves with exit code 2 where there is no such period."""
    from mocgioi.views.output import USAGE, fail

    try:
        return tuple(Period.parse(period, regime) for period in periods or ())
    except UnknownPeriod as error:
        fail("period", str(error), USAGE)
