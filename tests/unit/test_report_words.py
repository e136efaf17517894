"""Numbers and comparisons as Vietnamese reports write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.periods import Period, Regime
from texts.wording import ABSOLUTE_BELOW, change, compared, counted, listed, number, padded, same_period

COUNTS = st.integers(min_value=0, max_value=10**12)
AMOUNTS = st.one_of(COUNTS, st.floats(min_value=0, max_value=10**12), st.decimals(min_value=0, max_value=10**12, places=4))


def read(text: str) -> Decimal:
    """A number as a Vietnamese reader reads it."""
    return Decimal(text.replace(".", "").replace(",", "."))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (-0.0, "0"), (7, "7"), (999, "999"), (1502, "1.502"), (1725.0, "1.725"), (1_000_000, "1.000.000")),
        *((346.433, "346,433"), (8.978, "8,978"), (1234.5, "1.234,5"), (Decimal("2.900"), "2,9"), (0.1 + 0.2, "0,30000000000000004")),
        *((-1502, "-1.502"), (1e21, "1.000.000.000.000.000.000.000"), (Decimal("1E+3"), "1.000")),
    ],
)
def test_a_number_has_points_between_thousands_and_a_comma_before_decimals(value: float, text: str) -> None:
    assert number(value) == text


@given(AMOUNTS)
def test_a_number_loses_nothing(value: float | Decimal) -> None:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    assert read(number(value)) == exact
    assert read(padded(value)) == exact


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(value)


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1, "01"), (9.0, "09"), (10, "10"), (1502, "1.502"), (2.5, "2,5"), (0.5, "0,5")])
def test_a_count_under_ten_is_padded(value: float, text: str) -> None:
    assert padded(value) == text


def test_a_suppressed_count_is_no_number() -> None:
    assert counted(8, "vụ") == "08 vụ"
    assert counted(None, "nạn nhân") == "số nạn nhân dưới mức công bố"


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        *((8, 4, "tăng 04 vụ"), (38, 53, "giảm 15 vụ"), (4, 4, "bằng"), (0, 0, "bằng"), (8, None, "chưa có số liệu so sánh")),
        *((4, 0, "tăng 04 vụ"), (5000, 0, "tăng 5.000 vụ"), (0, 4, "giảm 04 vụ")),
        # at the rule's edge
        *((198, 99, "tăng 99 vụ"), (200, 100, "tăng 100,0%"), (99, 100, "giảm 1,0%"), (20_000, 99, "tăng 19.901 vụ")),
        # one decimal, half up: 15,75 % and 15,85 %
        *((4630, 4000, "tăng 15,8%"), (4634, 4000, "tăng 15,9%"), (3366, 4000, "giảm 15,9%"), (1_000_000, 100, "tăng 999.900,0%")),
        # what a rounded percent would hide
        *((10_001, 10_000, "tăng 01 vụ"), (10_005, 10_000, "tăng 0,1%"), (0, 1000, "giảm 1.000 vụ"), (1, 10_000, "giảm 9.999 vụ")),
        *((346.433, 340, "tăng 1,9%"), (8.978, 8, "tăng 0,978 vụ"), (0.3, 0.1, "tăng 0,2 vụ")),
    ],
)
def test_small_changes_are_absolute_and_larger_ones_percents(now: float, before: float | None, text: str) -> None:
    assert change("vụ", now, before) == text


@given(COUNTS, COUNTS)
def test_the_word_agrees_with_the_sign_and_the_number_with_the_step(now: int, before: int) -> None:
    word, _, step = change("vụ", now, before).partition(" ")
    assert word == ("bằng" if now == before else "tăng" if now > before else "giảm")
    if step.endswith(" vụ"):
        assert read(step.removesuffix(" vụ")) == abs(now - before)
    elif step:
        assert before >= ABSOLUTE_BELOW
        told = read(step.removesuffix("%"))
        assert abs(told * before - 100 * abs(now - before)) * 20 <= before
        assert told > 0
        assert told != 100 or now > before


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (8, 4, "tăng 04 vụ so với cùng kỳ năm 2018"),
        (4, 4, "bằng cùng kỳ năm 2018"),
        (4, None, "chưa có số liệu so sánh với cùng kỳ năm 2018"),
    ],
)
def test_a_comparison_says_with_what(now: float, before: float | None, text: str) -> None:
    assert compared("vụ", now, before, earlier="cùng kỳ năm 2018") == text


@pytest.mark.parametrize(
    ("period", "name"),
    [
        *((period, "cùng kỳ năm 2018") for period in ("2018", "2018Q4", "2018H1", "2018H2", "2018-10", "2018M9", "2018-03..2018-08")),
        *(("2015..2017", "giai đoạn 2015 - 2017"), ("2017-12..2018-03", "giai đoạn từ tháng 12 năm 2017 đến tháng 3 năm 2018")),
    ],
)
def test_the_earlier_period_is_named_by_its_year_and_one_over_a_new_year_by_its_ends(period: str, name: str) -> None:
    assert same_period(Period.parse(period, Regime.ND09)) == name


def test_a_list_ends_in_and() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b và c"
