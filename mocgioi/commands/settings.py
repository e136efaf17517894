"""`mocgioi settings`: what is in force, and why."""

from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(name="settings", short_help="Các thiết lập và nguồn của chúng · settings, and why")(show)


def show(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """Các thiết lập đang dùng và nguồn của chúng · settings in force with their origin; secrets masked."""
    from mocgioi.output import document, table
    from mocgioi.settings import explained, load

    rows = explained(load())
    if as_json:
        document(rows)
    else:
        table(["Tên", "Giá trị", "Nguồn", "Nghĩa"], [(r["name"], r["value"], r["origin"], r["meaning"]) for r in rows])
