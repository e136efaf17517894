"""Markers: the grammar of `design.md` section 5, and what must never be read wrongly in silence."""

import json
import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from border.marker_points import LAST_MAIN
from border.markers import Item, Parsed, Point, Relation, as_json, parse, relate
from tests.marker_places import items, points

READ = {
    # the seeds
    "M834/1-835": "834/1-835",
    "556/1-556/2": "556/1-556/2",
    "836(2)": "836(2)",
    "1088/2 - 1089": "1088/2-1089",
    "khu vực mốc 556/1-556/2, 560-561, 836(2)": "556/1-556/2, 560-561, 836(2)",
    "mốc 1088/2-1089 thuộc cửa khẩu quốc tế Hữu Nghị - Hữu Nghị Quan": "1088/2-1089",
    "hoàn thành sửa chữa nhẹ cột mốc 615; Báo cáo và trình phê chuẩn": "615",
    "khu vực mốc 853-854 (huyện Hạ Lang); ý kiến đối với nội dung": "853-854",
    "đấu nối giao thông tại M834/1; tiếp tục triển khai": "834/1",
    # published forms
    "Mốc 803-804-677": "803-804, 677",
    "1363(2) - 500m": "1363(2)-500m",
    "1369 +300": "1369+300m",
    "1364+400": "1364+400m",
    "1364+050": "1364+50m",
    "mốc 217 + 367m": "217+367m",
    "217 + 367m → 217 + 427m": "217+367m-217+427m",
    "từ mốc 217 + 367m đến mốc 217 + 427m": "217+367m-217+427m",
    "giữa mốc 723 và 724": "723-724",
    "giữa mốc 723 và mốc 724": "723-724",
    "nằm giữa các mốc 723 và 724, xã Tri Phương": "723-724",
    "từ mốc 730 đến mốc 734": "730-734",
    "từ mốc 730 (Trà Lĩnh) đến cột mốc số 734": "730-734",
    "mốc 785, 786, 794, 795, 801 và 802": "785, 786, 794, 795, 801, 802",
    "mốc 1106, Cốc Nam, xã Hoàng Văn Thụ": "1106",
    "cách Mốc 728/1 khoảng 200m": "728/1",
    "mốc 1116 (VN), 1117 (CN)": "1116, 1117",
    "17(1),(2),(3)": "17(1), 17(2), 17(3)",
    "mốc 103(1) và (2)": "103(1), 103(2)",
    "mốc 745, 746, 753; 545; 553": "745, 746, 753, 545, 553",
    "thu dung 170 công dân qua các mốc 745, 746 và 753; 04 phụ nữ tại mốc 545; 08 người tại mốc 553": "745, 746, 753, 545, 553",
    "lúc 18h ngày 28/12/2025, tại mốc 1106, phát hiện 04 đối tượng (01 nam, 03 nữ)": "1106",
    "mốc 753 phát hiện 09 người": "753",
    "mốc 753, 09 người, 02 xe": "753",
    "mốc 753, 17 người": "753",
    "mốc 753, 02h30 ngày 11/3/2021": "753",
    "mốc 753 đến 18h cùng ngày": "753",
    "mốc 753 ngày 11/3/2021": "753",
    "mốc 745, 746 năm 2021": "745, 746",
    "mốc 785 và 786 sạt lở": "785, 786",
    "mốc 1023, thôn 1 Đào Viên, Tràng Định": "1023",
    "mốc 1106, đưa về đồn; kiểm tra lại mốc 1106": "1106",
    # writing
    "753": "753",
    " 1088 / 2 ": "1088/2",
    "từ 730 đến 734": "730-734",
    "0": "0",
    "1378": "1378",
    "１０８８／２－１０８９": "1088/2-1089",
    "1088/2–1089": "1088/2-1089",
    "1088/2—1089": "1088/2-1089",
    "1088/2−1089": "1088/2-1089",
    "1088/2‑1089": "1088/2-1089",
    "mốc\u00a01088/2\u00a0-\u00a01089": "1088/2-1089",
    "MỐC QUỐC GIỚI SỐ 1116 (1)": "1116(1)",
    "mốc quốc giới 1116": "1116",
    "mốc giới số 1116": "1116",
    "cột mốc biên giới số 1116": "1116",
    "mốc số: 753": "753",
    "M.834/1": "834/1",
    "MG 834": "834",
    "m834/1": "834/1",
    "M 834/1, M 835": "834/1, 835",
    # lists of sections, and names of places behind a number alone
    "753; giữa 723 và 724; 727": "753, 723-724, 727",
    "753; từ 730 đến 734; 737": "753, 730-734, 737",
    "giữa 723 và 724; giữa mốc 737 và mốc 742": "723-724, 737-742",
    "các đoạn mốc 730-734, giữa mốc 737 và 742, mốc 745": "730-734, 737-742, 745",
    "1364+400, Lục Phủ, Bắc Sơn": "1364+400m",
    "1364+400 (Lục Phủ)": "1364+400m",
    "753, xã Quang Hán, huyện Trùng Khánh": "753",
    "834/1-835, Đàm Thủy": "834/1-835",
    "từ mốc 730 \u00f0ến mốc 734": "730-734",
    # villages, dates and other numbers beside markers
    "bắt tại mốc 1363(2) 02 người bản Mốc 12": "1363(2)",
    "hộ dân bản Mốc 12 tại khu vực mốc 1265": "1265",
    "01 người trú tại Mốc 13, xã Quảng Đức, bị bắt tại mốc 1345": "1345",
    "biên bản mốc 753": "753",
    "xóm Mốc 4 và mốc 1345": "1345",
    "mốc số 1 đến số 5": "1-5",
    "tại mốc 218, xong trước mốc 31/12": "218",
    "mốc 0, ngã ba biên giới Việt Nam - Lào - Trung Quốc": "0",
    "moc 753": "753",
}

UNCLEAR = (
    "", " \n", "Trà Lĩnh", "số 753", "753 Trà Lĩnh", "đồn 753", "mốc thời gian 30/6", "１０８８２", "²",
    "1379", "mốc 2000", "9" * 5_000, "từ mốc 200 đến 2001", "0088", "mốc 08", "1088/0", "1088/02", "836(4)", "836(0)", "836²",
    "mốc 753a",
    "1089-1088/2", "1088/3-1088/1", "1088-1088", "836(1)-836(2)", "1088-89", "834/1-5", "giữa mốc 724 và 723",
    "560-561-562", "803-805-804", "803-804-677-678", "mốc 753 hoặc 754", "mốc 753?", "560~561", "103(1) / 103(2)", "mốc 103 (1,2)",
    "mốc 12/3/2021", "mốc 12/2021", "mốc 1116/1117", "mốc 30 tháng 6", "mốc 753 (2021)", "mốc 19 và 20 tháng 12",
    "1.088", "mốc 1.088/2", "1,116", "mốc 1 088", "mốc 1:50000",
    "1369+30000", "mốc 217 + 367,5m", "mốc 217 + 0,3km", "mốc 217 + 3 km", "mốc 217 +", "mốc 753 200m", "mốc 753m",
    "mốc 3 vụ", "cắm mốc 10 năm", "tổng số mốc 27", "mốc 12 đến 15 người",
    "giữa mốc 723", "giữa mốc 723, 724", "giữa mốc 723 và 724, 725 và 726", "mốc 730 xã Tri Phương đến mốc 734",
    "bê tông M200", "khẩu M16",
    "Bản Mốc 13, xã Quảng Đức", "bản mốc 12", "thôn Mốc 4", "xóm Mốc 3", "làng Mốc 2", "khu Mốc 1", "đội Mốc 5", "tổ dân phố mốc 3", "ban moc 13", "thon Moc 4",
    "Km82+600, Quốc lộ 18C thuộc Bản Mốc 13", "753 và bản Mốc 13", "trước mốc 31/12", "sau mốc 30/6", "đạt mốc 1000", "mốc 100 tỷ", "mốc son 1945",
    "mốc 396, biên giới Việt Nam - Lào", "mốc số 2 tuyến biên giới Việt Nam – Lào", "mốc 171 biên giới Việt Nam - Campuchia", "biên giới với Lào, mốc 29",
    "12/3, Trà Lĩnh", "2, Lục Phủ", "753, phát hiện", "mốc 753 hoặc 754",
)  # fmt: skip

PARTLY = {
    "mốc 753, 1379, 755": ("753, 755", "1379"),
    "1379, 753": ("753", "1379"),
    "mốc 5/31, 6, 7": ("6, 7", "5/31"),
    "17(1),(4),(3)": ("17(1), 17(3)", "17\\(4\\)"),
    "mốc 200 đến 2001, 205": ("205", "2001"),
    "mốc 753, 742-741, 760-761": ("753, 760-761", "742 đến 741"),
    "mốc 753, 756 người": ("753", "756"),
    "mốc 753, 27 thanh niên": ("753", "27"),
    "mốc 753, Trà Lĩnh, 754": ("753", "754"),
    "mốc 1106, 28/12 bắt": ("1106", "28/12"),
    "1088 và mốc 1089 phát hiện 3 người": ("1089", "1088"),
    "mốc 753 hoặc 754; mốc 760": ("760", "hai khả năng"),
    "tại mốc 753a, tại mốc 754": ("754", "sau số mốc"),
    "giữa mốc 723, mốc 727": ("727", "giữa"),
}
"""What is clear, and words of the reason for what is not."""


@pytest.mark.parametrize(("text", "canonical"), READ.items())
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_people_write_is_read(text: str, canonical: str, form: str) -> None:
    parsed = parse(unicodedata.normalize(form, text))
    assert (parsed.canonical, parsed.review) == (canonical, None)


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_could_be_read_wrongly_is_left_to_a_person(text: str) -> None:
    parsed = parse(text)
    assert parsed.review
    assert parsed == Parsed(text, (), "", parsed.review)


@pytest.mark.parametrize(("text", "canonical", "reason"), [(text, *wanted) for text, wanted in PARTLY.items()])
def test_what_is_unclear_hides_no_other(text: str, canonical: str, reason: str) -> None:
    parsed = parse(text)
    assert parsed.canonical == canonical
    assert re.search(reason, parsed.review or "")
    with pytest.raises(ValueError, match=re.escape(str(parsed.review))):
        relate(text, "560")


def test_a_village_is_named_as_one() -> None:
    assert parse("Bản Mốc 13, xã Quảng Đức").review == "Mốc 13 là tên bản, thôn, không phải số mốc"


@given(st.lists(items, min_size=1, max_size=6, unique=True))
def test_what_is_printed_is_read_back_the_same(wanted: list[Item]) -> None:
    parsed = parse(", ".join(item.canonical for item in wanted))
    assert parsed.review is None
    assert list(parsed.items) == wanted


@given(items)
def test_a_marker_word_changes_nothing(item: Item) -> None:
    assert parse(f"mốc {item.canonical}").items == parse(f"tại khu vực mốc {item.canonical}, xã Tri Phương").items == (item,)


@given(st.text() | st.text(alphabet="mốcMG0123456789/()-+,;. vàđếntừgiữahoặc người\u00a0–", max_size=60))
@example("mốc 1 (" * 3_000)
@example("mốc 1," * 3_000)
@example("1-" * 9_000)
def test_any_text_is_either_read_or_left_to_a_person(text: str) -> None:
    parsed = parse(text)
    assert parsed.review or parsed.items
    if parsed.items:
        assert parse(parsed.canonical).items == parsed.items
        for item in parsed.items:
            start, end = item.span
            assert 0 <= item.start.main <= LAST_MAIN
            assert item.end is None or start < end


@given(st.integers(0, 9_999), st.sampled_from(["người", "vụ", "đối tượng", "kg", "xe", "lượt phương tiện", "công dân"]))
def test_a_count_after_a_place_is_never_a_marker(number: int, unit: str) -> None:
    assert parse(f"mốc 753 phát hiện {number} {unit}").canonical == "753"
    assert parse(f"mốc 1378, {number} {unit}").canonical in ("1378", "")


@pytest.mark.parametrize(
    ("a", "b", "relation", "gap"),
    [
        ("836(1)", "836(2)", "same", 0),
        ("mốc 560", "M560", "same", 0),
        ("560", "560-561", "within", 0),
        ("561", "560-561", "within", 0),
        ("560/1", "560-561", "within", 0),
        ("1088/2-1089", "1088-1090", "within", 0),
        ("560-561", "561-562", "touches", 0),
        ("560-562", "561-563", "overlaps", 0),
        ("560", "561", "before", 0),
        ("560", "562", "before", 1),
        ("560", "561/1", "before", 1),
        ("560/1", "562", "before", 1),
        ("558", "561-500m", "before", 2),
        ("560-500m", "561", "before", 1),
        ("0", "1378", "before", 1377),
        ("217+367m", "217+427m", "before", 0),
        ("560-561, 836(2)", "560-561", "contains", 0),
        ("560-561, 836", "836, 900", "overlaps", 0),
        ("560-561, 561-562", "560-562", "same", 0),
    ],
)
def test_places_are_related(a: str, b: str, relation: str, gap: int) -> None:
    mirrored = {"within": "contains", "contains": "within", "before": "after", "after": "before"}
    assert relate(a, b) == (Relation(relation), gap)
    assert relate(b, a) == (Relation(mirrored.get(relation, relation)), gap)


MIRROR = {
    Relation.CONTAINS: Relation.WITHIN,
    Relation.WITHIN: Relation.CONTAINS,
    Relation.BEFORE: Relation.AFTER,
    Relation.AFTER: Relation.BEFORE,
}


@given(items, items)
def test_relations_mirror_and_only_distant_places_have_a_gap(a: Item, b: Item) -> None:
    there, back = relate(a.canonical, b.canonical), relate(b.canonical, a.canonical)
    assert back == (MIRROR.get(there.relation, there.relation), there.gap)
    assert there.gap == 0 or there.relation in (Relation.BEFORE, Relation.AFTER)
    assert (there.relation is Relation.SAME) == (a.span == b.span)


@given(points, points)
def test_the_gap_is_the_number_of_main_markers_strictly_between(a: Point, b: Point) -> None:
    assume(a.position < b.position)
    between = [main for main in range(LAST_MAIN + 1) if a.position < (main, 0, 0) < b.position]
    assert relate(a.canonical, b.canonical) == (Relation.BEFORE, len(between))


@given(points, points, points)
def test_the_order_of_points_is_total_and_ignores_posts(a: Point, b: Point, c: Point) -> None:
    before = {(x, y): relate(x.canonical, y.canonical).relation for x in (a, b, c) for y in (a, b, c)}
    assert set(before.values()) <= {Relation.BEFORE, Relation.AFTER, Relation.SAME}
    if before[a, b] is Relation.BEFORE and before[b, c] is Relation.BEFORE:
        assert before[a, c] is Relation.BEFORE
    assert relate(Point(a.main, a.aux, 1, a.offset_m).canonical, Point(a.main, a.aux, 2, a.offset_m).canonical).relation is Relation.SAME


@pytest.mark.parametrize("a", ["từ mốc 200 đến 2001", ""])
def test_an_unclear_place_is_not_compared(a: str) -> None:
    with pytest.raises(ValueError, match=parse(a).review or "-"):
        relate(a, "560")


def test_interleaved_lists_are_not_compared() -> None:
    with pytest.raises(ValueError, match="xen kẽ"):
        relate("560, 570", "565")


def test_the_json_of_a_reading_is_the_commands_contract() -> None:
    assert json.loads(json.dumps(as_json(parse("1363(2) - 500m, 1088/2-1089")))) == {
        "raw": "1363(2) - 500m, 1088/2-1089",
        "items": [
            {"from": {"main": 1363, "aux": None, "post": 2, "offset_m": -500}, "to": None, "canonical": "1363(2)-500m"},
            {
                "from": {"main": 1088, "aux": 2, "post": None, "offset_m": None},
                "to": {"main": 1089, "aux": None, "post": None, "offset_m": None},
                "canonical": "1088/2-1089",
            },
        ],
        "canonical": "1363(2)-500m, 1088/2-1089",
        "review": None,
    }
    assert as_json(parse(""))["review"]
