"""Two days or hours that a text joins: a night over two dates, days that follow one another, from one moment to another."""

import re
from collections.abc import Iterator
from datetime import timedelta

from schemas.codebook import Precision
from texts.sentence.moment import CLOCK, DATE, DAY_FIRST, MOMENT, NIGHT_ENDS, PART, groups, moment, named, pattern, value, within

_TO = r"\s*(?:-|đến|tới)\s*"
_FROM_TO = pattern(named(MOMENT, "a") + _TO + named(MOMENT, "b"))
_OVER_NIGHT = pattern(
    r"(?:từ\s+)?(?=\d\d?\s*(?:h|giờ|g|:)|nửa|đêm|rạng|tối|sáng|trưa|chiều)"
    + named(rf"(?:{CLOCK}\s*,?\s*)?(?:{PART}\s*,?\s*)?{DAY_FIRST}", "a")
    + r"\s*,?\s*(?:-|đến|tới|và|sang|rồi)?\s*"
    + named(rf"(?:{CLOCK}\s*,?\s*)?(?:(?P<{{0}}part>rạng\s+sáng|rạng|sáng\s+sớm|sáng)\s+)?{DATE}", "b")
)
"""`Đêm 14, rạng sáng 15/12/2025`; `23h ngày 14 đến 2h sáng 15/6/2025`: two days, one month."""
_HOURS = pattern(r"từ\s+" + named(CLOCK, "a") + r"\s*(?:-|đến|tới)\s*" + named(rf"{CLOCK}\s*,?\s*(?:{PART}\s*,?\s*)?{DATE}", "b"))
_ONE = r"(?:0?[1-9]|[12]\d|3[01])"
_DAYS = pattern(
    rf"(?:(?:từ|trong)\s+)?(?:(?:các|những|hai|ba|bốn|năm|0?[2-9])\s+)?"
    rf"(?:(?P<nights>đêm|tối|sáng|chiều)\s+|ngày\s+|(?={_ONE}\s*-))(?P<days>{_ONE}(?:\s*/\s*(?:0?[1-9]|1[0-2]))?(?:\s*(?:,|&|và)\s*(?:ngày\s+|đêm\s+)?{_ONE})*)"
    rf"\s*(?P<to>-|đến|tới|và|&|,)\s*(?:hết\s+)?(?:ngày\s+|đêm\s+)?" + named(DATE, "b")
)


def stretches(even: str) -> Iterator[tuple[re.Match[str], dict[str, str] | None]]:
    """Each place of the text that may be a stretch of time, and its value; None where it is no one stretch."""
    for joined, build in ((_OVER_NIGHT, _over_night), (_FROM_TO, _span), (_HOURS, _hours), (_DAYS, _days)):
        for match in joined.finditer(even):
            stretch = build(match)
            if stretch or build is not _over_night:  # two days that are none of one night are looked at again
                yield match, stretch


def _span(match: re.Match[str]) -> dict[str, str] | None:
    last = moment(match, "b", None)
    if last is None:
        return None
    # A span's year is written once, behind its end; a first month after the last one would be of another year, which nobody wrote.
    first = moment(match, "a", last.start.year)
    if first is None or first.start > last.start:
        return None
    end = last.start if last.precision in (Precision.MINUTE, Precision.HOUR) else last.end
    return value(first.start, end, first.precision)


def _over_night(match: re.Match[str]) -> dict[str, str] | None:
    """From the evening or an hour of one day into the next; None where the second day is not the next one."""
    last = moment(match, "b", None)
    before = None if last is None else last.start.replace(hour=0, minute=0) - timedelta(days=1)
    if last is None or before is None or int(match["aday"]) != before.day or int(match["amonth"] or before.month) != before.month:
        return None
    first = within(before, groups(match, "a"))
    has_clock = match["bhour"] is not None
    if first.precision is Precision.DAY or not (has_clock or match["bpart"]):
        return None
    return value(first.start, last.start if has_clock else last.start.replace(hour=NIGHT_ENDS), first.precision)


def _hours(match: re.Match[str]) -> dict[str, str] | None:
    """Two hours of one day."""
    last = moment(match, "b", None)
    if last is None:
        return None
    first = within(last.start.replace(hour=0, minute=0), groups(match, "a"))
    return value(first.start, last.start, first.precision) if first.start < last.start else None


def _days(match: re.Match[str]) -> dict[str, str] | None:
    """Days that follow one another; None for others, and for nights."""
    last = moment(match, "b", None)
    if last is None or match["nights"]:
        return None
    days = [int(day) for day in re.findall(r"(?<![\d/])\d+", re.sub(r"/\s*\d+", "", match["days"]))]
    months = {int(month) for month in re.findall(r"/\s*(\d+)", match["days"])}
    is_span = match["to"] in ("-", "đến", "tới") and len(days) == 1
    follow = days[0] < last.start.day if is_span else [*days, last.start.day] == list(range(days[0], last.start.day + 1))
    if not follow or months - {last.start.month}:
        return None
    return value(last.start.replace(day=days[0]), last.end, Precision.DAY)
