"""Periods that Vietnamese texts name: `trong năm 2019`, `6 tháng đầu năm`, `Quý I/2023`, `giai đoạn 2018 – 2020`."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agreement.periods import Period, Regime, UnknownPeriod

YEAR = r"(?:19|20)\d\d"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAY = r"(?:từ\s+)?(?:ngày\s+)?(?P<{0}d>\d{{1,2}})\s*/\s*(?P<{0}m>\d{{1,2}})\s*/\s*(?P<{0}y>(?:19|20)\d\d)"
_PERIOD = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<day>{_DAY.format("")}\s*(?:-|đến|tới)\s*(?:hết\s+)?{_DAY.format("to")})
    | (?P<ongoing>từ\s[^.;,]{{0,30}}?{YEAR}\s+(?:đến|tới)\s+nay)
    | (?:giai\s+đoạn|các\s+năm|những\s+năm|năm|từ\s+năm|từ)\s+(?P<from>{YEAR})\s*(?:-|đến\s+năm|đến|tới)\s*(?:năm\s+)?(?P<to>{YEAR})
    | (?P<rest>\d{{1,2}})\s+tháng\s+cuối\s+năm(?:\s+(?P<resty>{YEAR}))?
    | (?P<months>\d{{1,2}}|sáu|chín)\s+tháng\s+(?:đầu\s+năm(?:\s+(?P<monthsy>{YEAR}))?|(?:năm\s+)?(?P<monthsz>{YEAR}))
    | (?:quý\s+|Q)(?P<quarter>IV|I{{1,3}}|[1-4])(?:\s*/\s*|\s+năm\s+|\s+)(?P<quartery>{YEAR})
    | (?<!ngày\s)(?<!ngày\s\d\s)(?<!ngày\s\d\d\s)tháng\s+(?P<month>0?[1-9]|1[0-2])(?:\s*[/-]\s*|\s+năm\s+)(?P<monthy>{YEAR})
    | năm\s+(?P<year>{YEAR})
    )(?![\d/-]|\s*-\s*\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_DATED = re.compile(r"(?:ngày\s+\d{0,2}\s*tháng\s+\d{0,2}|tháng\s+\d{1,2})\s*$", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:^|[.;:,(]\s*|(?<!\w)(?:trong|riêng|tính|năm\s+\d{4}\s+và|kết\s+quả|suốt|cả)\s+|vi\s+phạm\s+Hiệp\s+định[^.;,\d]{0,60}\s)$",
    re.IGNORECASE,
)
"""Words before a period that says when, as opposed to one in a name (`Kế hoạch năm 2024`)."""
_COMPARED = re.compile(r"(?:so\s+với|cùng\s+kỳ|bằng)\s*(?:cùng\s+kỳ\s*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A period a text names."""

    id: str
    """Empty where it is not a period of reports (`từ 2020 đến nay`); `?H1` where the text does not state the year."""
    start: int
    end: int
    when: bool
    """Whether it says when something happened; else it is part of a name (`Kế hoạch năm 2024`)."""
    regime: Regime | None = None
    """Known where the text gives its first and last day."""

    @property
    def period(self) -> Period | None:
        """The period; None where the year is missing, or it is not a period of reports."""
        try:
            return Period.parse(self.id, self.regime or Regime.CALENDAR)
        except UnknownPeriod:
            return None


@functools.lru_cache(maxsize=1024)
def mentions(text: str) -> tuple[Mention, ...]:
    """The periods that a text names, in order, without those of comparisons."""
    named = []
    for match in _PERIOD.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if not _COMPARED.search(before) and not (match["year"] and _DATED.search(before)):
            days = _of_days(match) if match["day"] else None
            period_id = days.id if days else next(_ids(match), "")
            is_when = bool(match["day"] or match["ongoing"]) or _WHEN.search(before) is not None
            named.append(Mention(period_id, match.start(), match.end(), is_when, days.regime if days else None))
    return tuple(named)


def _of_days(match: re.Match[str]) -> Period | None:
    """The period that begins and ends on these days, in the regime that cuts it so: 15/12/2018 - 14/12/2019 is 2019."""
    try:
        first = date(int(match["y"]), int(match["m"]), int(match["d"]))
        last = date(int(match["toy"]), int(match["tom"]), int(match["tod"]))
    except ValueError:
        return None
    for regime in Regime:
        for form in ("{0}", "{0}H1", "{0}H2", *(f"{{0}}Q{at}" for at in range(1, 5)), f"{{0}}-{last.month:02d}", f"{{0}}M{last.month}"):
            period = Period.parse(form.format(last.year), regime)
            if period.start.date() == first and (period.end - timedelta(days=1)).date() == last:
                return period
    return None


def _ids(match: re.Match[str]) -> Iterator[str]:
    if match["from"] and match["from"] < match["to"]:
        yield f"{match['from']}..{match['to']}"
    elif match["rest"] == "6":
        yield f"{match['resty'] or '?'}H2"
    elif match["months"]:
        count = {"sáu": 6, "chín": 9}.get(match["months"].lower()) or int(match["months"])
        year = match["monthsy"] or match["monthsz"] or "?"
        if 1 <= count <= 12:
            yield f"{year}H1" if count == 6 else year if count == 12 else f"{year}M{count}"
    elif match["quarter"]:
        quarter = match["quarter"].lower()
        yield f"{match['quartery']}Q{_ROMAN.get(quarter) or int(quarter)}"
    elif match["month"]:
        yield f"{match['monthy']}-{int(match['month']):02d}"
    elif match["year"]:
        yield match["year"]
