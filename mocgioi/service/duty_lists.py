"""What needs a person, as lists: with everything the list of incidents says of each, and as the page of a shift that ends."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from border.vietnam import HANOI
from mocgioi.service.database import record_engine
from mocgioi.service.duty_acts import act, acting_user
from mocgioi.service.settings import Settings
from schemas.failures import USAGE, Failure
from sinks.postgres.engine import Engine
from sinks.query.attention import Attention, attention
from sinks.query.incidents import incidents
from sinks.query.shown import in_hanoi

Row = dict[str, Any]


class NotYetBegun(Failure):
    """The shift begins in the future."""

    code = "usage"
    exit_code = USAGE


def with_incidents(engine: Engine, needing: Sequence[Attention]) -> list[Row]:
    """The rows of the list of incidents, in the order given, with class, assignment, deadline and when the report came."""
    rows = {row["incident"]: row for row in incidents(engine, subjects=[each.subject for each in needing])}
    return [
        rows[each.subject]
        | {
            "class": each.category,
            "assigned_to": each.duty.assigned_to,
            "due": in_hanoi(each.duty.due),
            "received_at": in_hanoi(each.received_at),
        }
        for each in needing
        if each.subject in rows
    ]


def hand_over(settings: Settings, login: str, *, since: datetime | None, shift_h: float, to: str | None) -> Row:
    """The page of a shift: what came, what nobody took note of, what who holds, what is due; of the user's province only.

    With `to`, that user gets what `login` holds, an event for each incident; the page says what it was before. Raises `NoSuchUser`, and what
    `act` raises.
    """
    now = datetime.now(HANOI)
    begun = since or now - timedelta(hours=shift_h)
    if begun > now:
        raise NotYetBegun(f"--since {begun.isoformat()}: chưa đến · is still to come")
    with record_engine(settings) as engine:
        user = acting_user(engine, login, "handed_over")
        if to is not None:
            acting_user(engine, to, "handed_over")
        needing = [each for each in attention(engine) if user.sees(each.province)]
        rows = {row["incident"]: row for row in with_incidents(engine, needing)}

        def chosen(those: Iterable[Attention]) -> list[Row]:
            return [rows[each.subject] for each in those if each.subject in rows]

        own = [each.subject for each in needing if each.duty.assigned_to == login]
        with_deadline = [(each.duty.due, each) for each in needing if each.duty.due is not None]
        page: Row = {
            "by": login,
            "province": user.province,
            "since": in_hanoi(begun),
            "until": in_hanoi(now),
            "came": chosen(each for each in needing if each.received_at >= begun),
            "open": chosen(each for each in needing if not each.is_acknowledged),
            "held": chosen(each for each in needing if each.duty.assigned_to is not None),
            "due": chosen(each for _, each in sorted(with_deadline, key=lambda pair: pair[0])),
            "to": to,
            "handed_over": [],
        }
        for subject in own if to is not None else ():
            act(settings, user, "handed_over", subject, to=to)
            page["handed_over"].append(subject)
    return page
