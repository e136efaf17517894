"""`mocgioi gate`, `mocgioi gates`: the pairs on the line, by any of their names."""

from typing import Annotated

import typer

from mocgioi.commands.options import AsJson, On, day_of, today

gate = typer.Typer(help="Cặp cửa khẩu, lối mở · gate pairs and openings.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
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

    now = today()
    try:
        facts = gate_sheet.about(name, day_of("--on", on) or now, now)
    except ValueError as error:
        fail("gate", str(error))
    if as_json:
        document(facts)
        return
    history = [
        f"{sheet.class_label(span['class'])}: {span['from'] or '…'} → {span['to'] or '…'}" + (f" ({span['note']})" if span["note"] else "")
        for span in facts["class_history"]
    ]
    sheet.show(
        f"{facts['label']} ({facts['gate']})",
        [
            ("Ngày · day", facts["on"]),
            (
                "Tên khác · other names",
                ", ".join(filter(None, [facts["names"]["chinese"], *(alias["name"] for alias in facts["aliases"])])),
            ),
            ("Tỉnh · province", sheet.province_text(facts["province"])),
            ("Loại · class", sheet.class_label(facts["class"])),
            ("Lịch sử · history", sheet.lines(history)),
            ("Mở · opened", facts["opened"]),
            ("Thuộc · belongs to", facts["parent"]),
            ("Gồm · has", ", ".join(facts["belonging"])),
            ("Mốc · markers", ", ".join(facts["markers"])),
            ("Ghi chú · note", facts["note"]),
            ("Chưa biết · not known", sheet.lines(facts["not_known"])),
            ("Nguồn · sources", sheet.lines(facts["sources"])),
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

    chosen = day_of("--on", on) or today()
    try:
        wanted = None if province is None else known_province(province)
    except ValueError as error:
        fail("province", str(error))
    rows = [
        sheet.brief(pair, chosen)
        for pair in gates().values()
        if pair.valid.holds(chosen) and (wanted is None or province_on(pair.province, chosen) is province_on(wanted, chosen))
    ]
    if as_json:
        document(rows)
        return
    table(
        ["Mã", "Cặp", "Tỉnh", "Loại", "Mốc"],
        [
            (row["gate"], row["label"], province_name(row["province"]), sheet.class_label(row["class"]), ", ".join(row["markers"]))
            for row in rows
        ],
        title=f"{len(rows)} cặp, {chosen}",
    )
