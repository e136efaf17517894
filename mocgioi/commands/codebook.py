"""`mocgioi codebook`: every code, what it means and what counts as one case."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Bảng mã sự việc · the codebook: kinds, facts, sides, outcomes")(codebook)


def codebook(
    form: Annotated[Literal["md", "html", "json"], typer.Option("--format", metavar="FORMAT", help="dạng · md, html, json")] = "md",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="tệp; mặc định in ra · a file; default stdout", metavar="FILE")
    ] = None,
) -> None:
    """Bảng mã: loại việc, dữ kiện, phía, kết luận · every code in three languages, its definition, clause, and what counts as one case."""
    from mocgioi.views import codebook as book
    from mocgioi.views.codebook_html import html
    from mocgioi.views.codebook_markdown import markdown
    from mocgioi.views.output import write

    text = {"md": markdown, "html": html, "json": book.as_json}[form](book.codebook())
    if output is None:
        write(text.encode())
    else:
        output.write_text(text, encoding="utf-8")
