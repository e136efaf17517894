"""`mocgioi worker`: the Kafka workers."""

import enum
from typing import Annotated

import typer


class Stage(enum.StrEnum):
    """Which part of the pipeline a process runs."""

    CLASSIFY = "classify"
    RECORD = "record"
    ALL = "all"


def add_to(app: typer.Typer) -> None:
    """Hang the command under the program."""
    app.command()(worker)


def worker(stage: Annotated[Stage, typer.Argument(help="classify, record, hoặc all trong một tiến trình · or both in one process")]) -> None:
    """Chạy một công đoạn cho đến khi nhận SIGTERM · run a stage until SIGTERM; start more of the same to scale out."""
    from contextlib import ExitStack

    from mocgioi import logs
    from mocgioi.output import USAGE, fail
    from mocgioi.settings import load
    from mocgioi.workers import Composition, leaving_at_once, run, patient_database_url
    from sinks.metrics import Metrics
    from sinks.record import Database

    settings = load()
    if settings.kafka is None:
        fail("settings", "MOCGIOI_KAFKA chưa đặt · is not set", USAGE)
    logs.configure(settings.log, settings.log_level)
    composition = Composition(settings, Metrics())
    with leaving_at_once(), ExitStack() as stack:
        composition.add_health()
        if stage is not Stage.RECORD:
            composition.add_classify()
        if stage is not Stage.CLASSIFY:
            composition.add_record(Database(stack.enter_context(patient_database_url(settings))))
        raise SystemExit(run(composition))
