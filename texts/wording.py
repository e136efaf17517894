"""Numbers and comparisons in words, as Vietnamese reports write them: `1.502`, `346,433`, `08 vụ`, `tăng 15,8%`. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from agreement import words
from agreement.periods import Period
from agreement.words import Amount

ABSOLUTE_BELOW = 100
"""A change is absolute (`tăng 04 vụ`) where the earlier figure is below this, else in percent (`tăng 15,8%`).

Percents have one decimal, rounded half away from zero, from exact numbers. A change that would read `0,0%` or `giảm 100,0%` is absolute, since
it would say that nothing changed, or hide whether anything is left. So 0 is never a base, and a step from 4 to 8 is never "100%".
"""
NOTHING_TO_COMPARE = "chưa có số liệu so sánh"
"""Stands where the earlier figure is missing, which is never taken as 0."""
BELOW_LEAST_SHOWN = "dưới mức công bố"
"""Stands for a suppressed number."""

_TENTH = Decimal("0.1")


def number(value: Amount) -> str:
    """With points between thousands and a comma before decimals, none of which is lost: `1.502`, `346,433`.

    Raises `ValueError` for NaN and infinity.
    """
    return words.number(value).vi


def padded(value: Amount) -> str:
    """A count: whole numbers from one to nine get a zero before them, `08`.

    Zero is `0` in tables; a sentence says in words that there was none. Raises `ValueError` for NaN and infinity.
    """
    count = words.exact(value)
    return f"0{count:.0f}" if 0 < count < 10 and count == count.to_integral_value() else number(count)


def counted(value: Amount | None, unit: str) -> str:
    """A count with its unit: `08 vụ`; for a suppressed count, that it is below what is published."""
    return f"số {unit} {BELOW_LEAST_SHOWN}" if value is None else f"{padded(value)} {unit}"


def change(unit: str, now: Amount, before: Amount | None) -> str:
    """The change of a figure: `tăng 04 vụ`, `giảm 15,8%`, `bằng`; see `ABSOLUTE_BELOW`."""
    if before is None:
        return NOTHING_TO_COMPARE
    base = words.exact(before)
    step = words.exact(now) - base
    if not step:
        return "bằng"
    word = "tăng" if step > 0 else "giảm"
    percent = _percent(step, base)
    return f"{word} {counted(abs(step), unit)}" if percent is None else f"{word} {percent}%"


def compared(unit: str, now: Amount, before: Amount | None, *, earlier: str) -> str:
    """The change, and the period compared with: `tăng 04 vụ so với cùng kỳ năm 2018`, `bằng cùng kỳ năm 2018`."""
    what = change(unit, now, before)
    if before is None:
        return f"{what} với {earlier}"
    return f"{what} {earlier}" if what == "bằng" else f"{what} so với {earlier}"


def same_period(earlier: Period) -> str:
    """The name of the period compared with: `cùng kỳ năm 2018` for any part of a year; what reaches over a new year has its own name."""
    return earlier.name if earlier.year is None else f"cùng kỳ năm {earlier.year}"


def posts_reporting(whole: int, part: int, expected: int) -> str:
    """How many posts reported: `05/08 đồn báo cáo`, that is for the whole period; those that did for a part of it are named apart.

    None is expected where the register has none: `01 đồn ngoài danh bạ báo cáo`.
    """
    if not (whole or part):
        return "chưa có báo cáo của đồn nào"
    if not expected:
        return f"{padded(whole or part)} đồn ngoài danh bạ báo cáo" + ("" if whole else " một phần kỳ")
    of_all = f"{padded(whole)}/{padded(expected)} đồn báo cáo"
    return f"{of_all}{'' if whole else ' cho cả kỳ'}, {padded(part)} đồn báo cáo một phần kỳ" if part else of_all


def listed(parts: Iterable[str]) -> str:
    """`a, b và c`."""
    *before, last = parts
    return f"{', '.join(before)} và {last}" if before else last


def _percent(step: Decimal, base: Decimal) -> str | None:
    """The change in percent of the earlier figure, without its sign. None where the change is absolute."""
    if base < ABSOLUTE_BELOW:
        return None
    percent = (100 * abs(step) / base).quantize(_TENTH, rounding=ROUND_HALF_UP)
    if percent == 0 or (step < 0 and percent == 100):
        return None
    return f"{percent:,f}".translate(words.POINT_AND_COMMA)
