"""A total is the province's: what a commune, a patrol or a side says, what is wished for, and what a sentence itself doubts is none, or none that is sure."""

import pytest

from texts.report.model import ReportReading
from texts.report.reading import read_text

LETTERHEAD = "UBND TỈNH HÀ GIANG\nSỞ NGOẠI VỤ\n\nHà Giang, ngày 31 tháng 3 năm 2025\n\nBÁO CÁO\n\n"
LAW = "vi phạm Hiệp định về quy chế quản lý biên giới"


def read(sentence: str) -> ReportReading:
    return read_text(LETTERHEAD + sentence, source="bc.txt")


@pytest.mark.parametrize(
    "sentence",
    [
        "Trong quý I/2025, tại xã Lũng Cú không xảy ra vụ việc {law}.",
        "Trong quý I/2025, huyện Đồng Văn không để xảy ra vụ việc {law} nào.",
        "Trong quý I/2025 không xảy ra vụ việc {law} tại huyện Đồng Văn.",
        "Trong quý I/2025, tại 03 xã biên giới không xảy ra vụ {law}.",
        "Trong quý I/2025, trên địa bàn huyện không có vụ {law}.",
        "Trong quý I/2025, Đồn Biên phòng Lũng Cú không ghi nhận vụ {law}.",
        "Trong quý I/2025, khu vực cửa khẩu Thanh Thủy không xảy ra vụ {law}.",
        "Trong quý I/2025, các cặp thôn kết nghĩa không xảy ra vụ {law}.",
        "Trong quý I/2025, đoạn từ mốc 420 đến mốc 428 không xảy ra vụ {law}.",
        "Trong quý I/2025, qua 12 đợt tuần tra, không phát hiện vụ {law}.",
        "Trong quý I/2025, tổ công tác kiểm tra, không phát hiện trường hợp {law}.",
        "Trong quý I/2025, hai đội tuần tra song phương. Không phát hiện vụ việc {law}.",
        "Trong quý I/2025, phía Việt Nam không xảy ra vụ {law}.",
        "Trong quý I/2025 không có vụ {law} do phía Trung Quốc gây ra.",
        "Trong quý I/2025, công dân Trung Quốc không có vụ {law}.",
        "Trong quý I/2025 yêu cầu các lực lượng tăng cường quản lý, không để xảy ra vụ {law}.",
        "Trong quý I/2025, nếu không xảy ra vụ {law} thì khen thưởng.",
        "Trong quý I/2025 chưa thể khẳng định không xảy ra vụ {law}.",
        "Trong quý I/2025 không xảy ra vụ việc {law} nghiêm trọng.",
        "Trong quý I/2025, trong dịp Tết không xảy ra vụ {law}.",
        "Trong quý I/2025, trong ngày 12/3 không có {law}.",
        "Trong quý I/2025, hai tổ tuần tra không phát hiện hành vi {law}.",
        "Trong quý I/2025, ngoài 02 vụ nêu trên không xảy ra vụ {law}.",
        "Trong quý I/2025 không xảy ra vụ {law}, trừ 02 vụ nêu trên.",
    ],
)
def test_none_of_a_place_a_patrol_or_a_side_is_no_total_and_is_listed(sentence: str) -> None:
    reading = read(sentence.format(law=LAW))
    assert reading.figures == ()
    assert [unread.why for unread in reading.unread if "không" in unread.spot.quote.lower()] != []


@pytest.mark.parametrize(
    "sentence",
    [
        "Trong quý I/2025 không xảy ra vụ việc {law}.",
        "Trong quý I/2025, trên địa bàn tỉnh không xảy ra vụ việc {law} nào, giảm 02 vụ so với cùng kỳ năm 2024.",
        "Trong quý I/2025, các đội tuần tra toàn tuyến hoạt động tốt; không xảy ra vụ {law}.",
        "Đồn Biên phòng Lũng Cú tổ chức 12 đợt tuần tra; trong quý I/2025 toàn tỉnh không xảy ra vụ {law} trên toàn tuyến.",
        "Trong quý I/2025, tình hình ổn định, không xảy ra vụ {law}; an ninh được giữ vững.",
    ],
)
def test_none_of_the_province_is_zero(sentence: str) -> None:
    values = {(each.figure, each.period): each.value for each in read(sentence.format(law=LAW)).figures}
    assert values["breach.total", "2025Q1"] == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "Trong quý I/2025, tại xã Lũng Cú, xảy ra 02 vụ {law}.",
        "Trong quý I/2025, phía Trung Quốc xảy ra 02 vụ {law}.",
        "Trong quý I/2025 xảy ra 02 vụ {law} do phía Trung Quốc gây ra.",
        "Trong quý I/2025, qua tuần tra song phương, phát hiện 02 vụ {law}.",
        "Trong quý I/2025, đoạn từ mốc 420 đến mốc 428 xảy ra 02 vụ {law}.",
    ],
)
def test_a_count_of_a_place_a_patrol_or_a_side_is_no_total(sentence: str) -> None:
    reading = read(sentence.format(law=LAW))
    assert reading.figures == ()
    assert any("02 vụ" in unread.spot.quote for unread in reading.unread)


def test_boats_of_a_commune_are_no_total() -> None:
    reading = read("Trong quý I/2025, tại xã Bình Châu không có tàu cá và ngư dân bị nước ngoài bắt giữ.")
    assert reading.figures == ()
    assert [unread.why for unread in reading.unread] == ["chỉ nói một nơi, không phải cả tỉnh"]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Nếu tính cả tháng 3, trong quý I/2025 xảy ra 02 vụ {law}.", "câu có điều kiện"),
        ("Ước trong quý I/2025 xảy ra 02 vụ {law}.", "số dự kiến, ước tính"),
        ("Theo thống kê sơ bộ, trong quý I/2025 xảy ra 02 vụ {law}.", "số chưa chính thức"),
        ("Lũy kế trong quý I/2025 xảy ra 02 vụ {law}.", "số lũy kế, của thời gian dài hơn"),
        ("Trong quý I/2025, tính đến ngày 15/3, xảy ra 02 vụ {law}.", "số tính đến một ngày, kỳ có thể chưa hết"),
        ("Trong quý I/2025 bình quân xảy ra 02 vụ {law}.", "số bình quân"),
        ("Trong quý I/2025 xảy ra 02 vụ {law}, không phải 03 vụ.", "câu phủ định hoặc đính chính"),
        ("Trong quý I/2025, phía Trung Quốc cho rằng, xảy ra 02 vụ {law}.", "lời của người khác"),
        ("Báo viết: “Trong quý I/2025 xảy ra 02 vụ {law}”.", "số trong lời trích dẫn"),
        ("Trong quý I/2025, tỉnh Cao Bằng xảy ra 02 vụ {law}.", "câu nêu tỉnh khác: Cao Bằng"),
        ("1. Xã Lũng Cú\n\nTrong quý I/2025 xảy ra 02 vụ {law}.", "thuộc mục “1. Xã Lũng Cú”"),
    ],
)
def test_what_a_sentence_itself_doubts_is_not_sure(sentence: str, why: str) -> None:
    figures = read(sentence.format(law=LAW)).figures
    assert {figure.confidence for figure in figures} <= {"low"}
    assert all(why in figure.notes for figure in figures)
    assert figures


def test_what_nothing_speaks_against_is_sure() -> None:
    sentence = f"Trong quý I/2025 xảy ra 02 vụ {LAW} (phía Trung Quốc 01 vụ, phía Việt Nam 01 vụ), tăng 01 vụ so với cùng kỳ năm 2024."
    assert {(figure.confidence, figure.notes) for figure in read(sentence).figures} == {("high", ())}


def test_a_report_of_a_post_or_a_district_is_no_report_of_its_province() -> None:
    for office in ("UBND HUYỆN ĐỒNG VĂN", "BỘ CHỈ HUY BĐBP TỈNH HÀ GIANG\nĐỒN BIÊN PHÒNG LŨNG CÚ"):
        reading = read_text(
            f"{office}\n\nHà Giang, ngày 31 tháng 3 năm 2025\n\nBÁO CÁO\n\nTrong quý I/2025 xảy ra 02 vụ {LAW}.", source="bc.txt"
        )
        assert {(figure.unit, figure.confidence) for figure in reading.figures} == {("", "low")}
