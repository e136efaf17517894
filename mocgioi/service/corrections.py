"""What a post says of its own incident after the report: chosen from a list, shown, judged, minted."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from mocgioi.service.posting import Post
from mocgioi.service.reporting import settled, show_and_confirm
from mocgioi.views.asking import Asker
from mocgioi.views.output import fail, note
from mocgioi.views.report_questions import fact_answer, question_for, step_answer
from mocgioi.views.report_summary import in_one_line
from posts.mint import NewEvent, moment_after
from posts.reporting import Judged, is_otherwise_at_centre, judged, own_events, preview
from posts.statement import Data, Options, changes
from schemas.codebook_entries import facts_of
from schemas.events import AnyEvent

_LISTED = 15


def chosen(here: Post, subject: str | None, asker: Asker | None) -> str:
    """The subject of the incident meant: as given, or chosen among those of this machine that stand. Leaves where nobody says which one."""
    if subject is not None:
        return subject
    if asker is None:
        fail("missing", "vụ việc nào: ghi mã · which incident: give its id, `mocgioi post status`")
    recent = [(name, judged(own_events(here.spool, name))) for name in here.spool.recent_incidents(_LISTED)]
    standing = [(name, in_one_line(each)) for name, each in recent if not each.incident.retracted]
    if not standing:
        fail("not_found", "máy này chưa báo vụ việc nào, hoặc đã rút hết · this machine has reported no incident that stands")
    return str(asker.choose("Vụ việc nào?", standing))


def updated(
    here: Post, subject: str, options: Options, reason: str | None, asker: Asker | None, *, confirmed: bool, quiet: bool
) -> tuple[AnyEvent, Judged | None]:
    """Mint an update, with what the rules say of the incident then. Raises `InvalidEvent`."""
    events = own_events(here.spool, subject)
    before = judged(events) if events else None
    if before is None:
        note("unknown_incident", f"{subject}: máy này không báo vụ này; chỉ thiết bị của đồn đã báo mới sửa được · not reported from here")
    elif before.incident.retracted:
        note("retracted", f"{subject}: đã rút; chỉ được tính lại khi cơ quan hủy việc rút · retracted, until an office reinstates it")
    known = _stated(before)
    data = changes(options, moment_after(None), kind=options.kind or known.get("kind"), before=known)
    if options.kind is not None:
        data["kind"] = options.kind.value
    if not data and asker is not None and before is not None:
        data = _asked(asker, before, known)
    if not data:
        fail("missing", "điều thay đổi: cần ít nhất một, như --fact, --step, --side · what changed: give at least one")
    data["facts"] = {name: value for name, value in data.get("facts", {}).items() if known.get("facts", {}).get(name, _NOTHING) != value}
    data = {name: value for name, value in data.items() if name != "facts" or value}
    data["reason"] = _reason(reason, asker)
    if "handling" in data and before is not None:
        states = [here.spool.state_of(event.source, event.number) for event in events]
        if is_otherwise_at_centre(states, before):
            note(
                "steps",
                "trung tâm kết luận vụ này khác máy này, có lẽ nơi khác đã bổ sung; việc xử lý gửi đi thay cả danh sách ở trung tâm: hỏi trung "
                "tâm, ghi lại cả việc của nơi khác bằng --step · others may have spoken of it: these steps replace the whole list, name theirs too",
            )

    def judge(data: Data) -> Judged:
        return judged([*events, preview(here.spool, here.device.source, NewEvent("incident.updated", subject, data))])

    verdict = None
    if events:
        asker = None if confirmed else asker
        data, verdict = settled(data, judge, asker)
        show_and_confirm(verdict, asker, quiet=quiet)
    (event,) = here.mint([NewEvent("incident.updated", subject, data)])
    return event, verdict


def retracted(here: Post, subject: str, reason: str | None, asker: Asker | None, *, confirmed: bool) -> AnyEvent:
    """Mint a retraction; leaves where this machine retracted the incident before. Raises `InvalidEvent`."""
    events = own_events(here.spool, subject)
    if events and judged(events).incident.retracted:
        fail("retracted", f"{subject}: đã rút rồi · retracted already")
    data = {"reason": _reason(reason, asker)}
    if asker is not None and not confirmed and asker.choose("Rút vụ việc này?", [(True, "rút"), (False, "bỏ, không ghi gì")]) is False:
        fail("stopped", "đã bỏ, chưa ghi gì · stopped, nothing was written")
    (event,) = here.mint([NewEvent("incident.retracted", subject, data)])
    return event


_NOTHING = object()


def _stated(before: Judged | None) -> Mapping[str, Any]:
    """What is known of an incident, as its events state it."""
    if before is None:
        return {}
    stated = json.loads(msgspec.json.encode(before.incident, enc_hook=lambda part: part.model_dump(mode="json", exclude_none=True)))
    return {name: stated[name] for name in ("kind", "place", "facts", "measures", "handling")}


def _asked(asker: Asker, before: Judged, known: Mapping[str, Any]) -> Data:
    """What a person wants to add: facts, of which those that the verdict hangs on come first, and a step."""
    kind = before.incident.kind
    facts = sorted(facts_of(kind), key=lambda fact: fact.entry.name not in before.missing) if kind else []
    options = [*((fact.entry.name, question_for(fact)) for fact in facts), ("", "thêm việc đã xử lý")]
    name = asker.choose("Bổ sung gì?", options)
    if name and kind:
        value = fact_answer(asker, kind, name)
        return {"facts": {name: value}}
    step = step_answer(asker)
    return {"handling": [*known["handling"], {"action": step}]} if step else {}


def _reason(reason: str | None, asker: Asker | None) -> str:
    if reason is None and asker is None:
        fail("missing", "--reason: lý do · why")
    return reason if reason is not None else str(asker.ask("Lý do?", str)) if asker else ""
