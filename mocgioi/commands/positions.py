"""`mocgioi positions`: where the stages stand in their logs, and where they go on after a log was replaced."""

from typing import Annotated, Literal

import typer

from mocgioi.commands.options import AsJson, Reason, reason_of

positions = typer.Typer(
    help="Vị trí đọc của từng công đoạn · where each stage stands in its log.",
    short_help="Vị trí đọc · where each stage stands",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(positions, name="positions")


@positions.command(short_help="Đối chiếu với nhật ký Kafka · hold them against the logs")
def show(as_json: AsJson = False) -> None:
    """Từng vị trí đọc, đối chiếu với nhật ký Kafka · each position, held against Kafka's log. Exit 1 if one does not agree with it."""
    import asyncio

    from mocgioi.service import logs
    from mocgioi.service.cluster import cluster_of
    from mocgioi.service.positions import Standing, compared, recorded, uncompared
    from mocgioi.service.positions import as_json as row_of
    from mocgioi.service.settings import load
    from mocgioi.views.output import UNREACHABLE, document, fail, table
    from schemas.records import Unavailable

    settings = load()
    logs.at_prompt(settings)
    stored = recorded(settings)
    standings: list[Standing] = []
    away: Unavailable | None = None
    if settings.kafka is not None:
        try:
            standings = asyncio.run(compared(cluster_of(settings), stored))
        except Unavailable as error:
            away = error
    here = {standing.log for standing in standings}
    elsewhere = [standing for standing in uncompared(stored) if standing.log not in here]
    rows = [row_of(standing) for standing in (*standings, *elsewhere)]
    if as_json:
        document(rows)
    else:
        marks = {None: "–", True: "✓", False: "✗"}
        columns = ["", "Công đoạn", "Log", "Nơi", "Vị trí", "Log có", "Không khớp"]
        cells = [
            (
                marks[row["agrees"]],
                row["stage"],
                row["log"],
                f"{row['topic']}[{row['partition']}]",
                row["offset"],
                "" if row["end"] is None else f"{row['beginning']}–{row['end']}",
                row["difference"],
            )
            for row in rows
        ]
        table(columns, cells, title=f"{len(rows)} vị trí đọc · positions")
    if away is not None:
        fail(
            "broker_unavailable", f"Kafka không trả lời, chưa đối chiếu · Kafka does not answer, nothing was compared: {away}", UNREACHABLE
        )
    if different := sum(row["agrees"] is False for row in rows):
        fail("position_lost", f"{different} vị trí không khớp · do not agree with their logs: deploy/runbooks/positions.md")


@positions.command(short_help="Đặt lại khi nhật ký bị thay · move them")
def reset(
    reason: Reason,
    to: Annotated[str, typer.Option(help="beginning, end, hoặc một vị trí · or an offset")] = "beginning",
    stage: Annotated[Literal["classify", "record"] | None, typer.Option(help="chỉ công đoạn này · of this stage only")] = None,
    topic: Annotated[str | None, typer.Option(help="chỉ topic này · of this topic only")] = None,
    partition: Annotated[int | None, typer.Option(min=0, help="chỉ phân vùng này · of this partition only")] = None,
    differing: Annotated[bool, typer.Option("--differing", help="chỉ những vị trí không khớp · only those that do not agree")] = False,
    by: Annotated[str | None, typer.Option(help="ai quyết định · who decided; else the system's user")] = None,
    as_json: AsJson = False,
) -> None:
    """Đặt lại vị trí đọc, khi mọi tiến trình của công đoạn đã dừng; đọc lại từ đầu vô hại · move positions, while no worker of theirs runs.

    Đọc lại thì mỗi sự kiện đã ghi là một bản trùng · what is read again is a duplicate, so `beginning` is safe.
    """
    import asyncio
    import unicodedata

    from mocgioi.service import logs
    from mocgioi.service.cluster import cluster_of
    from mocgioi.service.positions import compared, recorded
    from mocgioi.service.positions import reset as move
    from mocgioi.service.settings import load
    from mocgioi.views.output import USAGE, document, fail, need_kafka, say

    why, who = reason_of(reason), unicodedata.normalize("NFC", by or "").strip() or None
    if to not in ("beginning", "end") and not (to.isdecimal() and topic is not None and partition is not None):
        fail("usage", "--to: beginning, end, hoặc số cùng --topic và --partition · or a number with --topic and --partition", USAGE)
    settings = load()
    need_kafka(settings.kafka)
    logs.at_prompt(settings)
    chosen = [
        standing
        for standing in asyncio.run(compared(cluster_of(settings), recorded(settings)))
        if stage in (None, standing.stage)
        and topic in (None, standing.partition[0])
        and partition in (None, standing.partition[1])
        and not (differing and standing.difference is None)
    ]
    if not chosen:
        fail("not_found", "không có vị trí nào như vậy · there is no such position")
    rows = move(settings, chosen, to, by=who, reason=why)
    if as_json:
        document(rows)
    else:
        say(f"đã đặt lại · positions moved: {len(rows)}")


@positions.command(short_help="Các lần đặt lại · when and why they were moved")
def history(as_json: AsJson = False) -> None:
    """Các lần đặt lại, mới nhất trước: ai, khi nào, vì sao · each reset, the latest first: who, when and why."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, table
    from sinks.record.position_resets import resets

    with record_engine() as engine:
        rows = resets(engine)
    if as_json:
        document(rows)
        return
    cells = [(row["number"], row["reset_at"], row["reset_by"], row["reason"], len(row["after"])) for row in rows]
    table(["", "Lúc", "Ai", "Lý do", "Vị trí"], cells, title=f"{len(rows)} lần đặt lại · resets")
