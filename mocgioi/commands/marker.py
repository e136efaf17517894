"""`mocgioi marker`: what a marker reference means, and what is known of the marker."""

from datetime import date
from typing import Annotated, Any

import typer

marker = typer.Typer(help="Số hiệu mốc giới · read and compare marker references.", no_args_is_help=True)


AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="vào ngày · on that day: 2024-05-27; không ghi là hôm nay · else today")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
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

    parsed = [markers.parse(one) for one in text]
    if as_json:
        for one in parsed:
            line(markers.as_json(one))
        return
    table(["Văn bản", "Mốc", "Cần xem lại"], [(one_line(one.raw), one.canonical, one.review) for one in parsed])


@marker.command(short_help="Vị trí của A so với B · how A lies to B")
def relate(
    a: Annotated[str, typer.Argument(metavar="A", help="mốc hoặc đoạn · marker or section, e.g. 1088/2")],
    b: Annotated[str, typer.Argument(metavar="B", help="mốc hoặc đoạn · marker or section, e.g. 1088-1090")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Vị trí của A so với B trên đường biên · how A lies to B along the line."""
    from border import markers
    from mocgioi.views.output import document, fail, say

    try:
        found = markers.relate(a, b)
    except ValueError as error:
        fail("marker", str(error))
    if as_json:
        document({"relation": found.relation, "gap": found.gap})
    else:
        say(f"{a} {found.relation} {b}" + (f", {found.gap} mốc ở giữa · {found.gap} markers between" if found.gap else ""))


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

    now = sheet.today()
    try:
        found = marker_sheet.about(text, day(on) or now, now)
    except ValueError as error:
        fail("marker", str(error))
    if as_json:
        document(found)
        return
    planter, around = found["planted_by"], found["neighbours"]
    sheet.show(
        f"Mốc {found['marker']}" + ("" if found["status"] == "verified" else " (chưa kiểm chứng · unverified)"),
        [
            ("Ngày · day", found["on"]),
            ("Tỉnh · province", sheet.province_text(found["province"])),
            ("Đối diện · faces", ", ".join(found["counterparts"])),
            ("Kề bên · neighbours", f"{around['west']} ← → {around['east']}"),
            ("Có trong nguồn · named", ", ".join(around["named_in_sources"])),
            ("Cửa khẩu · gates", sheet.lines(_gate(one) for one in found["gates"])),
            ("Gần · near", sheet.lines(_gate(one) for one in found["gates_near"])),
            ("Địa bàn · places", sheet.lines(_place(one) for one in found["places"])),
            ("Loại mốc · kind", found["kind"]),
            ("Bên cắm · planted by", planter and planter["side"] + (" (suy ra · inferred)" if planter["inferred"] else "")),
            ("Cột · posts", sheet.lines(_post(one) for one in found["posts"])),
            ("Chưa biết · not known", sheet.lines(found["not_known"])),
            ("Nguồn · sources", sheet.lines(found["sources"])),
        ],
    )


def day(text: str | None) -> date | None:
    """The day of `--on`. Leaves with a usage problem for what is no date."""
    from mocgioi.views.output import USAGE, fail

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        fail("usage", f"--on {text!r}: cần ngày như · give a day like 2024-05-27", USAGE)


def _gate(one: dict[str, Any]) -> str:
    from mocgioi.views import sheet

    return f"{one['label']} ({sheet.class_label(one['class'])}), mốc {', '.join(one['markers'])}"


def _place(one: dict[str, Any]) -> str:
    named = ", ".join(filter(None, (one["place"], one["district"])))
    return " · ".join(filter(None, (named, one["note"], f"trước · before {one['until']}" if one["until"] else "")))


def _post(one: dict[str, Any]) -> str:
    bank = one["bank"] and f"bờ · bank {one['bank']}"
    height = one["elevation_m"] and f"{one['elevation_m']:.2f} m"
    where = one["lat"] and f"{one['lat']:.6f} N {one['lon']:.6f} E"
    planted = one["planted"] and f"cắm · planted {one['planted']}"
    return ", ".join(str(part) for part in (one["marker"], bank, one["size"], height, where, planted, one["note"]) if part)
