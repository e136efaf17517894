"""The order of the events of one subject, the same however they arrived."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Protocol, TypeVar

T = TypeVar("T")
Key = tuple[str, str]
"""Source and id of an event."""
_INCIDENT = "incident"


class Dated(Protocol):
    """What the order needs of an event, or of a record of it."""

    @property
    def source(self) -> str:
        """Its device."""

    @property
    def id(self) -> str:
        """Unique within its source."""

    @property
    def type(self) -> str:
        """Its CloudEvents type."""

    @property
    def time(self) -> datetime:
        """When it was minted, by the clock of its device."""

    @property
    def number(self) -> int:
        """Its place in the sequence of its device."""


def in_order(items: Iterable[T], event_of: Callable[[T], Dated]) -> list[T]:
    """The items of one subject by (clock, source, sequence, id) of their events.

    An event's clock is the latest `time` among the `incident.*` events of its source whose sequence is not above its own, itself included: a
    device whose clock was set back does not lose its correction. Events of another family keep their sequence among themselves as well.
    """
    latest: dict[tuple[str, str], datetime] = {}
    placed: list[tuple[tuple[datetime, str, int, str], T]] = []
    for number, group in groupby(sorted(items, key=lambda item: event_of(item).number), key=lambda item: event_of(item).number):
        peers = [(event_of(item), item) for item in group]
        for event, _ in peers:
            key = event.source, _family(event)
            latest[key] = max(latest.get(key, event.time), event.time)
        for event, item in peers:
            own = latest[event.source, _family(event)]
            clock = max(own, latest.get((event.source, _INCIDENT), own))
            placed.append(((clock, event.source, number, event.id), item))
    return [item for _, item in sorted(placed, key=itemgetter(0))]


def _family(event: Dated) -> str:
    """`incident` of `vn.mocgioi.incident.reported.v1`."""
    return event.type.removeprefix("vn.mocgioi.").split(".", 1)[0]
