"""Markers at the edges of what there is: each number's last value is read, the next is not. Every test here is about one mutant of the parser."""

import pytest

from schemas.marker_clean import read_clean
from schemas.marker_relations import neighbourhood
from schemas.marker_text import Unclear, read
from schemas.markers import parse, relate


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "1",
        "1378",
        "0/1",
        "5/30",
        "5(3)",
        "0-1378",
        "5/30-6/30",
        "5-5/30",
        "0, 1378",
        "1, 2",
        "0, 1-2, 3/30",
        "mốc 0, 1",
        "5 + 9999m, 7",
    ],
)
def test_what_is_clean_to_the_last_value_is_read_the_quick_way(text: str) -> None:
    items = read_clean(text)
    assert items is not None
    assert tuple(parse(text).items) == items
    assert parse(text).review is None


@pytest.mark.parametrize("text", ["5/30", "mốc 5/30", "5 + 9999m", "mốc 5 - 9999m", "từ mốc 0 đến mốc 1378", "5(3)", "mốc 1378"])
def test_the_last_value_is_read(text: str) -> None:
    assert read(text)
    assert parse(text).review is None


@pytest.mark.parametrize(
    "text",
    ["5/31", "mốc 5/31", "5/0", "5/00", "5 + 10000m", "mốc 5 - 10000m", "1379", "mốc 1379", "5(4)", "5(0)", "01", "mốc 01", "17(1),(4)"],
)
def test_the_next_is_not(text: str) -> None:
    with pytest.raises(Unclear):
        read(text)
    assert parse(text).review is not None
    assert read_clean(text) is None


@pytest.mark.parametrize("text", ["2, 1", "5, 5", "5-6, 6", "6-5", "5-5", "5/2-5/1"])
def test_what_does_not_rise_is_looked_at_closely(text: str) -> None:
    assert read_clean(text) is None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mốc 100, 101 và 102", "100, 101, 102"),
        ("mốc 745 và 99 người", "745"),
        ("mốc 5, 100", "5, 100"),
        ("803-804-677", "803-804, 677"),
        ("17(1),(3)", "17(1), 17(3)"),
        ("mốc 31 ngày 11/3/2021", "31"),
        ("mốc 753, 1/1/2021", "753"),
        ("2-1 tại mốc 7", "7"),
        ("99/31: mốc 7", "7"),
    ],
)
def test_a_list_takes_what_is_a_marker_and_leaves_what_is_not(text: str, canonical: str) -> None:
    assert parse(text).canonical == canonical
    assert parse(text).review is None


@pytest.mark.parametrize(
    "text", ["mốc 1,234", "mốc 1-2-3", "mốc 745, 30 tháng 4", "giữa mốc 1 và 2 và 3", "803-804-805", "803-804-803", "mốc 5, 7 đi"]
)
def test_what_may_be_two_things_is_never_read(text: str) -> None:
    with pytest.raises(Unclear):
        read(text)


@pytest.mark.parametrize(("a", "b"), [("1, 10", "5"), ("5", "1, 10"), ("1-2, 10-11", "5-6"), ("5-6", "1-2, 10-11"), ("1, 10", "5, 20")])
def test_lists_that_interleave_lie_neither_before_nor_after(a: str, b: str) -> None:
    with pytest.raises(ValueError, match="xen kẽ"):
        relate(a, b)


@pytest.mark.parametrize(("a", "b", "between"), [("1, 3", "7, 9", 3), ("1-2, 3-4", "7-8, 9-10", 2), ("1-3", "4-5", 0)])
def test_lists_apart_lie_before_and_after(a: str, b: str, between: int) -> None:
    assert (relate(a, b).relation, relate(a, b).gap) == ("before", between)
    assert (relate(b, a).relation, relate(b, a).gap) == ("after", between)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5/31", "mốc phụ 5/31 không có"),
        ("1379", "số mốc 1379 không có"),
        ("5(4)", r"cột 5\(4\) không có"),
        ("6-5", "từ số nhỏ đến số lớn"),
        ("đường mòn", "không có số mốc"),
        ("bắt 17 người", "có số nhưng không có chữ mốc"),
        ("", "chưa ghi mốc"),
    ],
)
def test_the_reason_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(Unclear, match=reason):
        read(text)


LONG = "4" * 25


@pytest.mark.parametrize("text", [LONG, f"5/{LONG}", f"5({LONG})", f"5 + {LONG}m", f"17(1),({LONG})"])
def test_a_reason_shows_twenty_digits_at_most(text: str) -> None:
    with pytest.raises(Unclear, match=r"(?<!4)4{20}(?!4)"):
        read(text)


@pytest.mark.parametrize("text", ["mốc 5 đến mốc 5/1", "mốc 5 đến mốc 5 + 1m", "mốc 5 - 1m đến mốc 5", "mốc 5/1 đến mốc 5/1 + 1m"])
def test_the_shortest_section_is_one(text: str) -> None:
    ((_, end),) = read(text)
    assert end is not None


def test_a_section_written_backwards_is_named_as_it_was_written() -> None:
    with pytest.raises(Unclear, match=r"không phải 6/2 đến 5$"):
        read("mốc 6/2 đến mốc 5")
    with pytest.raises(Unclear, match=r"không phải 6 đến 5/3$"):
        read("mốc 6 đến mốc 5/3")


@pytest.mark.parametrize(
    ("text", "k", "covered"),
    [
        ("5, 7", 1, [(4, 8)]),
        ("5, 9", 1, [(4, 6), (8, 10)]),
        ("5, 9", 2, [(3, 11)]),
        ("1-20, 3-4", 0, [(1, 20)]),
        ("1-4, 3-20", 0, [(1, 20)]),
        ("0, 1378", 3, [(0, 3), (1375, 1378)]),
    ],
)
def test_neighbourhoods_that_meet_are_one(text: str, k: int, covered: list[tuple[int, int]]) -> None:
    place = tuple(item.span for item in parse(text).items)
    assert [(west[0], east[0]) for west, east in neighbourhood(place, k)] == covered
