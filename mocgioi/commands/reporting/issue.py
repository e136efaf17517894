"""`mocgioi report issue|show|issued`: freeze a report, see what is out."""

from typing import Annotated

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, AsOf, PeriodName, RegimeName, UnitName, moment_in, office_of, unit_and_period
from mocgioi.commands.reporting.build import Estimated, Format, Into, check_output, longer

Office = Annotated[str, typer.Option("--by", metavar="OFFICE", help="cơ quan phát hành · the office, e.g. so-ngoai-vu-lang-son")]
Version = Annotated[
    int | None, typer.Option("--version", min=1, metavar="N", help="bản thứ mấy, mặc định bản mới nhất · which, else the newest")
]


def add_to(report: typer.Typer) -> None:
    """Add the commands to `mocgioi report`."""
    report.command(short_help="Phát hành · freeze a report")(issue)
    report.command(short_help="Báo cáo đã phát hành · one that is out")(show)
    report.command(short_help="Liệt kê bản đã phát hành · what is out")(issued)


def issue(
    period: PeriodName,
    unit: UnitName,
    by: Office,
    regime: RegimeName = Regime.ND09,
    as_of: AsOf = None,
    estimate: Estimated = None,
    as_json: AsJson = False,
) -> None:
    """Phát hành: bản đã phát hành không bao giờ thay đổi; số liệu có điều chỉnh thì thành bản tiếp theo kèm phụ lục.

    Freeze a report with its documents; when the record has moved since, the next version says what moved and which events did it.
    """
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, fail, problem, say
    from reports.estimates import NotEstimable
    from reports.issuing import NotReleasable
    from reports.issuing import issue as freeze

    whose, span = unit_and_period(unit, period, regime)
    signed, settings = office_of(by), load()
    try:
        with record_engine(settings) as engine:
            out = freeze(
                engine,
                whose,
                span,
                moment_in(engine, as_of),
                by=signed,
                estimate=longer(estimate, regime),
                least_shown=settings.report_min_cell,
            )
    except NotReleasable as refused:
        for check in refused.errors:
            problem(check.code, check.message)
        raise SystemExit(1) from None
    except NotEstimable as wrong:
        fail("estimate", str(wrong))
    answer = {
        "unit": out.report.unit,
        "regime": out.report.regime,
        "period": out.report.period,
        "version": out.report.version,
        "new": out.new,
        "as_of": out.report.as_of.isoformat(),
        "data_sha256": out.report.data_sha256,
        "moved": [move.model_dump(mode="json") for move in out.report.moved] if out.new else [],
    }
    if as_json:
        document(answer)
        return
    name = f"{whose.name}, {span.name}, bản {out.report.version}"
    if not out.new:
        say(f"{name}: không có số liệu nào thay đổi, bản này còn nguyên giá trị · nothing moved, this version stands")
        return
    moved = f" ({len(out.report.moved)} số liệu điều chỉnh · figures moved)" if out.report.version != 1 else ""
    say(f"Đã phát hành · issued: {name}{moved}, {out.report.data_sha256[:12]}")
    for move in out.report.moved:
        figure = out.report.figure(move.figure)
        label = move.figure if figure is None else f"{figure.label} ({move.figure})"
        again = "xét lại · judged again" if move.added or move.removed or move.changed else ""  # else it is suppressed, and so is why
        say("; ".join(filter(None, (f"  {label}: {_shown(move.before)} → {_shown(move.after)}", ", ".join(move.events) or again))))


def show(
    period: PeriodName, unit: UnitName, regime: RegimeName = Regime.ND09, version: Version = None, form: Format = "md", output: Into = None
) -> None:
    """Đúng từng byte như đã phát hành · byte by byte as it went out."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import fail, say, write
    from reports.issued import document

    check_output(form, output)
    whose, span = unit_and_period(unit, period, regime)
    with record_engine() as engine, engine.connect() as connection:
        content = document(connection, whose, span, form, version)
    if content is None:
        fail(
            "not_found", f"{unit} {period}: chưa phát hành{f' bản {version}' if version else ''} · not issued, see `mocgioi report issued`"
        )
    if output is None:
        write(content)
    else:
        output.write_bytes(content)
        say(str(output))


def issued(as_json: AsJson = False) -> None:
    """Các báo cáo đã phát hành, mới nhất trước · what was issued, the newest first."""
    from dataclasses import asdict

    from border.vietnam import HANOI
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, table
    from reports.issued import every

    with record_engine() as engine, engine.connect() as connection:
        versions = every(connection)
    if as_json:
        document(
            [
                asdict(version) | {name: getattr(version, name).astimezone(HANOI).isoformat() for name in ("as_of", "issued_at")}
                for version in versions
            ]
        )
        return
    columns = (
        "số · number",
        "đơn vị · unit",
        "cách chốt · regime",
        "kỳ · period",
        "bản · version",
        "số liệu lúc · as of",
        "cơ quan · office",
        "mã băm · hash",
    )
    rows = [
        (
            version.number,
            version.unit,
            version.regime,
            version.period,
            version.version,
            f"{version.as_of.astimezone(HANOI):%d/%m/%Y %H:%M}",
            version.issued_by,
            version.data_sha256[:12],
        )
        for version in versions
    ]
    table(columns, rows, title=f"{len(versions)} bản đã phát hành · issued")


def _shown(value: float | None) -> str:
    from texts.wording import number

    return "…" if value is None else number(value)
