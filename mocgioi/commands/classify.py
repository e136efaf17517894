"""`mocgioi classify`: what the rules say of events, without a database or a clock."""

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Phân loại sự kiện · judge events, JSON lines in and out")(classify)


def classify(
    file: Annotated[
        Path | None, typer.Argument(help="sự kiện dạng JSON; mặc định đọc từ stdin · events as JSON, default stdin", metavar="FILE")
    ] = None,
) -> None:
    """Phân loại sự kiện theo Hiệp định 2009 · judge events: JSON lines in, a JSON line each out; exit 1 if any was refused."""
    import msgspec

    from mocgioi.service.event_files import NoEvents, check, events_in
    from mocgioi.views.output import DONE, REFUSED, encoded, problem
    from schemas.records import ClassifiedEvent
    from streams.batch import Loose
    from streams.classify import classify_records

    check(file)
    encode = msgspec.json.Encoder().encode
    code = DONE
    try:
        for item in events_in(file):
            (classified,) = classify_records([Loose(item.line, item.raw)])
            if isinstance(classified, ClassifiedEvent):
                event, verdict = classified.row, classified.verdict
                answer: dict[str, object] = {
                    "event_id": event.id,
                    "subject": event.subject,
                    "outcome": verdict.outcome,
                    "rule_pack": verdict.rule_pack,
                    "findings": verdict.findings,
                }
            else:
                code = REFUSED
                place = {"line": item.line} | ({} if item.number is None else {"number": item.number})
                answer = place | {"problem": {"code": classified.code, "message": classified.reason}}
            encoded(encode(answer).decode())
    except NoEvents as error:
        problem(error.code, str(error))
        code = REFUSED
    raise typer.Exit(code)
