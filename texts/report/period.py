"""Which period a sentence of an old report speaks of: `trong năm 2019`, `6 tháng đầu năm`, `Quý I/2023`, `giai đoạn 2018 – 2020`."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from agreement.periods import Period, Regime, UnknownPeriod

Confidence = Literal["high", "medium", "low"]
_YEAR = r"(?:19|20)\d\d"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAY = r"(?:từ\s+)?(?:ngày\s+)?(?P<{0}d>\d{{1,2}})\s*/\s*(?P<{0}m>\d{{1,2}})\s*/\s*(?P<{0}y>(?:19|20)\d\d)"
_PERIOD = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<day>{_DAY.format("")}\s*(?:-|đến|tới)\s*(?:hết\s+)?{_DAY.format("to")})
    | (?P<ongoing>từ\s[^.;,]{{0,30}}?{_YEAR}\s+(?:đến|tới)\s+nay)
    | (?:giai\s+đoạn|các\s+năm|những\s+năm|năm|từ\s+năm|từ)\s+(?P<from>{_YEAR})\s*(?:-|đến\s+năm|đến|tới)\s*(?:năm\s+)?(?P<to>{_YEAR})
    | (?P<rest>\d{{1,2}})\s+tháng\s+cuối\s+năm(?:\s+(?P<resty>{_YEAR}))?
    | (?P<months>\d{{1,2}}|sáu|chín)\s+tháng\s+(?:đầu\s+năm(?:\s+(?P<monthsy>{_YEAR}))?|(?:năm\s+)?(?P<monthsz>{_YEAR}))
    | quý\s+(?P<quarter>IV|I{{1,3}}|[1-4])(?:\s*/\s*|\s+năm\s+|\s+)(?P<quartery>{_YEAR})
    | (?<!ngày\s)(?<!ngày\s\d\s)(?<!ngày\s\d\d\s)tháng\s+(?P<month>0?[1-9]|1[0-2])(?:\s*/\s*|\s+năm\s+)(?P<monthy>{_YEAR})
    | năm\s+(?P<year>{_YEAR})
    )(?![\d/-]|\s*-\s*\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_DATED = re.compile(r"(?:ngày\s+\d{0,2}\s*tháng\s+\d{0,2}|tháng\s+\d{1,2})\s*$", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:^|[.;:,(]\s*|(?<!\w)(?:trong|riêng|tính|năm\s+\d{4}\s+và|kết\s+quả|suốt|cả)\s+|vi\s+phạm\s+Hiệp\s+định[^.;,\d]{0,60}\s)$",
    re.IGNORECASE,
)
"""What stands before a period that says when, as against one that names something (`Kế hoạch năm 2024`)."""
_COMPARED = re.compile(r"(?:so\s+với|cùng\s+kỳ|bằng)\s*(?:cùng\s+kỳ\s*)?$", re.IGNORECASE)
_EXPECTED = re.compile(r"(?<!\w)(?:ước|dự\s+kiến)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A period a text names."""

    id: str
    """Empty where it is no period of reports (`từ 2020 đến nay`), `?H1` where the year is not said."""
    start: int
    end: int
    when: bool
    """Whether it says when something was, and is no part of a name."""
    regime: Regime | None = None
    """Where its days say how months are cut."""


@dataclass(frozen=True, slots=True)
class When:
    """The period of a figure."""

    id: str
    confidence: Confidence
    note: str = ""
    regime: Regime | None = None


@functools.lru_cache(maxsize=1024)
def mentions(text: str) -> tuple[Mention, ...]:
    """The periods a text names, in order; not those something is compared with."""
    found = []
    for one in _PERIOD.finditer(text):
        before = text[max(0, one.start() - 40) : one.start()]
        if not _COMPARED.search(before) and not (one["year"] and _DATED.search(before)):
            days = _of_days(one) if one["day"] else None
            told = days.id if days else _id(one)
            said = bool(one["day"] or one["ongoing"]) or _WHEN.search(before) is not None
            found.append(Mention(told, one.start(), one.end(), said, days.regime if days else None))
    return tuple(found)


def when(sentence: str, at: int, *, earlier: Sequence[str], above: Sequence[str], title: Sequence[str]) -> When | None:
    """The period of what a sentence says at a place.

    `earlier`: sentences before it in its paragraph; `above`: headings and lead-ins, the nearest first; `title`: what the document is called.
    None where none of them says, or they say several.
    """
    year_of = _resolved_by([*above, *title])
    here = [one for one in mentions(sentence) if one.when]
    if before := [one for one in here if one.start < at]:
        return _joined(before, sentence, year_of, "high")
    if here:
        return _joined(here[:1], sentence, year_of, "medium")
    for text in reversed(earlier):
        if said := [one for one in mentions(text) if one.when]:
            return _joined(said, text, year_of, "medium")
    for text in above:
        known = _EXPECTED.split(text)[0]
        if named := mentions(known):
            one_period = len({one.id for one in named}) == 1 or _together(named, known)
            return _joined(named, known, year_of, "medium") if one_period else None
    return _only([one for text in title for one in mentions(text)])


def _joined(said: Sequence[Mention], text: str, year_of: dict[str, str], confidence: Confidence) -> When | None:
    """The last period said, or two that are said together and follow one another: `năm 2023 và quý I năm 2024`."""
    last = said[-1]
    if not last.id:
        return None
    if len(said) > 1 and _together(said[-2:], text) and (both := _run(said[-2].id, last.id)):
        return When(both, "low", f"văn bản nói gộp “{text[said[-2].start : last.end]}”")
    if last.id.startswith("?"):
        full = year_of.get(last.id[1:])
        return When(full, confidence if confidence == "low" else "medium") if full else None
    return When(last.id, confidence, regime=last.regime)


def _together(said: Sequence[Mention], text: str) -> bool:
    return len(said) == 2 and re.fullmatch(r"\s*(?:và|,)\s*", text[said[0].end : said[1].start]) is not None


def _run(first: str, second: str) -> str:
    """Two periods that follow one another as a range of quarters, else of months; empty where they do not."""
    try:
        one, two = Period.parse(first, Regime.CALENDAR), Period.parse(second, Regime.CALENDAR)
    except UnknownPeriod:
        return ""
    if one.last + 1 != two.first:
        return ""
    start, end = one.first, two.last
    if start % 12 == 0 and end % 12 == 11:
        return f"{start // 12}..{end // 12}"
    if start % 3 == 0 and end % 3 == 2:
        return f"{start // 12}Q{start % 12 // 3 + 1}..{end // 12}Q{end % 12 // 3 + 1}"
    return f"{start // 12}-{start % 12 + 1:02d}..{end // 12}-{end % 12 + 1:02d}"


def _resolved_by(texts: Sequence[str]) -> dict[str, str]:
    """The full period of a form without its year, where headings or title name just one such: `H1` is `2021H1`."""
    forms: dict[str, set[str]] = {}
    for one in (one for text in texts for one in mentions(text)):
        if one.id and one.id[0] != "?":
            forms.setdefault(one.id[4:], set()).add(one.id)
    return {form: ids.pop() for form, ids in forms.items() if len(ids) == 1}


def _only(said: Sequence[Mention]) -> When | None:
    ids = {one.id for one in said if one.id and one.id[0] != "?"}
    return When(ids.pop(), "low", "kỳ lấy từ tên văn bản") if len(ids) == 1 else None


def _of_days(found: "re.Match[str]") -> Period | None:
    """The period that begins and ends on these days, in the regime that cuts it so: 15/12/2018 - 14/12/2019 is 2019."""
    try:
        first = date(int(found["y"]), int(found["m"]), int(found["d"]))
        last = date(int(found["toy"]), int(found["tom"]), int(found["tod"]))
    except ValueError:
        return None
    for regime in Regime:
        for form in ("{0}", "{0}H1", "{0}H2", *(f"{{0}}Q{at}" for at in range(1, 5)), f"{{0}}-{last.month:02d}", f"{{0}}M{last.month}"):
            period = Period.parse(form.format(last.year), regime)
            if period.start.date() == first and (period.end - timedelta(days=1)).date() == last:
                return period
    return None


def _id(found: "re.Match[str]") -> str:
    return next(_ids(found), "")


def _ids(found: "re.Match[str]") -> Iterator[str]:
    if found["from"] and found["from"] < found["to"]:
        yield f"{found['from']}..{found['to']}"
    elif found["rest"] == "6":
        yield f"{found['resty'] or '?'}H2"
    elif found["months"]:
        count = {"sáu": 6, "chín": 9}.get(found["months"].lower()) or int(found["months"])
        year = found["monthsy"] or found["monthsz"] or "?"
        if 1 <= count <= 12:
            yield f"{year}H1" if count == 6 else year if count == 12 else f"{year}M{count}"
    elif found["quarter"]:
        said = found["quarter"].lower()
        yield f"{found['quartery']}Q{_ROMAN.get(said) or int(said)}"
    elif found["month"]:
        yield f"{found['monthy']}-{int(found['month']):02d}"
    elif found["year"]:
        yield found["year"]
