"""What is known of single markers, and what must never be made up about them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border import register
from border.markers import Point, parse
from border.register import Coordinates, MarkerKind, MarkerOwner, Planter


def _point(text: str) -> Point:
    (item,) = parse(text).items
    assert item.end is None
    return item.start


@pytest.mark.parametrize(
    ("marker", "verified"),
    [
        ("0", True),
        ("1378", True),
        ("700", True),
        ("1088/2", True),
        ("1088/3", False),
        ("103(2)", True),
        ("103(3)", False),
        ("700(1)", False),
    ],
)
def test_an_auxiliary_marker_or_post_nobody_named_is_unverified(marker: str, verified: bool) -> None:
    assert register.is_verified(_point(marker)) is verified


@pytest.mark.parametrize(
    ("marker", "kind"),
    [
        ("345", MarkerKind.SINGLE),
        ("103", MarkerKind.DOUBLE),
        ("103(1)", MarkerKind.DOUBLE),
        ("222", MarkerKind.TRIPLE),
        ("1116", None),
        ("700", None),
    ],
)
def test_a_markers_kind_is_what_a_source_says(marker: str, kind: MarkerKind | None) -> None:
    assert register.kind_of(_point(marker)) is kind


@pytest.mark.parametrize(
    ("marker", "planter"),
    [
        ("29", Planter(MarkerOwner.CN, inferred=True)),
        ("234", Planter(MarkerOwner.VN, inferred=True)),
        ("345", Planter(MarkerOwner.CN, inferred=False)),
        ("1116", Planter(MarkerOwner.VN, inferred=False)),
        ("1377", Planter(MarkerOwner.CN, inferred=False)),
        # double and triple markers, posts, auxiliary markers, and markers whose kind nobody saw
        *((marker, None) for marker in ("103", "103(2)", "222", "222(1)", "1088/2", "615", "700", "701", "234(1)", "836(2)")),
    ],
)
def test_a_planter_is_stated_or_follows_from_parity_for_single_main_markers_only(marker: str, planter: Planter | None) -> None:
    assert register.planter_of(_point(marker)) == planter


@given(st.integers(0, 1378), st.none() | st.integers(1, 30), st.none() | st.integers(1, 3))
def test_a_planter_is_never_inferred_where_the_rule_does_not_reach(main: int, aux: int | None, post: int | None) -> None:
    point = Point(main, aux, post)
    planter = register.planter_of(point)
    if planter is not None and planter.inferred:
        assert (aux, post, register.kind_of(point)) == (None, None, MarkerKind.SINGLE)
        assert planter.side is (MarkerOwner.CN if main % 2 else MarkerOwner.VN)


def test_a_bank_is_kept_for_each_post_and_follows_no_rule() -> None:
    banks = {row.point.canonical: row.bank for main in (103, 222, 261) for row in register.rows_of(Point(main))}
    assert banks == {
        "103(1)": MarkerOwner.CN,
        "103(2)": MarkerOwner.VN,
        "222(1)": MarkerOwner.VN,
        "222(2)": MarkerOwner.CN,
        "222(3)": MarkerOwner.CN,
        "261(1)": MarkerOwner.CN,
        "261(2)": MarkerOwner.VN,
    }
    assert register.rows_of(Point(836))[0].bank is None


def test_a_markers_facts_are_those_of_its_source() -> None:
    (row,) = register.rows_of(Point(234))
    assert (row.kind, row.size, row.elevation_m) == (MarkerKind.SINGLE, "small", 1904.58)
    assert row.coordinates is not None
    assert row.coordinates.lat == pytest.approx(22 + 49 / 60 + 54.648 / 3600)
    assert row.coordinates.lon == pytest.approx(104 + 44 / 60 + 3.799 / 3600)
    assert str(register.rows_of(Point(29))[0].planted) == "2008-09-23"


def test_a_distance_needs_the_coordinates_of_both() -> None:
    assert register.distance_m(Point(234), Point(234)) == 0
    assert register.distance_m(Point(234), Point(235)) is None
    assert register.distance_m(Point(700), Point(700)) is None
    assert register.distance_m(Point(234, offset_m=100), Point(234)) is None
    assert register.distance_m(Point(234, offset_m=0), Point(234)) == 0


places = st.builds(Coordinates, st.floats(-90, 90), st.floats(-180, 180))


@given(places, places, places)
def test_distances_are_symmetric_and_shorter_than_any_way_round(a: Coordinates, b: Coordinates, c: Coordinates) -> None:
    assert register.haversine_m(a, b) == pytest.approx(register.haversine_m(b, a), abs=1e-6)
    assert 0 <= register.haversine_m(a, b) <= math.pi * 6_371_009
    assert register.haversine_m(a, c) <= register.haversine_m(a, b) + register.haversine_m(b, c) + 1e-3


def test_a_minute_of_latitude_is_a_nautical_mile() -> None:
    here = Coordinates(22.0, 106.0)
    assert register.haversine_m(here, Coordinates(22.0 + 1 / 60, 106.0)) == pytest.approx(1853, abs=1)
    assert register.haversine_m(here, Coordinates(22.0, 106.0 + 1 / 60)) == pytest.approx(1853 * math.cos(math.radians(22)), abs=1)


def test_what_the_register_knows_on_a_stretch_and_where_it_was_said_to_lie() -> None:
    (stretch,) = parse("1087-1091").items
    assert [row.point.canonical for row in register.known_within(stretch)] == ["1088/2"]
    (anchor,) = register.anchors_of(stretch)
    assert (anchor.place, anchor.district) == ("Tân Thanh", "Văn Lãng")
    (nowhere,) = parse("1300").items
    assert register.anchors_of(nowhere) == register.known_within(nowhere) == ()
