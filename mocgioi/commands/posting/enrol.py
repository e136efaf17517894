"""`mocgioi post enrol`: this machine becomes a device of a post."""

from typing import Annotated

import typer

from mocgioi.commands.posting.options import AsJson


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Ghi danh máy này · make this machine a device")(enrol)


def enrol(
    server: Annotated[str, typer.Option("--server", metavar="URL", help="địa chỉ trung tâm · the centre: https://…")],
    key: Annotated[
        str | None, typer.Option("--key", metavar="KEY", help="mã thiết bị, trung tâm cấp; không ghi thì được hỏi · asked for if left out")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ghi danh máy này là một thiết bị của đồn, bằng mã trung tâm cấp · make this machine a device of a post, by the key of the centre.

    Cần mạng. Cài lại máy thì xin thiết bị mới · needs the line; a reinstall is a new device.
    """
    from mocgioi.service.enrolling import enrol as enrol_at
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say

    device = enrol_at(load(), server, key or typer.prompt("Mã thiết bị · key", hide_input=True, err=True))
    if as_json:
        document({"source": device.source, "server": device.server})
    else:
        say(f"máy này là thiết bị {device.source}, gửi tin đến {device.server} · this machine is that device")
