"""`mocgioi post report`: an incident, from a sentence, a draft or options, judged at once and sent when the line is there."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mocgioi.commands.posting.incident_options import (
    Area,
    Facts,
    Gate,
    InProvince,
    Marker,
    Measures,
    OfKind,
    OfPrecision,
    OfSide,
    Steps,
    Way,
    When,
    Yes,
)
from mocgioi.commands.posting.options import AsJson, ExerciseOrNot, Note

if TYPE_CHECKING:
    from posts.statement import Drafted

Sentence = Annotated[
    str | None, typer.Argument(metavar="SENTENCE", help='câu báo cáo · "02h30 hôm nay, tại mốc 753, phát hiện 09 người …"')
]
Draft = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="bản nháp của `mocgioi draft --json`; - là stdin · a draft, - for stdin")
]
Via = Annotated[str | None, typer.Option("--via", metavar="WAY", help="tin đến bằng cách nào · how the report came: phone")]
TakenBy = Annotated[
    str | None, typer.Option("--taken-by", metavar="OFFICE", help="cơ quan nhận điện thoại · the office that took the call")
]


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Báo một vụ việc · report an incident")(report)


def report(
    sentence: Sentence = None,
    draft: Draft = None,
    kind: OfKind = None,
    occurred: When = None,
    precision: OfPrecision = None,
    marker: Marker = None,
    gate: Gate = None,
    area: Area = None,
    province: InProvince = None,
    side: OfSide = None,
    direction: Way = None,
    fact: Facts = None,
    measure: Measures = None,
    step: Steps = None,
    text: Note = None,
    via: Via = None,
    taken_by: TakenBy = None,
    exercise: ExerciseOrNot = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Báo một vụ việc: một câu, hoặc từng điều một; còn thiếu gì thì máy hỏi · report an incident: by a sentence or by options.

    Xem ngay kết luận của quy tắc, cả khi mất mạng; lưu trên máy trước, có mạng thì gửi · judged at once, kept here, sent when the line is there.
    """
    from mocgioi.commands.posting.options import answer, extensions_of
    from mocgioi.service.posting import post
    from mocgioi.service.reporting import reported
    from mocgioi.views.asking import asker as asker_at
    from mocgioi.views.output import REFUSED, USAGE, fail
    from posts.statement import Options
    from schemas.problems import InvalidEvent

    if sentence is not None and draft is not None:
        fail("usage", "SENTENCE, --from: chọn một · choose one", USAGE)
    options = Options(
        kind=kind,
        occurred=occurred,
        precision=precision,
        marker=marker,
        gate=gate,
        area=area,
        province=province,
        side=side,
        direction=direction,
        facts=fact or (),
        measures=measure or (),
        steps=step or (),
        text=text,
    )
    extensions = extensions_of(via, taken_by)
    with post() as here:
        asker = asker_at(is_stdin_taken=draft == Path("-"))
        if sentence is not None and asker is None and not yes:
            fail("confirm", "câu báo cáo cần người xem lại trước khi gửi; nếu chạy tự động, thêm --yes · nobody to confirm, add --yes")
        try:
            drafted = _drafted(sentence, draft)
            event, judged = reported(here, drafted, options, asker, exercise=exercise, confirmed=yes, extensions=extensions, quiet=as_json)
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence, REFUSED)
        answer(event, here.send_now(event), judged, as_json=as_json)


def _drafted(sentence: str | None, draft: Path | None) -> "Drafted":
    from posts.mint import moment_after
    from posts.statement import Drafted, from_draft, from_sentence

    if sentence is not None:
        return from_sentence(sentence, moment_after(None))
    if draft is not None:
        return from_draft(sys.stdin.buffer.read() if draft == Path("-") else draft.read_bytes())
    return Drafted({})
