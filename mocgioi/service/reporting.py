"""A report on its way from what a person states to the spool: asked for, shown, judged, confirmed, minted."""

from collections.abc import Callable, Mapping

from mocgioi.service.posting import Post
from mocgioi.views.asking import Asker
from mocgioi.views.output import explain, fail, note, say
from mocgioi.views.report_questions import complete, fact_answer
from mocgioi.views.report_summary import lines
from posts.mint import NewEvent, moment_after, uuid7
from posts.reporting import Judged, judged, missing_fields, preview
from posts.statement import Data, Drafted, Options, stated
from schemas.codebook import Outcome
from schemas.events import AnyEvent


def reported(
    here: Post,
    drafted: Drafted,
    options: Options,
    asker: Asker | None,
    *,
    exercise: bool | None,
    confirmed: bool,
    extensions: Mapping[str, str],
    quiet: bool,
) -> tuple[AnyEvent, Judged]:
    """Mint a first report, with what the rules say of it. Leaves where something is missing and nobody can be asked, and where nobody wants it sent.

    `confirmed`: nobody needs to confirm. `quiet`: with nobody to ask, say nothing. Raises `InvalidEvent`.
    """
    _note_another_post(here, drafted)
    data: Data = {} if drafted.rehearsed and exercise is None else {"status": "exercise" if exercise else "actual"}
    data |= stated(drafted, options, moment_after(None))
    while missing := missing_fields(data, drafted.asks):
        if asker is None:
            fail("missing", "; ".join(f"{ask.field}: {ask.ask}" for ask in missing))
        data = complete(asker, drafted, data, missing)
    subject = f"inc-{uuid7()}"

    def judge(data: Data) -> Judged:
        return judged([preview(here.spool, here.device.source, NewEvent("incident.reported", subject, data, extensions))])

    asker = None if confirmed else asker
    data, verdict = settled(data, judge, asker)
    show_and_confirm(verdict, asker, quiet=quiet)
    (event,) = here.mint([NewEvent("incident.reported", subject, data, extensions)])
    return event, verdict


def settled(data: Data, judge: Callable[[Data], Judged], asker: Asker | None) -> tuple[Data, Judged]:
    """The data with the facts that the verdict hangs on, as far as the person knows them, and the verdict. Raises `InvalidEvent`."""
    verdict = judge(data)
    kind = verdict.incident.kind
    asked: set[str] = set()
    while asker is not None and kind is not None and verdict.outcome is Outcome.NEEDS_FACTS:
        name = next((name for name in verdict.missing if name not in asked), None)
        if name is None:
            break
        asked.add(name)
        value = fact_answer(asker, kind, name)
        if value is not None:
            data = data | {"facts": {**data.get("facts", {}), name: value}}
            verdict = judge(data)
    return data, verdict


def show_and_confirm(verdict: Judged, asker: Asker | None, *, quiet: bool) -> None:
    """Show what will be sent and what the rules say of it; leave where the person does not want it."""
    if asker is None:
        for line in () if quiet else lines(verdict):
            say(line)
        return
    explain("")
    for line in lines(verdict):
        explain(line)
    if asker.choose("Gửi tin này?", [(True, "gửi"), (False, "bỏ, không ghi gì")], none="gửi") is False:
        fail("stopped", "đã bỏ, chưa ghi gì · stopped, nothing was written")


def _note_another_post(here: Post, drafted: Drafted) -> None:
    if drafted.post is not None and drafted.post != f"/posts/{here.device.post}":
        note(
            "another_post",
            f"câu nêu {drafted.post}, tin sẽ mang tên {here.device.source} · the sentence names another post than this device's",
        )
