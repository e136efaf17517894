"""For how much of a period a post was heard: its statements, each for an interval, join. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from border.vietnam import HANOI

_DAY = timedelta(days=1)
_LAST_MINUTE = timedelta(minutes=1)
"""Who writes 23:59 means the whole day."""


class Extent(StrEnum):
    """How much of a period."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Statement:
    """An interval that a post spoke for, half-open."""

    opens: datetime
    closes: datetime
    complete: bool = True
    """False where the post claims more than the record holds: it was heard, and not all of what it said is here."""


def day_of(moment: datetime) -> Statement:
    """An incident speaks for the day on which it occurred."""
    midnight = _midnight(moment)
    return Statement(midnight, midnight + _DAY)


def stated(opens: datetime, closes: datetime, *, complete: bool = True) -> Statement:
    """What a notice or a count speaks for: its interval. One that ends in the last minute of a day speaks for the day."""
    return Statement(opens, max(closes, _midnight(closes + _LAST_MINUTE)), complete)


def required_until(start: datetime, end: datetime, as_of: datetime) -> datetime:
    """How far a post must have been heard to be heard for all: of a period that still runs, until yesterday; on its first day, until now."""
    today = _midnight(as_of)
    return min(end, today if today > start else as_of)


def extent(statements: Iterable[Statement], start: datetime, end: datetime, until: datetime) -> Extent:
    """For how much of [start, end) these speak; for all of it where no moment before `until` is left out."""
    within = sorted(
        (each for each in statements if each.opens < min(end, each.closes) and each.closes > start), key=lambda each: each.opens
    )
    if not within:
        return Extent.NONE
    reached = start
    for each in within:
        if each.opens > reached:
            break
        if each.complete:
            reached = max(reached, each.closes)
    return Extent.WHOLE if reached >= until else Extent.PART


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
