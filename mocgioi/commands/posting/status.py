"""`mocgioi post status`: every event of this machine and how far it came."""

import typer

from mocgioi.commands.posting.options import AsJson


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Tin đã đến đâu · how far each event came")(status)


def status(as_json: AsJson = False) -> None:
    """Từng tin: chờ gửi, đã gửi, đã ghi, kết luận, bị từ chối · each event: waiting, sent, recorded, judged, refused."""
    from mocgioi.service.posting import post
    from mocgioi.views import post_status
    from mocgioi.views.output import document

    with post() as here:
        here.fetch_receipts()
        shown = post_status.about(here.device, here.spool)
    if as_json:
        document(shown)
    else:
        post_status.show(shown)
