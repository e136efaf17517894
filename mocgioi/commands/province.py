"""`mocgioi province`: what is known of a province on the line."""

from typing import Annotated

import typer

from mocgioi.commands.options import AsJson, On, day_of, today

province = typer.Typer(help="Các tỉnh trên tuyến · the provinces on the line.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(province, name="province")


@province.command(short_help="Một tỉnh · one of them")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help='tên hoặc mã · name or code, e.g. "Hà Giang"')],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Một tỉnh: đoạn biên giới, đối diện, cửa khẩu, đồn, sáp nhập · its stretch, whom it faces, gates, posts, mergers."""
    from mocgioi.views import province as province_sheet
    from mocgioi.views import sheet
    from mocgioi.views.output import document, fail

    try:
        facts = province_sheet.about(name, day_of("--on", on) or today())
    except ValueError as error:
        fail("province", str(error))
    if as_json:
        document(facts)
        return
    followed = [f"{row['on']}: {row['name']} → {row['successor'] or '-'} ({row['note']})" for row in facts["successions"]]
    stretches = [f"{row['markers']} ({row['first_known_by']} … {row['last_known_by']}; {row['note']})" for row in facts["stretches"]]
    opposite = [f"{row['name']} {row['chinese'] or ''} ({row['level']})" for row in facts["opposite_units"]]
    anchors = [f"{row['markers']}: {', '.join(filter(None, (row['place'], row['district'])))} {row['note']}" for row in facts["places"]]
    sheet.show(
        f"{facts['name']} ({facts['province']})",
        [
            ("Ngày · day", facts["on"]),
            ("Đến · until", facts["valid_to"]),
            ("Kế tục · successor", facts["successor"] and facts["successor"]["name"]),
            ("Thay đổi · changes", sheet.lines(followed)),
            ("Mốc đã biết · markers", sheet.lines(stretches)),
            ("Đối diện · faces", ", ".join(f"{row['name']} {row['chinese']}" for row in facts["counterparts"])),
            ("Đơn vị đối diện · opposite", sheet.lines(opposite)),
            ("Cửa khẩu · gates", sheet.lines(f"{row['label']}: {sheet.class_label(row['class'])}" for row in facts["gates"])),
            ("Đồn · posts", ", ".join(facts["posts"])),
            ("Địa bàn đến 30/6/2025 · places", sheet.lines(anchors)),
            ("Ghi chú · note", facts["note"]),
            ("Nguồn · sources", sheet.lines(facts["sources"])),
        ],
    )
