"""Gates are pairs: one slug, whatever side's name is used, in whatever spelling; and a class that changed in time."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border.gates import GateClass, class_words, gate_named, gates, known_gate
from border.names import fold
from schemas import validation
from schemas.problems import InvalidEvent
from tests.builders import crossing, incident, payload, reported

NAMES = {
    # domain facts, sections 4 and 10: both sides, three languages, and words around them
    "huu-nghi": (
        "Hữu Nghị",
        "Hữu Nghị Quan",
        "Youyi Guan",
        "Youyiguan",
        "友谊关",
        "友谊关口岸",
        "cửa khẩu quốc tế Hữu Nghị",
        "CKQT Hữu Nghị",
    ),
    "dong-dang": ("Đồng Đăng", "dong dang", "Bằng Tường", "凭祥", "Pingxiang"),
    "tan-thanh": (
        "Tân Thanh",
        "Pò Chài",
        "po chai",
        "PÒ CHÀI",
        "Puzhai",
        "浦寨",
        "Tân Thanh – Pò Chài",
        "Tân Thanh (Việt Nam) - Pò Chài (Trung Quốc)",
    ),
    "coc-nam": ("Cốc Nam", "Lũng Nghịu", "Nongyao", "Nonghuai", "弄尧", "lối thông quan Cốc Nam"),
    "chi-ma": ("Chi Ma", "Ái Điểm", "爱店"),
    "binh-nghi": ("Bình Nghi", "Bình Nhi Quan", "平而关", "平宜"),
    "tra-linh": ("Trà Lĩnh", "Long Bang", "Longbang", "龙邦", "cặp cửa khẩu Trà Lĩnh - Long Bang"),
    "na-doong": ("Nà Đoỏng", "Nà Đổng", "Na Doong", "Naxi", "Nà Ráy", "lối mở (lối thông quan) Nà Đổng - Nà Ráy"),
    "ta-lung": ("Tà Lùng", "Thủy Khẩu", "水口"),
    "ly-van": ("Lý Vạn", "Thạch Long", "Thạc Long", "硕龙", "Shuolong"),
    "ban-khoong": ("Bản Khoòng", "Nham Ứng", "岩应"),
    "soc-giang": ("Sóc Giang", "Bình Mãng", "平孟"),
    "po-peo": ("Pò Peo", "Nhạc Vu", "岳圩"),
    "ha-lang": ("Hạ Lang", "Khoa Giáp", "科甲"),
    "dinh-phong": ("Đình Phong", "Tân Hưng", "新兴"),
    "ban-gioc": ("Bản Giốc", "Đức Thiên", "德天"),
    "thanh-thuy": ("Thanh Thủy", "Thanh Thuỷ", "Thiên Bảo", "天保"),
    "xin-man": ("Xín Mần", "Đô Long", "都龙"),
    "pho-bang": ("Phó Bảng", "Đổng Cán", "董干"),
    "sam-pun": ("Săm Pun", "Điền Bồng", "田蓬"),
    "muong-khuong": ("Mường Khương", "Kiều Đầu", "桥头"),
    "u-ma-tu-khoang": ("U Ma Tu Khoàng", "Bình Hà", "坪河"),
    "a-pa-chai": ("A Pa Chải", "Long Phú", "龙富"),
    "lao-cai": ("Lào Cai", "Hà Khẩu", "河口"),
    "mong-cai": ("Móng Cái", "Đông Hưng", "东兴"),
    "hoanh-mo": ("Hoành Mô", "Động Trung", "峒中"),
    "duong-chuyen-dung-1088-2-1089": ("đường chuyên dụng 1088/2-1089", "1088/2 - 1089", "1088/3-1089"),
    "duong-chuyen-dung-1119-1120": ("Đường chuyên dụng 1119–1120", "1119-1120"),
}


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in NAMES.items() for name in names])
def test_a_gate_is_known_by_every_name_of_either_side(slug: str, name: str) -> None:
    assert known_gate(name) == slug
    assert known_gate(unicodedata.normalize("NFD", name)) == slug
    assert known_gate(f" {name.upper()} ") == slug
    bare = "".join(c for c in unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")) if not unicodedata.combining(c))
    assert known_gate(bare) == slug


@given(st.sampled_from(sorted(gates())))
def test_every_name_in_the_tables_leads_to_its_gate(slug: str) -> None:
    gate = gates()[slug]
    for name in filter(None, (slug, gate.name, gate.name_cn_side, gate.chinese, gate.label, *(alias.name for alias in gate.aliases))):
        assert known_gate(name) == slug


@given(st.text(max_size=30))
def test_no_text_breaks_the_lookup(text: str) -> None:
    if gate_named(text) is None:
        with pytest.raises(ValueError, match="không có cửa khẩu, lối mở"):
            known_gate(text)
    else:
        assert known_gate(text) in gates()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("tan-than", r"'tan-than' \(gần nhất: tan-thanh"),
        ("Pò Chà", r"'Pò Chà' \(gần nhất: Pò Chài \(tan-thanh\)"),
        ("cửa khẩu", "không có cửa khẩu, lối mở 'cửa khẩu'"),
        ("", "không có cửa khẩu, lối mở ''$"),
        ("Zürich", "'Zürich'$"),
        ("x" * 100_000, "x…'$"),
    ],
)
def test_an_unknown_gate_is_refused_with_the_nearest_ones(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        known_gate(name)


@pytest.mark.parametrize("name", ["Pò Chài", "tan thanh", "浦寨", "tan-thanh"])
def test_events_naming_either_side_of_a_pair_name_the_same_gate(name: str) -> None:
    counted = validation.decode(payload(crossing(gate=name)))
    placed = validation.decode(payload(reported(incident(place={"scheme": "gate", "gate": name}))))
    assert counted.data.gate == placed.data.place.gate == "tan-thanh"


def test_an_event_with_an_unknown_gate_is_one_problem_naming_field_value_and_nearest() -> None:
    with pytest.raises(InvalidEvent) as refused:
        validation.decode(payload(crossing(gate="Pò Chà")))
    (problem,) = refused.value.problems
    assert (problem.code, problem.field) == ("value", "data.gate")
    assert problem.message == "data.gate: không có cửa khẩu, lối mở 'Pò Chà' (gần nhất: Pò Chài (tan-thanh), a-pa-chai, chi-ma)"


@pytest.mark.parametrize(
    ("slug", "on", "gate_class"),
    [
        ("chi-ma", date(2018, 12, 31), GateClass.PLANNED),
        ("chi-ma", date(2019, 6, 1), None),
        ("chi-ma", date(2020, 1, 1), GateClass.BILATERAL),
        ("tra-linh", date(2023, 12, 27), GateClass.MAIN),
        ("tra-linh", date(2023, 12, 28), GateClass.INTERNATIONAL),
        ("tan-thanh", date(2024, 5, 26), None),
        ("tan-thanh", date(2024, 5, 27), GateClass.CLEARANCE_ROUTE),
        ("xin-man", date(2018, 3, 25), GateClass.PLANNED),
        ("xin-man", date(2018, 3, 26), GateClass.BILATERAL),
        ("thanh-thuy", date(2014, 3, 31), None),
        ("huu-nghi", date(2015, 1, 1), GateClass.INTERNATIONAL),
        ("a-pa-chai", date(2025, 11, 30), GateClass.PLANNED),
    ],
)
def test_a_gates_class_is_that_of_the_day_or_unknown(slug: str, on: date, gate_class: GateClass | None) -> None:
    assert gates()[slug].class_on(on) is gate_class


def test_no_gate_has_two_classes_on_a_day() -> None:
    for gate in gates().values():
        days = {day for span in gate.history for day in (span.valid.valid_from, span.valid.valid_to) if day}
        for day in days | {date(2009, 1, 1), date(2026, 1, 1)}:
            assert sum(span.valid.holds(day) for span in gate.history) <= 1, gate.slug


def test_clearance_routes_and_cargo_roads_belong_to_an_international_or_main_gate() -> None:
    for gate in gates().values():
        for span in gate.history:
            if span.gate_class in (GateClass.CLEARANCE_ROUTE, GateClass.CARGO_ROAD):
                parent = gates()[gate.parent or ""]
                assert parent.class_on(span.valid.valid_from or date(2026, 1, 1)) in (GateClass.INTERNATIONAL, GateClass.MAIN)


def test_every_class_has_a_word_in_vietnamese_and_in_english() -> None:
    words = class_words()
    assert set(words) == {None, *GateClass}
    assert all(len(words[gate_class]) >= 2 for gate_class in GateClass)


def test_folding_keeps_letters_digits_and_characters_only() -> None:
    assert fold("  Đường chuyên dụng 1088/2–1089 ") == "duongchuyendung108821089"
    assert fold("PÒ-CHÀI") == fold("po chai") == "pochai"
    assert fold("友谊关") == "友谊关"
    assert fold("（Ｐò）") == "po"
