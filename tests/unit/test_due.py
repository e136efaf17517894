"""Which reports are due when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.periods import Regime, month_of
from reports.schedule.due import Due, due_between, due_on, is_working_day, last_working_day, next_due, working_days

DAY = timedelta(days=1)
days = st.dates(date(2019, 3, 12), date(2040, 12, 31))


def ids(dues: tuple[Due, ...]) -> list[str]:
    return [due.period.id for due in dues]


def one(period: str, regime: Regime = Regime.ND09) -> Due:
    (found,) = (due for due in due_between(date(2019, 1, 1), date(2041, 1, 1), regime) if due.period.id == period)
    return found


@pytest.mark.parametrize(
    ("period", "cut_off", "deadline"),
    [
        ("2019-10", date(2019, 10, 14), date(2019, 10, 25)),
        ("2020-01", date(2020, 1, 14), date(2020, 1, 25)),
        ("2020Q1", date(2020, 3, 14), date(2020, 3, 25)),
        ("2019Q4", date(2019, 12, 14), date(2019, 12, 25)),
        ("2021H1", date(2021, 6, 14), date(2021, 6, 25)),
        ("2021H2", date(2021, 12, 14), date(2021, 12, 25)),
        ("2019", date(2019, 12, 14), date(2019, 12, 25)),
    ],
)
def test_a_report_is_closed_on_the_14th_and_sent_by_the_25th_of_the_last_month(period: str, cut_off: date, deadline: date) -> None:
    due = one(period)
    assert (due.cut_off, due.opens, due.deadline) == (cut_off, cut_off + DAY, deadline)


@pytest.mark.parametrize(
    ("period", "send_by"),
    [
        ("2025-12", date(2025, 12, 25)),  # a Thursday
        ("2022-09", date(2022, 9, 23)),  # the 25th is a Sunday
        ("2020-01", date(2020, 1, 22)),  # the 25th is the first of Tết, which begins on Thursday the 23rd
        ("2026-01", date(2026, 1, 23)),  # a Sunday
        ("2020-04", date(2020, 4, 24)),  # a Saturday
    ],
)
def test_a_deadline_on_a_day_off_is_met_on_the_last_working_day_before_it(period: str, send_by: date) -> None:
    assert one(period).send_by == send_by


def test_working_days_know_tet_days_off_in_lieu_and_swapped_days() -> None:
    assert [day for day in range(9, 19) if not is_working_day(date(2021, 2, day))] == [10, 11, 12, 13, 14, 15, 16]
    assert not is_working_day(date(2026, 4, 27))  # Monday behind the Kings' day on a Sunday
    assert not is_working_day(date(2024, 4, 29))  # a Monday given for …
    assert is_working_day(date(2024, 5, 4))  # … this Saturday
    assert working_days(date(2020, 1, 22), date(2020, 1, 31)) == 2  # the 23rd to the 29th are Tết


def test_nobody_owes_nine_months_and_the_shorter_period_comes_first() -> None:
    assert ids(due_between(date(2019, 9, 14), date(2019, 9, 14))) == ["2019-09", "2019Q3"]
    assert ids(due_between(date(2019, 12, 14), date(2019, 12, 14))) == ["2019-12", "2019Q4", "2019H2", "2019"]
    assert ids(due_between(date(2019, 6, 1), date(2019, 6, 30))) == ["2019-06", "2019Q2", "2019H1"]


def test_days_without_a_cut_off_owe_nothing() -> None:
    assert due_between(date(2019, 10, 15), date(2019, 11, 13)) == ()
    assert due_between(date(2019, 10, 15), date(2019, 10, 1)) == ()


def test_a_report_can_be_made_from_the_day_after_its_cut_off_and_stays_due() -> None:
    since = date(2019, 10, 1)
    assert ids(due_on(date(2019, 10, 14), since)) == []
    assert ids(due_on(date(2019, 10, 15), since)) == ["2019-10"]
    assert ids(due_on(date(2020, 1, 15), since)) == ["2019-10", "2019-11", "2019-12", "2019Q4", "2019H2", "2019", "2020-01"]
    due = one("2019-10")
    assert [due.is_open(date(2019, 10, day)) for day in (14, 15)] == [False, True]


def test_what_was_closed_before_the_record_began_is_not_due() -> None:
    assert ids(due_on(date(2019, 12, 31), date(2019, 12, 15))) == []
    assert ids(due_on(date(2019, 12, 31), date(2019, 12, 14))) == ["2019-12", "2019Q4", "2019H2", "2019"]


def test_what_comes_next_is_one_of_each_kind() -> None:
    assert ids(next_due(date(2019, 10, 14))) == ["2019-10", "2019Q4", "2019H2", "2019"]
    assert ids(next_due(date(2019, 12, 15))) == ["2020-01", "2020Q1", "2020H1", "2020"]


def test_late_is_counted_from_the_deadline_in_days_and_in_working_days() -> None:
    due = one("2022-09")  # by Sunday the 25th
    assert [due.days_late(date(2022, 9, day)) for day in (14, 24, 25, 26, 30)] == [0, 0, 0, 1, 5]
    assert [due.working_days_late(date(2022, 9, day)) for day in (14, 24, 25, 26, 30)] == [0, 0, 0, 1, 5]
    friday = one("2020-09")
    assert (friday.days_late(date(2020, 9, 27)), friday.working_days_late(date(2020, 9, 27))) == (2, 0)


def test_no_law_gives_a_calendar_month_a_deadline() -> None:
    due = one("2019-12", Regime.CALENDAR)
    assert (due.cut_off, due.opens, due.deadline, due.send_by) == (date(2019, 12, 31), date(2020, 1, 1), None, None)
    assert due.days_late(date(2030, 1, 1)) == due.working_days_late(date(2030, 1, 1)) == 0
    assert ids(due_between(date(2020, 2, 29), date(2020, 3, 31), Regime.CALENDAR)) == ["2020-02", "2020-03", "2020Q1"]


def test_before_the_decree_there_is_no_deadline() -> None:
    assert due_between(date(2019, 2, 14), date(2019, 2, 14))[0].deadline is None
    assert due_between(date(2019, 3, 14), date(2019, 3, 14))[0].deadline == date(2019, 3, 25)


@pytest.mark.parametrize("year", range(2019, 2041))
def test_there_is_always_a_working_day_between_cut_off_and_sending(year: int) -> None:
    """Article 8(5)b of the decree, whatever the year makes of Tết."""
    dues = due_between(date(year, 3, 13), date(year + 1, 3, 12))
    assert len(dues) == 12 + 4 + 2 + 1
    for due in dues:
        assert due.send_by is not None
        assert due.deadline is not None
        assert due.cut_off < due.send_by <= due.deadline
        assert is_working_day(due.send_by)
        assert working_days(due.send_by, due.deadline) == 0
        assert working_days(due.cut_off, due.send_by) >= 2, due


@given(days, st.integers(0, 900), st.sampled_from(Regime))
def test_days_cut_in_two_owe_the_same_reports(first: date, length: int, regime: Regime) -> None:
    last = first + length * DAY
    middle = first + length // 2 * DAY
    assert due_between(first, last, regime) == due_between(first, middle, regime) + due_between(middle + DAY, last, regime)


@given(days, st.sampled_from(Regime))
def test_on_every_cut_off_the_month_that_ends_is_due(day: date, regime: Regime) -> None:
    month = month_of(day, regime)
    closed = due_between(day, month.end.date() - DAY, regime)
    assert closed[0].period == month
    assert all(due.period.end == month.end and due.cut_off == closed[0].cut_off for due in closed)
    assert set(closed) <= set(next_due(day, regime))


def test_the_last_working_day_of_a_working_day_is_itself() -> None:
    assert last_working_day(date(2025, 12, 25)) == date(2025, 12, 25)
