"""`mocgioi explain`: an event's whole life."""

from typing import Annotated

import typer

from mocgioi.commands.options import AsJson


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(short_help="Toàn bộ quá trình của một sự kiện · an event's whole life")(explain)


def explain(
    event: Annotated[str, typer.Argument(metavar="EVENT_ID", help="mã sự kiện · event id")],
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="nguồn, khi mã trùng · its source, where the id is ambiguous")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Toàn bộ quá trình của một sự kiện: năm mốc thời gian, quy tắc, đính chính, tính vào đâu · an event's whole life: clocks, rules, corrections, figures."""
    import unicodedata

    from mocgioi.service.database import record_engine
    from mocgioi.views import life, life_page
    from mocgioi.views.output import document, fail
    from sinks.query import trace

    event_id = unicodedata.normalize("NFC", event)
    with record_engine() as engine:
        sources = trace.sources(engine, event_id)
        if source is None and len(sources) > 1:
            fail("ambiguous", f"{event_id}: có ở nhiều nguồn, thêm --source · several sources, add --source: {', '.join(sources)}")
        chosen = source or next(iter(sources), None)
        event_trace = trace.of_event(engine, chosen, event_id) if chosen is not None else None
        if event_trace is None:
            aside = trace.set_aside(engine, event_id)
            hint = "; để riêng vì mâu thuẫn · kept aside: `mocgioi incidents conflicts`" if aside else ""
            fail("not_found", f"{event_id}: chưa ghi sự kiện này · no such event{hint}")
    event_life = life.of(event_trace)
    if as_json:
        document(event_life)
    else:
        life_page.show(event_life)
