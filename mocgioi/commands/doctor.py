"""`mocgioi doctor`: every part, and one line on what to do about each that is not well."""

import typer

from mocgioi.commands.options import AsJson


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Kiểm tra từng bộ phận · check every part")(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Kiểm tra từng bộ phận và chỉ cách khắc phục · check every part and say what to do. Exit 3 if a service is not reachable."""
    from mocgioi.service import logs
    from mocgioi.service.checkup.examine import examine
    from mocgioi.service.settings import load
    from mocgioi.views.output import REFUSED, UNREACHABLE, document, table

    settings = load()
    logs.at_prompt(settings)
    parts = list(examine(settings))
    if as_json:
        document([{"part": part.part, "state": part.state, "found": part.shown, "remedy": part.remedy} for part in parts])
    else:
        marks = {"well": "✓", "unused": "–", "unwell": "✗", "unreachable": "✗"}
        table(["", "Bộ phận", "Tình trạng", "Cần làm"], [(marks[part.state], part.part, part.shown, part.remedy) for part in parts])
    states = {part.state for part in parts}
    raise typer.Exit(UNREACHABLE if "unreachable" in states else REFUSED if "unwell" in states else 0)
