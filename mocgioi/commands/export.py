"""`mocgioi export`: the record and its figures as files for other people's programs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, AsOf, CsvDialect, PeriodName, RegimeName, UnitName
from reports.export.columns import Form
from reports.spreadsheet import Dialect

export = typer.Typer(help="Xuất dữ liệu ra tệp · files for analysts.", no_args_is_help=True)

Format = Annotated[Form, typer.Option("--format", metavar="FORMAT", help="dạng tệp · csv, parquet, xlsx")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="tệp; csv có thể in ra · a file; csv may go to stdout")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="từ ngày · from this day on, e.g. 2019-12-14")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="đến hết ngày · to the end of this day")]
By = Annotated[
    Literal["month"] | None, typer.Option("--by", metavar="month", help="từng tháng, không có cả kỳ · its months, not the whole")
]
Raw = Annotated[bool, typer.Option("--raw", help="csv cho máy, chữ giữ nguyên · csv for programs: text as it is, formulas too")]
MaybeRegime = Annotated[
    Regime | None, typer.Option("--regime", metavar="REGIME", help="cách chốt số liệu của kỳ · nd09 (15 → 14), calendar")
]
MaybePeriod = Annotated[str | None, typer.Option("--period", metavar="PERIOD", help="kỳ thay cho --from, --to · instead of them: 2019Q4 …")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(export, name="export")


@export.command(short_help="Vụ việc · incidents")
def incidents(
    form: Format,
    output: Output = None,
    as_of: AsOf = None,
    unit: UnitName = "all",
    first_day: From = None,
    last_day: To = None,
    regime: MaybeRegime = None,
    period: MaybePeriod = None,
    as_json: AsJson = False,
    raw: Raw = False,
    dialect: CsvDialect = Dialect.CSV,
) -> None:
    """Mọi vụ việc, kể cả không được tính, không kèm lời kể · all incidents, those not counted too, without their narratives."""
    from mocgioi.commands.export_files import ExportOptions, Within, export_incidents

    export_incidents(ExportOptions(form, output, as_of, unit, as_json, raw, dialect), Within(first_day, last_day, regime, period))


@export.command(short_help="Số liệu qua cửa khẩu · crossing counts")
def crossings(
    form: Format,
    output: Output = None,
    as_of: AsOf = None,
    unit: UnitName = "all",
    first_day: From = None,
    last_day: To = None,
    regime: MaybeRegime = None,
    period: MaybePeriod = None,
    as_json: AsJson = False,
    raw: Raw = False,
    dialect: CsvDialect = Dialect.CSV,
) -> None:
    """Mọi số đếm qua cửa khẩu, lối mở, theo bản đính chính mới nhất · all counts of what passed the gates, as last corrected."""
    from mocgioi.commands.export_files import ExportOptions, Within, export_crossings

    export_crossings(ExportOptions(form, output, as_of, unit, as_json, raw, dialect), Within(first_day, last_day, regime, period))


@export.command(short_help="Số liệu báo cáo · figures of reports")
def figures(
    form: Format,
    period: PeriodName,
    output: Output = None,
    as_of: AsOf = None,
    unit: UnitName = "all",
    regime: RegimeName = Regime.ND09,
    by: By = None,
    as_json: AsJson = False,
    raw: Raw = False,
    dialect: CsvDialect = Dialect.CSV,
) -> None:
    """Số liệu của một kỳ, mỗi số một dòng · the figures of a period's report, one a row."""
    from mocgioi.commands.export_files import ExportOptions, export_figures

    export_figures(ExportOptions(form, output, as_of, unit, as_json, raw, dialect), period, regime, by_month=by is not None)
