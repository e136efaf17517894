"""What a draft must never be sure of: each kind of sentence that once was read wrongly."""

import json
import unicodedata
from datetime import datetime
from typing import Any

import pytest

from border.vietnam import HANOI
from texts.old_fonts import old_font
from texts.sentence.draft import Draft, draft

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=HANOI)
AT_1223 = "tại mốc 1223, Đồn Biên phòng Chi Ma bắt 03 đối tượng nhập cảnh trái phép"


def read(text: str) -> Draft:
    return draft(text, event_id="e-1", time=NOW)


def data(text: str) -> dict[str, Any]:
    return read(text).event["data"]  # type: ignore[no-any-return]  # an event is JSON


def asked(text: str, field: str) -> str:
    """The question for a field, which is not in the event."""
    proposal = read(text)
    asks = {gap.field: gap.ask for gap in proposal.missing}
    assert field not in {reading.field for reading in proposal.fields}
    return asks[field]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("Trong 2 ngày 24 và 25.3.2025", "2025-03-24T00:00", "2025-03-26T00:00"),
        ("Trong hai ngày 24/3 và 25/3/2025", "2025-03-24T00:00", "2025-03-26T00:00"),
        ("Các ngày 3, 4 và 5/4/2025", "2025-04-03T00:00", "2025-04-06T00:00"),
        ("Ngày 24 và ngày 25 tháng 3 năm 2025", "2025-03-24T00:00", "2025-03-26T00:00"),
        ("Từ ngày 15 đến 23/2/2026 (tức từ 28 tháng Chạp năm Ất Tỵ đến mùng 7 tháng Giêng)", "2026-02-15T00:00", "2026-02-24T00:00"),
        ("Hôm 3-2-2025, tức mùng 6 Tết", "2025-02-03T00:00", None),
        ("Đêm 14, rạng sáng 15/12/2025", "2025-12-14T18:00", "2025-12-15T06:00"),
        ("Đêm 14/12 rạng ngày 15/12/2025", "2025-12-14T18:00", "2025-12-15T06:00"),
        ("Trong đêm 31/12 và rạng sáng 01/01/2026", "2025-12-31T18:00", "2026-01-01T06:00"),
        ("Đêm 30, rạng sáng 1/12/2025", "2025-11-30T18:00", "2025-12-01T06:00"),
        ("Từ đêm 3 đến sáng 4/5/2025", "2025-05-03T18:00", "2025-05-04T06:00"),
        ("23h ngày 14 đến 2h sáng 15/6/2025", "2025-06-14T23:00", "2025-06-15T02:00"),
        ("Từ 22h30 đêm 24/5 đến 5h sáng 25/5/2025", "2025-05-24T22:30", "2025-05-25T05:00"),
        ("Từ 7h00 đến 11h30 ngày 4/11/2025", "2025-11-04T07:00", "2025-11-04T11:30"),
    ],
)
def test_days_and_nights_that_are_joined_are_one_stretch(when: str, start: str, end: str | None) -> None:
    occurred = data(f"{when}, {AT_1223}.")["occurred"]
    assert occurred["start"] == f"{start}:00+07:00"
    assert occurred.get("end") == (f"{end}:00+07:00" if end else None)


@pytest.mark.parametrize(
    "when",
    [
        "Các ngày 3, 5 và 9/4/2025",
        "Ngày 30/4 và 1/5/2025",
        "Đêm 14 và đêm 15/12/2025",
        "Đêm 14/12, sáng sớm 16/12/2025",
        "Chiều 14, sáng 15/6/2025",
        "Từ 22h đến 2h ngày 15/6/2025",
        "Từ đêm 3 đến sáng 4/5",
    ],
)
def test_days_that_are_no_one_stretch_are_asked_about(when: str) -> None:
    assert asked(f"{when}, {AT_1223}.", "data.occurred").endswith("?")


@pytest.mark.parametrize(
    ("when", "word"),
    [
        ("Lúc 00h30 ngày 15/12/2025 (giờ Bắc Kinh)", "giờ Bắc Kinh"),
        ("Lúc 0h30 giờ Trung Quốc ngày 15/12/2025", "giờ Bắc Kinh"),
        ("Lúc 0h30 (GMT+8) ngày 15/12/2025", "giờ Bắc Kinh"),
        ("Đêm mùng 4 Tết", "mùng"),
        ("Ngày 15 tháng Giêng năm 2025", "Giêng"),
        ("Ngày 23/12/2025 âm lịch", "âm lịch"),
        ("Ngày 15/8 (ÂL) năm 2025", "ÂL"),
        ("Rằm tháng 7 năm 2025", "Rằm"),
        ("Ngày 5 tháng 2 năm Ất Tỵ", "Ất Tỵ"),
    ],
)
def test_a_time_of_another_calendar_or_clock_is_asked_about(when: str, word: str) -> None:
    assert word in asked(f"{when}, {AT_1223}.", "data.occurred")


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("mốc 2 tuyến biên giới Việt Nam – Lào", "VN-LA"),
        ("mốc số 396, biên giới Việt Nam - Lào", "VN-LA"),
        ("mốc 615 biên giới Việt - Lào", "VN-LA"),
        ("mốc 171 biên giới Việt Nam - Campuchia", "VN-KH"),
        ("mốc 1223", "VN-CN"),
        ("mốc 0, ngã ba biên giới Việt Nam - Lào - Trung Quốc", "VN-CN"),
    ],
)
def test_a_marker_stands_on_the_line_that_the_text_names(where: str, line: str) -> None:
    event = data(f"Ngày 5/6/2025, tại {where}, bắt 02 đối tượng vận chuyển 10 bánh heroin.")
    assert event["place"]["line"] == line
    assert "direction" not in event


@pytest.mark.parametrize(
    "where",
    [
        "mốc 363, tỉnh Thanh Hóa",
        "mốc 403, Đồn Biên phòng Nậm Cắn",
        "mốc 171, cửa khẩu Mộc Bài",
        "mốc 3, sang Lào",
        "mốc 29, giáp Campuchia",
    ],
)
def test_a_marker_at_places_of_another_line_is_asked_about(where: str) -> None:
    assert "tuyến nào" in asked(f"Ngày 5/6/2025, tại {where}, bắt 02 đối tượng.", "data.place")


def test_where_a_person_lives_is_no_line() -> None:
    text = "Ngày 5/6/2025, Đồn Biên phòng Tân Thanh bắt 02 người trú tại Nghệ An xuất cảnh trái phép tại mốc 1091."
    assert data(text)["place"]["line"] == "VN-CN"


@pytest.mark.parametrize(
    "where",
    ["Km82+600 thuộc Bản Mốc 13", "bản Mốc 12", "thôn Mốc 4", "khu Mốc 5", "tổ dân phố mốc 3", "nhà máy, trước mốc 31/12", "mốc 1379"],
)
def test_what_only_looks_like_a_marker_is_asked_about(where: str) -> None:
    assert "Mốc số mấy" in asked(f"Ngày 5/6/2025, tại {where}, bắt 02 đối tượng.", "data.place")


def test_a_good_marker_is_named_in_the_question_for_a_bad_one() -> None:
    assert "đọc được 753" in asked("Ngày 5/6/2025, tại mốc 753, 1379 bắt 02 đối tượng.", "data.place")


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("110 kiện chân gà, mỗi kiện 10 kg", [("goods", 110)]),
        ("50 bao x 50 kg đường", [("goods", 50)]),
        ("50 bao đường (50kg/bao)", [("goods", 50)]),
        ("50 bao loại 50 kg, tổng trọng lượng 2,5 tấn", [("goods", 50), ("goods", 2.5)]),
        ("300 con gà, mỗi con khoảng 1 kg", [("livestock", 300)]),
        ("2 bánh heroin với tiền công 5 triệu đồng", [("goods", 2)]),
        ("2 bánh heroin, được thuê với giá 500.000 đồng/người", [("goods", 2)]),
        ("2 bánh heroin, hứa trả công 2 triệu đồng", [("goods", 2)]),
        ("hàng trị giá 3 tỷ 250 triệu đồng", [("value", 3_250_000_000)]),
        ("hàng trị giá 1 tỷ đồng, phạt 25 triệu đồng", [("value", 1_000_000_000)]),
        ("kim ngạch 100 tỷ USD", []),
        ("lượng xe đạt mốc 800 xe/ngày", []),
        ("không có 10 người nào", []),
    ],
)
def test_a_wage_a_rate_and_what_one_package_holds_are_no_measures(what: str, wanted: list[tuple[str, float]]) -> None:
    measures = data(f"Ngày 5/6/2025, tại mốc 1223: {what}.").get("measures", [])
    assert [(measure["what"], measure["n"]) for measure in measures] == wanted


@pytest.mark.parametrize(
    ("who", "direction"),
    [
        ("thu dung 170 công dân xuất cảnh trái phép sang Trung Quốc trở về qua các mốc 745, 746", "CN-VN"),
        ("tiếp nhận 08 người từng vượt biên sang Trung Quốc quay về nước qua mốc 553", "CN-VN"),
        ("5 người xuất cảnh trái phép sang Trung Quốc bị phía bạn trao trả qua mốc 1223", "CN-VN"),
        ("07 người từng xuất cảnh trái phép sang Trung Quốc quay lại Việt Nam qua mốc 1223", "CN-VN"),
        ("bắt 5 người xuất cảnh trái phép sang Trung Quốc tại mốc 1223", "VN-CN"),
        ("bắt 5 người Trung Quốc xuất cảnh trái phép về nước tại mốc 1223", None),
        ("bắt 5 người nhập cảnh trái phép từ Campuchia tại mốc 171", None),
    ],
)
def test_who_comes_back_comes_in(who: str, direction: str | None) -> None:
    assert data(f"Ngày 5/6/2025, {who}.").get("direction") == direction


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (f"Diễn tập ngày 5/6/2025, {AT_1223}.", "diễn tập"),
        (f"Tình huống giả định: ngày 5/6/2025, {AT_1223}.", "giả định"),
        ("Nếu phát hiện người nhập cảnh trái phép tại mốc 1223, báo Đồn Biên phòng Chi Ma.", "điều kiện"),
        ("Mạng xã hội lan truyền tin ngày 5/6/2025 có 10 người vượt biên tại mốc 1223.", "tin đồn"),
        (f"Năm 2025 phát hiện 25 vụ; ngày 5/6/2025, {AT_1223}.", "nhiều vụ"),
        ("Trong quý 3/2025, Đồn Biên phòng Chi Ma bắt 31 đối tượng nhập cảnh trái phép.", "nhiều vụ"),
        ("Từ đầu năm đến nay, Đồn Biên phòng Chi Ma bắt 31 đối tượng nhập cảnh trái phép.", "nhiều vụ"),
        (f"Ngày 5/6/2025, {AT_1223}; cùng ngày, tại mốc 1230, bắt 02 người xuất cảnh trái phép.", "nhiều việc"),
        (f"Ngày 5/6/2025, {AT_1223}; trước đó, ngày 2/6/2025, đồn bắt 01 đối tượng mang ma túy.", "nhiều việc"),
        ("Đồn Biên phòng Chi Ma tuyên truyền cho 120 hộ dân không xuất cảnh trái phép.", "tuyên truyền"),
        ("Phiên tòa ngày 5/6/2025 tuyên phạt 02 bị cáo đưa người xuất cảnh trái phép qua mốc 1223.", "được nhắc lại"),
        (f"Cách đây 5 năm, đêm 3/2/2020, {AT_1223}.", "được nhắc lại"),
    ],
)
def test_what_speaks_against_one_incident_is_asked_about(text: str, doubt: str) -> None:
    assert doubt in asked(text, "data.kind")
    assert {"measures", "direction", "occurred", "side"}.isdisjoint(data(text))
    assert all(field.confidence != "high" for field in read(text).fields if field.field != "source")


@pytest.mark.parametrize("aside", ["Theo tin báo của quần chúng, ", "Tin ban đầu: "])
def test_words_that_leave_it_open_make_no_reading_sure(aside: str) -> None:
    fields = {field.field: field.confidence for field in read(f"{aside}ngày 5/6/2025, {AT_1223}.").fields}
    assert fields["data.kind"] == fields["data.measures.0"] == fields["data.direction"] == "medium"


@pytest.mark.parametrize("plan", ["Dự kiến ngày 5/6/2026, phía Trung Quốc sẽ", "Phía Trung Quốc có thể"])
def test_what_is_planned_has_not_happened(plan: str) -> None:
    assert {"kind", "side", "occurred"}.isdisjoint(data(f"{plan} xây dựng hàng rào tại mốc 1223."))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_post_is_found_whatever_its_letters(form: str) -> None:
    text = "Lúc 23 giờ 45 phút ngày 23/3/2021, \u00d0ồn Biên phòng cửa khẩu Trà Lĩnh phát hiện 9 công dân Trung Quốc tại mốc 727."
    assert read(unicodedata.normalize(form, text)).event["source"] == "/posts/tra-linh"


def test_posts_of_equal_standing_are_asked_about() -> None:
    for posts in ("hai đồn Thanh Thủy và Thiên Bảo", "Đồn Biên phòng Đàm Thủy và Đồn Biên phòng Ngọc Côn", "Đồn Thanh Thủy, Đồn Lao Chải"):
        assert "nhiều đồn" in asked(f"Ngày 5/6/2025, {posts} tuần tra mốc 261.", "source")


OLD = {
    "TCVN3 (.VnTime)": "§ån Biªn phßng T©n Thanh ph¸t hiÖn 09 ng­êi nhËp c¶nh tr¸i phÐp t¹i mèc 1090 ngµy 3/5/2025",
    "VNI": "Ñoàn Bieân phoøng Taân Thanh phaùt hieän 09 ngöôøi nhaäp caûnh traùi pheùp taïi moác 1090 ngaøy 3/5/2025",
}


@pytest.mark.parametrize(("font", "text"), OLD.items())
def test_an_old_font_is_named_and_nothing_is_guessed(font: str, text: str) -> None:
    assert old_font(text) == font
    assert read(text).fields == ()
    assert font in asked(text, "data.kind")


@pytest.mark.parametrize(
    "text", ["", "Don BP Tan Thanh bat 02 doi tuong", f"Ngày 5/6/2025, {AT_1223}", "Müller, señor Ñ", "© 2025 “a” – b"]
)
def test_other_texts_are_in_no_old_font(text: str) -> None:
    assert old_font(text) is None
    assert old_font(json.dumps(text, ensure_ascii=False)) is None


@pytest.mark.parametrize(
    ("seized", "measures"),
    [
        ("1 250 kg cau khô", [("goods", 1250)]),
        ("1\u00a0250 kg cau khô", [("goods", 1250)]),
        ("từ 20 đến 30 kg pháo nổ", []),
        ("20 - 30 kg pháo nổ", []),
        ("1,250 bao thuốc lá", []),
        ("2,5 tấn nội tạng", [("goods", 2.5)]),
    ],
)
def test_thousands_ranges_and_parts_of_goods_are_what_they_mean(seized: str, measures: list[tuple[str, float]]) -> None:
    read_ones = data(f"Ngày 3/3/2025, tại mốc 1300, thu giữ {seized} nhập lậu.").get("measures", [])
    assert [(each["what"], each["n"]) for each in read_ones] == measures


@pytest.mark.parametrize("between", [" (", ", trong đó có ", ". Trong đó có ", ". Trong số đó, có "])
def test_the_men_and_women_of_a_count_are_counted_once(between: str) -> None:
    text = f"Ngày 5/8/2025, tại mốc 198, bắt 04 người nhập cảnh trái phép{between}01 nữ, 03 nam."
    persons = data(text if "(" not in between else text.replace(" nhập cảnh trái phép", "").replace("nam.", "nam) nhập cảnh trái phép."))[
        "measures"
    ]
    assert persons == [{"what": "persons", "n": 4, "of": {"women": 1, "men": 3}}]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("bắt 2 trong số 5 đối tượng nhập cảnh trái phép", "data.measures.0"),
        ("cử 12 cán bộ, 06 dân quân và 03 xe ô tô tuần tra song phương", "data.measures.0"),
        ("bắt 01 đối tượng khai “đã đưa 10 người sang Trung Quốc”", "data.measures.0"),
        ("thu giữ 1,250 kg pháo nổ", "data.measures.0"),
        ("phía Trung Quốc phản đối phía Việt Nam xây kè", "data.side"),
    ],
)
def test_what_others_say_or_who_acted_is_nothing_sure(words: str, field: str) -> None:
    assert field not in {each.field for each in read(f"Ngày 4/4/2025, tại mốc 1223, {words}.").fields if each.confidence == "high"}


@pytest.mark.parametrize(("clock", "start"), [("1 giờ trưa", "13:00"), ("12 giờ 15 phút trưa", "12:15"), ("11h30 trưa", "11:30")])
def test_noon_is_around_twelve(clock: str, start: str) -> None:
    assert data(f"{clock} ngày 4/4/2025, {AT_1223}.")["occurred"]["start"] == f"2025-04-04T{start}:00+07:00"


def test_twelve_at_night_may_be_of_either_day() -> None:
    assert {each.field: each.confidence for each in read(f"12 giờ 30 đêm 4/4/2025, {AT_1223}.").fields}["data.occurred"] == "medium"


@pytest.mark.parametrize("seam", ["; ", ". ", ", "])
def test_two_days_on_which_persons_were_caught_are_two_incidents(seam: str) -> None:
    text = f"Ngày 5/8/2025, tại mốc 198 bắt 02 người{seam}Ngày 6/8/2025, tại mốc 200 bắt 03 người nhập cảnh trái phép."
    assert "nhiều việc" in asked(text, "data.place")


@pytest.mark.parametrize("place", ["chợ Mốc 13", "đường Mốc 8", "km mốc 15 quốc lộ 4A"])
def test_what_is_only_named_after_a_marker_is_none(place: str) -> None:
    asked(f"Ngày 12/5/2025, tại {place}, phát hiện 02 người vận chuyển 10 kg pháo nổ.", "data.place")
