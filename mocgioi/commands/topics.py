"""`mocgioi topics`: the topics of the pipeline."""

from typing import Annotated

import typer

topics = typer.Typer(help="Các topic Kafka · the Kafka topics.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(topics, name="topics")


@topics.command()
def create(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """Tạo các topic còn thiếu; không đổi topic đã có · make missing topics, change none that exist."""
    import asyncio

    from mocgioi.output import USAGE, document, fail, problem, say
    from mocgioi.settings import load
    from mocgioi.workers import cluster_of
    from streams import topics as kafka

    settings = load()
    if settings.kafka is None:
        fail("settings", "MOCGIOI_KAFKA chưa đặt · is not set", USAGE)
    created = asyncio.run(kafka.create(cluster_of(settings)))
    differing = asyncio.run(kafka.check(cluster_of(settings)))
    if as_json:
        document({"created": created, "differing": differing})
    else:
        say(f"đã tạo · created: {', '.join(created) or 'không topic nào mới · none'}")
    for difference in differing:
        problem("topic_differs", difference)
    raise typer.Exit(1 if differing else 0)
