"""`mocgioi rejudge`: append a rule pack's verdicts on the history."""

from typing import Annotated

import typer

from mocgioi.commands.options import Reason, reason_of


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Phân loại lại lịch sử · judge the history again")(rejudge)


def rejudge(
    pack: Annotated[str, typer.Option(metavar="PACK", help="bộ quy tắc · rule pack, e.g. 2009.1")],
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="không hỏi lại · do not ask")] = False,
) -> None:
    """Cho xem những gì sẽ đổi rồi ghi thêm kết luận mới; kết luận cũ vẫn còn · show what will change, then append; the old verdicts stay."""
    import sys

    from agreement.packs import ever_in_force, pack_named
    from mocgioi.service.database import record_engine
    from mocgioi.views import rule_changes
    from mocgioi.views.output import REFUSED, USAGE, fail, say
    from mocgioi.views.progress import progress
    from sinks.record import rejudge as history

    chosen, why = pack_named(pack), reason_of(reason)
    if not ever_in_force(chosen):
        fail("pack", f"{pack}: không có hiệu lực ngày nào, bộ sau đã thay · in force on no day: a later pack replaced it", USAGE)
    with record_engine() as engine:
        with progress("phân loại lại · judging again") as advance:
            changes = history.under(engine, chosen, on_progress=advance)
        rule_changes.show(changes)
        if not yes and not sys.stdin.isatty():
            fail("usage", "chưa ghi gì; thêm --yes để ghi · nothing was recorded; --yes records it", USAGE)
        if not yes and not typer.confirm("Ghi thêm các kết luận này? · Append these?", err=True):
            fail("refused", "chưa ghi gì · nothing was recorded", REFUSED)
        with progress("ghi · appending", changes.incidents_judged) as advance:
            done = history.rejudge(engine, chosen, why, on_progress=advance)
    say(
        f"đã ghi lần {done.number} · recorded as rejudging {done.number}: {done.states} phiên bản vụ việc · incident versions, "
        f"{done.verdicts} kết luận · verdicts"
    )
