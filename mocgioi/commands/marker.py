"""`mocgioi marker`: what a marker reference means, and what is known of the marker."""

from typing import Annotated, Any

import typer

from mocgioi.commands.options import AsJson, On, day_of, today

marker = typer.Typer(help="Số hiệu mốc giới · read and compare marker references.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(marker, name="marker")


@marker.command(short_help="Đọc số hiệu mốc trong văn bản · read them in a text")
def parse(
    text: Annotated[list[str], typer.Argument(help='Văn bản · text, e.g. "mốc 1088/2 - 1089"')],
    as_json: Annotated[bool, typer.Option("--json", help="một dòng JSON mỗi đối số · a JSON line an argument")] = False,
) -> None:
    """Đọc số hiệu mốc trong văn bản · the markers in a text, and what a person should look at."""
    from border import markers
    from mocgioi.views.output import line, table
    from mocgioi.views.screen import one_line

    parsed = [markers.parse(argument) for argument in text]
    if as_json:
        for reference in parsed:
            line(markers.as_json(reference))
        return
    table(["Văn bản", "Mốc", "Cần xem lại"], [(one_line(reference.raw), reference.canonical, reference.review) for reference in parsed])


@marker.command(short_help="Vị trí của A so với B · how A lies to B")
def relate(
    a: Annotated[str, typer.Argument(metavar="A", help="mốc hoặc đoạn · marker or section, e.g. 1088/2")],
    b: Annotated[str, typer.Argument(metavar="B", help="mốc hoặc đoạn · marker or section, e.g. 1088-1090")],
    as_json: AsJson = False,
) -> None:
    """Vị trí của A so với B trên đường biên · how A lies to B along the line."""
    from border import markers
    from mocgioi.views.output import document, fail, say

    try:
        relation, gap = markers.relate(a, b)
    except ValueError as error:
        fail("marker", str(error))
    if as_json:
        document({"relation": relation, "gap": gap})
    else:
        say(f"{a} {relation} {b}" + (f", {gap} mốc ở giữa · {gap} markers between" if gap else ""))


@marker.command(short_help="Những gì biết về một mốc · what is known of a marker")
def show(
    text: Annotated[str, typer.Argument(metavar="MARKER", help="mốc hoặc đoạn · marker or section, e.g. 1088/2")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Những gì biết và chưa biết về một mốc · what is known of a marker on a day, and what is not."""
    from mocgioi.views import marker as marker_sheet
    from mocgioi.views import sheet
    from mocgioi.views.output import document, fail

    now = today()
    try:
        facts = marker_sheet.about(text, day_of("--on", on) or now, now)
    except ValueError as error:
        fail("marker", str(error))
    if as_json:
        document(facts)
        return
    planter, around = facts["planted_by"], facts["neighbours"]
    sheet.show(
        f"Mốc {facts['marker']}" + ("" if facts["status"] == "verified" else " (chưa kiểm chứng · unverified)"),
        [
            ("Ngày · day", facts["on"]),
            ("Tỉnh · province", sheet.province_text(facts["province"])),
            ("Đối diện · faces", ", ".join(facts["counterparts"])),
            ("Kề bên · neighbours", f"{around['west']} ← → {around['east']}"),
            ("Có trong nguồn · named", ", ".join(around["named_in_sources"])),
            ("Cửa khẩu · gates", sheet.lines(_gate(gate) for gate in facts["gates"])),
            ("Gần · near", sheet.lines(_gate(gate) for gate in facts["gates_near"])),
            ("Địa bàn · places", sheet.lines(_place(place) for place in facts["places"])),
            ("Loại mốc · kind", facts["kind"]),
            ("Bên cắm · planted by", planter and planter["side"] + (" (suy ra · inferred)" if planter["inferred"] else "")),
            ("Cột · posts", sheet.lines(_post(post) for post in facts["posts"])),
            ("Chưa biết · not known", sheet.lines(facts["not_known"])),
            ("Nguồn · sources", sheet.lines(facts["sources"])),
        ],
    )


def _gate(gate: dict[str, Any]) -> str:
    from mocgioi.views import sheet

    return f"{gate['label']} ({sheet.class_label(gate['class'])}), mốc {', '.join(gate['markers'])}"


def _place(place: dict[str, Any]) -> str:
    named = ", ".join(filter(None, (place["place"], place["district"])))
    return " · ".join(filter(None, (named, place["note"], f"trước · before {place['until']}" if place["until"] else "")))


def _post(post: dict[str, Any]) -> str:
    bank = post["bank"] and f"bờ · bank {post['bank']}"
    height = post["elevation_m"] and f"{post['elevation_m']:.2f} m"
    where = post["lat"] and f"{post['lat']:.6f} N {post['lon']:.6f} E"
    planted = post["planted"] and f"cắm · planted {post['planted']}"
    return ", ".join(str(part) for part in (post["marker"], bank, post["size"], height, where, planted, post["note"]) if part)
