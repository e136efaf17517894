"""`mocgioi demo`: the published incidents through the whole path, on this machine."""

from typing import TYPE_CHECKING, Annotated

import typer

from mocgioi.commands.serve import LOOPBACK, PORT, Port, open_door

if TYPE_CHECKING:
    from mocgioi.service.settings import Settings

_GUEST = "xem-thu"


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Xem thử · try it, with the published incidents")(demo)


def demo(
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help="rồi mở biểu mẫu, cửa nhận tin và trang trực ban trên một cổng · then form, door and officers' pages on one port",
        ),
    ] = False,
    port: Port = PORT,
) -> None:
    """Xem thử với các vụ việc đã công bố · the published incidents that ship with it; again adds nothing."""
    from importlib.resources import as_file, files

    from mocgioi.service.database import record_engine
    from mocgioi.service.sending import recording
    from mocgioi.service.settings import load
    from mocgioi.service.spooling import spool_files
    from mocgioi.views.demo import show
    from mocgioi.views.output import say
    from mocgioi.views.progress import progress
    from sinks.query.incidents import incidents

    settings = load()
    with recording(settings) as session:  # an embedded server is started once for all that follows
        with as_file(files("mocgioi") / "data" / "published.jsonl") as published:
            spool_files([published], session.spool)
        with progress("ghi · recording", session.waiting()) as advance:
            account = session.record(on_progress=advance)
        with record_engine(settings) as engine:
            show(incidents(engine))
    added, already = account.accepted, account.duplicate
    if added:
        say(f"Đã ghi {added} sự kiện mới. · {added} events recorded, {already} known already.")
    else:
        say(f"Không có gì mới: cả {already} sự kiện đã có trong hồ sơ. · Nothing new: all {already} events are in the record.")
    if serve and account.is_balanced():
        password = _guest(settings)
        say(
            f"http://{LOOPBACK}:{port}: cứ mười giây một tin diễn tập, không tính vào số liệu. · an exercise every ten seconds; none counts.\n"
            f"http://{LOOPBACK}:{port}/duty: trang trực ban · the officers' pages: {_GUEST}, {password}"
        )
        open_door(LOOPBACK, port, trickle=True)
    raise typer.Exit(0 if account.is_balanced() else 1)


def _guest(settings: "Settings") -> str:
    """Let a visitor into the officers' pages of this machine. Returns the password, which is new each time."""
    import secrets

    from duty.users import Role, UserExists, add, set_password
    from mocgioi.service.database import record_engine

    password = secrets.token_urlsafe(9)
    with record_engine(settings) as engine:
        try:
            add(engine, _GUEST, Role.DUTY, password)
        except UserExists:
            set_password(engine, _GUEST, password)
    return password
