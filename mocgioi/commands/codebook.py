"""`mocgioi codebook`: every code, what it means and what counts as one case."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What the codebook can be written as."""

    MD = "md"
    HTML = "html"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Bảng mã sự việc · the codebook: kinds, facts, sides, outcomes")(codebook)


def codebook(
    form: Annotated[Format, typer.Option("--format", help="dạng · what it is written as")] = Format.MD,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="tệp; mặc định in ra · a file; default stdout", metavar="FILE")
    ] = None,
) -> None:
    """Bảng mã: loại việc, dữ kiện, phía, kết luận · every code in three languages, its definition, clause, and what counts as one case."""
    from mocgioi.views import codebook as book
    from mocgioi.views.codebook_html import html
    from mocgioi.views.codebook_markdown import markdown
    from mocgioi.views.output import write

    text = {Format.MD: markdown, Format.HTML: html, Format.JSON: book.as_json}[form](book.codebook())
    if output is None:
        write(text.encode())
    else:
        output.write_text(text, encoding="utf-8")
