"""The line as a strip, and the address that says which part of it and which incidents a page shows."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border.marker_points import LAST_MAIN
from border.places import Province
from schemas.codebook import Kind, Outcome, Side
from sinks.query.duty_incidents import Acknowledged, DutyClass, Filters
from web.duty.filters import View, read
from web.duty.strip import Lane, Spot, Stretch, Weight, bands, strip

TODAY = date(2026, 11, 27)
stretches = st.tuples(st.integers(0, LAST_MAIN), st.integers(0, LAST_MAIN)).map(lambda ends: Stretch(min(ends), max(ends)))
spots = st.lists(
    st.builds(
        Spot,
        main=st.integers(0, LAST_MAIN),
        side=st.none() | st.sampled_from(Side),
        weight=st.sampled_from(Weight),
        incidents=st.integers(1, 30),
        subject=st.just("inc-1"),
    ),
    max_size=40,
)


@given(stretches)
def test_bands_cover_a_stretch_without_a_gap(stretch: Stretch) -> None:
    end = 0.0
    for band in bands(stretch, TODAY):
        assert band.x == pytest.approx(end, abs=0.05)
        end = band.x + band.width
    assert end == pytest.approx(100, abs=0.05)


def test_a_band_leads_to_the_whole_province() -> None:
    (cao_bang,) = (band for band in bands(Stretch(700, 800), TODAY) if band.province)
    assert (cao_bang.province, cao_bang.stretch) == (Province.CAO_BANG, Stretch(520, 868))


def test_a_merged_province_bears_its_successors_name_from_that_day() -> None:
    at_261 = Stretch(261, 261)
    assert [[band.name for band in bands(at_261, day)] for day in (date(2025, 6, 30), date(2025, 7, 1))] == [["Hà Giang"], ["Tuyên Quang"]]


@given(stretches, spots)
def test_every_incident_of_the_stretch_is_counted_once_and_stands_at_its_markers(stretch: Stretch, given_spots: list[Spot]) -> None:
    drawn = strip(stretch, TODAY, given_spots)
    inside = [spot for spot in given_spots if spot.main in stretch]
    assert sum(mark.incidents for mark in drawn.marks) == sum(spot.incidents for spot in inside)
    for mark in drawn.marks:
        assert 0 <= mark.x <= 100
        assert any(spot.main in mark.stretch for spot in inside)
        assert (mark.subject is not None) == (mark.incidents == 1)


@pytest.mark.parametrize("side", [None, *Side])
def test_an_act_stands_on_the_side_whose_it_was(side: Side | None) -> None:
    (mark,) = strip(Stretch(), TODAY, [Spot(753, side, Weight.BREACH, 1, "inc-1")]).marks
    assert mark.lane is {Side.CN: Lane.ABOVE, Side.VN: Lane.BELOW}.get(side, Lane.ON)  # type: ignore[call-overload]


def test_what_weighs_most_stands_nearest_to_the_line() -> None:
    marks = strip(Stretch(), TODAY, [Spot(753, Side.CN, weight, 2, "inc-1") for weight in Weight]).marks
    assert [mark.weight for mark in marks] == [Weight.FLASH, Weight.BREACH, Weight.NEEDS_FACTS, Weight.OTHER]
    assert [mark.level for mark in marks] == [0, 1, 2, 3]


@given(stretches)
def test_names_of_gates_never_cover_each_other(stretch: Stretch) -> None:
    spans = sorted(
        (tick.x - len(tick.gate.name) * 0.3, tick.x + len(tick.gate.name) * 0.3)
        for tick in strip(stretch, TODAY, []).gates
        if tick.has_room
    )
    assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))


@given(stretches, st.sampled_from([-0.5, 0.5]))
def test_a_stretch_moves_along_the_line_and_not_beyond_it(stretch: Stretch, by: float) -> None:
    moved = stretch.moved(by)
    assert len(moved) == len(stretch)
    assert moved.first >= 0
    assert moved.last <= LAST_MAIN


def test_an_address_says_the_whole_view() -> None:
    filters = Filters(
        province=Province.LANG_SON, side=Side.CN, kind=Kind.SHOOTING, attention=DutyClass.FLASH, outcome=Outcome.BREACH,
        acknowledged=Acknowledged.NO, since=date(2026, 1, 1), until=date(2026, 11, 27), first=962, last=1223,
    )  # fmt: skip
    query = View(filters).query(page=3)
    assert read(dict(pair.split("=") for pair in query.removeprefix("?").split("&"))) == (View(filters, 3), [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("province", "lang"), ("side", "US"), ("kind", "x"), ("class", "x"), ("outcome", "x"), ("acknowledged", "x"), ("since", "hôm nay"),
        ("until", "31/12/2026"), ("from", "-1"), ("to", "1379"), ("from", "١٢"), ("page", "0"),
    ],
)  # fmt: skip
def test_a_part_of_an_address_that_cannot_be_read_is_named_and_left_out(name: str, text: str) -> None:
    view, (problem,) = read({name: text, "side" if name != "side" else "province": "CN" if name != "side" else "lang-son"})
    assert problem.startswith(f"{name}: cần ")
    assert view.filters in (Filters(side=Side.CN), Filters(province=Province.LANG_SON))
