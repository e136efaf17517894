"""`mocgioi report run-due`: build what is due, once or every day."""

import sys
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, On, RegimeName, today
from mocgioi.commands.reporting.due import Since, Units, report_day, units_of

if TYPE_CHECKING:
    from mocgioi.service.settings import Settings
    from reports.schedule.job import DueReport, JobRun

Daily = Annotated[
    str | None,
    typer.Option("--daily", metavar="HH:MM", help="chạy ngay, rồi mỗi ngày vào giờ này (giờ Việt Nam) · now, then each day at this time"),
]
_AGAIN_S = 60.0
"""A database that is away is asked again after so long."""


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Lập báo cáo đến hạn · build what is due")(run_due)


def run_due(
    unit: Units = None,
    on: On = None,
    since: Since = None,
    regime: RegimeName = Regime.ND09,
    daily: Daily = None,
    as_json: AsJson = False,
) -> None:
    """Lập các báo cáo đến hạn, kể cả kỳ bị lỡ; chạy lại không hại gì · build what is due, missed periods too; again is harmless."""
    from mocgioi.service.logs import at_prompt
    from mocgioi.service.settings import load
    from mocgioi.views.output import REFUSED, USAGE, fail

    settings = load()
    at_prompt(settings)
    day, first, units = report_day("--on", on) or today(), report_day("--since", since), units_of(unit, settings)
    if day > today():
        fail("usage", f"--on {on}: ngày chưa tới, số liệu chưa đủ · is still to come, the figures are not complete", USAGE)
    if daily is None:
        run = _run(settings, units, on=day, since=first, regime=regime, as_json=as_json)
        if run.problems:
            raise SystemExit(REFUSED)
        return
    if on is not None:
        fail("usage", "--daily với --on: mỗi ngày là một ngày khác · each day is another", USAGE)
    at = _clock(daily)
    while True:
        waits_s = _round(settings, units, since=first, regime=regime, as_json=as_json)
        sys.stdout.flush()  # the log shows this run now, and not after the next
        time.sleep(seconds_until(at, datetime.now(at.tzinfo)) if waits_s is None else waits_s)


def seconds_until(at: datetime, now: datetime) -> float:
    """Seconds from now to the next time the clock shows the same as `at`; never 0."""
    then = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (then if then > now else then + timedelta(days=1)).timestamp() - now.timestamp()


def _clock(text: str) -> datetime:
    """Some moment in Vietnam at this time of day; leaves with exit code 2 where it is none."""
    from border.vietnam import HANOI
    from mocgioi.views.output import USAGE, fail

    try:
        return datetime.strptime(text, "%H:%M").replace(tzinfo=HANOI)
    except ValueError:
        fail("usage", f"--daily {text!r}: cần giờ như · needs a time like 02:00", USAGE)


def _round(settings: "Settings", units: tuple[str, ...], **options: Any) -> float | None:
    """Run for today; print problems and go on. Returns how many seconds to wait before another try; None: until the next day."""
    from mocgioi.views.output import problem
    from schemas.records import Unavailable
    from sinks.record.report_runs import AlreadyRunning

    try:
        _run(settings, units, on=today(), **options)
    except Unavailable as away:
        problem("database_unavailable", f"cơ sở dữ liệu không trả lời, đang đợi · the database does not answer, waiting: {away}")
        return _AGAIN_S
    except AlreadyRunning as other:
        problem("running", str(other))
        return _AGAIN_S
    return None


def _run(settings: "Settings", units: tuple[str, ...], *, on: date, since: date | None, regime: Regime, as_json: bool) -> "JobRun":
    """Run the job and print what it did. Raises `AlreadyRunning`, `Unavailable`."""
    from functools import partial

    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, problem
    from mocgioi.views.progress import progress
    from reports.build import build
    from reports.documents import render
    from reports.schedule.job import Job, Result

    with record_engine(settings) as engine, progress("lập báo cáo · building reports") as advance:
        job = Job(engine, settings.drafts, partial(build, engine, least_shown=settings.report_min_cell), render)
        run = job.run(units, on=on, since=since, regime=regime, on_progress=advance)
    if as_json:
        document(_run_json(run, on))
    else:
        _print_run(run, on)
    for report in run.reports:
        for sentence in report.problems:
            code = "report_failed" if report.result is Result.FAILED else "report_check"
            problem(code, f"{report.entry.unit} {report.entry.due.period.id}: {sentence}")
    return run


def _print_run(run: "JobRun", on: date) -> None:
    from mocgioi.views.output import table
    from reports.schedule.job import Result

    counts = {result: sum(report.result is result for report in run.reports) for result in Result}
    words = {
        Result.BUILT: "lập mới · built",
        Result.REFRESHED: "lập lại vì số liệu đổi · built again",
        Result.UNCHANGED: "không đổi · unchanged",
        Result.ISSUED: "đã phát hành · issued",
        Result.OUTDATED: "đã phát hành, số liệu nay đã khác · issued, outdated",
        Result.FAILED: "không lập được · failed",
    }
    summary = "; ".join(f"{count} {words[result]}" for result, count in counts.items() if count) or "không có gì · nothing"
    columns = ("Đơn vị\nunit", "Kỳ\nperiod", "Việc đã làm\nwhat was done", "Ở đâu\nwhere")
    quiet = (Result.UNCHANGED, Result.ISSUED)
    rows = [(due.entry.unit, due.entry.due.period.id, words[due.result], _where(due)) for due in run.reports if due.result not in quiet]
    table(columns, rows, title=f"Đến hạn ngày {on:%d/%m/%Y}: {summary}")


def _where(report: "DueReport") -> str:
    from reports.schedule.job import Result

    match report.result:
        case Result.OUTDATED:
            version = report.entry.issued.version + 1 if report.entry.issued else 1
            return f"cần phát hành bản {version} · mocgioi report issue"
        case Result.FAILED:
            return ""
    kept = f"\nbản đã sửa tay giữ ở · the draft changed by hand is kept at {report.kept}" if report.kept else ""
    return f"{report.folder}{kept}"


def _run_json(run: "JobRun", on: date) -> dict[str, Any]:
    return {
        "on": on,
        "as_of": run.as_of.isoformat(),
        "ok": not run.problems,
        "built": run.built,
        "reports": [
            {
                "unit": report.entry.unit,
                "regime": report.entry.due.period.regime,
                "period": report.entry.due.period.id,
                "done": report.result,
                "folder": report.folder,
                "kept": report.kept,
                "problems": report.problems,
            }
            for report in run.reports
        ],
    }
