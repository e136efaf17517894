"""`mocgioi report due`: which reports are due when, and how far each is."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, On, RegimeName, day_of, today

if TYPE_CHECKING:
    from mocgioi.service.settings import Settings
    from reports.schedule.agenda import Entry

Units = Annotated[
    list[str] | None, typer.Option("--unit", metavar="UNIT", help="tỉnh, all hoặc none; nhiều lần được · else MOCGIOI_REPORT_UNITS")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="kỳ chốt từ ngày · closed since; else since the record's first event"),
]
All = Annotated[bool, typer.Option("--all", help="cả báo cáo đã phát hành từ lâu · issued long ago too")]


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Báo cáo nào đến hạn · which are due")(due)


def due(
    unit: Units = None, on: On = None, since: Since = None, regime: RegimeName = Regime.ND09, every: All = False, as_json: AsJson = False
) -> None:
    """Báo cáo nào đến hạn, gửi trước ngày nào, đã lập chưa · which reports are due, to be sent by when, and how far each is."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say, table
    from reports.schedule.agenda import agenda, began, of_interest

    settings = load()
    day, first, units = report_day("--on", on) or today(), report_day("--since", since), units_of(unit, settings)
    with record_engine(settings) as engine:
        first = began(engine) if first is None else first
        entries = agenda(engine, units, on=day, since=first, regime=regime)
    shown = [entry for entry in entries if every or of_interest(entry)]
    if as_json:
        document([_row(entry) for entry in shown])
        return
    begins = f"từ {first:%d/%m/%Y}" if first else "chưa có dữ liệu · no data yet"
    title = f"Báo cáo ngày {day:%d/%m/%Y} ({begins}) · reports"
    columns = (
        "Đơn vị\nunit",
        "Kỳ\nperiod",
        "Tên\nname",
        "Chốt số liệu\ncut-off",
        "Gửi trước\nsend by",
        "Hạn\ndeadline",
        "Tình trạng\nstate",
    )
    table(columns, [_cells(entry) for entry in shown], title=title)
    if regime is Regime.CALENDAR:
        say("Kỳ theo tháng dương lịch không có hạn gửi theo luật · no law gives calendar periods a deadline.")


def report_day(option: str, text: str | None) -> date | None:
    """A day that a report may be of."""
    from mocgioi.views.output import USAGE, fail

    day = day_of(option, text)
    if day is not None and not date(1945, 1, 1) <= day < date(2150, 1, 1):
        fail("usage", f"{option} {text!r}: cần một ngày từ 1945 đến 2149 · needs a day of 1945 to 2149", USAGE)
    return day


def units_of(names: list[str] | None, settings: "Settings") -> tuple[str, ...]:
    """Codes of the units named, else of those in the settings; leaves with exit code 2 where there is none such."""
    from mocgioi.views.output import USAGE, fail
    from reports.units import UnknownUnit, unit_named

    try:
        return tuple(dict.fromkeys(unit_named(name).code for name in names)) if names else settings.report_units
    except UnknownUnit as wrong:
        fail("unit", str(wrong), USAGE)


def state_of(entry: "Entry") -> str:
    """How far a report is, in words."""
    from border.vietnam import HANOI
    from reports.schedule.agenda import State

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(HANOI):%H:%M %d/%m/%Y}"

    days, working = entry.days_late, entry.working_days_late
    late = f"quá hạn {days} ngày ({working} ngày làm việc)" if days else ""
    match entry.state:
        case State.ISSUED if entry.issued:
            return f"đã phát hành bản {entry.issued.version} lúc {at(entry.issued.issued_at)}"
        case State.BUILT if entry.built:
            errors = f", {entry.built.errors} kiểm tra không đạt" if entry.built.errors else ""
            return f"đã lập lúc {at(entry.built.built_at)}{errors}" + (f"; chưa phát hành, {late}" if late else "")
        case State.UPCOMING:
            return "chưa đến hạn"
    return late or "đến hạn"


def _cells(entry: "Entry") -> tuple[object, ...]:
    def shown(day: date | None) -> str:
        return "không có" if day is None else f"{day:%d/%m/%Y}"

    due = entry.due
    return (entry.unit, due.period.id, due.period.name, shown(due.cut_off), shown(due.send_by), shown(due.deadline), state_of(entry))


def _row(entry: "Entry") -> dict[str, Any]:
    due, built, issued = entry.due, entry.built, entry.issued
    return {
        "unit": entry.unit,
        "regime": due.period.regime,
        "period": due.period.id,
        "name": due.period.name,
        "cut_off": due.cut_off,
        "opens": due.opens,
        "send_by": due.send_by,
        "deadline": due.deadline,
        "state": entry.state,
        "days_late": entry.days_late,
        "working_days_late": entry.working_days_late,
        "built_at": built and built.built_at.isoformat(),
        "errors": built and built.errors,
        "issued_at": issued and issued.issued_at.isoformat(),
        "version": issued and issued.version,
    }
