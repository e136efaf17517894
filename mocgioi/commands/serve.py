"""`mocgioi serve`: the door that posts report through."""

from typing import Annotated

import typer

LOOPBACK, PORT = "127.0.0.1", 8080
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="cổng; 0: cổng trống bất kỳ · 0: any free one")]


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Mở cửa nhận tin của các đồn · open the door for posts")(serve)


def serve(
    host: Annotated[
        str, typer.Option("--host", help="địa chỉ; ngoài máy này cần TLS phía trước · address; TLS in front, unless loopback")
    ] = LOOPBACK,
    port: Port = PORT,
) -> None:
    """Mở cửa nhận tin cho đến khi nhận SIGTERM · the door, until SIGTERM: with Kafka it publishes there, without it records in this process."""
    open_door(host, port)


def open_door(host: str, port: int, *, trickle: bool = False) -> None:
    """Serve until SIGTERM, and leave."""
    from contextlib import ExitStack, suppress

    from mocgioi.service import logs
    from mocgioi.service.database import make_current, server_url
    from mocgioi.service.door import serve as serve_door
    from mocgioi.service.settings import load
    from mocgioi.service.workers import leaving_at_once
    from schemas.records import Unavailable

    settings = load()
    logs.configure(settings.log, settings.log_level)
    with leaving_at_once(), ExitStack() as stack:
        url = stack.enter_context(server_url(settings))
        with suppress(Unavailable):  # waited for once it serves
            make_current(settings, url)
        serve_door(settings, url, host, port, trickle=trickle)
        raise SystemExit(0)
