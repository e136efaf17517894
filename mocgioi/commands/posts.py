"""`mocgioi posts`: whether all that posts sent has arrived."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sinks.query.completeness import Standing

_GAPS_SHOWN = 3


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command(short_help="Tin của các đồn có đủ không · has all that posts sent arrived?")(posts)


def posts(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """Mỗi thiết bị: số cao nhất, số còn thiếu, lần cuối nghe thấy, tin đến muộn bao lâu · of each device, what is missing and how late it was."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, table
    from sinks.query import completeness
    from sinks.query.shown import in_hanoi

    with record_engine(load()) as engine:
        standings = completeness.standings(engine)
        missing = completeness.gaps(engine, [standing.source for standing in standings if standing.missing])
        late = completeness.lateness(engine)
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = [
        {
            "source": standing.source,
            "key": _KEYS[standing.is_revoked],
            "highest": standing.highest,
            "missing": standing.missing,
            "gaps": missing.get(standing.source, []),
            "last_seen": in_hanoi(standing.last_seen),
            "silent_s": _silent_s(standing, now),
            "lateness": dict(zip(_STEPS, late.get(standing.source, [0] * len(_STEPS)), strict=True)),
        }
        for standing in standings
    ]
    if as_json:
        document(rows)
        return
    cells = [
        (
            row["source"] + _MARKS[row["key"]],
            row["highest"],
            _gaps(row["gaps"]) or "đủ",
            "chưa nghe" if row["silent_s"] is None else f"{row['last_seen'][:16]} ({_duration(row['silent_s'])} trước)",
            ", ".join(f"{_STEPS[step]}: {count}" for step, count in row["lateness"].items() if count),
        )
        for row in rows
    ]
    table(["Thiết bị", "Số cao nhất", "Còn thiếu", "Nghe lần cuối", "Đến sau khi ghi"], cells, title="Tin của các đồn · what posts sent")


_KEYS = {None: "none", True: "revoked", False: "standing"}
_MARKS = {"none": " (chưa ghi danh)", "revoked": " (đã thu hồi)", "standing": ""}
_STEPS = {"1m": "≤ 1 phút", "1h": "≤ 1 giờ", "1d": "≤ 1 ngày", "7d": "≤ 7 ngày", "later": "> 7 ngày"}
"""The steps of `sinks.query.completeness.LATENESS_S`, as JSON has them and in words."""


def _silent_s(standing: "Standing", now: datetime) -> int | None:
    return None if standing.last_seen is None else max(0, round((now - standing.last_seen).total_seconds()))


def _gaps(gaps: list[tuple[int, int]]) -> str:
    named = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in gaps[:_GAPS_SHOWN])
    return named + (f" … ({len(gaps)} khoảng)" if len(gaps) > _GAPS_SHOWN else "")


def _duration(seconds: int) -> str:
    for size, unit in ((86_400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} giây"
