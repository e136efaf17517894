"""The algebra of places on the line, by its laws."""

import functools

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from border import markers
from border.marker_clean import read_clean
from border.marker_text import read
from border.markers import Item, Point, Relation, parse, relate
from tests.marker_places import items, lists

clean_texts = st.lists(items, min_size=1, max_size=4).map(lambda some: ", ".join(item.canonical for item in some)) | st.text(
    alphabet="0123456789/()-+, mMố c", max_size=24
)


@given(clean_texts, st.sampled_from(["", "M", "mốc ", "Mốc ", "cột mốc ", "khu vực mốc "]), st.sampled_from(["", " - ", "-", ", ", " +"]))
@example("12", "", "-")
@example("753, 12/3", "mốc ", "")
@example("1,234", "", "")
def test_the_quick_reading_says_what_the_close_one_says_or_nothing(text: str, word: str, end: str) -> None:
    text = f"{word}{text}{end}"
    quick = read_clean(text)
    assume(quick is not None)
    assert quick == tuple(read(text))


@pytest.mark.parametrize(
    "text",
    ["753", "1088/2", "M834/1-835", "mốc 1088/2 - 1089", "1363(2) - 500m", "1369 +300", "mốc 217 + 367m", "556/1-556/2, 560-561, 836(2)"],
)
def test_what_most_posts_write_is_read_quickly(text: str) -> None:
    assert read_clean(text) == parse(text).items


@given(items, items, items)
def test_the_order_of_places_is_total_antisymmetric_transitive_and_ignores_posts(a: Item, b: Item, c: Item) -> None:
    assert markers.order(a, b) == -markers.order(b, a)
    assert (markers.order(a, b) == 0) == (relate(a.canonical, b.canonical).relation is Relation.SAME)
    if markers.order(a, b) <= 0 and markers.order(b, c) <= 0:
        assert markers.order(a, c) <= 0
    assert sorted([a, b, c], key=lambda item: item.span) == sorted([a, b, c], key=functools.cmp_to_key(markers.order))
    posts = [Item(Point(a.start.main, a.start.aux, post, a.start.offset_m), a.end) for post in (None, 1, 2)]
    assert {markers.order(x, y) for x in posts for y in posts} == {0}


@given(lists, lists)
def test_meeting_overlapping_touching_and_the_gap_are_the_same_from_both_sides(a: str, b: str) -> None:
    for law in (markers.overlaps, markers.touches, markers.gap):
        assert law(a, b) == law(b, a)
    assert not (markers.overlaps(a, b) and markers.touches(a, b))
    assert markers.gap(a, b) == 0 or not (markers.overlaps(a, b) or markers.touches(a, b))


@given(lists, lists, lists)
def test_containing_is_reflexive_antisymmetric_and_transitive(a: str, b: str, c: str) -> None:
    assert markers.contains(a, a)
    if markers.contains(a, b) and markers.contains(b, a):
        assert relate(a, b) == (Relation.SAME, 0)
    if markers.contains(a, b) and markers.contains(b, c):
        assert markers.contains(a, c)
    if markers.contains(a, b):
        assert markers.overlaps(a, b)


@given(lists, lists)
def test_the_predicates_say_what_the_relation_says(a: str, b: str) -> None:
    try:
        related = relate(a, b)
    except ValueError:
        assert not any(law(a, b) or law(b, a) for law in (markers.contains, markers.overlaps, markers.touches))
        return
    assert markers.contains(a, b) == (related.relation in (Relation.SAME, Relation.CONTAINS))
    assert markers.overlaps(a, b) == (related.relation in (Relation.SAME, Relation.CONTAINS, Relation.WITHIN, Relation.OVERLAPS))
    assert markers.touches(a, b) == (related.relation is Relation.TOUCHES)
    assert markers.gap(a, b) == related.gap


@given(lists, lists, st.integers(0, 6))
def test_being_within_some_markers_is_symmetric_monotone_and_what_the_neighbourhood_meets(a: str, b: str, k: int) -> None:
    near = markers.within(a, b, k)
    assert near == markers.within(b, a, k)
    assert not near or markers.within(a, b, k + 1)
    around = markers.neighbourhood(a, k)
    assert near == (markers.overlaps(around, b) or markers.touches(around, b))
    assert markers.contains(around, a)
    assert markers.contains(markers.neighbourhood(a, k + 1), around)


@pytest.mark.parametrize(
    ("text", "k", "around"),
    [
        ("561", 0, "561"),
        ("561", 1, "560-562"),
        ("1088/2", 1, "1088-1089"),
        ("1088/2-1089", 2, "1087-1091"),
        ("0", 2, "0-2"),
        ("1378", 1, "1377-1378"),
        ("1378+200m", 1, "1378-1378+200m"),
        ("217+367m", 1, "217-218"),
        ("217-367m", 1, "216-217"),
        ("560, 563", 1, "559-561, 562-564"),
    ],
)
def test_the_neighbourhood_of_a_place(text: str, k: int, around: str) -> None:
    assert markers.neighbourhood(text, k) == around


@given(st.lists(items, min_size=1, max_size=4, unique=True))
def test_a_normal_form_stays_as_it_is(wanted: list[Item]) -> None:
    text = markers.canonical(wanted)
    assert markers.normalise(text) == text
    assert markers.normalise(text.replace("-", "–")) == text


def test_an_unclear_text_has_no_normal_form() -> None:
    assert markers.normalise("khu vực mốc 1088/2 – 1089 và 1091") == "1088/2-1089, 1091"
    with pytest.raises(ValueError, match="2001"):
        markers.normalise("từ mốc 200 đến 2001")
