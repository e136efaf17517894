"""`mocgioi deadletter`: payloads that could not be processed, and what to do about them."""

from typing import Annotated

import typer

from mocgioi.commands.options import AsJson

deadletter = typer.Typer(
    help="Thư chết: nội dung không xử lý được · payloads that could not be processed.",
    short_help="Thư chết · payloads that could not be processed",
    no_args_is_help=True,
)

Origin = Annotated[str, typer.Argument(help="nơi đọc được · where it was read: TOPIC:PARTITION:OFFSET[#SHA256]")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(deadletter, name="deadletter")


@deadletter.command(name="list", short_help="Liệt kê · list them")
def list_them(
    everything: Annotated[bool, typer.Option("--all", help="cả thư đã gửi lại · redriven ones too")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="nhiều nhất · at most")] = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê, mới nhất trước · list them, the latest first; without --all those that wait."""
    from mocgioi.service import dead_letters
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, table

    rows = dead_letters.listed(load(), waiting=not everything, limit=limit)
    if as_json:
        document([dead_letters.as_json(row) for row in rows])
        return
    columns = ["Nơi đọc", "Mã lỗi", "Lý do", "Nguồn", "Byte", "Gửi lại lúc"]
    cells = [(dead_letters.place(r), r["code"], r["reason"], r["source"], r["size"], r["redriven_at"]) for r in rows]
    table(columns, cells, title=f"{len(rows)} thư chết", below_first=[2])  # a reason is a sentence


@deadletter.command(short_help="Một thư chết, cả nội dung · one, with its payload")
def show(origin: Origin, as_json: AsJson = False) -> None:
    """Một thư chết, cả nội dung · one of them, with its payload."""
    from mocgioi.service import dead_letters
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say

    letter = dead_letters.letter_at(load(), origin)
    if as_json:
        document(dead_letters.as_json(letter))
        return
    for name, value in dead_letters.as_json(letter).items():
        say(f"{name:<18} {value if value is not None else ''}")
    if dead_letters.is_expired(letter):
        say(dead_letters.EXPIRED)


@deadletter.command(short_help="Gửi lại về nơi cũ · send again to where it came from")
def redrive(
    origins: Annotated[list[str] | None, typer.Argument(help="TOPIC:PARTITION:OFFSET[#SHA256] …")] = None,
    everything: Annotated[bool, typer.Option("--all", help="tất cả thư đang chờ · all that wait")] = False,
    code: Annotated[str | None, typer.Option(help="tất cả thư chờ có mã lỗi này · all that wait with this code")] = None,
) -> None:
    """Gửi lại về topic nguồn cũ, cùng khóa, sau khi đã sửa nguyên nhân · send again to its source topic, once the cause is mended.

    Thư mà cửa từ chối về topic của loại tin · what the door refused goes to the topic of its type.
    """
    from mocgioi.service import dead_letters
    from mocgioi.service.settings import load
    from mocgioi.views.output import DONE, REFUSED, USAGE, fail, say

    settings = load()
    if bool(origins) + everything + (code is not None) != 1:
        fail("usage", "chọn một: TOPIC:PARTITION:OFFSET …, --code hoặc --all · choose one of these", USAGE)
    if origins:
        chosen = [dead_letters.letter_at(settings, origin) for origin in origins]
    else:
        waiting = dead_letters.listed(settings, waiting=True)
        chosen = dead_letters.with_payloads(settings, [row for row in waiting if code in (None, row["code"]) and row["code"] != "secret"])
    sent = dead_letters.redrive(settings, chosen)
    say(f"đã gửi lại · redriven: {sent}")
    raise typer.Exit(DONE if sent == len(chosen) else REFUSED)


@deadletter.command(short_help="Xóa nội dung quá hạn · remove payloads whose time has come")
def expire() -> None:
    """Xóa nội dung đã giữ quá MOCGIOI_DEADLETTER_DAYS ngày; lý do, nơi đọc và SHA-256 vẫn còn · remove payloads kept for longer.

    Tiến trình record tự làm mỗi ngày · the record worker does so every day.
    """
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import say
    from sinks.record.dead_letters import remove_old_payloads

    settings = load()
    with record_engine(settings) as engine:
        removed = remove_old_payloads(engine, settings.deadletter_days)
    say(f"đã xóa nội dung của · payloads removed: {removed}")


@deadletter.command(short_help="Cho chạy tiếp · let a stopped worker go on")
def resume() -> None:
    """Cho tiến trình đã tự dừng chạy tiếp · let a worker that stopped itself go on."""
    import asyncio

    from mocgioi.service import logs
    from mocgioi.service.cluster import GROUPS, cluster_of
    from mocgioi.service.settings import load
    from mocgioi.views.output import need_kafka, say
    from streams.pause import PauseFlag

    settings = load()
    need_kafka(settings.kafka)
    logs.at_prompt(settings)

    async def clear() -> list[str]:
        reasons = []
        for group in GROUPS.values():
            flag = PauseFlag(cluster_of(settings), group)
            if (reason := await flag.read()) is not None:
                reasons.append(reason)
                await flag.clear()
        return reasons

    reasons = asyncio.run(clear())
    say(
        f"tiếp tục; đã dừng vì · resumed; it had stopped for: {', '.join(reasons)}"
        if reasons
        else "không có gì phải tiếp tục · nothing was stopped"
    )
