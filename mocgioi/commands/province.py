"""`mocgioi province`: what is known of a province on the line."""

from typing import Annotated

import typer

from mocgioi.commands.marker import AsJson, On, day

province = typer.Typer(help="Các tỉnh trên tuyến · the provinces on the line.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
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
        found = province_sheet.about(name, day(on) or sheet.today())
    except ValueError as error:
        fail("province", str(error))
    if as_json:
        document(found)
        return
    followed = [f"{one['on']}: {one['name']} → {one['successor'] or '-'} ({one['note']})" for one in found["successions"]]
    stretches = [f"{one['markers']} ({one['first_known_by']} … {one['last_known_by']}; {one['note']})" for one in found["stretches"]]
    opposite = [f"{one['name']} {one['chinese'] or ''} ({one['level']})" for one in found["opposite_units"]]
    anchors = [f"{one['markers']}: {', '.join(filter(None, (one['place'], one['district'])))} {one['note']}" for one in found["places"]]
    sheet.show(
        f"{found['name']} ({found['province']})",
        [
            ("Ngày · day", found["on"]),
            ("Đến · until", found["valid_to"]),
            ("Kế tục · successor", found["successor"] and found["successor"]["name"]),
            ("Thay đổi · changes", sheet.lines(followed)),
            ("Mốc đã biết · markers", sheet.lines(stretches)),
            ("Đối diện · faces", ", ".join(f"{one['name']} {one['chinese']}" for one in found["counterparts"])),
            ("Đơn vị đối diện · opposite", sheet.lines(opposite)),
            ("Cửa khẩu · gates", sheet.lines(f"{one['label']}: {sheet.class_label(one['class'])}" for one in found["gates"])),
            ("Đồn · posts", ", ".join(found["posts"])),
            ("Địa bàn đến 30/6/2025 · places", sheet.lines(anchors)),
            ("Ghi chú · note", found["note"]),
            ("Nguồn · sources", sheet.lines(found["sources"])),
        ],
    )
