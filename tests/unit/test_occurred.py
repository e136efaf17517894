"""Times of incidents for people: nothing looks more exact than it is known."""

import pytest

from agreement.occurred import occurred_at, occurred_words


@pytest.mark.parametrize(
    ("start", "precision", "end", "words"),
    [
        ("2025-12-28T18:20:00+07:00", "minute", None, "28/12/2025"),
        ("2025-12-27T18:00:00Z", "hour", None, "28/12/2025"),
        ("2021-01-04T18:00:00+07:00", "night", "2021-01-05T09:00:00+07:00", "đêm 04/01/2021"),
        ("2021-08-11T00:00:00+07:00", "day", "2021-08-14T00:00:00+07:00", "11/08/2021-13/08/2021"),
        ("2025-12-01T00:00:00+07:00", "month", "2026-01-01T00:00:00+07:00", "12/2025"),
        ("2015-07-01T00:00:00+07:00", "month", "2015-08-02T00:00:00+07:00", "07/2015-08/2015"),
        ("2024-01-01T00:00:00+07:00", "quarter", "2024-03-26T00:00:00+07:00", "quý I/2024"),
        ("2021-07-01T00:00:00+07:00", "half", None, "6 tháng cuối 2021"),
        ("2019-01-01T00:00:00+07:00", "year", "2020-01-01T00:00:00+07:00", "2019"),
        ("2019-01-01T00:00:00+07:00", "year", None, "2019"),
        ("2021-01-01T00:00:00+07:00", "year", "2023-01-01T00:00:00+07:00", "2021-2022"),
        ("2010-07-14T00:00:00+07:00", "year", "2026-11-22T00:00:00+07:00", "không rõ"),
        ("2010-07-14T00:00:00+07:00", "year", None, "không rõ"),
        (None, None, None, "không rõ"),
    ],
)
def test_a_time_is_shown_as_exactly_as_it_is_known(start: str | None, precision: str | None, end: str | None, words: str) -> None:
    assert occurred_words(start, precision, end) == words


@pytest.mark.parametrize(("precision", "words"), [("minute", "28/12/2025 18:20"), ("hour", "28/12/2025 18 giờ"), ("day", "28/12/2025")])
def test_the_clock_is_shown_where_it_is_known(precision: str, words: str) -> None:
    assert occurred_at("2025-12-28T18:20:00+07:00", precision) == words
