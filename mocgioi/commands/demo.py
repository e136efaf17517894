"""`mocgioi demo`: the published incidents through the whole path, on this machine."""

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Xem thử · try it, with the published incidents")(demo)


def demo() -> None:
    """Xem thử với các vụ việc đã công bố · the published incidents that ship with it; again adds nothing."""
    from importlib.resources import as_file, files

    from mocgioi.output import say
    from mocgioi.progress import progress
    from mocgioi.recording import recording
    from mocgioi.settings import load
    from mocgioi.showcase import show
    from mocgioi.spooling import spool_files

    settings = load()
    with recording(settings) as both:  # an embedded server is started once for all that follows
        with as_file(files("mocgioi") / "data" / "published.jsonl") as published:
            spool_files([published], both.spool)
        with progress("ghi · recording", both.waiting()) as advance:
            account = both.record(on_progress=advance)
        show(settings)
    added, already = account.accepted, account.duplicate
    if added:
        say(f"Đã ghi {added} sự kiện mới. · {added} events recorded, {already} known already.")
    else:
        say(f"Không có gì mới: cả {already} sự kiện đã có trong hồ sơ. · Nothing new: all {already} events are in the record.")
    raise typer.Exit(0 if account.is_balanced() else 1)
