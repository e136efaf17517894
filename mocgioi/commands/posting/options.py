"""Options that the commands of a post share, and how they say what was minted."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from posts.post_spool import EventState
    from posts.reporting import Judged
    from schemas.events import AnyEvent

AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
Exercise = Annotated[bool, typer.Option("--exercise", help="diễn tập: được xét như thật, không được tính · an exercise, never counted")]
ExerciseOrNot = Annotated[
    bool | None,
    typer.Option("--exercise/--actual", help="diễn tập (được xét như thật, không được tính) hay việc thật · an exercise, never counted"),
]
Note = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="ghi chú, không ghi họ tên người · a note, no names of persons")]

_STATUS = {
    "waiting": "đã lưu trên máy, chờ gửi · kept here, waiting",
    "sent": "đã gửi, trung tâm đã nhận · sent, the centre has it",
}


def answer(event: "AnyEvent", state: "EventState", judged: "Judged | None", *, as_json: bool) -> None:
    """Say what was minted and how far it came; leaves with the reason where the centre refused it."""
    from mocgioi.views import post_status
    from mocgioi.views.output import document, fail, say

    minted: dict[str, Any] = {"id": event.id, "subject": event.subject, "sequence": event.number, "status": state.status}
    if judged is not None:
        minted["verdict"] = {"outcome": judged.outcome, "clauses": judged.clauses, "missing": judged.missing}
    if as_json:
        document(minted)
    elif state.status in _STATUS:
        say(f"số {event.number} · {event.subject}: {_STATUS[state.status]}")
    if state.status == "refused":
        row = post_status.row_of(state)
        fail((row["problem"] or {}).get("code", "refused"), f"số {event.number}: {post_status.words(row)}")


def extensions_of(via: str | None, taken_by: str | None) -> dict[str, str]:
    """The CloudEvents extensions that say which way a report came; leaves with exit code 2 for another way, or a call that no known office took."""
    from border.names import fold, nearest_of
    from border.offices import offices
    from mocgioi.views.output import USAGE, fail

    if via not in (None, "phone"):
        fail("usage", f"--via {via!r}: cần · needs phone", USAGE)
    if via is None and taken_by is None:
        return {}
    if taken_by is None:
        fail(
            "usage",
            "--taken-by: tin qua điện thoại phải ghi cơ quan nào nhận, như so-ngoai-vu-lang-son · a call needs the office that took it",
            USAGE,
        )
    if taken_by not in offices():
        nearest = nearest_of(taken_by, {fold(name): name for name in offices()})
        fail("usage", f"--taken-by {taken_by!r}: không có cơ quan này trong danh bạ · no such office{nearest}", USAGE)
    return {"via": "phone", "takenby": taken_by}
