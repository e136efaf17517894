"""`mocgioi report show|issued`: what is out, and where it stands."""

from typing import Annotated

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, PeriodName, RegimeName, UnitName, unit_and_period
from mocgioi.commands.reporting.build import Format, Into, check_output

Version = Annotated[
    int | None, typer.Option("--version", min=1, metavar="N", help="bản thứ mấy, mặc định bản mới nhất · which, else the newest")
]


def add_to(report: typer.Typer) -> None:
    """Add the commands to `mocgioi report`."""
    report.command(short_help="Báo cáo đã phát hành · one that is out")(show)
    report.command(short_help="Liệt kê bản đã phát hành · what is out")(issued)


def show(
    period: PeriodName, unit: UnitName, regime: RegimeName = Regime.ND09, version: Version = None, form: Format = "md", output: Into = None
) -> None:
    """Đúng từng byte như đã phát hành; pdf tạo từ bản docx ấy · byte by byte as it went out; a pdf is made of that docx."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import fail, markdown, say, write
    from reports.documents.pdf import pdf
    from reports.issued import document

    check_output(form, output)
    whose, span = unit_and_period(unit, period, regime)
    with record_engine() as engine, engine.connect() as connection:
        content = document(connection, whose, span, "docx" if form == "pdf" else form, version)
    if content is None:
        fail(
            "not_found", f"{unit} {period}: chưa phát hành{f' bản {version}' if version else ''} · not issued, see `mocgioi report issued`"
        )
    if form == "pdf":
        content = pdf(content)
    if output is None:
        (markdown if form == "md" else write)(content)
    else:
        output.write_bytes(content)
        say(str(output))


def issued(as_json: AsJson = False) -> None:
    """Các báo cáo đã phát hành, mới nhất trước, mỗi bản đang ở đâu · what was issued and where it stands, the newest first."""
    from dataclasses import asdict

    from border.vietnam import HANOI
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, table
    from reports.acts import every_act
    from reports.issued import every
    from reports.levels import STATE_NAMES, state_of

    with record_engine() as engine, engine.connect() as connection:
        versions, acts = every(connection), every_act(connection)
    rows = [(version, acts.get((version.unit, version.regime, version.period, version.version), ())) for version in versions]
    if as_json:
        document(
            [
                asdict(version)
                | {name: getattr(version, name).astimezone(HANOI).isoformat() for name in ("as_of", "issued_at")}
                | {"state": state_of(done), "acts": [act._asdict() | {"at": act.at.astimezone(HANOI).isoformat()} for act in done]}
                for version, done in rows
            ]
        )
        return
    columns = (
        "số · number",
        "đơn vị · unit",
        "cách chốt · regime",
        "kỳ · period",
        "bản · version",
        "văn bản · letter",
        "số liệu lúc · as of",
        "cơ quan · office",
        "trạng thái · state",
        "mã băm · hash",
    )
    cells = [
        (
            version.number,
            version.unit,
            version.regime,
            version.period,
            version.version,
            version.letter,
            f"{version.as_of.astimezone(HANOI):%d/%m/%Y %H:%M}",
            version.issued_by,
            f"{STATE_NAMES[state_of(done)]}{f': {done[-1].reason}' if done and done[-1].reason else ''}",
            version.data_sha256[:12],
        )
        for version, done in rows
    ]
    table(columns, cells, title=f"{len(rows)} bản đã phát hành · issued")
