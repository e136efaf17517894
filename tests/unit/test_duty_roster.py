"""The roster: the example that is shipped, and what is wrong with another, in words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duty.roster import InvalidRoster, Roster, load

EXAMPLE = Path(__file__).parents[2] / "deploy" / "duty" / "roster.example.toml"
MONDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""Midnight in Vietnam."""
LINE = '[people.an]\nname = "An"\naddress = "an"\n[[shifts]]\nname = "ngày"\nfrom = "06:00"\nto = "06:00"\non_duty = "an"\n'


@pytest.fixture(scope="module")
def example() -> Roster:
    return load(EXAMPLE)


def test_the_example_has_somebody_on_duty_at_every_half_hour_of_the_week(example: Roster) -> None:
    for minute in range(0, 7 * 24 * 60, 30):
        assert example.chain(MONDAY + timedelta(minutes=minute), "cao-bang")


@pytest.mark.parametrize(
    ("day", "clock", "province", "address"),
    [
        (0, "05:59", None, "truc-ban-2"),
        (0, "06:00", None, "truc-ban-1"),
        (0, "17:59", None, "truc-ban-1"),
        (0, "18:00", None, "truc-ban-2"),
        (4, "07:30", "lang-son", "lang-son"),
        (4, "17:00", "lang-son", "truc-ban-1"),
        (5, "07:30", "lang-son", "truc-ban-1"),
        (4, "07:30", "cao-bang", "truc-ban-1"),
    ],
)
def test_a_shift_begins_at_its_minute_and_ends_before_the_next(
    example: Roster, day: int, clock: str, province: str | None, address: str
) -> None:
    hours, minutes = map(int, clock.split(":"))
    assert example.chain(MONDAY + timedelta(days=day, hours=hours, minutes=minutes), province)[0].address == address


def test_a_shift_of_sunday_night_runs_into_monday(tmp_path: Path) -> None:
    shifts = (
        '[[shifts]]\nname = "đêm"\nweekdays = ["CN"]\nfrom = "22:00"\nto = "05:00"\non_duty = "an"\nnext = ["binh"]\n'
        '[people.binh]\nname = "Bình"\naddress = "binh"\n'
    )
    file = tmp_path / "roster.toml"
    file.write_text(shifts + LINE)
    assert len(load(file).chain(MONDAY + timedelta(hours=4, minutes=59), None)) == 2
    assert len(load(file).chain(MONDAY + timedelta(hours=5), None)) == 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("06:00", "25:00", 'shifts.0.from: "25:00" không phải giờ, cần như "06:00"'),
        ('on_duty = "an"', 'on_duty = "ann"', 'shifts.0.on_duty: "ann" không có trong people (gần nhất: an)'),
        ('on_duty = "an"', 'on_duty = "an"\nnext = ["binh"]', 'shifts.0.next: "binh" không có trong people'),
        ('on_duty = "an"', 'on_duty = "an"\nnext = ["an", "an"]', "shifts.0.next: một người chỉ được kể một lần"),
        ('on_duty = "an"', 'on_duty = "an"\nprovince = "lang-sơn"', "shifts.0.province: 'lang-sơn' không có, cần một trong: lang-son"),
        ('on_duty = "an"', 'on_duty = "an"\nprovince = "lang-son"', "cần ca trực toàn tuyến, không ghi province"),
        ('on_duty = "an"', 'on_duty = "an"\nweekday = ["T2"]', "shifts.0.weekday: trường lạ"),
        ('on_duty = "an"', 'on_duty = "an"\nweekdays = ["T8"]', 'shifts.0.weekdays.0: "T8" không hợp lệ, cần một trong: T2, T3'),
        ('on_duty = "an"', 'on_duty = "an"\nweekdays = ["T2", "T3", "T4", "T5", "T6", "CN"]', "không ai trực toàn tuyến từ T7 06:00"),
        ('to = "06:00"', 'to = "05:00"', "không ai trực toàn tuyến từ T3 05:00"),
        ('to = "06:00"\n', "", "shifts.0.to: thiếu trường bắt buộc"),
        ('address = "an"', 'address = "Trực ban"', 'people.an.address: "Trực ban" không đúng dạng'),
        ("[[shifts]]", "[[shift]]", "shift: trường lạ"),
        ("[[shifts]]", "[[shifts", "không đọc được"),
    ],
)
def test_a_roster_that_cannot_be_followed_is_refused_with_the_field(tmp_path: Path, old: str, new: str, problem: str) -> None:
    file = tmp_path / "roster.toml"
    file.write_text(LINE.replace(old, new, 1))
    with pytest.raises(InvalidRoster) as refused:
        load(file)
    assert problem in refused.value.sentence
    assert str(file) in refused.value.sentence


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRoster, match=r"roster\.toml"):
        load(tmp_path / "roster.toml")
