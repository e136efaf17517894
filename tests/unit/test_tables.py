"""The tables of the register, as tables: rows, sources, validity, slugs, and what one table says of another."""

import re
import unicodedata
from datetime import date
from importlib import resources

import pytest

from border.data_tables import UNVERIFIED, items, references, table
from border.gates import GateClass
from border.marker_points import LAST_MAIN
from border.markers import Item, parse
from border.places import province_of_marker
from border.provinces import Province
from border.register import MarkerKind, MarkerOwner, is_verified, lines

TABLES = sorted(entry.name for entry in resources.files("border").joinpath("data").iterdir() if entry.name.endswith(".csv"))
"""All of them, also those somebody adds."""


def _slug(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower().replace("đ", "d")) if not unicodedata.combining(c))
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_when_it_holds(name: str) -> None:
    rows = table(name)
    assert rows
    for row in rows:
        assert None not in row, "a row with too many cells"
        assert None not in row.values(), "a row with too few cells"
        assert row["source"], row
        dates = [date.fromisoformat(row[column]) for column in ("valid_from", "valid_to") if row[column]]
        assert dates == sorted(set(dates))
        assert all(unicodedata.is_normalized("NFC", cell) and cell == cell.strip() for cell in row.values())
        assert not re.search(r"/work|/tmp|/home", "".join(row.values()))


@pytest.mark.parametrize("name", TABLES)
def test_every_source_says_how_it_was_seen(name: str) -> None:
    for row in table(name):
        for reference in references(row["source"]):
            assert reference == UNVERIFIED or re.match(r"\[[SVLI]\] \S", reference), row
            if reference.startswith("[V] "):
                assert "://" in reference or re.search("address|addresses|named in published|vocabulary", reference), row


def test_the_tables_are_found() -> None:
    assert {"gates.csv", "markers.csv", "offices.csv", "posts.csv", "provinces.csv"} <= set(TABLES)


@pytest.mark.parametrize("name", ["provinces.csv", "gates.csv", "posts.csv"])
def test_slugs_are_unique_and_the_plain_letters_of_the_name(name: str) -> None:
    rows = table(name)
    assert len({row["slug"] for row in rows}) == len(rows)
    for row in rows:
        assert row["slug"] == _slug(row["name"])


def test_offices_have_the_slug_of_their_name_and_one_speaks_for_the_whole_line() -> None:
    rows = table("offices.csv")
    assert len({row["slug"] for row in rows}) == len(rows)
    (line,) = [row for row in rows if not row["province"]]
    assert line["slug"] == "uy-ban-bien-gioi"
    assert all(row["slug"] == _slug(row["name"]) for row in rows if row is not line)
    assert {row["slug"] for row in rows} >= {f"so-ngoai-vu-{province}" for province in Province}


def test_every_row_names_a_known_province_gate_and_class() -> None:
    gates = {row["slug"] for row in table("gates.csv")}
    for name in TABLES:
        for row in table(name):
            assert row.get("province") in {None, *Province} or row["slug"] == "uy-ban-bien-gioi", row
            assert not row.get("parent") or name != "gates.csv" or row["parent"] in gates - {row["slug"]}
            assert not row.get("class") or row["class"] in set(GateClass)
    for name in ("gate_history.csv", "gate_names.csv"):
        assert {row["slug"] for row in table(name)} <= gates
    assert {row["slug"] for row in table("gate_history.csv")} == gates, "every gate has a class at some time"


def test_every_marker_named_anywhere_is_one_and_known_to_the_register() -> None:
    cells = [(name, row[column]) for name in TABLES for row in table(name) for column in ("marker", "markers") if row.get(column)]
    ranges = [("marker_ranges.csv", row[column]) for row in table("marker_ranges.csv") for column in ("first", "last")]
    assert len(cells) > 50
    for name, cell in [*cells, *ranges]:
        for item in items(cell):
            for point in (item.start, item.end or item.start):
                assert is_verified(point), f"{name}: {point.canonical} has no row in markers.csv"


def test_the_rows_of_a_marker_agree_with_one_another() -> None:
    rows = table("markers.csv")
    assert len({row["marker"] for row in rows}) == len(rows)
    posts: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        (item,) = parse(row["marker"]).items
        assert (item.end, item.canonical) == (None, row["marker"])
        assert row["line"] in lines()
        assert row["kind"] in {"", *MarkerKind}
        assert row["size"] in {"", "large", "medium", "small"}
        assert {row["bank"], row["planted_by"]} <= {"", *MarkerOwner}
        assert not row["planted"] or date(1999, 12, 30) < date.fromisoformat(row["planted"]) < date(2010, 1, 1)
        assert not row["elevation_m"] or 0 < float(row["elevation_m"]) < 3200
        assert bool(row["lat"]) == bool(row["lon"])
        posts.setdefault(row["marker"].split("(")[0], []).append(row)
    for same in posts.values():
        assert len({row["kind"] for row in same}) == 1
        expected = {"single": 1, "double": 2, "triple": 3}.get(same[0]["kind"])
        assert expected in (None, len(same))
    assert posts["103"][0]["bank"] == posts["261"][0]["bank"] == "CN"
    assert [row["bank"] for row in posts["222"]] == ["VN", "CN", "CN"]


def test_the_line_runs_as_far_as_the_numbers() -> None:
    (line,) = lines().values()
    assert (line.slug, line.first, line.last) == ("VN-CN", 0, LAST_MAIN)
    (row,) = table("lines.csv")
    assert float(row["land_km"]) + float(row["water_km"]) == pytest.approx(line.length_km)


def test_anchors_rise_and_lie_in_their_province_until_the_districts_end() -> None:
    last: dict[str, Item] = {}
    for row in table("anchors.csv"):
        markers = items(row["markers"])
        assert province_of_marker(markers, date(2025, 6, 30)) == row["province"]
        assert row["valid_to"] == "2025-07-01"
        if row["province"] in last:
            assert last[row["province"]].span < markers[0].span
        last[row["province"]] = markers[-1]
