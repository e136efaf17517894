"""`mocgioi post nil`: nothing happened in an interval, which is a report too."""

from typing import Annotated

import typer

from mocgioi.commands.posting.options import AsJson, Exercise, Note

Since = Annotated[str | None, typer.Option("--from", metavar="WHEN", help="từ · 2026-11-27, 2026-11-27T06:00")]
Until = Annotated[str | None, typer.Option("--to", metavar="WHEN", help="đến, ghi ngày là hết ngày ấy · a day counts to its end")]


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Báo không có vụ việc · a nil report")(nil)


def nil(since: Since = None, until: Until = None, text: Note = None, exercise: Exercise = False, as_json: AsJson = False) -> None:
    """Báo không có vụ việc trong một khoảng thời gian · nothing happened from one moment to another: the nil report."""
    from mocgioi.commands.posting.options import answer
    from mocgioi.service.notices import nothing_happened
    from mocgioi.service.posting import post
    from mocgioi.views.asking import asker as asker_at
    from mocgioi.views.output import fail
    from schemas.problems import InvalidEvent

    with post() as here:
        try:
            event = nothing_happened(here, asker_at(), since=since, until=until, text=text, exercise=exercise)
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)
        answer(event, here.send_now(event), None, as_json=as_json)
