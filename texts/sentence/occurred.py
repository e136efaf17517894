"""When it happened, as far as the text prints it. A year that is not written is asked for, never supposed.

A report speaks of periods, which `texts.report.period` reads; here a day, a clock or a night comes before a period that the text names.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from border.vietnam import HANOI
from schemas.codebook import Precision
from texts.periods import YEAR, mentions
from texts.sentence.words import FieldReading, MissingField, Sentence

_FIELD = "data.occurred"
_ASK = "Xảy ra khi nào: ngày, tháng, năm (và giờ nếu biết)?"
_DAY = r"(?P<{0}day>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<{0}month>0?[1-9]|1[0-2])"
_YEAR = rf"(?P<{{0}}year>{YEAR})"
_PART = r"(?P<{0}part>nửa đêm|đêm|rạng sáng|tối|sáng sớm|sáng|trưa|chiều)"
_CLOCK = r"(?P<{0}hour>[01]?\d|2[0-4])(?:\s*(?:h|giờ|g)\s*(?P<{0}minute>[0-5]\d)?(?:\s*(?:phút|'))?|:(?P<{0}colon>[0-5]\d))"
_DATE = (
    rf"(?:(?:ngày|hôm|mồng)\s+)*(?:{_DAY}\s*(?:[/.-]\s*{_MONTH}(?:\s*[/.-]\s*{_YEAR}|\s+năm\s+{_YEAR.replace('year', 'longyear')})?"
    rf"|\s+tháng\s+{_MONTH.replace('month', 'longmonth')}(?:\s*(?:năm|/|-|,)\s*{_YEAR.replace('year', 'lastyear')})?))(?![\d/])"
)
_DAY_FIRST = rf"(?:ngày\s+|hôm\s+)?{_DAY}(?:\s*[/.-]\s*{_MONTH}(?:\s*[/.-]\s*{_YEAR})?)?(?![\d/])"
"""A day whose month and year may stand with the day after it."""
_LATE = rf"(?:\s*,?\s*(?:vào\s+)?(?:lúc|hồi)\s+(?:khoảng\s+)?{_CLOCK}(?:\s*{_PART})?)".replace("{0}", "{0}late")
_MOMENT = rf"(?:(?:{_CLOCK}\s*,?\s*)?(?:{_PART}\s*,?\s*)?{_DATE}{_LATE}?)"
_TO = r"\s*(?:-|đến|tới)\s*"


def _named(pattern: str, lead: str) -> str:
    return pattern.replace("{0}", lead)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.,+-]){text}", re.IGNORECASE)


_FROM_TO = _pattern(_named(_MOMENT, "a") + _TO + _named(_MOMENT, "b"))
_OVER_NIGHT = _pattern(
    r"(?:từ\s+)?(?=\d\d?\s*(?:h|giờ|g|:)|nửa|đêm|rạng|tối|sáng|trưa|chiều)"
    + _named(rf"(?:{_CLOCK}\s*,?\s*)?(?:{_PART}\s*,?\s*)?{_DAY_FIRST}", "a")
    + r"\s*,?\s*(?:-|đến|tới|và|sang|rồi)?\s*"
    + _named(rf"(?:{_CLOCK}\s*,?\s*)?(?:(?P<{{0}}part>rạng\s+sáng|rạng|sáng\s+sớm|sáng)\s+)?{_DATE}", "b")
)
"""`Đêm 14, rạng sáng 15/12/2025`; `23h ngày 14 đến 2h sáng 15/6/2025`: two days, one month."""
_HOURS = _pattern(r"từ\s+" + _named(_CLOCK, "a") + r"\s*(?:-|đến|tới)\s*" + _named(rf"{_CLOCK}\s*,?\s*(?:{_PART}\s*,?\s*)?{_DATE}", "b"))
_ONE = r"(?:0?[1-9]|[12]\d|3[01])"
_DAYS = _pattern(
    rf"(?:(?:từ|trong)\s+)?(?:(?:các|những|hai|ba|bốn|năm|0?[2-9])\s+)?"
    rf"(?:(?P<nights>đêm|tối|sáng|chiều)\s+|ngày\s+|(?={_ONE}\s*-))(?P<days>{_ONE}(?:\s*/\s*(?:0?[1-9]|1[0-2]))?(?:\s*(?:,|&|và)\s*(?:ngày\s+|đêm\s+)?{_ONE})*)"
    rf"\s*(?P<to>-|đến|tới|và|&|,)\s*(?:hết\s+)?(?:ngày\s+|đêm\s+)?" + _named(_DATE, "b")
)
_LUNAR = re.compile(
    r"(?<!\w)(?:âm lịch|âl|chạp|giêng|mùng|mồng|rằm|(?:\d+|ba mươi)\s+tết"
    r"|(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý) (?:tý|sửu|dần|mão|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi))(?!\w)",
    re.IGNORECASE,
)
_LUNAR_TOO = re.compile(r"\((?:tức|nhằm)\s[^()]*\)|,\s*(?:tức|nhằm)\s[^,.;()]*", re.IGNORECASE)
"""A day of the moon beside that of the sun."""
_BEIJING = re.compile(r"(?<!\w)giờ\s+(?:bắc kinh|trung quốc|tq|phía bạn|phía trung quốc)|(?:GMT|UTC)\s*\+\s*8", re.IGNORECASE)
_CUT_OFF = re.compile(
    r"(?<!\w)(?:ngày|đêm|tối|sáng|chiều|hôm)\s+\d{1,2}(?:\s*[/.-]\s*\d{1,2})?\s*(?:,|và|rồi|hoặc|hay|đến|tới|-|&|rạng)[\s,]*(?:[^\W\d]+\s+){0,2}$",
    re.IGNORECASE,
)
"""Before a date: another day, so that the date alone is not when."""
_LOOSE_CLOCK = re.compile(r"(?<!\w)(?:từ|lúc|hồi)\s+(?:khoảng\s+)?\d{1,2}\s*(?:h|giờ|g|:)", re.IGNORECASE)
_AT = _pattern(_named(_MOMENT, "a"))
_LATER = _LATE.replace(r"(?:lúc|hồi)\s+", r"(?:(?:lúc|hồi)\s+)?")
_RELATIVE = _pattern(
    _named(rf"(?:(?:{_CLOCK}\s*,?\s*)?(?:vào\s+|ngày\s+)?(?:{_PART}\s+)?(?:hôm\s+)?(?P<{{0}}which>nay|qua)(?!\w){_LATER}?)", "a")
)
"""A day counted from that of the report. `nay` and `qua` alone are other words."""
_VAGUE = _pattern(r"(?:hôm\s+(?:nay|qua)|sáng\s+nay|đêm\s+qua|tối\s+qua|\d+\s+tháng(?:\s+đầu\s+năm)?|quý\s+(?:IV|I{1,3}|[1-4]))(?!\w)")
_NOT_WHEN = re.compile(
    r"(?:so với|cùng kỳ|sinh|sn|số [\w/-]+,?|công văn|nghị định|thông tư|quyết định|kế hoạch|hiệp định|nghị định thư|ký|trước|hạn|luật|đến|tới|dự kiến|sẽ"
    r"|từ đầu|hiệu lực(?: từ)?|theo thư|vào năm sinh)\s*(?:năm|ngày|tháng)?\s*$",
    re.IGNORECASE,
)
_NIGHT_ENDS = 6
_NIGHT_HOURS = {"nửa đêm": (18, 30), "đêm": (18, 30), "tối": (18, 24), "rạng sáng": (0, 6)}
_PRECISIONS = {3: Precision.QUARTER, 6: Precision.HALF, 12: Precision.YEAR}
"""Of a period by its months; any other is known by its months."""


class _Moment(NamedTuple):
    start: datetime
    end: datetime
    precision: Precision


def occurred(sentence: Sentence, *, today: datetime | None = None) -> FieldReading | MissingField:
    """The time of the occurrence with its precision; a question where it, or its year, is not printed.

    `today`: when the text was written, where that is known: then `hôm nay` and `đêm qua` are days.
    """
    if _BEIJING.search(sentence.even):
        return MissingField(_FIELD, "Câu ghi giờ Bắc Kinh, sớm hơn giờ Việt Nam một giờ: theo giờ Việt Nam là ngày nào, mấy giờ?")
    even = _LUNAR_TOO.sub(lambda aside: " " * len(aside[0]) if _LUNAR.search(aside[0]) else aside[0], sentence.even)
    if lunar := _LUNAR.search(even):
        return MissingField(_FIELD, f"Câu có ngày âm lịch (“{lunar[0]}”): theo dương lịch là ngày, tháng, năm nào?")
    dates = [match for match in _AT.finditer(even) if not _is_no_when(sentence, match)]
    return (
        _of_several(sentence, even)
        or (_first(sentence, dates) if dates else None)
        or (_relative(sentence, today) if today is not None else None)
        or _of_period(sentence, even)
        or MissingField(_FIELD, _vague(even))
    )


def _of_several(sentence: Sentence, even: str) -> FieldReading | MissingField | None:
    """Two days or hours that the text joins; a question where they are no one stretch of time."""
    unclear = None
    for pattern, build in ((_OVER_NIGHT, _over_night), (_FROM_TO, _span), (_HOURS, _hours), (_DAYS, _days)):
        for match in pattern.finditer(even):
            if _is_no_when(sentence, match):
                continue
            if value := build(match):
                return sentence.reading(_FIELD, value, match.start(), match.end())
            if build is not _over_night:  # two days that are none of one night are looked at again
                unclear = match[0].strip()
    return MissingField(_FIELD, f"Câu ghi “{unclear}”: từ ngày nào đến ngày nào, năm nào?") if unclear else None


def _of_period(sentence: Sentence, even: str) -> FieldReading | None:
    """The shortest period that the text names."""
    named = [(mention, period) for mention in mentions(even) if (period := mention.period) and period.year is not None]
    named = [pair for pair in named if not _NOT_WHEN.search(sentence.before(pair[0].start))]
    if not named:
        return None
    mention, period = min(named, key=lambda pair: (pair[1].length, pair[0].start))
    value = _value(period.start, period.end, _PRECISIONS.get(period.length, Precision.MONTH))
    return sentence.reading(_FIELD, value, mention.start, mention.end, "medium")


def _vague(even: str) -> str:
    vague = _VAGUE.search(even)
    return f"Câu ghi “{vague[0]}” nhưng không đủ ngày tháng năm: cụ thể là ngày nào, năm nào?" if vague else _ASK


def _is_no_when(sentence: Sentence, date: re.Match[str]) -> bool:
    """Whether a date is of something else, or of what may or will happen."""
    return _NOT_WHEN.search(sentence.before(date.start())) is not None or sentence.unreal(date.start())


def _first(sentence: Sentence, dates: list[re.Match[str]]) -> FieldReading | MissingField:
    """The first date with a clock, or the first one: reports tell what happened before what was done about it."""
    date = next((each for each in dates if each["ahour"] or each["alatehour"]), dates[0])
    moment = _moment(date, "a", None)
    if moment is None or _CUT_OFF.search(sentence.before(date.start())):
        return MissingField(_FIELD, f"Câu ghi “{date[0].strip()}” mà không ghi năm, hoặc không có ngày ấy: ngày, tháng, năm nào?")
    value = _value(moment.start, moment.end if moment.precision is Precision.NIGHT else None, moment.precision)
    groups = _groups(date, "a")
    after_midnight = groups.get("part", "").lower() == "đêm" and int(groups.get("hour", 12)) < _NIGHT_ENDS
    is_all = len(dates) == 1 and not after_midnight and not (moment.precision is Precision.DAY and _LOOSE_CLOCK.search(sentence.even))
    return sentence.reading(_FIELD, value, date.start(), date.end(), "high" if is_all else "medium")


def _relative(sentence: Sentence, today: datetime) -> FieldReading | None:
    """The first day that the text counts from that on which it was written."""
    for match in _RELATIVE.finditer(sentence.even):
        if not (match["apart"] or "hôm" in match[0].lower()) or _NOT_WHEN.search(sentence.before(match.start())):
            continue
        groups = _groups(match, "a")
        day = today.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
        # At 7 o'clock "02h30 đêm qua" was this morning.
        is_after_midnight = groups.get("part", "").lower() == "đêm" and int(groups.get("hour", 12)) < 6
        if match["awhich"].lower() == "qua" and not is_after_midnight:
            day -= timedelta(days=1)
        moment = _within(day, groups)
        end = moment.end if moment.precision is Precision.NIGHT else None
        return sentence.reading(_FIELD, _value(moment.start, end, moment.precision), match.start(), match.end())
    return None


def _span(match: re.Match[str]) -> dict[str, str] | None:
    last = _moment(match, "b", None)
    if last is None:
        return None
    # A span's year is written once, behind its end; a first month after the last one would be of another year, which nobody wrote.
    first = _moment(match, "a", last.start.year)
    if first is None or first.start > last.start:
        return None
    end = last.start if last.precision in (Precision.MINUTE, Precision.HOUR) else last.end
    return _value(first.start, end, first.precision)


def _over_night(match: re.Match[str]) -> dict[str, str] | None:
    """From the evening or an hour of one day into the next; None where the second day is not the next one."""
    last = _moment(match, "b", None)
    before = None if last is None else last.start.replace(hour=0, minute=0) - timedelta(days=1)
    if last is None or before is None or int(match["aday"]) != before.day or int(match["amonth"] or before.month) != before.month:
        return None
    first = _within(before, _groups(match, "a"))
    has_clock = match["bhour"] is not None
    if first.precision is Precision.DAY or not (has_clock or match["bpart"]):
        return None
    return _value(first.start, last.start if has_clock else last.start.replace(hour=_NIGHT_ENDS), first.precision)


def _hours(match: re.Match[str]) -> dict[str, str] | None:
    """Two hours of one day."""
    last = _moment(match, "b", None)
    if last is None:
        return None
    first = _within(last.start.replace(hour=0, minute=0), _groups(match, "a"))
    return _value(first.start, last.start, first.precision) if first.start < last.start else None


def _days(match: re.Match[str]) -> dict[str, str] | None:
    """Days that follow one another; None for others, and for nights."""
    last = _moment(match, "b", None)
    if last is None or match["nights"]:
        return None
    days = [int(day) for day in re.findall(r"(?<![\d/])\d+", re.sub(r"/\s*\d+", "", match["days"]))]
    months = {int(month) for month in re.findall(r"/\s*(\d+)", match["days"])}
    is_span = match["to"] in ("-", "đến", "tới") and len(days) == 1
    follow = days[0] < last.start.day if is_span else [*days, last.start.day] == list(range(days[0], last.start.day + 1))
    if not follow or months - {last.start.month}:
        return None
    return _value(last.start.replace(day=days[0]), last.end, Precision.DAY)


def _moment(match: re.Match[str], lead: str, year: int | None) -> _Moment | None:
    """None without a year, and for a day that is not in the calendar."""
    groups = _groups(match, lead)
    written = groups.get("year") or groups.get("longyear") or groups.get("lastyear") or year
    if written is None:
        return None
    try:
        day = datetime(int(written), int(groups.get("month") or groups["longmonth"]), int(groups["day"]), tzinfo=HANOI)
    except ValueError:
        return None
    return _within(day, groups)


def _groups(match: re.Match[str], lead: str) -> dict[str, str]:
    """The parts of a moment by name, whether its clock stands before the date or behind it."""
    return {
        name.removeprefix(lead).removeprefix("late"): text for name, text in match.groupdict().items() if name.startswith(lead) and text
    }


def _within(day: datetime, groups: Mapping[str, str]) -> _Moment:
    """The clock or the part of a day."""
    part = groups.get("part", "").lower()
    if "hour" in groups and not (part in _NIGHT_HOURS and groups["hour"] == "12"):
        hour = int(groups["hour"])
        hour += 12 if (part in ("chiều", "tối") and hour < 12) or (part == "đêm" and 6 <= hour < 12) else 0
        minute = groups.get("minute") or groups.get("colon")
        start = day + timedelta(hours=hour, minutes=int(minute or 0))
        return _Moment(start, start, Precision.MINUTE if minute else Precision.HOUR)
    if part in _NIGHT_HOURS:
        begins, ends = _NIGHT_HOURS[part]
        return _Moment(day + timedelta(hours=begins), day + timedelta(hours=ends), Precision.NIGHT)
    return _Moment(day, day + timedelta(days=1), Precision.DAY)


def _value(start: datetime, end: datetime | None, precision: Precision) -> dict[str, str]:
    return {"start": start.isoformat()} | ({"end": end.isoformat()} if end else {}) | {"precision": precision.value}
