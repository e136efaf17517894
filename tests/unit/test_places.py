"""The tables of places, as tables, and what is looked up in them."""

import itertools
from datetime import date, timedelta

import pytest

from border import places, provinces
from border.data_tables import table
from border.markers import parse
from border.places import Province

MERGED = date(2025, 7, 1)
EVE = MERGED - timedelta(days=1)


def test_the_codes_and_the_table_of_provinces_agree() -> None:
    assert set(places.provinces()) == set(Province)


def test_a_gates_markers_lie_in_its_province() -> None:
    for gate in places.gates().values():
        if gate.markers:
            assert places.province_of_marker(gate.markers, EVE) == gate.province, gate.slug


def test_stretches_rise_from_west_to_east_and_do_not_overlap() -> None:
    stretches = places.marker_ranges()
    for stretch in stretches:
        assert stretch.first <= stretch.last
    for west, east in itertools.pairwise(stretches):
        assert west.last < east.first
    assert stretches[0].first == (0, 0, 0)
    assert stretches[-1].last == (1378, 0, 0)


@pytest.mark.parametrize(
    ("marker", "on", "province"),
    [
        ("1088/2-1089", MERGED, Province.LANG_SON),
        ("753", MERGED, Province.CAO_BANG),
        ("615", EVE, Province.CAO_BANG),
        ("1369+300", MERGED, Province.QUANG_NINH),
        ("1363(2) - 500m", MERGED, Province.QUANG_NINH),
        ("172", EVE, Province.HA_GIANG),
        ("172", MERGED, Province.TUYEN_QUANG),
        ("519/2", EVE, Province.HA_GIANG),
        ("519/2", MERGED, Province.TUYEN_QUANG),
        ("103(2)", MERGED, Province.LAO_CAI),
        ("0", MERGED, Province.DIEN_BIEN),
        ("79", MERGED, Province.LAI_CHAU),
        ("753, 745", MERGED, Province.CAO_BANG),
    ],
)
def test_a_markers_province_is_that_of_the_day(marker: str, on: date, province: Province) -> None:
    assert places.province_of_marker(parse(marker).items, on) is province


@pytest.mark.parametrize("marker", ["16", "80", "900", "961", "1250", "868-962", "519/2-520", "753, 1088", "1378+200m", "1305-200m", ""])
def test_what_lies_in_no_known_province_or_in_several_has_none(marker: str) -> None:
    assert places.province_of_marker(parse(marker).items, MERGED) is None


def test_the_province_of_a_source_is_its_posts() -> None:
    assert places.province_of_source("/posts/tan-thanh/d1", MERGED) is Province.LANG_SON
    assert places.province_of_source("/posts/tra-linh", MERGED) is Province.CAO_BANG
    assert places.province_of_source("/posts/thanh-thuy/d2", EVE) is Province.HA_GIANG
    assert places.province_of_source("/posts/thanh-thuy/d2", MERGED) is Province.TUYEN_QUANG
    assert places.province_of_source("/posts/khong-biet/d1", MERGED) is None
    assert places.province_of_source("/offices/tan-thanh", MERGED) is None


def test_the_province_of_a_gate_is_that_of_the_day() -> None:
    assert places.province_of_gate("xin-man", EVE) is Province.HA_GIANG
    assert places.province_of_gate("xin-man", MERGED) is Province.TUYEN_QUANG
    assert places.province_of_gate("khong-biet", MERGED) is None


def test_people_see_names() -> None:
    assert places.province_name(Province.LANG_SON) == "Lạng Sơn"
    assert places.gates()["tan-thanh"].label == "Tân Thanh - Pò Chài"
    assert places.gates()["na-hinh"].label == "Nà Hình"


@pytest.mark.parametrize("name", ["Lạng Sơn", "lang-son", "LANG SON", "lạng sơn", " Lang-Son "])
def test_a_province_is_known_by_its_name_in_any_spelling(name: str) -> None:
    assert places.known_province(name) is Province.LANG_SON


def test_an_unknown_province_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(ValueError, match=r"không có tỉnh 'Lang Sôn 2'.*gần nhất: Lạng Sơn"):
        places.known_province("Lang Sôn 2")
    with pytest.raises(ValueError, match=r"không có tỉnh 'Kon Tum' trên tuyến$"):
        places.known_province("Kon Tum")


def test_each_province_on_the_line_faces_the_provinces_article_28_names() -> None:
    yunnan, guangxi = ("yunnan",), ("guangxi",)
    faced = {
        Province.DIEN_BIEN: yunnan,
        Province.LAI_CHAU: yunnan,
        Province.LAO_CAI: yunnan,
        Province.HA_GIANG: yunnan + guangxi,
        Province.CAO_BANG: guangxi,
        Province.LANG_SON: guangxi,
        Province.QUANG_NINH: guangxi,
        Province.TUYEN_QUANG: (),
        Province.QUANG_NGAI: (),
    }
    assert {province: tuple(each.slug for each in provinces.counterparts(province, EVE)) for province in Province} == faced
    after = faced | {Province.HA_GIANG: (), Province.TUYEN_QUANG: yunnan + guangxi}
    assert {province: tuple(each.slug for each in provinces.counterparts(province, MERGED)) for province in Province} == after


def test_the_mergers_of_2025_have_successors() -> None:
    merged = {(each.name, each.successor) for each in provinces.successions() if each.kind == "province" and each.on == MERGED}
    assert merged == {("Hà Giang", "Tuyên Quang"), ("Tuyên Quang", "Tuyên Quang"), ("Yên Bái", "Lào Cai"), ("Lào Cai", "Lào Cai")}
    for row in table("successions.csv"):
        assert not row["successor_slug"] or provinces.province_name(Province(row["successor_slug"])) == row["successor"]
    bodies = {each.name: each.successor for each in provinces.successions() if each.kind == "body"}
    assert bodies == {"Bộ Chỉ huy Bộ đội Biên phòng tỉnh": "Ban Chỉ huy Bộ đội Biên phòng"}
    for province, row in provinces.provinces().items():
        assert (row.successor is None) == (row.valid_to is None), province


def test_what_is_opposite_ha_giang_is_opposite_its_successor() -> None:
    assert provinces.opposite_units(Province.TUYEN_QUANG) == provinces.opposite_units(Province.HA_GIANG) != ()
    assert {each.slug for each in provinces.opposite_units(Province.CAO_BANG)} >= {"na-po", "tinh-tay", "dai-tan", "long-chau"}
    slugs = {each.slug for province in Province for each in provinces.opposite_units(province)} | {"yunnan", "guangxi"}
    assert all(each.parent in slugs for province in Province for each in provinces.opposite_units(province))


def test_the_open_ends_between_provinces_stay_open() -> None:
    open_mains = [main for main in range(1379) if places.province_of_marker(parse(str(main)).items, EVE) is None]
    assert open_mains == [*range(1, 17), *range(80, 87), *range(869, 962), *range(1224, 1305)]
