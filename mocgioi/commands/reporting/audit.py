"""`mocgioi report audit`: whether the totals of anyone's table of figures are what their parts make."""

from pathlib import Path
from typing import Annotated

import typer

from mocgioi.commands.options import AsJson


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Bảng số liệu có cộng đúng không · does a table of figures add up")(audit)


def audit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="bảng hoặc báo cáo · CSV, TSV, XLSX, Markdown, JSON, .docx, text")],
    as_json: AsJson = False,
) -> None:
    """Kiểm tra các tổng của một bảng số liệu hay báo cáo với các phần của nó · check totals against their parts: `524 + 162 + 45 = 731 ≠ 583`."""
    from mocgioi.views.output import REFUSED, document, fail, problem, say, table
    from texts.files import Unreadable
    from texts.table.crossfoot import crossfoot

    try:
        audited = crossfoot(file)
    except Unreadable as wrong:
        fail(wrong.code, str(wrong))
    if as_json:
        checks = [{"where": check.where, "message": check.message, "holds": check.holds} for check in audited.checks]
        document({"adds_up": audited.adds_up, "checks": checks, "checked": len(checks)})
    if not audited.checks:
        fail("nothing_to_check", f"{file.name}: không tìm thấy tổng nào để kiểm tra · no total to check")
    if not as_json:
        table(
            ["", "Chỗ · where", "Phép cộng · sum"],
            [("đúng" if check.holds else "SAI", check.where, check.message) for check in audited.checks],
        )
        if audited.adds_up:
            say(f"{len(audited.checks)} tổng kiểm tra được đều đúng · all that can be checked add up")
    for check in audited.failing:
        problem("does_not_add_up", f"{check.where}: {check.message}")
    if audited.failing:
        raise SystemExit(REFUSED)
