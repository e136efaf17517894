"""When something occurred, as exactly as it is known: a month stays a month, and never looks like its first day."""

from datetime import datetime, timedelta

from border.vietnam import HANOI
from schemas.codebook import Precision

UNKNOWN = "không rõ"
_INSTANT = timedelta(microseconds=1)


def occurred_words(start: str | datetime | None, precision: str | None, end: str | datetime | None = None) -> str:
    """`28/12/2025`, `12/2025`, `quý I/2025`, `2019-2020`, `không rõ`. `end` is where the time is over, if that is known."""
    if start is None:
        return UNKNOWN
    first = _moment(start)
    last = max(first, _moment(end) - _INSTANT) if end is not None else first
    if precision == Precision.YEAR and (first.month, first.day) != (1, 1):
        return UNKNOWN  # no year begins there: the source names none, and what bounds the time is something else
    if precision == Precision.NIGHT:
        return f"đêm {first:%d/%m/%Y}"
    words, until = _words(first, precision), _words(last, precision)
    return words if words == until else f"{words}-{until}"


def occurred_at(start: str, precision: str, end: str | None = None) -> str:
    """The same with the hour or minute where it is known."""
    first = _moment(start)
    clock = {Precision.MINUTE: f" {first:%H:%M}", Precision.HOUR: f" {first:%H} giờ"}.get(Precision(precision), "")
    return occurred_words(start, precision, end) + clock


def _words(moment: datetime, precision: str | None) -> str:
    match precision:
        case Precision.MONTH:
            return f"{moment:%m/%Y}"
        case Precision.QUARTER:
            return f"quý {('I', 'II', 'III', 'IV')[(moment.month - 1) // 3]}/{moment.year}"
        case Precision.HALF:
            return f"6 tháng {'đầu' if moment.month <= 6 else 'cuối'} {moment.year}"
        case Precision.YEAR:
            return str(moment.year)
    return f"{moment:%d/%m/%Y}"


def _moment(value: str | datetime) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(HANOI)
