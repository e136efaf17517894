"""The options by which a report or an update states something about an incident."""

from typing import Annotated

import typer

from mocgioi.commands.code_options import parser_of
from schemas.codebook import Action, Direction, Kind, Precision, Side

OfKind = Annotated[
    Kind | None, typer.Option("--kind", parser=parser_of(Kind), metavar="KIND", help="loại việc: mã hoặc tên, không cần dấu · code or name")
]
When = Annotated[
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
Way = Annotated[
    Direction | None, typer.Option("--direction", parser=parser_of(Direction), metavar="DIRECTION", help="hướng · VN-CN, CN-VN, along")
]
Facts = Annotated[
    list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="dữ kiện · a fact: distance_m=31, agreed=khong, act=rammed,chased")
]
Measures = Annotated[list[str] | None, typer.Option("--measure", metavar="WHAT=N", help="số đếm · a count: persons=9, goods=120 kg")]
Steps = Annotated[
    list[Action] | None,
    typer.Option("--step", parser=parser_of(Action), metavar="ACTION", help="thêm việc đã xử lý · add what was done: arrested"),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="không hỏi lại · do not ask to confirm")]
