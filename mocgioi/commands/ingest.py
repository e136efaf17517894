"""`mocgioi ingest`: files of events into the record."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Nạp sự kiện · take files of events in")(ingest)


def ingest(
    files: Annotated[list[Path], typer.Argument(help="tệp JSON lines; - là stdin · files of JSON lines, - for stdin", metavar="FILE…")],
    kafka: Annotated[bool, typer.Option("--kafka", help="gửi lên Kafka thay vì ghi tại chỗ · publish instead of recording here")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Nạp sự kiện; nạp lại không thay đổi gì · take events in; again changes nothing. Exit 1 if any was refused or in conflict."""
    from mocgioi.lines import check
    from mocgioi.output import document, say

    for file in files:
        check(file)
    result = _publish(files) if kafka else _record(files)
    if as_json:
        document(result)
    else:
        say(", ".join(f"{_WORDS[name]}: {count}" for name, count in result.items()))
    raise typer.Exit(1 if result["rejected"] or result.get("conflict") else 0)


_WORDS = {
    "accepted": "ghi mới · accepted",
    "duplicate": "đã có · duplicate",
    "conflict": "mâu thuẫn · conflict",
    "rejected": "từ chối · rejected",
    "published": "đã gửi · published",
}


def _record(files: Sequence[Path]) -> dict[str, int]:
    from mocgioi.conflicts import complain
    from mocgioi.database import record_engine
    from mocgioi.progress import progress
    from mocgioi.recording import record, spool_of
    from mocgioi.settings import load
    from mocgioi.spooling import spool_files, unknown_source

    settings = load()
    with spool_of(settings) as spool:
        spooled, rejected = spool_files(files, spool, on_unknown=unknown_source)
        with progress("ghi · recording", spooled) as advance:
            done = record(settings, spool, on_progress=advance)
    if done.conflicts:
        with record_engine(settings) as engine:
            complain(engine, done.conflicts, new=done.conflicts_kept)
    return {
        "accepted": done.events.total(),
        "duplicate": done.duplicates,
        "conflict": done.conflicts,
        "rejected": rejected + done.dead_letters.total(),
    }


def _publish(files: Sequence[Path]) -> dict[str, int]:
    from mocgioi.output import need_kafka
    from mocgioi.progress import progress
    from mocgioi.recording import outbox_of, publish
    from mocgioi.settings import load
    from mocgioi.spooling import spool_files, unknown_source

    settings = load()
    need_kafka(settings.kafka)
    with outbox_of(settings) as outbox:
        spooled, rejected = spool_files(files, outbox, on_unknown=unknown_source)
        with progress("gửi · publishing", spooled) as advance:
            return {"published": publish(settings, outbox, on_progress=advance), "rejected": rejected}
