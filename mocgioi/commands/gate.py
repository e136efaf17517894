"""`mocgioi gate`, `mocgioi gates`: the pairs on the line, by any of their names."""

from typing import Annotated

import typer

from mocgioi.commands.marker import AsJson, On, day

gate = typer.Typer(help="Cặp cửa khẩu, lối mở · gate pairs and openings.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(gate, name="gate")
    app.command(name="gates", short_help="Mọi cặp cửa khẩu, lối mở · all of them")(every)


@gate.command(short_help="Một cặp cửa khẩu · one of them")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help='tên của một trong hai phía · a name of either side, e.g. "Pò Chài"')],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Một cặp cửa khẩu theo bất kỳ tên nào · a pair by any of its names: class in time, markers, what is not known."""
    from mocgioi.views import gate as gate_sheet
    from mocgioi.views import sheet
    from mocgioi.views.output import document, fail

    now = sheet.today()
    try:
        found = gate_sheet.about(name, day(on) or now, now)
    except ValueError as error:
        fail("gate", str(error))
    if as_json:
        document(found)
        return
    history = [
        f"{sheet.class_label(one['class'])}: {one['from'] or '…'} → {one['to'] or '…'}" + (f" ({one['note']})" if one["note"] else "")
        for one in found["class_history"]
    ]
    sheet.show(
        f"{found['label']} ({found['gate']})",
        [
            ("Ngày · day", found["on"]),
            ("Tên khác · other names", ", ".join(filter(None, [found["names"]["chinese"], *(one["name"] for one in found["aliases"])]))),
            ("Tỉnh · province", sheet.province_text(found["province"])),
            ("Loại · class", sheet.class_label(found["class"])),
            ("Lịch sử · history", sheet.lines(history)),
            ("Mở · opened", found["opened"]),
            ("Thuộc · belongs to", found["parent"]),
            ("Gồm · has", ", ".join(found["belonging"])),
            ("Mốc · markers", ", ".join(found["markers"])),
            ("Ghi chú · note", found["note"]),
            ("Chưa biết · not known", sheet.lines(found["not_known"])),
            ("Nguồn · sources", sheet.lines(found["sources"])),
        ],
    )


def every(
    province: Annotated[str | None, typer.Option(metavar="PROVINCE", help="tỉnh · province, e.g. lang-son")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Mọi cặp cửa khẩu, lối mở và loại trong ngày · all pairs and openings, and their class on a day."""
    from border.gates import gates
    from border.provinces import known_province, province_name, province_on
    from mocgioi.views import sheet
    from mocgioi.views.output import document, fail, table

    chosen = day(on) or sheet.today()
    try:
        wanted = None if province is None else known_province(province)
    except ValueError as error:
        fail("province", str(error))
    found = [
        sheet.brief(one, chosen)
        for one in gates().values()
        if one.valid.holds(chosen) and (wanted is None or province_on(one.province, chosen) is province_on(wanted, chosen))
    ]
    if as_json:
        document(found)
        return
    table(
        ["Mã", "Cặp", "Tỉnh", "Loại", "Mốc"],
        [
            (one["gate"], one["label"], province_name(one["province"]), sheet.class_label(one["class"]), ", ".join(one["markers"]))
            for one in found
        ],
        title=f"{len(found)} cặp, {chosen}",
    )
