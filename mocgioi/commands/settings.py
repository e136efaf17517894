"""`mocgioi settings`: the settings in force, and where each comes from."""

import typer

from mocgioi.commands.options import AsJson


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="settings", short_help="Các thiết lập và nguồn của chúng · settings, and why")(show)


def show(as_json: AsJson = False) -> None:
    """Các thiết lập đang dùng và nguồn của chúng · settings in force with their origin; secrets masked."""
    from pathlib import Path

    from mocgioi.service.settings import explained, load, settings_file
    from mocgioi.views.output import document, note, table

    rows = explained(load())
    here, file = Path("mocgioi.toml"), settings_file()
    if here.is_file() and not (file and here.samefile(file)):
        note("settings", "mocgioi.toml của thư mục này không được đọc · of this folder is not read; --config mocgioi.toml")
    if as_json:
        document(rows)
    else:
        table(["Tên", "Giá trị", "Nguồn", "Nghĩa"], [(r["name"], r["value"], r["origin"], r["meaning"]) for r in rows])
