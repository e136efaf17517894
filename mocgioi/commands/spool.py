"""`mocgioi spool`: whether what waits on this machine can be read, and what to do where a disk damaged it."""

from typing import TYPE_CHECKING, Any

import typer

from mocgioi.commands.options import AsJson

if TYPE_CHECKING:
    from pathlib import Path

    from posts.salvage import Survey

spool = typer.Typer(
    help="Hộp gửi trên máy này: các sự kiện chờ ghi, chờ gửi · the spools of this machine.",
    short_help="Hộp gửi · the spools of this machine",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(spool, name="spool")


@spool.command(short_help="Đọc thử mọi dòng · read every row")
def check(as_json: AsJson = False) -> None:
    """Đọc thử mọi dòng; không sửa gì · read every row, change nothing. Exit 1 if any is damaged or lost."""
    from mocgioi.service.settings import load
    from mocgioi.service.spools import alone_with, spool_paths
    from posts.salvage import survey

    spools = []
    for path in spool_paths(load()):
        with alone_with(path):
            spools.append(_shown(path, survey(path)))
    _show(spools, as_json)
    raise typer.Exit(0 if all(row["whole"] and not row["damaged"] and not row["lost"] for row in spools) else 1)


@spool.command(short_help="Cứu các dòng còn tốt · save the good rows")
def salvage(as_json: AsJson = False) -> None:
    """Chuyển các dòng còn tốt của tệp hỏng sang tệp mới; tệp hỏng vẫn giữ bên cạnh · put the good rows of a damaged file into a new one.

    Nothing is deleted: the damaged file stays beside it. Exit 1 if a row is damaged or lost.
    """
    from mocgioi.service.settings import load
    from mocgioi.service.spools import alone_with, spool_paths
    from posts.salvage import salvage as save
    from posts.salvage import survey
    from posts.spool_file import salvaged

    spools = []
    for path in spool_paths(load()):
        with alone_with(path):
            if salvaged(path).exists() or survey(path).needs_salvage:
                surveyed, bad = save(path)
                spools.append(_shown(path, surveyed) | {"kept": str(bad)})
    _show(spools, as_json)
    raise typer.Exit(1 if any(row["damaged"] or row["lost"] for row in spools) else 0)


def _shown(path: "Path", surveyed: "Survey") -> dict[str, Any]:
    return {
        "file": str(path),
        "rows": len(surveyed.sound),
        "damaged": [row for row, *_ in surveyed.damaged],
        "lost": surveyed.lost,
        "whole": surveyed.is_whole,
    }


def _show(spools: list[dict[str, Any]], as_json: bool) -> None:
    from mocgioi.views.output import document, table

    if as_json:
        document(spools)
        return
    columns = ["Tệp", "Dòng tốt", "Dòng hỏng", "Dòng mất", "Tệp nguyên vẹn", "Tệp cũ giữ ở"]
    rows = [
        (row["file"], row["rows"], _ranges(row["damaged"]), _ranges(row["lost"]), "✓" if row["whole"] else "✗", row.get("kept"))
        for row in spools
    ]
    table(columns, rows, title=f"{len(rows)} hộp gửi")


def _ranges(numbers: list[int]) -> str:
    """Numbers as people write them: `3, 7-9`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
