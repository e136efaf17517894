"""Reporting periods, in both regimes: months that quarters, halves, years and ranges are made of. Half-open, in Vietnam's time (UTC+7).

A period is a run of report months, and a report month ends where the next begins: so months partition every longer period by construction.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from border.vietnam import HANOI


class Regime(StrEnum):
    """How months are cut."""

    ND09 = "nd09"
    """15 of the month before to 14: Decree 09/2019/NĐ-CP, Article 12."""
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a regime begins its report months, from a day on."""

    valid_from: date
    """Months before the first cut are cut as it says, for comparison only."""
    first_day: int
    in_month_before: bool
    source: str


CUTS: dict[Regime, tuple[Cut, ...]] = {
    Regime.ND09: (Cut(date(2019, 3, 12), 15, True, "Nghị định 09/2019/NĐ-CP, Điều 12"),),
    Regime.CALENDAR: (Cut(date.min, 1, False, "tháng dương lịch"),),
}
"""By regime, the oldest first. A later decree is one more row."""

_YEARS = range(1901, 2200)
_ID = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])|M(?P<months>\d{1,2}))?")
_EXPECTED = "cần 2019, 2019Q4, 2019H1, 2019-10, 2019M9, 2018..2020 hoặc 2019-04..2019-12 · needs one of these forms"
ROMAN = ("I", "II", "III", "IV")


class UnknownPeriod(ValueError):
    """A text that names no period; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Period:
    """A run of report months. One run has one id, however it was written."""

    regime: Regime
    first: int
    """Its first report month, counted from year 0: `12 * year + month - 1`."""
    last: int

    @classmethod
    def parse(cls, text: str, regime: Regime) -> Self:
        """`2019-10`, `2019Q4`, `2019H1`, `2019M9` (its first nine months), `2019`, or two of one form as a range: `2019-04..2019-12`.

        Raises `UnknownPeriod`.
        """
        start, dots, end = text.partition("..")
        first, last, form = _months(text, start)
        if dots:
            begins, last, other = _months(text, end)
            if other != form or form == "months" or begins <= first:
                raise UnknownPeriod(
                    f"{text!r}: khoảng cần hai kỳ cùng loại, kỳ sau muộn hơn · a range needs two periods of one form, in order"
                )
        return cls(regime, first, last)

    @property
    def id(self) -> str:
        """The month, quarter, half or year that it is; else `2019M9` from January on, `2018..2020` of whole years, `2019-04..2019-12`."""
        year, month = divmod(self.first, 12)
        parts = {1: f"-{month + 1:02d}", 3: f"Q{month // 3 + 1}", 6: f"H{month // 6 + 1}", 12: ""}
        if self.length in parts and month % self.length == 0:
            return f"{year:04d}{parts[self.length]}"
        if month == 0 and self.year is not None:
            return f"{year:04d}M{self.length}"
        if month == 0 and self.length % 12 == 0:
            return f"{year:04d}..{self.last // 12:04d}"
        return f"{_month_id(self.first)}..{_month_id(self.last)}"

    @property
    def start(self) -> datetime:
        """The first moment, which is part of the period."""
        return _begin(self.regime, self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return _begin(self.regime, self.last + 1)

    @property
    def length(self) -> int:
        """Its number of months."""
        return self.last - self.first + 1

    @property
    def year(self) -> int | None:
        """The year that it lies in; None where it reaches over a new year."""
        return self.first // 12 if self.first // 12 == self.last // 12 else None

    @property
    def months(self) -> tuple["Period", ...]:
        """Its report months, in order."""
        return tuple(Period(self.regime, month, month) for month in range(self.first, self.last + 1))

    @property
    def before(self) -> "Period":
        """The same months of the year before ("cùng kỳ"); of more than a year, the equally long period that ends where it begins."""
        earlier = max(12, self.length)
        return Period(self.regime, self.first - earlier, self.last - earlier)

    @property
    def name(self) -> str:
        """As an official text names it: `quý IV năm 2019`, `9 tháng cuối năm 2019`, `từ tháng 3 đến tháng 8 năm 2019`, `giai đoạn 2018 - 2020`."""
        year, month = divmod(self.first, 12)
        parts = {1: f"tháng {month + 1:02d} ", 3: f"quý {ROMAN[month // 3]} ", 12: ""}
        if self.length in parts and month % self.length == 0:
            return f"{parts[self.length]}năm {year}"
        if self.year is None and month == 0 and self.length % 12 == 0:
            return f"giai đoạn {year} - {self.last // 12}"
        if self.year is None:
            return f"giai đoạn từ {_month_name(self.first)} năm {year} đến {_month_name(self.last)} năm {self.last // 12}"
        if month == 0:
            return f"{self.length} tháng đầu năm {year}"
        if self.last % 12 == 11:
            return f"{self.length} tháng cuối năm {year}"
        return f"từ {_month_name(self.first)} đến {_month_name(self.last)} năm {year}"

    @property
    def when(self) -> str:
        """Its name as a sentence says when: `trong năm 2019`, `từ tháng 3 đến tháng 8 năm 2019`."""
        return self.name if self.name.startswith("từ ") else f"trong {self.name}"

    @property
    def days(self) -> str:
        """Its first and last day: `15/12/2018 - 14/12/2019`."""
        return f"{self.start:%d/%m/%Y} - {self.end - timedelta(days=1):%d/%m/%Y}"

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.start <= moment < self.end


def month_of(day: date, regime: Regime) -> Period:
    """The report month a day of Vietnam belongs to."""
    moment = datetime(day.year, day.month, day.day, tzinfo=HANOI)
    for month in (12 * day.year + day.month - 2, 12 * day.year + day.month - 1, 12 * day.year + day.month):
        period = Period(regime, month, month)
        if period.holds(moment):
            return period
    raise AssertionError("report months leave no gap")


def periods_of(day: date, regime: Regime) -> tuple[str, str, str, str]:
    """The month, quarter, half and year of a day: `2019-12`, `2019Q4`, `2019H2`, `2019`.

    Under `nd09` the 15th opens the next month, so that 15 December is of next year's January, first quarter and first half.
    """
    year, month = divmod(month_of(day, regime).first, 12)
    return f"{year:04d}-{month + 1:02d}", f"{year:04d}Q{month // 3 + 1}", f"{year:04d}H{month // 6 + 1}", f"{year:04d}"


def _months(whole: str, text: str) -> tuple[int, int, str]:
    """First month, last month and form of one period's id."""
    parts = _ID.fullmatch(text)
    if parts is None or not text.isascii() or int(parts["year"]) not in _YEARS:
        raise UnknownPeriod(f"kỳ {whole!r} không có · no such period: {_EXPECTED}")
    january = 12 * int(parts["year"])
    if parts["month"]:
        first, length, form = int(parts["month"]) - 1, 1, "month"
    elif parts["quarter"]:
        first, length, form = 3 * int(parts["quarter"]) - 3, 3, "quarter"
    elif parts["half"]:
        first, length, form = 6 * int(parts["half"]) - 6, 6, "half"
    elif parts["months"]:
        first, length, form = 0, int(parts["months"]), "months"
    else:
        first, length, form = 0, 12, "year"
    if not (0 <= first < 12 and 1 <= length <= 12):
        raise UnknownPeriod(f"kỳ {whole!r} không có · no such period: {_EXPECTED}")
    return january + first, january + first + length - 1, form


def _begin(regime: Regime, month: int) -> datetime:
    """The first moment of a report month."""
    year, index = divmod(month, 12)
    named = date(year, index + 1, 1)
    cut = next((cut for cut in reversed(CUTS[regime]) if cut.valid_from <= named), CUTS[regime][0])
    if cut.in_month_before:
        year, index = divmod(month - 1, 12)
    return datetime(year, index + 1, cut.first_day, tzinfo=HANOI)


def _month_id(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _month_name(month: int) -> str:
    """Only days below 10 and the months 1 and 2 take a leading zero: Decree 30/2020/NĐ-CP, Appendix I."""
    number = month % 12 + 1
    return f"tháng {number:02d}" if number <= 2 else f"tháng {number}"
