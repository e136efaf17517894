"""`mocgioi secret`: remove a payload marked secret from everywhere, as two persons decided."""

from typing import Annotated

import typer

from mocgioi.commands.options import AsJson

secret = typer.Typer(
    help="Nội dung có dấu chỉ độ mật: xóa khỏi mọi nơi · payloads marked secret: remove them from everywhere.",
    short_help="Xóa nội dung mật · remove secret payloads",
    no_args_is_help=True,
)

RUNBOOK = "deploy/runbooks/secrets.md"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(secret, name="secret")


@secret.command(short_help="Xóa · remove one")
def remove(
    origin: Annotated[str, typer.Argument(help="thư chết của nội dung · its dead letter: TOPIC:PARTITION:OFFSET")],
    by: Annotated[str, typer.Option("--by", help="người quyết định · who decides")],
    confirmed_by: Annotated[str, typer.Option("--confirmed-by", help="người thứ hai xác nhận · the second person")],
    reason: Annotated[str, typer.Option("--reason", help="lý do · why")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ cho biết sẽ xóa gì · only say what would go")] = False,
    as_json: AsJson = False,
) -> None:
    """Xóa khỏi Kafka, spool và thư chết một nội dung mật; chỉ khi không mất gì khác · remove a secret payload, and nothing else.

    Kafka chỉ xóa được từ đầu phân vùng: các bản ghi trước đó cũng đi, và đều phải có trong cơ sở dữ liệu · Kafka deletes from the
    beginning only: the records before it go too, and the database must hold each of them.
    """
    from mocgioi.service import dead_letters, logs, secret_removal
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say

    settings = load()
    logs.at_prompt(settings)
    decision = secret_removal.decision(by, confirmed_by, reason)
    letter = dead_letters.letter_at(settings, origin)
    with record_engine(settings) as engine:
        plan = secret_removal.plan(settings, engine, letter["log"], letter["sha256"])
        if not dry_run:
            secret_removal.carry_out(settings, engine, plan, decision)
    answer = secret_removal.as_json(plan) | {"dry_run": dry_run, "by_hand": RUNBOOK}
    if as_json:
        document(answer)
        return
    done = "sẽ xóa · would be removed" if dry_run else "đã xóa · removed"
    for place in answer["dead_letters"]:
        say(f"{done}: thư chết · dead letter {place}: nội dung, khóa · payload, key")
    for cut in answer["cuts"]:
        say(f"{done}: {cut['topic']}[{cut['partition']}] trước · before @{cut['end']}: {cut['records']} bản ghi · records")
    say(f"còn phải làm bằng tay · still to be done by hand: {RUNBOOK}")


@secret.command(name="list", short_help="Những lần đã xóa · what was removed")
def list_them(as_json: AsJson = False) -> None:
    """Những lần đã xóa: ai, ai xác nhận, vì sao · every removal: who, who confirmed it, why."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, table
    from sinks.record.secret_removals import removals

    with record_engine() as engine:
        rows = removals(engine)
    if as_json:
        document(rows)
        return
    columns = ["Lúc", "Nơi đọc", "SHA-256", "Người quyết định", "Người xác nhận", "Lý do"]
    cells = [
        (
            row["recorded_at"].isoformat(timespec="seconds"),
            f"{row['topic']}:{row['partition']}:{row['offset']}",
            row["sha256"][:12],
            row["removed_by"],
            row["confirmed_by"],
            row["reason"],
        )
        for row in rows
    ]
    table(columns, cells, title=f"{len(rows)} lần xóa · removals")
