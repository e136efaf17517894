"""Markers at the edges of what there is: each number's last value is read, the next is not. Every test here is about one mutant of the parser."""

import pytest

from border import markers
from border.marker_clean import read_clean
from border.marker_points import MAX_OFFSET_M
from border.marker_relations import neighbourhood
from border.marker_text import Unclear, read
from border.marker_words import plain
from border.markers import parse, relate


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


def test_the_greatest_distance_from_a_mark_is_the_one_that_is_named() -> None:
    assert parse(f"5+{MAX_OFFSET_M}m").review is None
    assert parse(f"5+{MAX_OFFSET_M + 1}m").review is not None


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
        ("17(1), 18(1),(2)", "17(1), 18(1), 18(2)"),
        ("mốc 753, 17", "753, 17"),
        ("mốc 5, 5 người", "5"),
        ("mốc 5, 100, 20 người", "5, 100"),
        ("mốc 1, 234", "1, 234"),
        ("mốc 2,345", "2, 345"),
        ("mốc 5, 100 sạt lở", "5, 100"),
        ("mốc 753, 545/2", "753, 545/2"),
        ("mốc 753, 100/2", "753, 100/2"),
        ("mốc 5, 12/3", "5, 12/3"),
        ("753, 12/3", "753, 12/3"),
        ("mốc 32 tháng 12", "32"),
        ("mốc 20, mốc 745 tháng 12", "20, 745"),
        ("mốc 17; (2) tiếp tục tuần tra", "17"),
        ("mốc 17(1) + 20m; (2) tiếp tục tuần tra", "17(1)+20m"),
        ("mốc 17(1)-18(1); (2) tiếp tục tuần tra", "17(1)-18(1)"),
        ("súng M16 và mốc 5", "5"),
        (f"mốc 5, súng{' ' * 100}M16", "5"),
    ],
)
def test_a_list_takes_what_is_a_marker_and_leaves_what_is_not(text: str, canonical: str) -> None:
    assert parse(text).canonical == canonical
    assert parse(text).review is None


@pytest.mark.parametrize(
    "text",
    [
        "mốc 1,234",
        "mốc 1-2-3",
        "mốc 745, 30 tháng 4",
        "giữa mốc 1 và 2 và 3",
        "803-804-805",
        "803-804-803",
        "mốc 5, 7 đi",
        "mốc 5, 99 sạt lở",
    ],
)
def test_what_may_be_two_things_is_never_read(text: str) -> None:
    with pytest.raises(Unclear):
        read(text)


@pytest.mark.parametrize(("a", "b"), [("1, 10", "5"), ("5", "1, 10"), ("1-2, 10-11", "5-6"), ("5-6", "1-2, 10-11"), ("1, 10", "5, 20")])
def test_lists_that_interleave_lie_neither_before_nor_after(a: str, b: str) -> None:
    with pytest.raises(ValueError, match="xen kẽ"):
        relate(a, b)


@pytest.mark.parametrize(
    ("a", "b", "between"),
    [("1, 3", "7, 9", 3), ("1-2, 3-4", "7-8, 9-10", 2), ("1-3", "4-5", 0), ("5-1m", "7+1m", 3), ("5", "5+1m", 0), ("5-2m", "5-1m", 0)],
)
def test_places_apart_lie_before_and_after(a: str, b: str, between: int) -> None:
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
        ("1088/2 và mốc 1089 phát hiện 3 người", "số 1088 đứng trước chữ mốc"),
        ("mốc 753, Trà Lĩnh, 754", "không rõ 754 có phải mốc không"),
        ("mốc 1,234", "1,234 là một số hay hai mốc"),
        ("mốc 753, 12/3", "12/3 là mốc hay ngày tháng"),
        ("mốc 753, 12/2021", "12/2021 là mốc hay ngày tháng"),
        ("mốc 753, 99/1", "99/1 là mốc hay ngày tháng"),
        ("mốc 745, 30 tháng 4", "30 là mốc hay ngày tháng"),
        ("mốc 31 tháng 12", "có thể là số lượng"),
        ("mốc 745, mốc 20 tháng 12", "có thể là số lượng"),
        ("", "chưa ghi mốc"),
    ],
)
def test_the_reason_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(Unclear, match=reason):
        read(text)


LONG = "4" * 25


@pytest.mark.parametrize(
    "text", [LONG, f"5/{LONG}", f"5({LONG})", f"5 + {LONG}m", f"17(1),({LONG})", f"mốc 5, {LONG} đi", f"mốc 5, {LONG} tháng 4"]
)
def test_a_reason_shows_twenty_digits_at_most(text: str) -> None:
    with pytest.raises(Unclear, match=r"(?<!4)4{20}(?!4)"):
        read(text)


def test_a_reason_shows_twenty_letters_at_most() -> None:
    with pytest.raises(Unclear, match=f"“{'x' * 20}”"):
        read(f"mốc 5{'x' * 25}")


@pytest.mark.parametrize("text", ["mốc 5 đến mốc 5/1", "mốc 5 đến mốc 5 + 1m", "mốc 5 - 1m đến mốc 5", "mốc 5/1 đến mốc 5/1 + 1m"])
def test_the_shortest_section_is_one(text: str) -> None:
    (section,) = read(text)
    assert section.end is not None


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
        ("1, 5-7, 6-8", 0, [(1, 1), (5, 8)]),
        ("1, 5-9, 6-7", 0, [(1, 1), (5, 9)]),
        ("0, 1378", 3, [(0, 3), (1375, 1378)]),
    ],
)
def test_neighbourhoods_that_meet_are_one(text: str, k: int, covered: list[tuple[int, int]]) -> None:
    place = tuple(item.span for item in parse(text).items)
    assert [(west[0], east[0]) for west, east in neighbourhood(place, k)] == covered


@pytest.mark.parametrize(
    ("text", "around"),
    [("5/1", "5-6"), ("5 + 1m", "5-6"), ("5 - 1m", "4-5"), ("5", "4-6"), ("1377/30", "1377-1378"), ("0 + 1m", "0-1")],
)
def test_the_nearest_main_mark_is_the_next_one_along_the_line(text: str, around: str) -> None:
    assert markers.neighbourhood(text, 1) == around


@pytest.mark.parametrize("unseen", ["\u200b", "\u200f", "\u2060", "\ufeff"])
def test_unseen_characters_are_no_part_of_a_number(unseen: str) -> None:
    assert parse(f"mốc 108{unseen}8/{unseen}2").canonical == "1088/2"


@pytest.mark.parametrize("blank", ["\u00a0", "\u200a", "\u202f", "\u205f", "\u3000"])
def test_a_blank_of_any_width_parts_two_numbers(blank: str) -> None:
    assert parse(f"mốc 1{blank}088").review is not None
    assert parse(f"mốc{blank}1088{blank}/{blank}2").canonical == "1088/2"


@pytest.mark.parametrize("dash", "‐‑‒–—―−→")
def test_every_dash_is_a_hyphen(dash: str) -> None:
    assert parse(f"mốc 5{dash}6").canonical == "5-6"


def test_the_full_width_signs_and_no_others_are_narrow() -> None:
    for code in range(0x21, 0x7F):
        assert plain(f"a{chr(0xFEE0 + code)}") == f"a{chr(code)}"
    for beside in "\uff00\uff5f":
        assert plain(f"a{beside}a") == f"a{beside}a"


def test_a_reading_is_shared_and_nobody_changes_it() -> None:
    parsed = parse("mốc 5")
    assert parse("mốc 5") is parsed
    with pytest.raises(AttributeError):
        parsed.canonical = "6"  # type: ignore[misc]
