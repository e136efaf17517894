"""`mocgioi baseline`: totals published before, which "so với cùng kỳ" is compared with. Apart from the record's events."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mocgioi.commands.options import AsJson, Reason, reason_of

if TYPE_CHECKING:
    from reports.baselines.store import Baseline

baseline = typer.Typer(help="Số liệu đã công bố, để so sánh · published totals.", no_args_is_help=True)

_COLUMNS = ("đơn vị · unit", "kỳ · period", "chế độ · regime", "số liệu · figure", "giá trị · value", "nguồn · source", "nạp lúc · loaded")


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(baseline, name="baseline")


@baseline.command(short_help="Nạp một tệp · load a file")
def load(
    file: Annotated[Path, typer.Argument(help="JSON lines hoặc CSV; - là stdin · JSON lines or CSV, - for stdin", metavar="FILE")],
    as_json: AsJson = False,
) -> None:
    """Nạp số đã công bố, tất cả hoặc không gì · load published totals, all or nothing; what is there already is nothing new.

    Các cột · columns: unit, period, regime (để trống: mọi chế độ · empty: any), figure, value, source, page (có thể bỏ · optional):

    lang-son,2018,,breach.total,4,"Bài về công tác đối ngoại, 20/01/2020",3
    """
    import sys

    from mocgioi.service.database import record_engine
    from mocgioi.service.event_files import check
    from mocgioi.views.file_problems import FileProblems
    from mocgioi.views.output import REFUSED, document, fail, say
    from reports.baselines import store as baselines
    from reports.baselines.file import BaselineRefused, read
    from texts.file_format import binary_format

    check(file)
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if (seems := binary_format(raw[:65536])) is not None:
        fail("format", f"{file}: có vẻ là · seems to be {seems}; cần JSON lines hoặc CSV · JSON lines or CSV is needed")
    try:
        read(raw)  # a file that is wrong in itself needs no database
        with record_engine() as engine:
            loaded = baselines.load(engine, raw)
    except BaselineRefused as refused:
        problems = FileProblems(capped=not as_json)
        for wrong in refused.problems:
            problems.add(wrong.code, wrong.message)
        problems.show()
        raise typer.Exit(REFUSED) from None
    if as_json:
        document({"new": loaded.new, "duplicate": loaded.duplicate})
    else:
        say(f"{loaded.new} số liệu mới · new, {loaded.duplicate} đã có · there already")


@baseline.command(name="list", short_help="Liệt kê · list them")
def list_them(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="cả số đã rút · those withdrawn too")] = False, as_json: AsJson = False
) -> None:
    """Liệt kê số đã công bố và nguồn của chúng · list the published totals and where each is from."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, table
    from reports.baselines import store as baselines

    with record_engine() as engine, engine.connect() as connection:
        totals = baselines.every(connection, withdrawn=withdrawn)
    if as_json:
        document([_plain(total) for total in totals])
        return
    table(_COLUMNS, [_cells(total) for total in totals], title=f"{len(totals)} số đã công bố · published totals")


@baseline.command(short_help="Rút một số liệu · take one back")
def withdraw(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="đơn vị · unit, e.g. lang-son")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="kỳ · period, e.g. 2018")],
    figure: Annotated[str, typer.Argument(metavar="FIGURE", help="số liệu · figure, e.g. breach.total")],
    reason: Reason,
    regime: Annotated[
        str | None, typer.Option(metavar="REGIME", help="nd09, calendar; không có: số cho mọi chế độ · without: the one for any")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rút một số liệu nạp nhầm; nó và lý do vẫn được giữ · take back a total; it stays in the record, with the reason."""
    import unicodedata

    from agreement.periods import Regime, UnknownPeriod
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import USAGE, document, fail, say
    from reports.baselines import store as baselines
    from reports.baselines.laws import span
    from reports.units import UnknownUnit, unit_named

    why = reason_of(reason)
    if regime is not None and regime not in set(Regime):
        fail("usage", f"--regime {regime!r}: cần một trong · one of {', '.join(Regime)}", USAGE)
    chosen: Regime | None = Regime(regime) if regime else None
    try:
        code = unit_named(unit).code
        span(period)
    except (UnknownUnit, UnknownPeriod) as wrong:
        fail("usage", str(wrong), USAGE)
    try:
        with record_engine() as engine:
            taken = baselines.withdraw(engine, code, period, unicodedata.normalize("NFC", figure), chosen, why)
    except baselines.NoSuchBaseline as wrong:
        fail("not_found", str(wrong))
    if as_json:
        document(_plain(taken))
    else:
        say(f"đã rút · withdrawn: {taken.unit} {taken.period} {taken.figure} = {taken.value:f} ({taken.source})")


def _plain(total: "Baseline") -> dict[str, Any]:
    from dataclasses import asdict
    from datetime import datetime

    from border.vietnam import HANOI

    def local(value: object) -> object:
        return value.astimezone(HANOI).isoformat() if isinstance(value, datetime) else value

    value = int(total.value) if total.value % 1 == 0 else float(total.value)
    return {name: local(stored) for name, stored in asdict(total).items()} | {"value": value}


def _cells(total: "Baseline") -> tuple[object, ...]:
    from border.vietnam import HANOI

    source = total.source + total.place
    if total.withdrawn_reason:
        source = f"{source} [đã rút · withdrawn: {total.withdrawn_reason}]"
    regime = total.regime or "mọi · any"
    return (
        total.unit,
        total.period,
        regime,
        total.figure,
        f"{total.value:f}",
        source,
        f"{total.loaded_at.astimezone(HANOI):%d/%m/%Y %H:%M}",
    )
