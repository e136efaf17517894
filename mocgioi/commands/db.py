"""`mocgioi db`: the database's tables."""

import typer

db = typer.Typer(help="Cơ sở dữ liệu · the database.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(db, name="db")


@db.command()
def upgrade() -> None:
    """Nâng cấp bảng; chạy lại vô hại · bring the tables up to date; harmless again."""
    from mocgioi.database import server_url
    from mocgioi.output import say
    from mocgioi.settings import load
    from sinks.upgrade import current
    from sinks.upgrade import upgrade as migrate

    with server_url(load()) as url:
        before = current(url)
        migrate(url)
        after = current(url)
    say(f"đã ở bản mới nhất · up to date: {after}" if before == after else f"{before or 'trống · empty'} -> {after}")


@db.command()
def rebuild() -> None:
    """Tính lại các bảng suy ra từ sự kiện gốc · recompute the projections from the events."""
    from mocgioi.database import database_url
    from mocgioi.output import say
    from mocgioi.settings import load
    from sinks import rebuild as projections
    from sinks.engine import make_engine

    with database_url(load()) as url:
        rows = projections.rebuild(make_engine(url))
    say(f"đã tính lại · rebuilt: {rows}")
