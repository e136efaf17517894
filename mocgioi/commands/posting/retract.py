"""`mocgioi post retract`: an incident of this machine did not happen, or was reported by mistake."""

import typer

from mocgioi.commands.posting.incident_options import Yes
from mocgioi.commands.posting.options import AsJson
from mocgioi.commands.posting.update import Reason, Subject


def add_to(post: typer.Typer) -> None:
    """Hang the command under `post`."""
    post.command(short_help="Rút tin báo nhầm · withdraw an incident")(retract)


def retract(incident: Subject = None, reason: Reason = None, yes: Yes = False, as_json: AsJson = False) -> None:
    """Rút một vụ việc báo nhầm; chỉ cơ quan mới hủy được việc rút · withdraw an incident: only an office can undo it."""
    from mocgioi.commands.posting.options import answer
    from mocgioi.service.corrections import chosen, retracted
    from mocgioi.service.posting import post
    from mocgioi.views.asking import asker as asker_at
    from mocgioi.views.output import fail
    from schemas.problems import InvalidEvent

    with post() as here:
        asker = asker_at()
        try:
            event = retracted(here, chosen(here, incident, asker), reason, asker, confirmed=yes)
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)
        answer(event, here.send_now(event), None, as_json=as_json)
