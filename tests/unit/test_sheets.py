"""What `marker show`, `gate show` and `province show` say, and what they say is not known."""

from datetime import date
from typing import Any

import pytest

from mocgioi.views import gate, province
from mocgioi.views import marker as marker_sheet

NOW = date(2026, 3, 1)


def marker(text: str, on: date = NOW) -> dict[str, Any]:
    return marker_sheet.about(text, on, NOW)


def test_a_marker_of_ha_giang_is_tuyen_quangs_now() -> None:
    sheet = marker("519/2", date(2024, 5, 1))
    assert sheet["province"] == {"then": {"code": "ha-giang", "name": "Hà Giang"}, "now": {"code": "tuyen-quang", "name": "Tuyên Quang"}}
    assert sheet["counterparts"] == ["Vân Nam", "Quảng Tây"]
    assert marker("519/2")["province"]["then"]["code"] == "tuyen-quang"


def test_a_marker_has_its_neighbours_gates_and_places() -> None:
    sheet = marker("1088/2")
    assert sheet["neighbours"] == {"west": "1088", "east": "1089", "section": "1088-1089", "named_in_sources": ["1088/2"]}
    assert [(row["gate"], row["class"]) for row in sheet["gates"]] == [("duong-chuyen-dung-1088-2-1089", "cargo_road")]
    assert [row["gate"] for row in sheet["gates_near"]] == ["tan-thanh"]
    (place,) = sheet["places"]
    assert (place["place"], place["district"], place["until"], place["held"]) == ("Tân Thanh", "Văn Lãng", date(2025, 7, 1), False)
    assert marker("1088/2", date(2025, 6, 30))["places"][0]["held"]
    assert marker("1091")["gates"][0]["gate"] == "tan-thanh"
    assert sheet["sources"]


def test_a_gate_is_not_shown_for_a_day_before_it_was_there_and_has_no_class_where_none_was_seen() -> None:
    assert marker("1119", date(2017, 9, 10))["gates"] == []
    assert [row["gate"] for row in marker("1119", date(2017, 9, 11))["gates"]] == ["duong-chuyen-dung-1119-1120"]
    before = marker("1088/2", date(2024, 3, 1))
    assert before["gates"][0]["class"] is None
    assert "duong-chuyen-dung-1088-2-1089: loại cửa khẩu trong ngày này" in before["not_known"]


@pytest.mark.parametrize(
    ("text", "planted_by"),
    [
        ("29", {"side": "CN", "inferred": True}),
        ("345", {"side": "CN", "inferred": False}),
        ("1116", {"side": "VN", "inferred": False}),
        ("103(2)", None),
        ("1088/2", None),
        ("615", None),
        ("29-30", None),
    ],
)
def test_a_planter_is_shown_where_the_rule_allows_it_and_marked_as_inferred(text: str, planted_by: dict[str, Any] | None) -> None:
    sheet = marker(text)
    assert sheet["planted_by"] == planted_by
    assert any("bên cắm mốc" in unknown for unknown in sheet["not_known"]) is (planted_by is None and "-" not in text)


def test_of_a_marker_whose_kind_nobody_saw_parity_is_only_a_hint() -> None:
    assert "bên cắm mốc; nếu là mốc đơn thì suy ra từ số lẻ: CN" in marker("615")["not_known"]
    assert "bên cắm mốc; nếu là mốc đơn thì suy ra từ số chẵn: VN" in marker("900")["not_known"]


def test_a_bank_is_that_of_the_post_asked_for() -> None:
    assert [(row["marker"], row["bank"]) for row in marker("103")["posts"]] == [("103(1)", "CN"), ("103(2)", "VN")]
    assert [(row["marker"], row["bank"]) for row in marker("222(1)")["posts"]] == [("222(1)", "VN")]
    assert "cột này ở bờ nào: không suy từ số (1), (2), (3)" in marker("836(2)")["not_known"]


@pytest.mark.parametrize(
    ("text", "status"),
    [("1088/3", "unverified"), ("103(3)", "unverified"), ("1088/2-1089/7", "unverified"), ("1088/2", "verified"), ("7", "verified")],
)
def test_an_unknown_auxiliary_marker_is_accepted_as_unverified(text: str, status: str) -> None:
    sheet = marker(text)
    assert sheet["status"] == status
    assert any("chưa kiểm chứng" in unknown for unknown in sheet["not_known"]) is (status == "unverified")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1379", "từ 0 đến 1378"),
        ("2001", "từ 0 đến 1378"),
        ("753, 754", "cần đúng một mốc hoặc một đoạn"),
        ("", "chưa ghi mốc"),
        ("Trà Lĩnh", "không có số mốc"),
    ],
)
def test_what_is_no_marker_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        marker(text)


def test_where_the_province_is_open_the_sheet_says_between_which() -> None:
    sheet = marker("900")
    assert sheet["province"] == {"then": None, "now": None}
    assert "tỉnh: không nguồn nào cho biết; giữa Cao Bằng và Lạng Sơn, ranh giới chính xác chưa thấy" in sheet["not_known"]
    assert "tỉnh: ngoài các đoạn đã biết" in marker("1378+200m")["not_known"]
    assert "giữa Điện Biên và Lai Châu" in str(marker("7")["not_known"])


def test_a_gate_is_shown_by_any_name_with_its_class_in_time() -> None:
    sheet = gate.about("Ái Điểm", date(2019, 6, 1), NOW)
    assert (sheet["gate"], sheet["label"]) == ("chi-ma", "Chi Ma - Ái Điểm")
    assert (sheet["class"], sheet["class_now"]) == (None, "bilateral")
    assert [(row["class"], row["from"], row["to"]) for row in sheet["class_history"]] == [
        ("planned", date(2010, 7, 14), date(2019, 1, 1)),
        ("bilateral", date(2020, 1, 1), None),
    ]
    assert "loại cửa khẩu ngày 01/06/2019" in sheet["not_known"]
    assert gate.about("Hữu Nghị Quan", NOW, NOW)["belonging"] == [
        *("duong-chuyen-dung-1119-1120", "duong-chuyen-dung-1088-2-1089", "tan-thanh", "coc-nam"),
    ]
    assert any("chưa kiểm chứng" in unknown for unknown in gate.about("Bắc Phong Sinh", NOW, NOW)["not_known"])


def test_a_province_is_shown_with_whom_it_faces_and_what_followed_it() -> None:
    before, after = province.about("ha giang", date(2025, 6, 30)), province.about("Tuyên Quang", NOW)
    assert [row["code"] for row in before["counterparts"]] == [row["code"] for row in after["counterparts"]] == ["yunnan", "guangxi"]
    assert before["successor"] == {"code": "tuyen-quang", "name": "Tuyên Quang"}
    assert [row["markers"] for row in after["stretches"]] == ["172-519/2"]
    assert {row["gate"] for row in after["gates"]} >= {"thanh-thuy", "xin-man"}
    assert "Bạch Đích" in after["posts"]
    assert province.about("Tuyên Quang", date(2025, 6, 30))["stretches"] == []
    assert ("Yên Bái", "Lào Cai") in {(row["name"], row["successor"]) for row in province.about("Lào Cai", NOW)["successions"]}
