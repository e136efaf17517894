"""`mocgioi doctor`: every part, and one line on what to do about each that is not well."""

from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Kiểm tra từng bộ phận · check every part")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """Kiểm tra từng bộ phận và chỉ cách khắc phục · check every part and say what to do. Exit 3 if a service is not reachable."""
    from mocgioi.service import logs
    from mocgioi.service.checkup.examine import examine
    from mocgioi.service.settings import load
    from mocgioi.views.output import REFUSED, UNREACHABLE, document, table

    settings = load()
    logs.at_prompt(settings)
    found = list(examine(settings))
    if as_json:
        document([{"part": one.part, "state": one.state, "found": one.found, "remedy": one.remedy} for one in found])
    else:
        marks = {"well": "✓", "unused": "–", "unwell": "✗", "unreachable": "✗"}
        table(["", "Bộ phận", "Tình trạng", "Cần làm"], [(marks[one.state], one.part, one.found, one.remedy) for one in found])
    states = {one.state for one in found}
    raise typer.Exit(UNREACHABLE if "unreachable" in states else REFUSED if "unwell" in states else 0)
