"""`mocgioi post send`, `mocgioi post watch`: what waits goes to the centre, once or whenever the line is there."""

import sys
from typing import Annotated

import typer

from mocgioi.commands.posting.options import AsJson


def add_to(post: typer.Typer) -> None:
    """Hang the commands under `post`."""
    post.command(short_help="Gửi tin đang chờ · send what waits")(send)
    post.command(short_help="Tự gửi, báo tin đến đâu · keep sending")(watch)


def send(
    keep_on: Annotated[bool, typer.Option("--watch", help="tự gửi mỗi khi có mạng, như `post watch` · keep sending")] = False,
    as_json: AsJson = False,
) -> None:
    """Gửi các tin đang chờ; không có mạng thì tin vẫn còn đó · send what waits; with the line down it stays. Exit 3 where the centre is away."""
    from mocgioi.service.posting import post
    from mocgioi.views.output import document, say
    from mocgioi.views.progress import progress
    from posts.centre import SENDING

    if keep_on:
        watch(as_json=as_json)
        return
    with post() as here:
        spool = here.spool
        with progress("gửi · sending", spool.waiting(spool.sent)) as advance:
            sent = here.send(SENDING, on_progress=advance)
    if as_json:
        document({"sent": sent.events, "refused": sent.refused})
        return
    refused = f"; bị từ chối, xem · refused, see `mocgioi post status`: {sent.refused}" if sent.refused else ""
    say(f"đã gửi · sent: {sent.events}{refused}")


def watch(as_json: AsJson = False) -> None:
    """Tự gửi mỗi khi có mạng, và báo trung tâm trả lời gì cho từng tin, đến khi bấm Ctrl-C · keep sending, and say what becomes of each event."""
    from mocgioi.service.posting import post
    from mocgioi.views import post_status
    from mocgioi.views.output import line, say

    with post() as here:
        for state in here.watch():
            row = post_status.row_of(state)
            if as_json:
                line(row)
            else:
                say(f"số {row['sequence']} · {row['subject']}: {post_status.words(row)}")
            sys.stdout.flush()  # a pipe would hold it back for hours
