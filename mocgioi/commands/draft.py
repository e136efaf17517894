"""`mocgioi draft`: a sentence as posts write it, read into a draft that a person confirms."""

from typing import Annotated

import typer

from mocgioi.commands.options import AsJson


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Soạn nháp từ câu báo cáo · a draft event from a sentence")(draft)


def draft(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="câu báo cáo · the sentence, in Vietnamese")],
    as_json: AsJson = False,
) -> None:
    """Đọc câu báo cáo thành sự kiện nháp để người xác nhận · read a report's sentence into a draft event; what it does not say is asked."""
    from dataclasses import asdict
    from datetime import datetime

    from border.vietnam import HANOI
    from mocgioi.views.output import document, fail, say, table
    from posts.mint import uuid7
    from schemas.problems import InvalidEvent
    from texts.sentence.draft import draft as read

    try:
        proposal = read(text, event_id=uuid7(), time=datetime.now(HANOI))
    except InvalidEvent as refused:
        fail(refused.code, refused.sentence)
    if as_json:
        document(asdict(proposal))
        return
    table(
        ["Trường · field", "Giá trị · value", "Chữ trong câu · words", "Vị trí · span", "Độ chắc · confidence"],
        [(field.field, _shown(field.value), field.words, f"{field.start}-{field.end}", field.confidence) for field in proposal.fields],
        title="Bản nháp, cần người xác nhận · a draft, for a person to confirm",
    )
    say("Còn thiếu · missing:")
    for gap in proposal.missing:
        say(f"  {gap.field}: {gap.ask}")


def _shown(value: object) -> str:
    return ", ".join(f"{name} {number}" for name, number in value.items()) if isinstance(value, dict) else str(value)
