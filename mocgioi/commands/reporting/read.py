"""`mocgioi report read`: an old prose report read into proposed baseline figures, which a person confirms."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mocgioi.commands.options import AsJson, CsvDialect
from reports.spreadsheet import Dialect

if TYPE_CHECKING:
    from texts.report.model import ReportReading

_SURE = {"high": "cao", "medium": "vừa", "low": "thấp"}


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Đọc báo cáo cũ · figures proposed from an old report")(read)


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="báo cáo · the report: UTF-8 text or .docx")],
    unit: Annotated[
        str | None, typer.Option(metavar="PROVINCE", help="tỉnh của báo cáo, nếu văn bản không nói · its province: lang-son")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="TEXT", help="cách dẫn nguồn · how it is cited; else the file's name")] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="CSV cho `baseline load` · for `baseline load`, after a person has read it")
    ] = False,
    dialect: CsvDialect = Dialect.CSV,
    as_json: AsJson = False,
) -> None:
    """Đọc báo cáo cũ thành số liệu đề xuất, kèm dòng và câu gốc, để người xác nhận · read an old report into proposed figures.

    Chỉ ghi điều văn bản nói; chỗ không chắc thì để lại cho người đọc. `--csv > de-xuat.csv`, xem lại, rồi `mocgioi baseline load de-xuat.csv`.
    """
    from mocgioi.views.output import USAGE, document, fail
    from reports.units import UnknownUnit, unit_named
    from texts.files import Unreadable
    from texts.report.reading import read as read_file

    if as_csv and as_json:
        fail("usage", "--csv, --json: chọn một · choose one", USAGE)
    try:
        code = unit_named(unit).code if unit else ""
    except UnknownUnit as wrong:
        fail("usage", f"--unit {wrong}", USAGE)
    try:
        reading = read_file(file, source=source or "", unit=code)
    except Unreadable as wrong:
        fail(wrong.code, str(wrong))
    if as_json:
        document(reading.as_json())
    elif as_csv:
        _rows(reading, dialect)
    else:
        _show(reading)


def _rows(reading: "ReportReading", dialect: Dialect) -> None:
    from mocgioi.views.output import notice, write
    from reports.baselines.line import COLUMNS
    from reports.spreadsheet import BOM, csv_lines, inert

    # A person opens it as a spreadsheet before it is loaded.
    rows = [[dialect.decimal(row[name]) if name == "value" else inert(row[name]) for name in COLUMNS] for row in reading.rows()]
    write(BOM + csv_lines([COLUMNS, *rows], dialect))
    if reading.matters:
        notice(f"{len(reading.matters)} việc tại mốc không vào tệp này: xem --json · not in this file, see --json")


def _show(reading: "ReportReading") -> None:
    from collections import Counter

    from mocgioi.views.output import say, table
    from schemas.codebook import KIND_LABELS
    from texts.report.model import place
    from texts.wording import number

    table(
        ["Ở đâu · where", "Số liệu · figure", "Giá trị", "Kỳ · period", "Độ chắc", "Câu gốc và ghi chú · words, notes"],
        [
            (
                place(figure.spot),
                figure.figure,
                number(figure.value),
                figure.period or "?",
                _SURE[figure.confidence],
                " · ".join([f"“{figure.spot.quote}”", *filter(None, [figure.how]), *figure.notes]),
            )
            for figure in reading.figures
        ],
        title=f"{reading.source}, {reading.unit or 'chưa rõ tỉnh'}: {len(reading.figures)} số liệu đề xuất, cần người xác nhận · proposed, to be confirmed",
    )
    table(
        ["Ở đâu · where", "Việc · matter", "Mốc · markers", "Kỳ · period", "Độ chắc", "Câu gốc và ghi chú · words, notes"],
        [
            (
                place(matter.spot),
                KIND_LABELS[matter.kind].vi if matter.kind else "?",
                ", ".join(matter.markers) or "?",
                matter.period or "?",
                _SURE[matter.confidence],
                " · ".join([f"“{matter.spot.quote}”", *matter.notes]),
            )
            for matter in reading.matters
        ],
        title=f"{len(reading.matters)} việc tại mốc, không phải số liệu gốc · matters at markers, no baseline",
    )
    table(
        ["Ở đâu · where", "Vì sao · why", "Câu gốc · words"],
        [(place(count.spot), count.why, f"“{count.spot.quote}”") for count in reading.unread],
        title=f"{len(reading.unread)} số đếm không đọc thành số liệu · counts left unread",
    )
    fates = Counter(number.why or "số liệu" for number in reading.numbers)
    say(f"{len(reading.numbers)} số trong văn bản · numbers (--json): {'; '.join(f'{n} {fate}' for fate, n in fates.most_common())}")
