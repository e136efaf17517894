"""`mocgioi simulate`: the traffic of a whole border, and whether the record then holds exactly that."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from posts.simulation.border import Simulation
    from posts.simulation.pace import Pace

simulate = typer.Typer(short_help="Giả lập các đồn · simulate posts", invoke_without_command=True)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(simulate, name="simulate")


@simulate.callback()
def run(
    context: typer.Context,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="cùng số thì cùng kết quả · the same seed, the same bytes")] = 0,
    posts: Annotated[int, typer.Option(min=1, max=2000, metavar="P", help="số đồn · posts")] = 10,
    days: Annotated[int, typer.Option(min=1, max=3660, metavar="D", help="số ngày · days")] = 7,
    start: Annotated[str, typer.Option(metavar="DAY", help="ngày đầu · the first day")] = "2026-01-01",
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="thư mục kết quả, mặc định mo-phong-N · where files and expected.json go")
    ] = None,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="gửi qua cửa, ghi danh thiết bị riêng · send to the door, under devices of its own")
    ] = None,
    kafka: Annotated[bool, typer.Option("--kafka", help="gửi lên Kafka · publish to Kafka")] = False,
    rate: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="N", help="số tin một giây, rải đều; không ghi thì nhanh hết mức · events a second, evenly"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Giả lập tin của cả tuyến: mất mạng, gửi chậm, gửi hai lần, đính chính, sai giờ · a border's traffic, with all that goes wrong there.

    Tin giả lập được tính như tin thật: dùng một hồ sơ riêng · simulated events count as real ones: use a record of their own.
    """
    if context.invoked_subcommand is not None:
        return
    from mocgioi.service import simulating
    from mocgioi.views.output import USAGE, document, fail, note, say
    from posts.simulation.border import sources_of
    from posts.simulation.pace import Pace

    if server and kafka:
        fail("usage", "chọn --server hoặc --kafka · either of them", USAGE)
    if rate is not None and not (server or kafka):
        fail(
            "usage",
            "--rate: chỉ cho --server hoặc --kafka; tệp được ghi ngay · for --server or --kafka only, files are written at once",
            USAGE,
        )
    first = _first_day(start, days)
    if server or kafka:
        note("simulated", "tin giả lập được tính như tin thật trong hồ sơ nhận chúng · simulated events count as real ones in that record")
    keys = _enrolled(posts) if server else dict.fromkeys(sources_of(seed, posts), "")
    simulation = simulating.simulated(seed=seed, sources=list(keys), days=days, start=first)
    folder = out or Path(f"mo-phong-{seed}")
    about = {"seed": seed, "posts": posts, "days": days, "start": start}
    files = simulating.write(simulation, folder, about)
    pace = None if rate is None else Pace(rate)
    if server:
        _send(simulation, server, keys, pace)
    elif kafka:
        _publish(files, pace)
    result: dict[str, Any] = {
        "folder": str(folder),
        "files": len(files),
        "events": len(simulation.minted),
        "sent": len(simulation.sent),
        "incidents": len(simulation.incidents),
    }
    if as_json:
        document(result)
        return
    say(
        f"{folder}: {result['events']} sự kiện của {posts} đồn, gửi {result['sent']} lượt, {result['incidents']} vụ việc · "
        f"events, times sent, incidents; rồi · then: mocgioi simulate verify {folder}"
    )


@simulate.command(short_help="Hồ sơ có đúng như vậy không · does the record hold exactly that?")
def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="thư mục của simulate · the folder that simulate wrote")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """So từng vụ việc, từng biên nhận, số qua cửa khẩu với hồ sơ; exit 1 nếu có chỗ khác · compare each incident, receipt and crossing count."""
    from mocgioi.service import simulating
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import DONE, REFUSED, document, problem, say
    from posts.simulation.comparing import differences

    expected = simulating.expectation(folder)
    with record_engine(load()) as engine:
        different = list(differences(expected, simulating.recorded(engine, list(expected["receipts"]))))
    if as_json:
        document({"events": expected["events"], "incidents": len(expected["incidents"]), "differences": different})
    else:
        for sentence in different:
            problem("difference", sentence)
        say(
            f"{expected['events']} sự kiện, {len(expected['incidents'])} vụ việc: {len(different)} chỗ khác · events, incidents, differences"
        )
    raise typer.Exit(REFUSED if different else DONE)


def _first_day(start: str, days: int) -> "datetime":
    """The midnight at which the simulation begins; leaves with a problem where it would reach into the future."""
    from datetime import UTC, date, datetime, timedelta

    from border.vietnam import HANOI
    from mocgioi.views.output import USAGE, fail
    from posts.simulation.border import WRONG_BY

    try:
        first = datetime.combine(date.fromisoformat(start), datetime.min.time(), HANOI)
    except ValueError:
        fail("usage", f"--start {start!r}: cần ngày dạng · needs a day like 2026-01-01", USAGE)
    if first + timedelta(days=days) + WRONG_BY > datetime.now(UTC):
        fail("usage", "--start, --days: kết thúc quá gần hôm nay, có tin sẽ đề giờ sau bây giờ · ends too near to today", USAGE)
    return first


def _enrolled(posts: int) -> dict[str, str]:
    from mocgioi.service import simulating
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load

    with record_engine(load()) as engine:
        return simulating.enrol(engine, posts)


def _send(simulation: "Simulation", server: str, keys: dict[str, str], pace: "Pace | None") -> None:
    from mocgioi.service import logs, simulating
    from mocgioi.service.settings import load
    from mocgioi.views.progress import progress
    from posts.centre import SENDING

    logs.at_prompt(load())
    with progress("gửi · sending", len(simulation.sent)) as advance:
        simulating.send(simulation.sent, server, keys, patience=SENDING, pace=pace, on_progress=advance)


def _publish(files: list[Path], pace: "Pace | None") -> None:
    from mocgioi.service.sending import publish
    from mocgioi.service.settings import load
    from mocgioi.service.spooling import spool_files
    from mocgioi.service.spools import outbox_of
    from mocgioi.views.output import need_kafka
    from mocgioi.views.progress import progress

    settings = load()
    need_kafka(settings.kafka)
    with outbox_of(settings) as outbox:
        spooled = spool_files(files, outbox)
        with progress("gửi · publishing", spooled.events) as advance:
            publish(settings, outbox, pace=pace, on_progress=advance)
