"""One moment as Vietnamese texts write it: a date, the clock before or behind it, the part of the day."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from border.vietnam import HANOI
from schemas.codebook import Precision
from texts.periods import YEAR

_DAY = r"(?P<{0}day>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<{0}month>0?[1-9]|1[0-2])"
_YEAR = rf"(?P<{{0}}year>{YEAR})"
PART = r"(?P<{0}part>nửa đêm|đêm|rạng sáng|tối|sáng sớm|sáng|trưa|chiều)"
CLOCK = r"(?P<{0}hour>[01]?\d|2[0-4])(?:\s*(?:h|giờ|g)\s*(?P<{0}minute>[0-5]\d)?(?:\s*(?:phút|'))?|:(?P<{0}colon>[0-5]\d))"
DATE = (
    rf"(?:(?:ngày|hôm|mồng)\s+)*(?:{_DAY}\s*(?:[/.-]\s*{_MONTH}(?:\s*[/.-]\s*{_YEAR}|\s+năm\s+{_YEAR.replace('year', 'longyear')})?"
    rf"|\s+tháng\s+{_MONTH.replace('month', 'longmonth')}(?:\s*(?:năm|/|-|,)\s*{_YEAR.replace('year', 'lastyear')})?))(?![\d/])"
)
DAY_FIRST = rf"(?:ngày\s+|hôm\s+)?{_DAY}(?:\s*[/.-]\s*{_MONTH}(?:\s*[/.-]\s*{_YEAR})?)?(?![\d/])"
"""A day whose month and year may stand with the day after it."""
LATE = rf"(?:\s*,?\s*(?:vào\s+)?(?:lúc|hồi)\s+(?:khoảng\s+)?{CLOCK}(?:\s*{PART})?)".replace("{0}", "{0}late")
MOMENT = rf"(?:(?:{CLOCK}\s*,?\s*)?(?:{PART}\s*,?\s*)?{DATE}{LATE}?)"
NIGHT_ENDS = 6
_NIGHT_HOURS = {"nửa đêm": (18, 30), "đêm": (18, 30), "tối": (18, 24), "rạng sáng": (0, 6)}


class Moment(NamedTuple):
    """A moment, or the day or night it lies in."""

    start: datetime
    end: datetime
    precision: Precision

    @property
    def value(self) -> dict[str, str]:
        """As an event has it: only a night has an end."""
        return value(self.start, self.end if self.precision is Precision.NIGHT else None, self.precision)


def named(text: str, lead: str) -> str:
    """A pattern whose groups begin with `lead`."""
    return text.replace("{0}", lead)


def pattern(text: str) -> re.Pattern[str]:
    """A pattern that begins at no part of a number or word."""
    return re.compile(rf"(?<![\w/.,+-]){text}", re.IGNORECASE)


def moment(match: re.Match[str], lead: str, year: int | None) -> Moment | None:
    """None without a year, and for a day that is not in the calendar."""
    parts = groups(match, lead)
    written = parts.get("year") or parts.get("longyear") or parts.get("lastyear") or year
    if written is None:
        return None
    try:
        day = datetime(int(written), int(parts.get("month") or parts["longmonth"]), int(parts["day"]), tzinfo=HANOI)
    except ValueError:
        return None
    return within(day, parts)


def groups(match: re.Match[str], lead: str) -> dict[str, str]:
    """The parts of a moment by name, whether its clock stands before the date or behind it."""
    return {
        name.removeprefix(lead).removeprefix("late"): text for name, text in match.groupdict().items() if name.startswith(lead) and text
    }


def within(day: datetime, parts: Mapping[str, str]) -> Moment:
    """The clock or the part of a day."""
    part = parts.get("part", "").lower()
    if "hour" in parts and not (part in _NIGHT_HOURS and parts["hour"] == "12"):
        hour = int(parts["hour"])
        is_after_noon = (part in ("chiều", "tối") and hour < 12) or (part == "đêm" and 6 <= hour < 12) or (part == "trưa" and hour < 6)
        hour += 12 if is_after_noon else 0
        minute = parts.get("minute") or parts.get("colon")
        start = day + timedelta(hours=hour, minutes=int(minute or 0))
        return Moment(start, start, Precision.MINUTE if minute else Precision.HOUR)
    if part in _NIGHT_HOURS:
        begins, ends = _NIGHT_HOURS[part]
        return Moment(day + timedelta(hours=begins), day + timedelta(hours=ends), Precision.NIGHT)
    return Moment(day, day + timedelta(days=1), Precision.DAY)


def value(start: datetime, end: datetime | None, precision: Precision) -> dict[str, str]:
    """A time as an event has it."""
    return {"start": start.isoformat()} | ({"end": end.isoformat()} if end else {}) | {"precision": precision.value}
