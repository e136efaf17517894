"""For how much of a period a post was heard: inside the edges, at them and outside; what joins and what leaves a gap."""

from datetime import datetime, timedelta

import pytest

from border.vietnam import HANOI
from reports.figures.hearing import Extent, Statement, day_of, extent, required_until, stated

START, END = datetime(2019, 1, 1, tzinfo=HANOI), datetime(2019, 1, 11, tzinfo=HANOI)
MINUTE = timedelta(minutes=1)


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2019, 1, day, hour, minute, second, tzinfo=HANOI)


def heard(*statements: Statement) -> Extent:
    return extent(statements, START, END, END)


@pytest.mark.parametrize(
    ("statements", "how_much"),
    [
        ([], Extent.NONE),
        ([Statement(START, END)], Extent.WHOLE),
        ([Statement(START - MINUTE, END + MINUTE)], Extent.WHOLE),
        ([Statement(START + MINUTE, END)], Extent.PART),
        ([Statement(START, END - MINUTE)], Extent.PART),
        ([Statement(at(3), at(4))], Extent.PART),
        ([Statement(START - MINUTE, START)], Extent.NONE),
        ([Statement(START - MINUTE, START + MINUTE)], Extent.PART),
        ([Statement(END, END + MINUTE)], Extent.NONE),
        ([Statement(END - MINUTE, END + MINUTE)], Extent.PART),
        ([Statement(at(3), at(3))], Extent.NONE),
        ([Statement(START, at(5)), Statement(at(5), END)], Extent.WHOLE),
        ([Statement(at(5), END), Statement(START, at(5))], Extent.WHOLE),
        ([Statement(START, at(6)), Statement(at(5), END)], Extent.WHOLE),
        ([Statement(START, at(8)), Statement(at(2), at(3)), Statement(at(8), END)], Extent.WHOLE),
        ([Statement(START, at(5)), Statement(at(5, 0, 1), END)], Extent.PART),
        ([Statement(START, END, complete=False)], Extent.PART),
        ([Statement(START, END, complete=False), Statement(START, END)], Extent.WHOLE),
        ([Statement(START, at(5)), Statement(at(5), END, complete=False)], Extent.PART),
        ([*(day_of(at(day, 13)) for day in range(1, 11))], Extent.WHOLE),
        ([*(day_of(at(day, 13)) for day in range(1, 11) if day != 5)], Extent.PART),
    ],
)
def test_statements_join_to_the_whole_a_part_or_nothing(statements: list[Statement], how_much: Extent) -> None:
    assert heard(*statements) is how_much


@pytest.mark.parametrize(
    ("closes", "until"),
    [
        (at(5), at(5)),
        (at(4, 18), at(4, 18)),
        (at(4, 23, 58, 59), at(4, 23, 58, 59)),
        (at(4, 23, 59), at(5)),
        (at(4, 23, 59, 59), at(5)),
        (at(5, 0, 0, 1), at(5, 0, 0, 1)),
        (datetime.fromisoformat("2019-01-04T16:59:00+00:00"), at(5)),
    ],
)
def test_an_interval_that_ends_in_the_last_minute_of_a_day_speaks_for_the_day(closes: datetime, until: datetime) -> None:
    assert stated(at(1), closes) == Statement(at(1), until)


def test_nights_until_23_59_join() -> None:
    assert heard(*(stated(at(day), at(day, 23, 59)) for day in range(1, 11))) is Extent.WHOLE
    assert heard(*(stated(at(day), at(day, 23, 58)) for day in range(1, 11))) is Extent.PART


def test_the_day_of_an_incident_is_vietnams() -> None:
    assert day_of(datetime.fromisoformat("2019-01-01T17:30:00+00:00")) == Statement(at(2), at(3))


@pytest.mark.parametrize(
    ("as_of", "until"),
    [(END, END), (END + MINUTE, END), (END - MINUTE, at(10)), (at(5, 12), at(5)), (at(5), at(5)), (at(1, 12), at(1, 12))],
)
def test_a_running_period_is_whole_until_yesterday_and_its_first_day_until_now(as_of: datetime, until: datetime) -> None:
    assert required_until(START, END, as_of) == until


def test_what_was_heard_today_of_a_running_period_is_a_part() -> None:
    assert extent([day_of(at(5, 9))], START, END, at(5)) is Extent.PART
    assert extent([Statement(START, at(5))], START, END, at(5)) is Extent.WHOLE
