"""What is only published, read from prose: agreements, trade, sessions, talks and letters, directives, plans. What is not certain is left unread."""

import pytest

from texts.report.model import ReportReading
from texts.report.reading import read_text

HEAD = "SỞ NGOẠI VỤ\n\nLạng Sơn, ngày 20 tháng 01 năm 2026\n\nBÁO CÁO\n\nI. KẾT QUẢ\n\n"


def read(sentence: str) -> ReportReading:
    return read_text(HEAD + sentence, source="bc.txt")


def figures(sentence: str) -> dict[str, float]:
    """The figures read of a sentence on 2025, with their values."""
    reading = read(sentence)
    assert {each.period for each in reading.figures} <= {"2025"}
    return {each.figure: float(each.value) for each in reading.figures}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Năm 2025, tỉnh ký 04 thỏa thuận quốc tế.", {"agreements.province": 4}),
        ("Năm 2025 đã ký kết 03 thỏa thuận quốc tế cấp sở.", {"agreements.department": 3}),
        ("Năm 2025 đã ký 07 thỏa thuận quốc tế.", {"agreements.total": 7}),
        ("Năm 2025, kim ngạch xuất nhập khẩu qua các cửa khẩu đạt 4,75 tỷ USD.", {"trade.total": 4750}),
        (
            "Năm 2025, tổng kim ngạch XNK hàng hóa qua các cửa khẩu đạt 66,3 tỷ USD, trong đó: kim ngạch XK đạt 30 tỷ USD, NK đạt 36,3 tỷ USD.",
            {"trade.total": 66300, "trade.export": 30000, "trade.import": 36300},
        ),
        ("Năm 2025, kim ngạch xuất khẩu đạt 600.500 USD; nhập khẩu đạt 12 triệu USD.", {"trade.export": 0.6005, "trade.import": 12}),
        ("Năm 2025 tổng trị giá hàng hóa xuất, nhập khẩu trên địa bàn tỉnh Lạng Sơn là 80 triệu USD.", {"trade.total": 80}),
        (
            "Năm 2025, kim ngạch xuất khẩu đạt 90 triệu USD, đạt 112,5% kế hoạch, tăng 10 triệu USD so với năm 2024.",
            {"trade.export": 90, "plan.trade.export": 112.5},
        ),
        ("Năm 2025 tổ chức 25 cuộc hội đàm, gửi 40 thư, 06 điện mừng và 03 công hàm.", {
            "contacts.talks": 25, "contacts.letters": 40, "contacts.telegrams": 6, "contacts.notes": 3,
        }),
        ("Năm 2025, giá trị xuất khẩu của tỉnh đạt 20 triệu USD.", {"trade.export": 20}),
        ("Năm 2025 đã hội đàm 12 lần; trao đổi 15 bức thư với phía bạn.", {"contacts.talks": 12, "contacts.letters": 15}),
        ("Năm 2025 tham dự 02 phiên họp Ủy ban liên hợp biên giới; họp 04 phiên họp Ban Chỉ đạo công tác biên giới.", {
            "committee.joint": 2, "committee.steering": 4,
        }),
        ("Năm 2025 tiếp nhận 45 văn bản chỉ đạo, đã trả lời 42 văn bản, còn 03 văn bản.", {
            "directives.received": 45, "directives.answered": 42, "directives.pending": 3,
        }),
        ("Năm 2025, tổng số đoàn ra, đoàn vào là 107 đoàn/1.088 lượt người.", {"delegations.total": 107, "delegations.total.persons": 1088}),
        ("Năm 2025 lãnh đạo tỉnh tiếp xã giao 05 đoàn.", {"delegations.in.courtesy": 5}),
        ("Năm 2025 xử lý 25 vụ việc lãnh sự và bảo hộ công dân.", {"consular.total": 25}),
        ("Năm 2025 xử lý 17 vụ việc lãnh sự, tăng 02 vụ so với cùng kỳ năm trước.", {"consular.cases": 17}),
    ],
)  # fmt: skip
def test_what_is_published_is_read_however_it_is_told(sentence: str, expected: dict[str, float]) -> None:
    reading = read(sentence)
    assert {each.figure: float(each.value) for each in reading.figures if each.period == "2025"} == expected
    assert reading.unread == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Năm 2025, xuất khẩu nông sản đạt 20 triệu USD.",
        "Năm 2025, kim ngạch xuất khẩu qua cửa khẩu Tân Thanh đạt 20 triệu USD.",
        "Năm 2025, kim ngạch xuất khẩu của tỉnh Quảng Tây đạt 20 triệu USD.",
        "Năm 2025, kim ngạch xuất khẩu sang Thái Lan đạt 20 triệu USD.",
        "Năm 2025, kim ngạch xuất khẩu gỗ đạt 20 triệu USD.",
        "Kế hoạch năm 2025 kim ngạch xuất khẩu 20 triệu USD.",
        "Năm 2025, mục tiêu kim ngạch: xuất khẩu đạt 20 triệu USD.",
        "Năm 2025, thu thuế xuất nhập khẩu đạt 20 triệu USD.",
        "Năm 2025, kim ngạch xuất khẩu đạt trên 20 triệu USD.",
        "Năm 2025, kim ngạch xuất nhập khẩu đạt 900 tỷ đồng.",
        "Năm 2025 vận động viện trợ 20 triệu USD.",
        "Năm 2025 nhận 05 thư của phía bạn.",
        "Năm 2025 huyện Cao Lộc gửi 05 thư.",
        "Năm 2025 nhận 05 thư và 03 công hàm.",
        "Năm 2025 hủy 05 thỏa thuận quốc tế.",
        "Năm 2025, kim ngạch xuất khẩu tháng 10 đạt 20 triệu USD.",
        "Năm 2025 tổ chức 05 cuộc hội đàm cấp tỉnh.",
        "Năm 2025 xây 05 thư viện.",
        "Năm 2025 tổ chức 05 cuộc hội đàm, gặp gỡ.",
        "Năm 2025 đồn Tân Thanh tổ chức 05 cuộc hội đàm.",
        "Năm 2025 dự kiến ký 05 thỏa thuận quốc tế.",
        "Năm 2025 thẩm định 05 thỏa thuận quốc tế.",
        "Năm 2025 ban hành 05 văn bản chỉ đạo.",
        "Năm 2025 tổ chức 05 phiên họp của sở.",
        "Năm 2025 tham dự Hội nghị lần thứ 15 Ủy ban công tác liên hợp.",
        "Năm 2025 cấp phép 02 phiên bản trang thông tin của Ban Chỉ đạo.",
        "Năm 2025 đạt 95% kế hoạch.",
    ],
)
def test_what_is_no_such_figure_is_left_unread_and_accounted_for(sentence: str) -> None:
    assert figures(sentence) == {}
    assert [each.written for each in read(sentence).numbers if not each.why] == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Năm 2025 gửi 15 thư và nhận 12 thư.", {"contacts.letters": 15}),
        ("Năm 2025 ký 05 thỏa thuận quốc tế và dừng 02 thỏa thuận.", {"agreements.total": 5}),
    ],
)
def test_a_verb_of_its_own_parts_a_count_from_the_list_before_it(sentence: str, expected: dict[str, float]) -> None:
    assert figures(sentence) == expected
    assert len(read(sentence).unread) == 1


def test_an_estimate_is_doubtful_and_so_is_what_follows_it_in_its_sentence() -> None:
    sentence = "Năm 2025, tổng kim ngạch xuất nhập khẩu ước đạt 90 triệu USD, trong đó: xuất khẩu đạt 50 triệu USD, nhập khẩu 40 triệu USD."
    assert {(each.figure, each.confidence, each.notes[0]) for each in read(sentence).figures} == {
        (f"trade.{what}", "low", "văn bản ghi là số ước") for what in ("total", "export", "import")
    }


def test_directions_that_do_not_make_all_trade_are_doubtful() -> None:
    sentence = "Năm 2025, tổng kim ngạch xuất nhập khẩu đạt 90 triệu USD (xuất khẩu 50 triệu USD, nhập khẩu 45 triệu USD)."
    assert {each.confidence for each in read(sentence).figures} == {"low"}
    assert {each.notes for each in read(sentence).figures} == {("xuất khẩu cộng nhập khẩu khác tổng kim ngạch",)}


def test_a_plan_of_the_year_is_no_plan_of_a_quarter() -> None:
    (plan,) = (
        each
        for each in read("Quý I năm 2025, kim ngạch xuất khẩu đạt 90 triệu USD, đạt 22% kế hoạch năm.").figures
        if "plan" in each.figure
    )
    assert (plan.period, plan.confidence, plan.notes) == ("2025Q1", "low", ("so với kế hoạch năm",))


def test_a_comparison_gives_the_year_before_in_the_figures_own_unit() -> None:
    talks = "Năm 2025 tổ chức 25 cuộc hội đàm, tăng 05 cuộc so với cùng kỳ năm 2024"
    sentence = f"{talks}; kim ngạch xuất khẩu đạt 90 triệu USD, giảm 10 triệu USD so với năm 2024."
    then = {each.figure: float(each.value) for each in read(sentence).figures if each.period == "2024"}
    assert then == {"contacts.talks": 20, "trade.export": 100}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Công văn số 4388/VP-THNC của Văn phòng", "số, ký hiệu văn bản"),
        ("Điều 39 Hiệp định", "số, ký hiệu văn bản"),
        ("thông báo 05 lô hàng", "không phải số liệu nào đã biết"),
        ("điều 12 cán bộ", "không phải số liệu nào đã biết"),
        ("ngày 29/10/2020", "ngày, tháng"),
        ("lúc 14:47", "giờ"),
        ("từ nay đến năm 2030", "tên kỳ, năm"),
        ("quý I và quý II", "tên kỳ, năm"),
        ("Đại hội XII của Đảng", "số thứ tự"),
        ("Hội nghị lần thứ 12, 13", "số thứ tự"),
        ("đứng thứ 11/20 sở, ngành", "số thứ tự"),
        ("sau 10 năm phân giới", "thời hạn"),
        ("tăng 15,8%", "tỷ lệ phần trăm, không suy ra số đếm"),
        ("dịch Covid-19", "tên gọi có số"),
        ("Tel (025) 3818.256", "số điện thoại, địa chỉ"),
        ("một số việc", "từ chỉ số trong lời văn"),
        ("mốc 1088/2-1089", "số hiệu mốc"),
        ("có 185 lưu học sinh", "đào tạo: không phải số liệu nào đã biết"),
        ("khoảng 3.000 kiều bào", "số ước chừng"),
        ("có 7 hạng mục", "không phải số liệu nào đã biết"),
    ],
)
def test_a_number_that_is_no_figure_is_listed_with_what_it_is(written: str, why: str) -> None:
    numbers = read_text(f"Việc này {written}.", source="bc.txt").numbers
    assert numbers
    assert {each.why for each in numbers} == {why}


def test_a_page_number_is_listed_too() -> None:
    assert [(each.line, each.written, each.why) for each in read_text("Mở đầu\n- 2 -\n\fvà hết.", source="bc.txt").numbers] == [
        (2, "- 2 -", "số trang")
    ]
