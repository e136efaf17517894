"""`mocgioi report submit|return|approve|lock|unlock`: an issued report goes up to the next level, and comes back."""

from typing import Annotated

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, PeriodName, RegimeName, UnitName, reason_of, unit_and_period

By = Annotated[str, typer.Option("--by", metavar="LOGIN", help="ai làm, tên đăng nhập · who does it, a login of `mocgioi users`")]
Why = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="lý do, được lưu lại · why; it is kept")]


def add_to(report: typer.Typer) -> None:
    """Add the commands to `mocgioi report`."""
    report.command(short_help="Trình cấp trên · submit to the next level")(submit)
    report.command("return", short_help="Trả lại, kèm lý do · send back, with a reason")(return_)
    report.command(short_help="Duyệt · approve")(approve)
    report.command(short_help="Khóa: không có bản mới · lock: no new version")(lock)
    report.command(short_help="Mở khóa: hai người, có lý do · unlock: two persons and a reason")(unlock)


def submit(
    unit: UnitName, period: PeriodName, by: By, regime: RegimeName = Regime.ND09, reason: Why = None, as_json: AsJson = False
) -> None:
    """Trình bản mới nhất của báo cáo tỉnh lên Ủy ban Biên giới quốc gia · submit a province's newest version to the national office."""
    _act("submit", unit, period, regime, by, reason, as_json=as_json)


def return_(
    unit: UnitName, period: PeriodName, by: By, reason: Why = None, regime: RegimeName = Regime.ND09, as_json: AsJson = False
) -> None:
    """Trả lại bản đã trình, kèm lý do · send what was submitted back, with a reason."""
    _act("return", unit, period, regime, by, reason, as_json=as_json)


def approve(
    unit: UnitName, period: PeriodName, by: By, regime: RegimeName = Regime.ND09, reason: Why = None, as_json: AsJson = False
) -> None:
    """Duyệt bản đã trình · approve what was submitted."""
    _act("approve", unit, period, regime, by, reason, as_json=as_json)


def lock(unit: UnitName, period: PeriodName, by: By, regime: RegimeName = Regime.ND09, reason: Why = None, as_json: AsJson = False) -> None:
    """Khóa bản đã duyệt (toàn tuyến: bản đã phát hành): không ai phát hành bản mới nữa; cũng là từ chối một đề nghị mở khóa.

    Lock what was approved, or a report of the whole line: nobody issues another version. It also turns a request to unlock down.
    """
    _act("lock", unit, period, regime, by, reason, as_json=as_json)


def unlock(
    unit: UnitName, period: PeriodName, by: By, reason: Why = None, regime: RegimeName = Regime.ND09, as_json: AsJson = False
) -> None:
    """Lần đầu là đề nghị mở khóa, kèm lý do; người thứ hai làm lại lệnh này thì mở.

    The first time it asks, with a reason; when a second person gives the same command, the report is unlocked.
    """
    _act("unlock", unit, period, regime, by, reason, as_json=as_json)


def _act(verb: str, unit: str, period: str, regime: Regime, by: str, reason: str | None, *, as_json: bool) -> None:
    from mocgioi.service.report_acts import act_as
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say
    from reports.levels import STATE_NAMES, Act, Verb

    whose, span = unit_and_period(unit, period, regime)
    done = act_as(load(), by, Verb(verb), whose, span, None if reason is None else reason_of(reason))
    if as_json:
        key = {"unit": whose.code, "regime": span.regime, "period": span.id, "version": done.version}
        document(key | {"act": done.act, "state": done.state, "by": by})
        return
    next_step = "; cần người thứ hai mở · a second person has to unlock" if done.act is Act.UNLOCK_REQUESTED else ""
    say(f"{whose.name}, {span.name}, bản {done.version}: {STATE_NAMES[done.state]} · {done.state}{next_step}")
