"""When it happened, as far as the text prints it. A year that is not written is asked for, never supposed.

A report speaks of periods, which `texts.report.period` reads; here a day, a clock or a night comes before a period that the text names.
"""

import re
from datetime import datetime, timedelta

from border.vietnam import HANOI
from schemas.codebook import Precision
from texts.periods import mentions
from texts.sentence.moment import CLOCK, LATE, MOMENT, NIGHT_ENDS, PART, groups, moment, named, pattern, value, within
from texts.sentence.stretch import stretches
from texts.sentence.words import FieldReading, MissingField, Sentence

_FIELD = "data.occurred"
_ASK = "Xảy ra khi nào: ngày, tháng, năm (và giờ nếu biết)?"
_LUNAR = re.compile(
    r"(?<!\w)(?:âm lịch|âl|chạp|giêng|mùng|mồng|rằm|(?:\d+|ba mươi)\s+tết"
    r"|(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý) (?:tý|sửu|dần|mão|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi))(?!\w)",
    re.IGNORECASE,
)
_LUNAR_TOO = re.compile(r"\((?:tức|nhằm)\s[^()]*\)|,\s*(?:tức|nhằm)\s[^,.;()]*", re.IGNORECASE)
"""A day of the moon beside that of the sun."""
_BEIJING = re.compile(r"(?<!\w)giờ\s+(?:bắc kinh|bk(?!\w)|trung quốc|tq|phía bạn|phía trung quốc)|(?:GMT|UTC)\s*\+\s*8", re.IGNORECASE)
_CUT_OFF = re.compile(
    r"(?<!\w)(?:ngày|đêm|tối|sáng|chiều|hôm)\s+\d{1,2}(?:\s*[/.-]\s*\d{1,2})?\s*(?:,|và|rồi|hoặc|hay|đến|tới|sang|qua|-|&|rạng)[\s,]*(?:[^\W\d]+\s+){0,2}$",
    re.IGNORECASE,
)
"""Before a date: another day, so that the date alone is not when."""
_LOOSE_CLOCK = re.compile(r"(?<!\w)(?:từ|lúc|hồi)\s+(?:khoảng\s+)?\d{1,2}\s*(?:h|giờ|g|:)", re.IGNORECASE)
_AT = pattern(named(MOMENT, "a"))
_LATER = LATE.replace(r"(?:lúc|hồi)\s+", r"(?:(?:lúc|hồi)\s+)?")
_RELATIVE = pattern(
    named(rf"(?:(?:{CLOCK}\s*,?\s*)?(?:vào\s+|ngày\s+)?(?:{PART}\s+)?(?:hôm\s+)?(?P<{{0}}which>nay|qua)(?!\w){_LATER}?)", "a")
)
"""A day counted from that of the report. `nay` and `qua` alone are other words."""
_VAGUE = pattern(r"(?:hôm\s+(?:nay|qua)|sáng\s+nay|đêm\s+qua|tối\s+qua|\d+\s+tháng(?:\s+đầu\s+năm)?|quý\s+(?:IV|I{1,3}|[1-4]))(?!\w)")
_NOT_WHEN = re.compile(
    r"(?:so với|cùng kỳ|sinh|sn|số [\w/-]+,?|công văn|nghị định|thông tư|quyết định|kế hoạch|hiệp định|nghị định thư|ký|trước|hạn|luật|đến|tới|dự kiến|sẽ"
    r"|từ đầu|hiệu lực(?: từ)?|theo thư|vào năm sinh)\s*(?:năm|ngày|tháng)?\s*$",
    re.IGNORECASE,
)
_PRECISIONS = {3: Precision.QUARTER, 6: Precision.HALF, 12: Precision.YEAR}
"""Of a period by its months; any other is known by its months."""


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
    for match, stretch in stretches(even):
        if _is_no_when(sentence, match):
            continue
        if stretch:
            return sentence.reading(_FIELD, stretch, match.start(), match.end())
        unclear = match[0].strip()
    return MissingField(_FIELD, f"Câu ghi “{unclear}”: từ ngày nào đến ngày nào, năm nào?") if unclear else None


def _of_period(sentence: Sentence, even: str) -> FieldReading | None:
    """The shortest period that the text names."""
    periods = [(mention, period) for mention in mentions(even) if (period := mention.period) and period.year is not None]
    periods = [pair for pair in periods if not _NOT_WHEN.search(sentence.before(pair[0].start))]
    if not periods:
        return None
    mention, period = min(periods, key=lambda pair: (pair[1].length, pair[0].start))
    whole = value(period.start, period.end, _PRECISIONS.get(period.length, Precision.MONTH))
    return sentence.reading(_FIELD, whole, mention.start, mention.end, "medium")


def _vague(even: str) -> str:
    vague = _VAGUE.search(even)
    return f"Câu ghi “{vague[0]}” nhưng không đủ ngày tháng năm: cụ thể là ngày nào, năm nào?" if vague else _ASK


def _is_no_when(sentence: Sentence, date: re.Match[str]) -> bool:
    """Whether a date is of something else, or of what may or will happen."""
    return _NOT_WHEN.search(sentence.before(date.start())) is not None or sentence.unreal(date.start())


def _first(sentence: Sentence, dates: list[re.Match[str]]) -> FieldReading | MissingField:
    """The first date with a clock, or the first one: reports tell what happened before what was done about it."""
    date = next((each for each in dates if each["ahour"] or each["alatehour"]), dates[0])
    at = moment(date, "a", None)
    if at is None or _CUT_OFF.search(sentence.before(date.start())):
        return MissingField(_FIELD, f"Câu ghi “{date[0].strip()}” mà không ghi năm, hoặc không có ngày ấy: ngày, tháng, năm nào?")
    parts = groups(date, "a")
    after_midnight = parts.get("part", "").lower() == "đêm" and "hour" in parts and int(parts["hour"]) % 12 < NIGHT_ENDS
    is_all = len(dates) == 1 and not after_midnight and not (at.precision is Precision.DAY and _LOOSE_CLOCK.search(sentence.even))
    return sentence.reading(_FIELD, at.value, date.start(), date.end(), "high" if is_all else "medium")


def _relative(sentence: Sentence, today: datetime) -> FieldReading | None:
    """The first day that the text counts from that on which it was written."""
    for match in _RELATIVE.finditer(sentence.even):
        if not (match["apart"] or "hôm" in match[0].lower()) or _NOT_WHEN.search(sentence.before(match.start())):
            continue
        parts = groups(match, "a")
        day = today.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
        # At 7 o'clock "02h30 đêm qua" was this morning.
        is_after_midnight = parts.get("part", "").lower() == "đêm" and int(parts.get("hour", 12)) < NIGHT_ENDS
        if match["awhich"].lower() == "qua" and not is_after_midnight:
            day -= timedelta(days=1)
        return sentence.reading(_FIELD, within(day, parts).value, match.start(), match.end())
    return None
