"""`mocgioi import`: a table of incidents into the spool of this post's device."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from posts.importing.plan import PlannedRow
    from posts.importing.table import Table
    from posts.mint import NewEvent

_TEMPLATE = "template"


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command("import", short_help="Nhập bảng CSV, XLSX · import a table")(import_table)


def import_table(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|template", help="bảng CSV hoặc XLSX; template: ghi mẫu XLSX · a CSV or XLSX table; template: write one to fill in"
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ xem, không ghi vào hộp gửi · look only, spool nothing")] = False,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="bảng mã của CSV, nếu không phải UTF-8, UTF-16 · of a CSV, e.g. windows-1258")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="nơi ghi bản có lỗi, hoặc mẫu · where the copy with errors, or the template, goes"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Nhập bảng vụ việc; nhập lại không thành hai vụ, dòng đã sửa là đính chính · import a table; again changes nothing, a changed row corrects.

    Một bản của tệp có thêm cột "lỗi" nói dòng nào sai gì. Exit 1 if a row was refused.
    """
    if str(file) == _TEMPLATE:
        _write_template(output or Path("mau-nhap.xlsx"))
        return
    from mocgioi.service.event_files import check
    from mocgioi.views.output import DONE, REFUSED, document, fail, note, say
    from posts.importing.table import table_of
    from texts.files import Unreadable

    check(file)
    try:
        table = table_of(file, encoding=encoding)
    except Unreadable as wrong:
        fail(wrong.code, f"{file}: {wrong}")
    if table.inferred_encoding:
        note("encoding", f"{file.name}: đọc theo bảng mã {table.inferred_encoding} · read as {table.inferred_encoding}")
    rows = _imported(table, dry_run=dry_run)
    result: dict[str, Any] = {outcome: sum(row.outcome == outcome for row in rows) for outcome in _WORDS}
    result["errors_file"] = _explained(table, rows, output, capped=not as_json)
    if as_json:
        document(result)
    else:
        say(", ".join(f"{words}: {result[outcome]}" for outcome, words in _WORDS.items()))
        if (result["new"] or result["corrected"]) and not dry_run:
            say("đã vào hộp gửi · in the spool; gửi · send: mocgioi post send")
        if result["errors_file"]:
            say(f"bản có cột lỗi · the copy with errors: {result['errors_file']}")
    raise typer.Exit(REFUSED if result["refused"] else DONE)


_WORDS = {"new": "mới · new", "known": "đã nhập · known", "corrected": "đính chính · corrected", "refused": "từ chối · refused"}


def _imported(table: "Table", *, dry_run: bool) -> "list[PlannedRow]":
    """What became of each row. What is to be reported is then in the spool."""
    from collections import deque
    from datetime import datetime

    from border.vietnam import HANOI
    from mocgioi.service.posting import post
    from mocgioi.views.output import fail, note
    from mocgioi.views.progress import progress
    from posts.importing.into_spool import imported
    from posts.spool_file import SpoolProblem

    planned: list[PlannedRow] = []
    with post() as here, progress("nhập · importing", len(table.rows)) as advance:
        source = here.device.source

        def mint(events: "Iterable[NewEvent]") -> None:
            if dry_run:
                deque(events, maxlen=0)
            elif here.device.source != source:
                fail(
                    "enrolled_anew",
                    "máy vừa được ghi danh lại: nhập lại chính tệp này là tiếp tục · enrolled anew, import the same file again",
                )
            else:
                here.mint(events)

        try:
            for rows in imported(table.rows, here.spool, mint, source=source, now=datetime.now(HANOI)):
                planned += rows
                advance(len(rows))
        except SpoolProblem:
            if planned:
                note(
                    "stopped",
                    f"{len(planned)} dòng đầu đã xong; nhập lại chính tệp này là tiếp tục · done as far; the same file again goes on",
                )
            raise
    return planned


def _explained(table: "Table", rows: "list[PlannedRow]", output: Path | None, *, capped: bool) -> str | None:
    """Say what is wrong with the refused rows, here and in a copy of the file. Returns where the copy is."""
    from mocgioi.views.file_problems import FileProblems
    from posts.importing.errors_copy import copy_of, write_copy

    refused = {row.number: row for row in rows if row.outcome == "refused"}
    if not refused:
        return None
    problems = FileProblems(capped=capped)
    for row in refused.values():
        problems.add("row", f"{table.file.name}, dòng {row.number}: {'; '.join(row.problems)}")
    problems.show()
    copy = output or copy_of(table.file)
    write_copy(table, refused, copy)
    return str(copy)


def _write_template(path: Path) -> None:
    from mocgioi.views.output import say
    from posts.importing.template import write_template

    write_template(path)
    say(f"{path}: điền rồi chạy · fill it in, then: mocgioi import {path}")
