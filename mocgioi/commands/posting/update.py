"""`mocgioi post update`: more facts of an incident of this machine, a correction, or a step that was taken."""

from typing import Annotated

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
from mocgioi.commands.posting.options import AsJson, Note

Subject = Annotated[
    str | None, typer.Argument(metavar="INCIDENT", help="mã vụ việc; không ghi thì chọn từ danh sách · else chosen from a list")
]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="lý do · why")]


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Bổ sung, đính chính · add or correct")(update)


def update(
    incident: Subject = None,
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
    reason: Reason = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Bổ sung hoặc đính chính một vụ việc đã báo; `--fact TÊN=null` là chưa biết · more facts, a correction, a step that was taken.

    Việc đã xử lý được thêm vào, không thay việc trước · steps are added to those before.
    """
    from mocgioi.commands.posting.options import answer
    from mocgioi.service.corrections import chosen, updated
    from mocgioi.service.posting import post
    from mocgioi.views.asking import asker as asker_at
    from mocgioi.views.output import fail
    from posts.statement import Options
    from schemas.problems import InvalidEvent

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
    with post() as here:
        asker = asker_at()
        try:
            event, judged = updated(here, chosen(here, incident, asker), options, reason, asker, confirmed=yes, quiet=as_json)
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)
        answer(event, here.send_now(event), judged, as_json=as_json)
