"""Periods that Vietnamese texts name: `trong năm 2019`, `9 tháng cuối năm`, `quý I, II/2023`, `từ tháng 3 đến tháng 8 năm 2019`, `giai đoạn 2018 - 2020`."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from agreement.periods import ROMAN, Period, Regime, UnknownPeriod, month_of
from texts.numbers import number

YEAR = r"(?:19|20)\d\d"
_SOME_YEAR = 2000
ANY_YEAR = "?"
"""Stands in the id of a period whose year the text does not state: `?H1`, `?-03..?-08`."""
_TO = r"\s*(?:-|đến|tới)\s*(?:hết\s+)?"
_AND = r"\s*(?:,\s*và\s|,|và\s)\s*"
_DAY = r"(?:từ\s+)?(?:ngày\s+)?(?P<{0}d>\d{{1,2}})\s*/\s*(?P<{0}m>\d{{1,2}})\s*/\s*(?P<{0}y>(?:19|20)\d\d)"
_OF_YEAR = rf"(?:\s*[/-]\s*|\s+(?:của\s+)?năm\s+){YEAR}(?!\d)"
_QUARTER = rf"(?:IV|I{{1,3}}|[1-4](?={_OF_YEAR}|\s+{YEAR}|{_AND}|{_TO}))(?!\w)(?:{_OF_YEAR}|\s+{YEAR}(?!\d))?"
_MONTH = rf"(?:0?[1-9]|1[0-2])(?!\d)(?:{_OF_YEAR})?"
_LONE_MONTH = rf"(?:0?[1-9]|1[0-2])(?!\d)(?:{_OF_YEAR}|(?=\s*(?:[.,;:)]|$|và\s)))"
"""Without the word `tháng`: not the count in `tháng 11 và 12 vụ`."""
_COUNT = r"\d{1,2}|mười\s+một|mười|một|hai|ba|bốn|năm|sáu|bảy|tám|chín"
_PERIOD = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<day>{_DAY.format("")}\s*(?:-|đến|tới)\s*(?:hết\s+)?{_DAY.format("to")})
    | (?P<ongoing>từ\s[^.;,]{{0,30}}?{YEAR}\s+(?:đến|tới)\s+nay)
    | (?P<years>(?:giai\s+đoạn|các\s+năm|những\s+năm|năm|từ\s+năm|từ)\s+{YEAR}(?:{_TO}(?:năm\s+)?{YEAR}|\s+và\s+{YEAR}))
    | (?P<manyyears>(?:các|những)\s+năm\s+{YEAR}(?:{_AND}{YEAR})+)
    | (?:(?P<count>{_COUNT})\s+tháng|nửa)\s+(?P<part>đầu|cuối)\s+(?:của\s+)?năm(?:\s+(?P<party>{YEAR})|(?P<other>\s+(?:ngoái|trước|tới))(?!\w))?
    | (?P<months>{_COUNT})\s+tháng\s+(?:năm\s+)?(?P<monthsy>{YEAR})
    | từ\s+đầu\s+năm(?:\s+(?P<sincey>{YEAR}))?\s+(?:đến|tới)\s+(?:hết\s+)?tháng\s+(?P<since>{_MONTH})
    | (?P<quarters>(?:từ\s+)?(?:quý\s+|Q){_QUARTER}(?:(?:{_AND}|{_TO})(?:quý\s+|Q)?{_QUARTER})*)
    | (?<!ngày\s)(?<!ngày\s\d\s)(?<!ngày\s\d\d\s)
      (?P<bymonth>(?:từ\s+)?(?:các\s+)?tháng\s+{_MONTH}(?:(?:{_AND}|{_TO})(?:tháng\s+{_MONTH}|{_LONE_MONTH}))*)
    | năm\s+(?P<year>{YEAR})
    )(?![\w/-]|\s*-\s*\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_PART = re.compile(
    rf"(?P<to>{_TO})?(?P<and>{_AND})?(?:từ\s+|các\s+|quý\s+|Q|tháng\s+)*(?P<n>IV|I{{1,3}}|\d{{1,2}})(?!\w)"
    rf"(?:(?:\s*[/-]\s*|\s+(?:(?:của\s+)?năm\s+)?)(?P<year>{YEAR}))?",
    re.IGNORECASE,
)
"""One quarter or month of a list or of a run."""
_DATED = re.compile(r"(?:ngày\s+\d{0,2}\s*tháng\s+\d{0,2}|tháng\s+\d{1,2})\s*$", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:^|[.;:,(]\s*|(?<!\w)(?:trong|riêng|tính|thời\s+gian|giai\s+đoạn|năm\s+\d{4}\s+và|kết\s+quả|suốt|cả)\s+"
    r"|vi\s+phạm\s+Hiệp\s+định[^.;,\d]{0,60}\s)$",
    re.IGNORECASE,
)
"""Words before a period that says when, as opposed to one in a name (`Kế hoạch năm 2024`)."""
_COMPARED = re.compile(r"(?:so\s+với|cùng\s+kỳ|bằng)\s*(?:cùng\s+kỳ\s*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A period a text names."""

    id: str
    """Empty where it is not a period of reports (`từ 2020 đến nay`, `quý I và III năm 2019`); `?H1` where the text does not state the year."""
    start: int
    end: int
    when: bool
    """Whether it says when something happened; else it is part of a name (`Kế hoạch năm 2024`)."""
    regime: Regime | None = None
    """Known where the text gives its first and last day."""
    listed: bool = False
    """Whether the text names its parts one by one, `quý I, II năm 2019`: what follows may be said of each."""

    @property
    def period(self) -> Period | None:
        """The period; None where the year is missing, or it is not a period of reports."""
        try:
            return Period.parse(self.id, self.regime or Regime.CALENDAR)
        except UnknownPeriod:
            return None

    def of_year(self, year: int) -> str:
        """The id, in a year that stands elsewhere in the text."""
        return self.id.replace(ANY_YEAR, f"{year:04d}")


class _Run(NamedTuple):
    """What the words of a period come to; no id where they are no run of report months."""

    id: str = ""
    regime: Regime | None = None
    listed: bool = False


@functools.lru_cache(maxsize=1024)
def mentions(text: str) -> tuple[Mention, ...]:
    """The periods that a text names, in order, without those of comparisons."""
    named = []
    for match in _PERIOD.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _COMPARED.search(before) or (match["year"] and _DATED.search(before)):
            continue
        run = _run(match)
        is_when = bool(match["day"] or match["ongoing"]) or _WHEN.search(before) is not None
        if is_when or not re.fullmatch(rf"\{ANY_YEAR}-\d\d", run.id):  # `tháng 3` alone may be anything
            named.append(Mention(run.id, match.start(), match.end(), is_when, run.regime, run.listed))
    return tuple(named)


def form_of(period: Period) -> str | None:
    """The id of a period without its year: `?H1`. None where it reaches over a new year."""
    return None if period.year is None else period.id.replace(f"{period.year:04d}", ANY_YEAR)


def _run(match: re.Match[str]) -> _Run:
    if match["day"]:
        return _of_days(match)
    if named := match["years"] or match["manyyears"]:
        years = [int(year) for year in re.findall(YEAR, named)]
        return _joined([(12 * year, 12 * year + 11) for year in years], listed=re.search(rf"{YEAR}\s*(?:,|và)", named) is not None)
    if match["part"] or match["months"] or match["since"]:
        return _counted(match)
    if match["quarters"]:
        return _of_parts(match["quarters"], 3)
    if match["bymonth"]:
        return _of_parts(match["bymonth"], 1)
    return _Run(match["year"] or "")


def _counted(match: re.Match[str]) -> _Run:
    """The first or the last months of a year."""
    if match["since"]:
        until = _PART.match(match["since"])
        assert until is not None  # noqa: S101  # it is a month
        months, year = int(until["n"]), match["sincey"] or until["year"]
    else:
        count = match["count"] or match["months"]
        months, year = int(number(count)) if count else 6, match["party"] or match["monthsy"]
    if match["other"] or not 1 <= months <= 12:
        return _Run()
    january = 12 * int(year or _SOME_YEAR)
    at_the_end = match["part"] is not None and match["part"].lower() == "cuối"
    return _joined([(january + 12 - months, january + 11) if at_the_end else (january, january + months - 1)], known=year is not None)


def _of_parts(named: str, length: int) -> _Run:
    """Quarters or months of so many months: the ends of a run, or each of a list. A year holds for those before it that have none."""
    spans: list[tuple[int, int]] = []
    year: str | None = None
    parts = list(_PART.finditer(named))
    for part in reversed(parts):
        year = part["year"] or year
        if year is None and any(other["year"] for other in parts):
            return _Run()
        index = ROMAN.index(part["n"].upper()) if part["n"].upper() in ROMAN else int(part["n"]) - 1
        first = 12 * int(year or _SOME_YEAR) + length * index
        spans.insert(0, (first, first + length - 1))
    to = sum(part["to"] is not None for part in parts)
    if to and len(parts) > 2:  # `quý I, II - IV`
        return _Run()
    return _joined(spans, known=year is not None, listed=len(parts) > 1 and not to)


def _joined(spans: Sequence[tuple[int, int]], *, known: bool = True, listed: bool = False) -> _Run:
    """From the first span to the last; nothing where they are not in order, or are listed with a gap. `known`: the year stands in the text."""
    gaps = [later - last for (_, last), (later, _) in pairwise(spans)]
    if any(gap != 1 if listed else gap < 1 for gap in gaps):
        return _Run()
    period = Period(Regime.CALENDAR, spans[0][0], spans[-1][1])
    return _Run(period.id if known else form_of(period) or "", listed=listed)


def _of_days(match: re.Match[str]) -> _Run:
    """The run that begins and ends on these days, in the regime that cuts it so: 15/12/2018 - 14/12/2019 is 2019."""
    try:
        first = date(int(match["y"]), int(match["m"]), int(match["d"]))
        last = date(int(match["toy"]), int(match["tom"]), int(match["tod"]))
    except ValueError:
        return _Run()
    for regime in Regime:
        period = Period(regime, month_of(first, regime).first, month_of(last, regime).last)
        if first < last and (period.start.date(), period.end.date()) == (first, last + timedelta(days=1)):
            return _Run(period.id, regime)
    return _Run()
