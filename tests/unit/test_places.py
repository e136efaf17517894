"""The tables of places, as tables, and what is looked up in them."""

import itertools
import re
import unicodedata
from datetime import date, timedelta

import pytest

from schemas import places
from schemas.markers import parse
from schemas.places import Province

TABLES = ("provinces.csv", "marker_ranges.csv", "gates.csv", "posts.csv")
MERGED = date(2025, 7, 1)
EVE = MERGED - timedelta(days=1)


def _slug(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower().replace("đ", "d")) if not unicodedata.combining(c))
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_when_it_holds(name: str) -> None:
    rows = places.table(name)
    assert rows
    for row in rows:
        assert None not in row, "a row with too many cells"
        assert None not in row.values(), "a row with too few cells"
        assert row["source"], row
        dates = [date.fromisoformat(row[column]) for column in ("valid_from", "valid_to") if row[column]]
        assert dates == sorted(dates)
        assert all(unicodedata.is_normalized("NFC", cell) for cell in row.values())


@pytest.mark.parametrize("name", ["provinces.csv", "gates.csv", "posts.csv"])
def test_slugs_are_unique_and_the_plain_letters_of_the_name(name: str) -> None:
    rows = places.table(name)
    assert len({row["slug"] for row in rows}) == len(rows)
    for row in rows:
        assert row["slug"] == _slug(row["name"])


def test_the_codes_and_the_table_of_provinces_agree() -> None:
    assert set(places.provinces()) == set(Province)


def test_every_gate_post_and_stretch_has_a_known_province_and_parent() -> None:
    for gate in places.gates().values():
        assert places.province_on(gate.province, EVE) in Province
        assert gate.parent is None or gate.parent in places.gates()
        assert re.fullmatch(r"[\u4e00-\u9fff]*", gate.chinese)
    assert {row["class"] for row in places.table("gates.csv")} <= {
        *("international", "main", "bilateral", "planned", "clearance_route", "cargo_road", "opening")
    }
    assert all(post.province in Province for post in places.posts().values())


def test_the_thirteen_pairs_to_be_opened_are_all_there() -> None:
    pairs = "a-pa-chai u-ma-tu-khoang muong-khuong xin-man pho-bang sam-pun soc-giang po-peo ly-van ha-lang binh-nghi chi-ma hoanh-mo"
    assert set(pairs.split()) <= set(places.gates())


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


def test_an_unknown_gate_is_refused_with_the_nearest_ones() -> None:
    assert places.known_gate("tan-thanh") == "tan-thanh"
    with pytest.raises(ValueError, match=r"không có cửa khẩu.*tan-than.*gần nhất: tan-thanh"):
        places.known_gate("tan-than")


def test_people_see_names() -> None:
    assert places.province_name(Province.LANG_SON) == "Lạng Sơn"
    assert places.gates()["tan-thanh"].label == "Tân Thanh - Pò Chài"
    assert places.gates()["na-hinh"].label == "Nà Hình"
