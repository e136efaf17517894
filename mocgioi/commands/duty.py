"""`mocgioi duty`: what needs a person, and what duty officers do about it."""

from typing import TYPE_CHECKING, Annotated

import typer

from border.provinces import Province
from mocgioi.commands import duty_notify
from mocgioi.commands.code_options import parser_of
from mocgioi.commands.options import AsJson, moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from mocgioi.service.duty_acts import Act

duty = typer.Typer(help="Việc của trực ban · the duty officer's work.", no_args_is_help=True)
duty_notify.add_to(duty)

Subject = Annotated[str, typer.Argument(metavar="INCIDENT", help="mã vụ việc · its id, as `duty list` shows it")]
By = Annotated[str, typer.Option("--by", metavar="LOGIN", help="ai làm, tên đăng nhập · who does it, a login of `mocgioi users`")]
To = Annotated[str, typer.Option("--to", metavar="LOGIN", help="ai nhận, tên đăng nhập · who is to see to it, a login")]
_SHIFT_H = 12


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(duty, name="duty")


@duty.command("list", short_help="Việc cần người xử lý · what needs a person")
def list_(
    province: Annotated[
        Province | None, typer.Option(parser=parser_of(Province), metavar="PROVINCE", help="chỉ một tỉnh · one province only")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="nhiều nhất · at most")] = None,
    as_json: AsJson = False,
) -> None:
    """Việc cần người xử lý: chưa ai nhận trước, khẩn trước, mới trước · what needs a person: unacknowledged, then flash, then the newest first."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.duty_lists import with_incidents
    from mocgioi.views.duty import LIST_BELOW_FIRST, LIST_COLUMNS, list_cells
    from mocgioi.views.output import document, table
    from sinks.query.attention import attention

    with record_engine() as engine:
        rows = with_incidents(engine, attention(engine, province=province, limit=limit))
    if as_json:
        document(rows)
        return
    title = f"{len(rows)} việc cần người xử lý · need a person"
    table(LIST_COLUMNS, [list_cells(row) for row in rows], title=title, below_first=LIST_BELOW_FIRST)


@duty.command(short_help="Nhận biết một vụ việc · take note of an incident")
def ack(incident: Subject, by: By, as_json: AsJson = False) -> None:
    """Nhận biết một vụ việc: hết báo động, tên và giờ được ghi · take note of an incident: its alert ends, name and time are recorded."""
    _act(by, "acknowledged", incident, as_json=as_json)


@duty.command(short_help="Giao một vụ việc · give an incident to somebody")
def assign(
    incident: Subject,
    to: To,
    by: By,
    due: Annotated[
        str | None,
        typer.Option("--due", metavar="T", help="hạn xử lý, giờ Việt Nam · by when: 2026-11-28 (hết ngày · its end), 2026-11-28T12:00"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Giao một vụ việc cho một người, kèm hạn nếu có · give an incident to somebody, with a deadline if there is one."""
    _act(by, "assigned", incident, to=to, due=moment_of(due, "--due"), as_json=as_json)


@duty.command(short_help="Ghi chú vào một vụ việc · write a note")
def note(
    incident: Subject, text: Annotated[str, typer.Argument(metavar="TEXT", help="nội dung · what to note")], by: By, as_json: AsJson = False
) -> None:
    """Ghi chú vào một vụ việc, không đổi hồ sơ của nó · write a note on an incident, which changes nothing of it."""
    _act(by, "noted", incident, note=text, as_json=as_json)


@duty.command(short_help="Bàn giao ca trực · the shift's page")
def handover(
    by: By,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="T", help=f"đầu ca, mặc định {_SHIFT_H} giờ trước · when the shift began: 2026-11-27T18:00"),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="LOGIN", help="bàn giao cho, ghi lại từng vụ việc đang giữ · hand over to, on the record")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Trang bàn giao ca: việc mới, việc chưa ai nhận, ai đang giữ, việc đến hạn · what came, what is open, who holds it, what is due."""
    from mocgioi.service.duty_lists import hand_over
    from mocgioi.service.settings import load
    from mocgioi.views.duty import handover_lines
    from mocgioi.views.output import document, say

    page = hand_over(load(), by, since=moment_of(since, "--since", ends_day=False), shift_h=_SHIFT_H, to=to)
    if as_json:
        document(page)
        return
    for line in handover_lines(page):
        say(line)


def _act(
    by: str,
    kind: "Act",
    incident: str,
    *,
    as_json: bool,
    to: str | None = None,
    due: "datetime | None" = None,
    note: str | None = None,
) -> None:
    from mocgioi.service.duty_acts import act_as
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say

    acted = act_as(load(), by, kind, incident, to=to, due=due, note=note)
    if as_json:
        document(acted.as_json)
    else:
        say(acted.sentence)
