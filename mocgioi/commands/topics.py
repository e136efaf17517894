"""`mocgioi topics`: the topics of the pipeline."""

import typer

from mocgioi.commands.options import AsJson

topics = typer.Typer(help="Các topic Kafka · the Kafka topics.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(topics, name="topics")


@topics.command(short_help="Tạo các topic còn thiếu · make those that are missing")
def create(as_json: AsJson = False) -> None:
    """Tạo các topic còn thiếu; không đổi topic đã có · make missing topics, change none that exist."""
    import asyncio

    from mocgioi.service import logs
    from mocgioi.service.cluster import cluster_of
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, need_kafka, problem, say
    from schemas.topics import DEVELOPMENT, PRODUCTION
    from streams import topics as kafka

    settings = load()
    need_kafka(settings.kafka)
    logs.at_prompt(settings)
    done = asyncio.run(kafka.create(cluster_of(settings), PRODUCTION if settings.topics_replicated else DEVELOPMENT))
    if as_json:
        document({"created": done.created, "differing": [str(difference) for difference in done.differences]})
    else:
        say(f"đã tạo · created: {', '.join(done.created) or 'không topic nào mới · none'}")
    for difference in done.differences:
        problem("topic_differs", str(difference))
