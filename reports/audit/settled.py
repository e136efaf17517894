"""What offices settled, for the recount: bodies kept aside that stand, recorded events that do not, second reports that were answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, text

from agreement.order import Key
from agreement.settlement import Aside, standing
from schemas.events import IncidentEvent, Settled
from schemas.validation import read

# The conflicts of incidents of which some office has spoken: from the few that there are to their events, each by its index.
_SETTLED = """
SELECT first.subject, conflict.subject AS other, with_id, digest, conflict.received_at, conflict.recorded_at, conflict.body::text
FROM conflict JOIN event AS first ON first.source = conflict.source AND first.id = conflict.with_id
WHERE conflict.recorded_at <= :as_of AND first.type LIKE 'vn.mocgioi.incident.%' AND EXISTS (
    SELECT FROM event WHERE event.subject = first.subject AND event.type = 'vn.mocgioi.conflict.settled.v1' AND event.recorded_at <= :as_of
)
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event and its clocks."""

    event: IncidentEvent
    received_at: datetime
    recorded_at: datetime


@dataclass(slots=True)
class Settlements:
    """The conflicts that offices spoke of by some moment."""

    subjects: set[str] = field(default_factory=set)
    """Of the incidents involved."""
    aside: list[tuple[Aside, datetime, datetime]] = field(default_factory=list)
    """The bodies kept aside, each with its two clocks."""


def settlements(connection: Connection, as_of: datetime) -> Settlements:
    """Read them."""
    settled = Settlements()
    for row in connection.execute(text(_SETTLED), {"as_of": as_of}):
        settled.subjects |= {row.subject, row.other}
        settled.aside.append((Aside(read(row.body.encode()), row.digest, row.with_id), row.received_at, row.recorded_at))
    return settled


def settle(
    recorded: Mapping[str, Sequence[Arrival]], settled: Iterable[Settled], among: Settlements
) -> tuple[dict[str, list[Arrival]], frozenset[Key]]:
    """The events that stand, by subject, and the second reports that were answered."""
    clocks = {body.digest: moments for body, *moments in among.aside}
    stands = standing(
        [arrival.event for arrivals in recorded.values() for arrival in arrivals], [body for body, *_ in among.aside], settled
    )
    standing_keys = {(event.source, event.id) for event in stands.recorded}
    events = {
        subject: [arrival for arrival in arrivals if (arrival.event.source, arrival.event.id) in standing_keys]
        for subject, arrivals in recorded.items()
    }
    for event, body in stands.admitted:
        if isinstance(event, IncidentEvent):
            events.setdefault(event.subject, []).append(Arrival(event, *clocks[body.digest]))
    return {subject: arrivals for subject, arrivals in events.items() if arrivals}, stands.answered
