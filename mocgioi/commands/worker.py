"""`mocgioi worker`: the Kafka workers."""

from typing import Annotated, Literal

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Chạy một công đoạn qua Kafka · run a stage on Kafka")(worker)


def worker(
    stage: Annotated[
        Literal["classify", "record", "all"],
        typer.Argument(metavar="STAGE", help="classify, record, hoặc all: cả hai trong một tiến trình · both in one process"),
    ],
) -> None:
    """Chạy một công đoạn cho đến khi nhận SIGTERM · run a stage until SIGTERM; start more of the same to scale out."""
    from contextlib import ExitStack, suppress

    from mocgioi.service import logs
    from mocgioi.service.database import make_current, server_url
    from mocgioi.service.settings import load
    from mocgioi.service.workers import Composition, leaving_at_once, run
    from mocgioi.views.output import need_kafka
    from schemas.records import Unavailable
    from sinks.metrics import Metrics

    settings = load()
    need_kafka(settings.kafka)
    logs.configure(settings.log, settings.log_level)
    with leaving_at_once(), ExitStack() as stack:
        composition = Composition(settings, Metrics())
        if stage != "record":
            composition.add_classify()
        if stage != "classify":
            url = stack.enter_context(server_url(settings))
            with suppress(Unavailable):  # waited for once it runs; what waiting cannot mend is said now, in one line
                make_current(settings, url)
            composition.add_record(url)
        composition.add_health()
        raise SystemExit(run(composition))
