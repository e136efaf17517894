"""`mocgioi post nil`: nothing happened in an interval, which is a report too."""

from typing import Annotated

import typer

from mocgioi.commands.posting.options import AsJson, Exercise, Note

Since = Annotated[str, typer.Option("--from", metavar="WHEN", help="từ · 2026-11-27, 2026-11-27T06:00")]
Until = Annotated[str, typer.Option("--to", metavar="WHEN", help="đến, ghi ngày là hết ngày ấy · a day counts to its end")]


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Báo không có vụ việc · a nil report")(nil)


def nil(since: Since, until: Until, text: Note = None, exercise: Exercise = False, as_json: AsJson = False) -> None:
    """Báo không có vụ việc trong một khoảng thời gian · nothing happened from one moment to another: the nil report."""
    from mocgioi.commands.posting.options import answer
    from mocgioi.service.posting import post
    from mocgioi.views.output import fail
    from posts.notices import nil_report
    from schemas.problems import InvalidEvent

    with post() as here:
        try:
            event = nil_report(here.spool, here.device, since, until, text=text, exercise=exercise)
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)
        (minted,) = here.mint([event])
        answer(minted, here.send_now(minted), None, as_json=as_json)
