"""`mocgioi post send`: what waits goes to the centre, once or whenever the line is there."""

import typer

from mocgioi.commands.posting.options import AsJson


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Gửi tin đang chờ · send what waits")(send)


def send(
    as_json: AsJson = False,
) -> None:
    """Gửi các tin đang chờ; không có mạng thì tin vẫn còn đó · send what waits; with the line down it stays. Exit 3 where the centre is away."""
    from mocgioi.service.posting import post
    from mocgioi.views.output import document, say
    from mocgioi.views.progress import progress
    from posts.centre import SENDING

    with post() as here:
        spool = here.spool
        with progress("gửi · sending", spool.waiting(spool.sent)) as advance:
            sent = here.send(SENDING, on_progress=advance)
    if as_json:
        document({"sent": sent.events, "refused": sent.refused})
    else:
        say(
            f"đã gửi · sent: {sent.events}"
            + (f"; bị từ chối, xem · refused, see `mocgioi post status`: {sent.refused}" if sent.refused else "")
        )
