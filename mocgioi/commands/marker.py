"""`mocgioi marker`: what a marker reference means."""

from typing import Annotated

import typer

marker = typer.Typer(help="Số hiệu mốc giới · read and compare marker references.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(marker, name="marker")


@marker.command(short_help="Đọc số hiệu mốc trong văn bản · read them in a text")
def parse(
    text: Annotated[list[str], typer.Argument(help='Văn bản · text, e.g. "mốc 1088/2 - 1089"')],
    as_json: Annotated[bool, typer.Option("--json", help="một dòng JSON mỗi đối số · a JSON line an argument")] = False,
) -> None:
    """Đọc số hiệu mốc trong văn bản · the markers in a text, and what a person should look at."""
    from mocgioi.output import line, table
    from schemas import markers

    parsed = [markers.parse(one) for one in text]
    if as_json:
        for one in parsed:
            line(markers.as_json(one))
        return
    table(["Văn bản", "Mốc", "Cần xem lại"], [(one.raw, one.canonical, one.review) for one in parsed])


@marker.command(short_help="Vị trí của A so với B · how A lies to B")
def relate(
    a: Annotated[str, typer.Argument(metavar="A", help="mốc hoặc đoạn · marker or section, e.g. 1088/2")],
    b: Annotated[str, typer.Argument(metavar="B", help="mốc hoặc đoạn · marker or section, e.g. 1088-1090")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Vị trí của A so với B trên đường biên · how A lies to B along the line."""
    from mocgioi.output import document, fail, say
    from schemas import markers

    try:
        found = markers.relate(a, b)
    except ValueError as error:
        fail("marker", str(error))
    if as_json:
        document({"relation": found.relation, "gap": found.gap})
    else:
        say(f"{a} {found.relation} {b}" + (f", {found.gap} mốc ở giữa · {found.gap} markers between" if found.gap else ""))
