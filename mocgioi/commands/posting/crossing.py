"""`mocgioi post crossing`: how many passed a gate, or a correction of an earlier count."""

from typing import Annotated

import typer

from mocgioi.commands.posting.incident_options import Way
from mocgioi.commands.posting.nil import Since, Until
from mocgioi.commands.posting.options import AsJson, Exercise, Note
from mocgioi.commands.posting.update import Reason

Gate = Annotated[str | None, typer.Option("--gate", metavar="GATE", help="cửa khẩu, lối mở · a gate by any of its names")]
Counts = Annotated[list[str] | None, typer.Option("--count", metavar="WHAT=N", help="số đếm · a count: persons=1240, vehicles=30")]


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Lượt qua cửa khẩu · counts at a gate")(crossing)


def crossing(
    gate: Gate = None,
    since: Since = None,
    until: Until = None,
    direction: Way = None,
    count: Counts = None,
    text: Note = None,
    reason: Reason = None,
    exercise: Exercise = False,
    as_json: AsJson = False,
) -> None:
    """Báo lượt người, xe, hàng qua cửa khẩu một chiều trong một khoảng thời gian · what passed a gate in one direction.

    Báo lại cùng cửa khẩu, chiều, thời gian là đính chính: ghi --reason · said again of the same gate, direction and time it is a correction.
    """
    from mocgioi.commands.posting.options import answer
    from mocgioi.service.notices import crossing_counted
    from mocgioi.service.posting import post
    from mocgioi.views.asking import asker as asker_at
    from mocgioi.views.output import fail
    from schemas.problems import InvalidEvent

    with post() as here:
        try:
            event = crossing_counted(
                here, asker_at(), gate=gate, since=since, until=until, direction=direction, counts=count or (), text=text, reason=reason,
                exercise=exercise,
            )  # fmt: skip
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)
        answer(event, here.send_now(event), None, as_json=as_json)
