"""`mocgioi report figures`: what figures there are."""

from pathlib import Path
from typing import Annotated

import typer

from mocgioi.commands.options import AsJson

Into = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="ghi thành trang Markdown · as a Markdown page")]


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Các số liệu và định nghĩa · the figures and what they count")(figures)


def figures(output: Into = None, as_json: AsJson = False) -> None:
    """Mọi số liệu có thể có trong báo cáo: mã, tên, đơn vị, tính gì, cộng vào đâu · every figure: id, label, unit, definition, whole."""
    from dataclasses import asdict

    from mocgioi.views.figures import COLUMNS, cells, page
    from mocgioi.views.output import document, say, table
    from reports.figures.listed import listed

    if output is not None:
        output.write_text(page(listed()), encoding="utf-8")
        say(str(output))
    elif as_json:
        document([asdict(figure) for figure in listed()])
    else:
        table(COLUMNS, cells(listed()))
