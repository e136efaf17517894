"""Periods of both regimes: what they hold, how they partition, what they are called."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.periods import Period, Regime, UnknownPeriod, month_of, periods_of
from border.vietnam import HANOI

YEARS = range(2010, 2041)
regimes = st.sampled_from(list(Regime))
days = st.dates(date(2009, 12, 1), date(2041, 1, 31))


def period(text: str, regime: Regime = Regime.ND09) -> Period:
    return Period.parse(text, regime)


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("year", YEARS)
def test_months_partition_quarters_halves_and_years(year: int, regime: Regime) -> None:
    months = [period(f"{year}-{month:02d}", regime) for month in range(1, 13)]
    whole = period(str(year), regime)
    assert (months[0].start, months[-1].end) == (whole.start, whole.end)
    assert all(one.end == after.start for one, after in pairwise(months))
    for parts, length in (("Q", 3), ("H", 6)):
        for number in range(12 // length):
            part = period(f"{year}{parts}{number + 1}", regime)
            inside = months[number * length : (number + 1) * length]
            assert (part.start, part.end) == (inside[0].start, inside[-1].end)
            assert part.months == tuple(inside)
    assert whole.end == period(str(year + 1), regime).start


@given(st.integers(2010, 2040), regimes)
def test_one_period_has_one_id(year: int, regime: Regime) -> None:
    named = {"M1": "-01", "M3": "Q1", "M6": "H1", "M12": ""}
    for months in range(1, 13):
        parsed = period(f"{year}M{months}", regime)
        assert parsed.id == f"{year}{named.get(f'M{months}', f'M{months}')}"
        assert parsed == period(parsed.id, regime)
        assert (parsed.length, parsed.start) == (months, period(str(year), regime).start)


@given(days, regimes)
def test_a_day_lies_in_the_month_quarter_half_and_year_it_is_said_to(day: date, regime: Regime) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=HANOI)
    assert all(period(text, regime).holds(noon) for text in periods_of(day, regime))
    assert month_of(day, regime).id == periods_of(day, regime)[0]


@given(st.datetimes(datetime(2010, 1, 1), datetime(2040, 12, 1)), st.integers(2010, 2040), regimes)  # noqa: DTZ001  # made aware below
def test_every_moment_lies_in_exactly_one_month_of_its_year(moment: datetime, year: int, regime: Regime) -> None:
    when = moment.replace(tzinfo=UTC)
    whole = period(str(year), regime)
    assert sum(month.holds(when) for month in whole.months) == whole.holds(when)


@pytest.mark.parametrize(
    ("moment", "year", "month"),
    [
        ("2019-12-14T23:59:59.999999+07:00", "2019", "2019-12"),
        ("2019-12-15T00:00:00+07:00", "2020", "2020-01"),
        ("2019-12-14T17:00:00+00:00", "2020", "2020-01"),
        ("2019-12-14T16:59:59+00:00", "2019", "2019-12"),
        ("2020-02-29T10:00:00+07:00", "2020", "2020-03"),
        ("2020-02-14T10:00:00+07:00", "2020", "2020-02"),
    ],
)
def test_the_year_of_the_decree_ends_on_14_december_in_vietnam(moment: str, year: str, month: str) -> None:
    when = datetime.fromisoformat(moment)
    assert period(year).holds(when)
    assert period(month).holds(when)


def test_29_february_is_of_its_calendar_month() -> None:
    assert period("2020-02", Regime.CALENDAR).holds(datetime(2020, 2, 29, 23, 59, tzinfo=HANOI))
    assert period("2020-02", Regime.CALENDAR).end == datetime(2020, 3, 1, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("text", "days", "name", "before"),
    [
        ("2019-10", "15/09/2019 - 14/10/2019", "tháng 10 năm 2019", "2018-10"),
        ("2019Q4", "15/09/2019 - 14/12/2019", "quý IV năm 2019", "2018Q4"),
        ("2019H1", "15/12/2018 - 14/06/2019", "6 tháng đầu năm 2019", "2018H1"),
        ("2019H2", "15/06/2019 - 14/12/2019", "6 tháng cuối năm 2019", "2018H2"),
        ("2019M9", "15/12/2018 - 14/09/2019", "9 tháng đầu năm 2019", "2018M9"),
        ("2019", "15/12/2018 - 14/12/2019", "năm 2019", "2018"),
        ("2018..2020", "15/12/2017 - 14/12/2020", "giai đoạn 2018 - 2020", "2015..2017"),
        ("2019-04..2019-12", "15/03/2019 - 14/12/2019", "9 tháng cuối năm 2019", "2018-04..2018-12"),
        ("2019-11..2019-12", "15/10/2019 - 14/12/2019", "2 tháng cuối năm 2019", "2018-11..2018-12"),
        ("2019-03..2019-08", "15/02/2019 - 14/08/2019", "từ tháng 3 đến tháng 8 năm 2019", "2018-03..2018-08"),
        ("2019-02..2019-10", "15/01/2019 - 14/10/2019", "từ tháng 02 đến tháng 10 năm 2019", "2018-02..2018-10"),
        (
            "2018-11..2019-02",
            "15/10/2018 - 14/02/2019",
            "giai đoạn từ tháng 11 năm 2018 đến tháng 02 năm 2019",
            "2017-11..2018-02",
        ),
        (
            "2019-07..2020-12",
            "15/06/2019 - 14/12/2020",
            "giai đoạn từ tháng 7 năm 2019 đến tháng 12 năm 2020",
            "2018-01..2019-06",
        ),
    ],
)
def test_a_period_says_its_days_its_name_and_the_one_it_is_compared_with(text: str, days: str, name: str, before: str) -> None:
    parsed = period(text)
    assert (parsed.days, parsed.name, parsed.before.id) == (days, name, before)
    assert parsed.before == period(before)


@pytest.mark.parametrize(
    ("text", "one_id"),
    [
        ("2019Q2..2019Q3", "2019-04..2019-09"),
        ("2019Q1..2019Q2", "2019H1"),
        ("2019Q1..2019Q3", "2019M9"),
        ("2019H1..2019H2", "2019"),
        ("2019-01..2019-03", "2019Q1"),
        ("2018H1..2019H2", "2018..2019"),
        ("2018-01..2020-12", "2018..2020"),
        ("2019H2..2020H1", "2019-07..2020-06"),
    ],
)
def test_a_range_has_the_id_of_the_months_it_is(text: str, one_id: str) -> None:
    assert period(text).id == one_id
    assert period(text) == period(one_id)


RUNS = [(first, last) for first in range(12 * 2018, 12 * 2021) for last in range(first, 12 * 2021)]
"""Every run of months of three years."""


@pytest.mark.parametrize("regime", Regime)
def test_every_run_of_months_has_one_id_and_one_name(regime: Regime) -> None:
    runs = [Period(regime, first, last) for first, last in RUNS]
    assert [period(run.id, regime) for run in runs] == runs
    assert len({run.name for run in runs}) == len(runs)
    assert all(run.before.length == run.length for run in runs)
    assert all((run.before.first, run.before.year) == (run.first - 12, run.year - 1) for run in runs if run.year is not None)


@given(st.integers(2010, 2040), st.sampled_from(["", "-03", "-12", "Q1", "Q4", "H1", "H2", "M9", "M1"]), regimes)
def test_the_period_before_is_a_year_earlier_and_as_long(year: int, part: str, regime: Regime) -> None:
    found = period(f"{year}{part}", regime)
    assert found.before.length == found.length
    assert found.first - found.before.first == 12
    assert timedelta(days=364) < found.start - found.before.start < timedelta(days=367)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019-13",
        "2019-00",
        "2019-1",
        "2019Q5",
        "2019H3",
        "2019M0",
        "2019M13",
        "19",
        "٢٠١٩",
        "0000",
        "2019 ",
        "2020..2018",
        "2019..2019",
        "2019Q1..2019-04",
        "2019M3..2020M3",
        "2019..",
        "..2019",
        "2018..2019..2020",
        "2019-10-01",
    ],
)
def test_what_is_no_period_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(UnknownPeriod, match=r"2019Q4|cùng loại"):
        period(text)
