"""`mocgioi post report`: an incident, from a sentence or from options, judged at once and sent when the line is there."""

from typing import Annotated

import typer

from mocgioi.commands.code_options import parser_of
from mocgioi.commands.posting.options import AsJson, Exercise, Note
from schemas.codebook import Action, Direction, Kind, Precision, Side


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Báo một vụ việc · report an incident")(report)


OfKind = Annotated[
    Kind | None, typer.Option("--kind", parser=parser_of(Kind), metavar="KIND", help="loại việc: mã hoặc tên, không cần dấu · code or name")
]
Occurred = Annotated[
    str | None, typer.Option("--occurred", metavar="WHEN", help="lúc xảy ra, giờ Việt Nam · when: 2026-11-27T02:30, 02h30 hôm nay")
]
OfPrecision = Annotated[
    Precision | None,
    typer.Option("--precision", parser=parser_of(Precision), metavar="PRECISION", help="biết chính xác đến · minute, hour, night, day …"),
]
Marker = Annotated[str | None, typer.Option("--marker", metavar="MARKER", help="số mốc · marker: 1088/2, 560-561")]
Gate = Annotated[str | None, typer.Option("--gate", metavar="GATE", help="cửa khẩu, lối mở · a gate by any of its names")]
Area = Annotated[str | None, typer.Option("--area", metavar="AREA", help="khu vực, khi không có mốc · an area without a marker")]
InProvince = Annotated[str | None, typer.Option("--province", metavar="PROVINCE", help="tỉnh · province: lang-son")]
OfSide = Annotated[Side | None, typer.Option("--side", parser=parser_of(Side), metavar="SIDE", help="phía gây ra · CN, VN, undetermined …")]
OfDirection = Annotated[
    Direction | None, typer.Option("--direction", parser=parser_of(Direction), metavar="DIRECTION", help="hướng · VN-CN, CN-VN, along")
]
Facts = Annotated[list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="dữ kiện · a fact: distance_m=31, agreed=khong")]
Measures = Annotated[list[str] | None, typer.Option("--measure", metavar="WHAT=N", help="số đếm · a count: persons=9, goods=120 kg")]
Steps = Annotated[
    list[Action] | None, typer.Option("--step", parser=parser_of(Action), metavar="ACTION", help="việc đã xử lý · what was done: arrested")
]


def report(
    kind: OfKind = None,
    occurred: Occurred = None,
    precision: OfPrecision = None,
    marker: Marker = None,
    gate: Gate = None,
    area: Area = None,
    province: InProvince = None,
    side: OfSide = None,
    direction: OfDirection = None,
    fact: Facts = None,
    measure: Measures = None,
    step: Steps = None,
    text: Note = None,
    exercise: Exercise = False,
    as_json: AsJson = False,
) -> None:
    """Báo một vụ việc; xem ngay kết luận của quy tắc, gửi khi có mạng · report an incident, judged at once and sent when the line is there."""
    from mocgioi.commands.posting.options import answer
    from mocgioi.service.posting import post
    from mocgioi.views.output import fail
    from posts import answers
    from posts.mint import NewEvent, moment_after, uuid7
    from posts.reporting import judged, missing_fields, preview
    from schemas.problems import InvalidEvent

    with post() as here:
        try:
            data: dict[str, object] = {"status": "exercise" if exercise else "actual"}
            if kind is not None:
                data["kind"] = kind
            if occurred is not None:
                data["occurred"] = answers.occurred_of(occurred, now=moment_after(None), precision=precision)
            if (marker, gate, area, province) != (None, None, None, None):
                data["place"] = answers.place_of(marker=marker, gate=gate, area=area, province=province)
            if side is not None:
                data["side"] = side
            if direction is not None:
                data["direction"] = direction
            if fact and kind:
                data["facts"] = dict(answers.fact_of(kind, each) for each in fact)
            if measure:
                data["measures"] = [answers.measure_of(each) for each in measure]
            if step:
                data["handling"] = [{"action": each} for each in step]
            if text is not None:
                data["text"] = text
            if missing := missing_fields(data):
                fail("missing", "; ".join(f"{each.field}: {each.ask}" for each in missing))
            event = NewEvent("incident.reported", f"inc-{uuid7()}", data)
            verdict = judged([preview(here.spool, here.device.source, event)])
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)
        (minted,) = here.mint([event])
        answer(minted, here.send_now(minted), verdict, as_json=as_json)
