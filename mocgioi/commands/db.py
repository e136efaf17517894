"""`mocgioi db`: the database's tables."""

import typer

db = typer.Typer(help="Cơ sở dữ liệu · the database.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(db, name="db")


@db.command(short_help="Nâng cấp bảng · bring the tables up to date")
def upgrade() -> None:
    """Nâng cấp bảng; chạy lại vô hại · bring the tables up to date; harmless again."""
    from mocgioi.service.database import server_url
    from mocgioi.service.settings import load
    from mocgioi.views.output import say
    from sinks.postgres.upgrade import current
    from sinks.postgres.upgrade import upgrade as migrate

    with server_url(load()) as url:
        before = current(url)
        roles = migrate(url)
        after = current(url)
    say(f"đã ở bản mới nhất · up to date: {after}" if before == after else f"{before or 'trống · empty'} -> {after}")
    if roles:
        say(f"quyền đã cấp cho · rights given to: {', '.join(roles)}")


@db.command(short_help="Tính lại từ sự kiện gốc · work out again from the events")
def rebuild() -> None:
    """Tính lại các bảng suy ra từ sự kiện gốc · work the computed tables out again from the events, into the same rows."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import say
    from sinks.record import rebuild as projections

    with record_engine() as engine:
        done = projections.rebuild(engine)
    say(f"vụ việc · incidents: {done.incidents}, lượt ghi cửa khẩu · crossing records: {done.crossing_records}")
    say(f"phiên bản sửa lại · versions repaired: {done.states_repaired}, bổ sung · appended: {done.states_appended}")
