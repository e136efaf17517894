"""`mocgioi ingest`: files of events into the record."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mocgioi.commands.options import AsJson

if TYPE_CHECKING:
    from mocgioi.service.accounting import Account
    from mocgioi.service.spooling import Spooled


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Nạp sự kiện · take files of events in")(ingest)


def ingest(
    files: Annotated[
        list[Path], typer.Argument(help="tệp sự kiện dạng JSON; - là stdin · files of events as JSON, - for stdin", metavar="FILE…")
    ],
    kafka: Annotated[bool, typer.Option("--kafka", help="gửi lên Kafka thay vì ghi tại chỗ · publish instead of recording here")] = False,
    as_json: AsJson = False,
) -> None:
    """Nạp sự kiện; nạp lại không thay đổi gì · take events in; again changes nothing.

    Exit 1 if any was refused, in conflict or not accounted for.
    """
    from mocgioi.service.event_files import check
    from mocgioi.views.output import DONE, REFUSED, document, say

    for file in files:
        check(file)
    spooled, account = (_publish if kafka else _record)(files, capped=not as_json)
    account = account.with_refused(spooled.refused)
    if kafka:
        result = {"published": account.accepted, "rejected": account.rejected}
    else:
        names = ("accepted", "duplicate", "conflict", "rejected")
        result = {name: getattr(account, name) for name in names}
    if as_json:
        document(result)
    else:
        say(", ".join(f"{_WORDS[name]}: {count}" for name, count in result.items()))
    is_done = account.is_balanced() and spooled.is_whole and not account.rejected and not account.conflict
    raise typer.Exit(DONE if is_done else REFUSED)


_CONFLICTS_SHOWN = 20
_WORDS = {
    "accepted": "ghi mới · accepted",
    "duplicate": "đã có · duplicate",
    "conflict": "mâu thuẫn · conflict",
    "rejected": "từ chối · rejected",
    "published": "đã gửi · published",
}


def _record(files: Sequence[Path], *, capped: bool) -> "tuple[Spooled, Account]":
    from mocgioi.service.conflicts import newest_conflicts
    from mocgioi.service.database import record_engine
    from mocgioi.service.sending import recording
    from mocgioi.service.settings import load
    from mocgioi.service.spooling import spool_files, unknown_source
    from mocgioi.views.conflicts import complain
    from mocgioi.views.progress import progress

    settings = load()
    with recording(settings) as session:
        spooled = spool_files(files, session.spool, on_unknown=unknown_source, capped=capped)
        with progress("ghi · recording", session.waiting()) as advance:
            account = session.record(on_progress=advance)
    if account.conflict:
        with record_engine(settings) as engine:
            complain(newest_conflicts(engine, min(account.new_conflicts, _CONFLICTS_SHOWN)), account.conflict)
    return spooled, account


def _publish(files: Sequence[Path], *, capped: bool) -> "tuple[Spooled, Account]":
    from mocgioi.service.sending import publish
    from mocgioi.service.settings import load
    from mocgioi.service.spooling import spool_files, unknown_source
    from mocgioi.service.spools import outbox_of
    from mocgioi.views.output import need_kafka
    from mocgioi.views.progress import progress

    settings = load()
    need_kafka(settings.kafka)
    with outbox_of(settings) as outbox:
        spooled = spool_files(files, outbox, on_unknown=unknown_source, capped=capped)
        with progress("gửi · publishing", spooled.events) as advance:
            return spooled, publish(settings, outbox, on_progress=advance)
