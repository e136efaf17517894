"""`mocgioi demo`: the published incidents through the whole path, on this machine."""

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Xem thử · try it, with the published incidents")(demo)


def demo() -> None:
    """Xem thử với các vụ việc đã công bố · the published incidents that ship with it; again adds nothing."""
    from importlib.resources import as_file, files

    from mocgioi.database import server_url
    from mocgioi.output import say
    from mocgioi.progress import progress
    from mocgioi.recording import record, spool_of
    from mocgioi.settings import load
    from mocgioi.showcase import show
    from mocgioi.spooling import spool_files

    settings = load()
    with server_url(settings), spool_of(settings) as spool:  # an embedded server is started once for all that follows
        with as_file(files("mocgioi") / "data" / "published.jsonl") as published:
            spooled, _ = spool_files([published], spool)
        with progress("ghi · recording", spooled) as advance:
            done = record(settings, spool, on_progress=advance)
        show(settings)
    added = done.events.total()
    if added:
        say(f"Đã ghi {added} sự kiện mới. · {added} events recorded, {done.duplicates} known already.")
    else:
        say(
            f"Không có gì mới: cả {done.duplicates} sự kiện đã có trong hồ sơ. · Nothing new: all {done.duplicates} events are in the record."
        )
