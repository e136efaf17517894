"""`mocgioi classify`: what the rules say of events, without a database or a clock."""

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Phân loại sự kiện · judge events, JSON lines in and out")(classify)


def classify(
    file: Annotated[Path | None, typer.Argument(help="JSON lines; mặc định đọc từ stdin · default stdin", metavar="FILE")] = None,
) -> None:
    """Phân loại sự kiện theo Hiệp định 2009 · judge events: JSON lines in, a JSON line each out; exit 1 if any was refused."""
    import msgspec

    from mocgioi.service.json_lines import check, numbered
    from mocgioi.views.output import encoded
    from schemas.records import ClassifiedEvent
    from streams.batch import Loose
    from streams.classify import classify_records

    check(file)
    encode = msgspec.json.Encoder().encode
    refused = False
    for number, raw in numbered(file):
        (answer,) = classify_records([Loose(number, raw)])
        if isinstance(answer, ClassifiedEvent):
            event, verdict = answer.row, answer.verdict
            told: dict[str, object] = {
                "event_id": event.id,
                "subject": event.subject,
                "outcome": verdict.outcome,
                "rule_pack": verdict.rule_pack,
                "findings": verdict.findings,
            }
        else:
            refused = True
            told = {"line": number, "problem": {"code": answer.code, "message": answer.reason}}
        encoded(encode(told).decode())
    raise typer.Exit(1 if refused else 0)
