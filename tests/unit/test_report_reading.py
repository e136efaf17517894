"""Old reports read into proposed figures: what Vietnamese reports print, noise of scans and all. Excerpts hold figures and the words around them."""

import unicodedata
from decimal import Decimal

import pytest

from agreement.periods import Regime
from agreement.published_families import is_publishable
from reports.baselines import file as baseline_file
from tests.support.baseline_rows import csv_of
from texts.report.model import Proposed, ReportReading
from texts.report.reading import read_text

BREACHES = (
    "Kết quả trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định về quy chế quản lý biên giới "
    "(phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 01 vụ) tăng 04 vụ so với cùng kỳ năm 2018."
)
LETTERHEAD = "UBND TỈNH LẠNG SƠN\nSỞ NGOẠI VỤ\n\nLạng Sơn, ngày 20 tháng 01 năm 2020\n\nBÁO CÁO\n\n"
AT_SEA = (
    "BÁO CÁO\n\nKiểm điểm nhiệm vụ 6 tháng đầu năm 2021 của Sở Ngoại vụ tỉnh Quảng Ngãi\n\n"
    "- Bảo hộ ngư dân: Trong 6 tháng đầu năm, toàn tỉnh không có tàu và ngư dân bị nước ngoài bắt giữ; "
    "tuy nhiên có **04** tàu cá cùng với **22** ngư dân dân bị nước ngoài ngăn cản, lấy tài sản."
)


def read(text: str) -> ReportReading:
    return read_text(text, source="bc.txt")


def values(reading: ReportReading) -> dict[tuple[str, str], int]:
    return {(one.figure, one.period): int(one.value) for one in reading.figures}


def of_2019(text: str) -> dict[str, int]:
    """The breaches read of a sentence in a report of Lạng Sơn on 2019."""
    return {figure: value for (figure, period), value in values(read(LETTERHEAD + text)).items() if period == "2019"}


def one(reading: ReportReading, figure: str, period: str) -> Proposed:
    (found,) = (each for each in reading.figures if (each.figure, each.period) == (figure, period))
    return found


def test_a_total_its_sides_and_the_year_before_are_read_from_one_sentence() -> None:
    reading = read(LETTERHEAD + BREACHES)
    assert values(reading) == {("breach.total", "2019"): 8, ("breach.CN", "2019"): 7, ("breach.VN", "2019"): 1, ("breach.total", "2018"): 4}
    assert {each.unit for each in reading.figures} == {"lang-son"}
    assert {each.confidence for each in reading.figures} == {"high"}
    assert {each.spot.line for each in reading.figures} == {8}
    assert reading.unread == ()


def test_the_year_before_is_marked_as_reckoned() -> None:
    reading = read(LETTERHEAD + BREACHES)
    then = one(reading, "breach.total", "2018")
    assert then.derived is not None
    assert (then.derived.period, then.derived.value, then.derived.change) == ("2019", 8, 4)
    assert then.how == "suy ra: 8 - 4"
    assert one(reading, "breach.total", "2019").derived is None


def test_what_is_quoted_stands_in_the_text() -> None:
    text = LETTERHEAD + BREACHES
    for each in read(text).figures:
        assert each.spot.quote in text
        assert str(int(each.value)) in each.spot.quote or each.derived


NOISY = (
    "UBND TỈNH LẠNG SƠN\nSỞ NGOẠI VỤ\n\nLạng Sơn, ngày 20 tháng 01 năm 2020\n\nKết quả trong năm 2019\nxảy ra **08** vụ vi phạm\n"
    "- 2 -\n\fHiệp định về quy chế quản lý biên giới (phía Trung Quốc vi phạm **07** vụ,\n\nViệt Nam vi phạm 01 vụ)\ntăng 04 vụ so với\ncùng kỳ năm 2018.\n"
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_broken_lines_page_breaks_bold_marks_and_decomposed_letters_change_nothing(form: str, ends: str) -> None:
    noisy = unicodedata.normalize(form, NOISY).replace("\n", ends)  # type: ignore[arg-type]  # pytest's strings are not literals
    clean = read(LETTERHEAD + BREACHES)
    assert values(read(noisy)) == values(clean)
    assert read(noisy).unit == clean.unit
    assert {each.spot.quote for each in read(noisy).figures} == {each.spot.quote for each in clean.figures}
    assert next((each.spot.page, each.spot.line) for each in read(noisy).figures) == (1, 7)


def test_boats_and_fishermen_are_read_and_none_detained_is_zero() -> None:
    reading = read(AT_SEA)
    assert reading.unit == "quang-ngai"
    assert values(reading) == {
        ("sea.detained.boats", "2021H1"): 0,
        ("sea.detained.persons", "2021H1"): 0,
        ("matter.sea_obstruction.boats", "2021H1"): 4,
        ("matter.sea_obstruction.persons", "2021H1"): 22,
    }
    assert all(is_publishable(each.figure) for each in reading.figures)


def test_one_act_at_sea_is_a_figure_of_that_act() -> None:
    reading = read("Trong 9 tháng năm 2022, tỉnh Quảng Ngãi có 02 tàu/15 ngư dân bị nước ngoài bắt giữ; 03 tàu cá và 20 ngư dân bị đâm va.")
    assert values(reading) == {
        ("sea.detained.boats", "2022M9"): 2,
        ("sea.detained.persons", "2022M9"): 15,
        ("sea.rammed.boats", "2022M9"): 3,
        ("sea.rammed.persons", "2022M9"): 20,
    }


def test_delegations_are_proposed_with_their_parts() -> None:
    text = (
        "Giai đoạn 2018 – 2020, đã tham mưu cho UBND tỉnh cử 125 đoàn/1.502 lượt CBCCVN đi công tác (*trong đó, có 48 đoàn/576 lượt người "
        "đi sử dụng nguồn ngân sách nhà nước, 77 đoàn/926 lượt người được phía nước ngoài đài thọ*). "
        "Tổ chức đón tiếp 137 đoàn/1.253 lượt người đến từ các quốc gia."
    )
    reading = read(LETTERHEAD + text)
    assert values(reading) == {
        ("delegations.out", "2018..2020"): 125,
        ("delegations.out.persons", "2018..2020"): 1502,
        ("delegations.out.state_budget", "2018..2020"): 48,
        ("delegations.out.state_budget.persons", "2018..2020"): 576,
        ("delegations.out.sponsored", "2018..2020"): 77,
        ("delegations.out.sponsored.persons", "2018..2020"): 926,
        ("delegations.in", "2018..2020"): 137,
        ("delegations.in.persons", "2018..2020"): 1253,
    }
    lines = baseline_file.read(csv_of(reading).encode())
    assert {(line.figure, line.period): line.value for line in lines} == values(reading)


def test_a_comparison_behind_a_list_is_doubtful_and_says_so() -> None:
    text = (
        "Năm 2019 tỉnh tiếp và làm việc với 54 đoàn/583 lượt người, trong đó có chủ trì đón tiếp 36 đoàn/524 lượt người; đón 10 đoàn/162 lượt "
        "khách quốc tế; phối hợp đón 08 đoàn/45 lượt người nước ngoài là phóng viên giảm 15 đoàn/23 người so với năm 2018."
    )
    reading = read(LETTERHEAD + text)
    now, then = one(reading, "delegations.in.persons", "2019"), one(reading, "delegations.in", "2018")
    assert (then.value, then.confidence, then.how) == (69, "low", "suy ra: 54 + 15")
    assert one(reading, "delegations.in.persons", "2018").value == 606
    assert now.confidence == "low"
    assert now.notes == ("lượt: các phần cộng lại là 731, khác tổng 583",)
    assert one(reading, "delegations.in.guests.persons", "2019").value == 162


def test_out_and_in_are_told_apart_where_they_stand_within_the_count() -> None:
    text = (
        "1. Đánh giá chung\n\nTrong năm 2023 và quý I năm 2024, tập thể Sở đã nỗ lực; một số kết quả như:\n\n1.1. Công tác lãnh sự\n\n"
        "Công tác quản lý đoàn ra, đoàn vào chặt chẽ với 09 đoàn ra /114 lượt công chức; 21 đoàn vào/175 lượt người nước ngoài."
    )
    reading = read(LETTERHEAD + text)
    assert {figure: value for (figure, _), value in values(reading).items()} == {
        "delegations.out": 9,
        "delegations.out.persons": 114,
        "delegations.in": 21,
        "delegations.in.persons": 175,
    }
    assert {(each.period, each.confidence) for each in reading.figures} == {("2023-01..2024-03", "low")}
    assert reading.figures[0].notes == ("văn bản nói gộp “năm 2023 và quý I năm 2024”",)


MARKERS = (
    "Cao Bằng, ngày tháng 4 năm 2023\n\n2.1. Kết quả thực hiện các nhiệm vụ năm 2021-2022\n\n"
    "Báo cáo về tình hình; việc huyện Nà Po (Trung Quốc) hoàn thành sửa chữa nhẹ cột mốc 615; Báo cáo và trình phê chuẩn công trình kê chống "
    "sạt lở khu vực mốc 556/1-556/2, 560-561, 836(2).\n\nTrong Quý I/2023, Tham mưu việc phía Trung Quốc trao đổi việc khôi phục lại cột mốc 821.\n\n"
    "Một số hoạt động dự kiến hoàn thành trong năm 2023: xử lý việc phía Trung Quốc xây dựng một số hạng mục tại khu vực mốc 853-854 (huyện Hạ Lang)."
)


def test_markers_are_matters_to_look_up_and_no_baseline() -> None:
    reading = read(MARKERS)
    assert [(each.kind, each.markers, each.side, each.period) for each in reading.matters] == [
        ("marker_upkeep", ("615",), "CN", "2021..2022"),
        ("works", ("556/1-556/2", "560-561", "836(2)"), None, "2021..2022"),
        ("works_notice", ("821",), "CN", "2023Q1"),
        ("works", ("853-854",), "CN", "2023"),
    ]
    assert [each.confidence for each in reading.matters] == ["medium", "medium", "high", "low"]
    assert "dự kiến" in reading.matters[-1].notes[0]
    assert reading.figures == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Năm 2019 xảy ra 08 (tám) vụ việc vi phạm Hiệp định (trong đó phía Trung Quốc vi phạm 7 vụ và phía Việt Nam vi phạm 1 vụ).",
            {"breach.total": 8, "breach.CN": 7, "breach.VN": 1},
        ),
        ("Tổng số vụ vi phạm Hiệp định năm 2019: 08 vụ (TQ 07, VN 01).", {"breach.total": 8, "breach.CN": 7, "breach.VN": 1}),
        (
            "Năm 2019 xảy ra 09 vụ vi phạm Hiệp định, trong đó 06 vụ do phía Trung Quốc, 03 vụ do phía Việt Nam.",
            {"breach.total": 9, "breach.CN": 6, "breach.VN": 3},
        ),
        (
            "Năm 2019 xảy ra 08 vụ vi phạm Hiệp định (phía Trung Quốc 05 vụ, phía Việt Nam 01 vụ, chưa xác định 02 vụ).",
            {"breach.total": 8, "breach.CN": 5, "breach.VN": 1, "breach.undetermined": 2},
        ),
        ("Năm 2019 không xảy ra vụ vi phạm Hiệp định về quy chế quản lý biên giới nào.", {"breach.total": 0}),
        ("Năm 2018 xảy ra 04 vụ việc, năm 2019 xảy ra 08 vụ vi phạm Hiệp định.", {"breach.total": 8}),
        ("Xảy ra 1.502 vụ vi phạm Hiệp định trong năm 2019.", {"breach.total": 1502}),
    ],
)
def test_breaches_are_read_however_they_are_told(text: str, expected: dict[str, int]) -> None:
    assert of_2019(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2019 dự kiến còn 02 vụ vi phạm Hiệp định.",
        "Năm 2019 xảy ra khoảng 12 vụ vi phạm Hiệp định.",
        "Năm 2019 xảy ra O8 vụ vi phạm Hiệp định.",
        "Năm 2019 xảy ra tám vụ vi phạm Hiệp định.",
        "Năm 2019 huyện Cao Lộc xảy ra 02 vụ vi phạm Hiệp định.",
        "Năm 2019 xảy ra 02 vụ vi phạm Hiệp định tại khu vực mốc 1088.",
        "Năm 2019 đã phối hợp giải quyết 05 vụ vi phạm Hiệp định.",
        "Năm 2019 có 05 vụ vi phạm Hiệp định thương mại.",
        "III. PHƯƠNG HƯỚNG NHIỆM VỤ\n\nNăm 2019 cả tỉnh có dưới 05 vụ, tức 04 vụ vi phạm Hiệp định.",
    ],
)
def test_what_is_no_total_of_a_province_is_left_out_and_listed(text: str) -> None:
    reading = read(LETTERHEAD + text)
    assert [each for each in reading.figures if each.figure.startswith("breach")] == []
    assert reading.unread


def test_a_split_that_does_not_add_up_is_proposed_with_doubt() -> None:
    reading = read(
        LETTERHEAD + "Năm 2019 xảy ra 09 vụ vi phạm Hiệp định (phía Trung Quốc 06 vụ, phía Việt Nam 02 vụ) bằng cùng kỳ năm 2018."
    )
    assert {each.confidence for each in reading.figures} == {"low"}
    assert one(reading, "breach.total", "2019").notes == ("các phía cộng lại là 8, khác tổng 9",)
    assert one(reading, "breach.total", "2018").how == "suy ra: bằng 9"


@pytest.mark.parametrize(
    "then",
    [
        " (cùng kỳ năm 2018 xảy ra 04 vụ vi phạm Hiệp định).",
        ". Cùng kỳ năm 2018, xảy ra 04 vụ vi phạm Hiệp định.",
        "; năm trước có 04 vụ vi phạm Hiệp định.",
    ],
)
def test_the_figure_of_the_year_before_may_be_told_itself(then: str) -> None:
    assert values(read(LETTERHEAD + "Trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định" + then)) == {
        ("breach.total", "2019"): 8,
        ("breach.total", "2018"): 4,
    }


def test_two_values_of_one_figure_are_both_doubtful() -> None:
    reading = read(LETTERHEAD + "Năm 2019 xảy ra 08 vụ vi phạm Hiệp định. Trong năm 2019 xảy ra 09 vụ vi phạm Hiệp định.")
    assert [(each.value, each.confidence) for each in reading.figures] == [(Decimal(8), "low"), (Decimal(9), "low")]
    assert reading.figures[0].notes == ("văn bản có nhiều giá trị: 8, 9",)


@pytest.mark.parametrize(
    ("told", "before"),
    [
        ("tăng 04 vụ so với cùng kỳ năm 2018", ("2018", 4)),
        ("giảm 02 vụ so với năm 2018", ("2018", 10)),
        (", so với cùng kỳ năm 2018 tăng 04 vụ", ("2018", 4)),
        (", tăng 04 vụ (100%) so với cùng kỳ", ("2018", 4)),
        (", tăng thêm 03 vụ so với năm 2016", ("2016", 5)),
        ("bằng cùng kỳ năm trước", ("2018", 8)),
        ("tăng 100% so với cùng kỳ", None),
        ("tăng 09 vụ so với cùng kỳ", None),
        ("tăng 04 vụ", None),
    ],
)
def test_a_comparison_gives_the_earlier_figure_or_nothing(told: str, before: tuple[str, int] | None) -> None:
    reading = read(f"{LETTERHEAD}Năm 2019 xảy ra 08 vụ vi phạm Hiệp định {told}.")
    assert [(each.period, int(each.value)) for each in reading.figures if each.derived] == ([before] if before else [])


@pytest.mark.parametrize(
    ("lead", "period"),
    [
        ("6 tháng đầu năm 2021", "2021H1"),
        ("Trong 6 tháng cuối năm 2021", "2021H2"),
        ("Trong Quý I/2023", "2023Q1"),
        ("Trong quý 4 năm 2023", "2023Q4"),
        ("Trong 9 tháng đầu năm 2023", "2023M9"),
        ("Trong tháng 02/2019", "2019-02"),
        ("Giai đoạn 2018 – 2020", "2018..2020"),
        ("Từ ngày 15/12/2018 đến ngày 14/12/2019", "2019"),
        ("Từ năm 2018 đến nay", ""),
        ("Từ ngày 20/12/2018 đến ngày 14/11/2019", ""),
        ("Thực hiện Kế hoạch năm 2019", ""),
        ("Toàn tỉnh", ""),
    ],
)
def test_the_period_is_what_the_sentence_says_or_is_asked_for(lead: str, period: str) -> None:
    (found,) = read(f"{LETTERHEAD}{lead}, xảy ra 05 vụ vi phạm Hiệp định.").figures
    assert found.period == period
    assert (found.confidence == "low") is (period == "")
    assert ("chưa rõ kỳ: hãy điền" in found.notes) is (period == "")


def test_days_that_decree_09_cuts_say_the_regime() -> None:
    (found,) = read(f"{LETTERHEAD}Từ ngày 15/12/2018 đến ngày 14/12/2019 xảy ra 08 vụ vi phạm Hiệp định.").figures
    assert (found.period, found.regime) == ("2019", Regime.ND09)
    (found,) = read(f"{LETTERHEAD}Năm 2019 xảy ra 08 vụ vi phạm Hiệp định.").figures
    assert found.regime is None


def test_a_province_that_nothing_tells_is_asked_for() -> None:
    (found,) = read("Năm 2019 xảy ra 08 vụ vi phạm Hiệp định.").figures
    assert (found.unit, found.confidence, found.notes) == ("", "low", ("chưa rõ tỉnh: hãy điền",))
    (found,) = read_text("Năm 2019 xảy ra 08 vụ vi phạm Hiệp định.", source="bc.txt", unit="cao-bang").figures
    assert (found.unit, found.confidence) == ("cao-bang", "high")


def test_other_provinces_named_in_a_text_do_not_make_it_theirs() -> None:
    text = "Hội nghị giữa các tỉnh Lạng Sơn, Quảng Ninh, Cao Bằng, Hà Giang và Quảng Tây.\n\n"
    assert read(LETTERHEAD + text + BREACHES).unit == "lang-son"
    assert read(text + BREACHES).unit == ""


def test_the_rows_of_a_reading_are_loaded_by_the_baseline_as_they_are() -> None:
    reading = read(LETTERHEAD + BREACHES)
    lines = baseline_file.read(csv_of(reading).encode())
    assert [(line.unit, line.period, line.figure, line.value, line.page) for line in lines] == [
        ("lang-son", "2019", "breach.total", 8, "dòng 8"),
        ("lang-son", "2019", "breach.CN", 7, "dòng 8"),
        ("lang-son", "2019", "breach.VN", 1, "dòng 8"),
        ("lang-son", "2018", "breach.total", 4, "dòng 8"),
    ]
    assert all(line.source.startswith("bc.txt: “Kết quả trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định") for line in lines)
    assert all(len(line.source) < 120 for line in lines), "a report's table cites it"
    assert "suy ra: 8 - 4" in lines[-1].source


def test_a_row_whose_period_is_unknown_is_not_loaded_before_a_person_fills_it_in() -> None:
    text = csv_of(read(LETTERHEAD + "Toàn tỉnh xảy ra 08 vụ vi phạm Hiệp định."))
    with pytest.raises(baseline_file.BaselineRefused) as refused:
        baseline_file.read(text.encode())
    assert [problem.field for problem in refused.value.problems] == ["period"]
    filled = text.replace("lang-son,,", "lang-son,2019,")
    assert [line.value for line in baseline_file.read(filled.encode())] == [8]


LAW = "vụ vi phạm Hiệp định về quy chế quản lý biên giới"


@pytest.mark.parametrize(
    "text",
    [
        f"Năm 2019, từ sau ngày 01/7 không xảy ra {LAW}.",
        f"Năm 2019, kể từ 15/8 xảy ra 08 {LAW}.",
        f"Năm 2019 xảy ra từ 8 đến 10 {LAW}.",
        f"Năm 2019 không xảy ra 01 {LAW} nào.",
        f"Năm 2019 chưa phát hiện 01 {LAW}.",
        f"Năm 2019 xảy ra 03 {LAW} đặc biệt nghiêm trọng.",
    ],
)
def test_a_number_of_less_than_the_period_or_that_is_denied_is_listed(text: str) -> None:
    reading = read(LETTERHEAD + text)
    assert reading.figures == ()
    assert reading.unread


@pytest.mark.parametrize(
    "text",
    [
        f"Năm 2019 theo bạn thông báo xảy ra 08 {LAW}.",
        f"Năm 2019 nguy cơ xảy ra 08 {LAW} được ngăn chặn.",
        f"Năm 2019 xảy ra thêm 02 {LAW}.",
        f"Năm 2019, lực lượng Công an tỉnh phát hiện 03 {LAW}.",
        "Năm 2019 xử lý 17 vụ việc lãnh sự và bảo hộ công dân. Trong đó, 10 vụ lãnh sự, 06 vụ bảo hộ công dân.",
    ],
)
def test_words_that_speak_against_a_number_make_it_doubtful(text: str) -> None:
    figures = read(LETTERHEAD + text).figures
    assert figures
    assert {each.confidence for each in figures} == {"low"}


def test_days_of_a_whole_year_are_no_part_of_it() -> None:
    reading = read(f"{LETTERHEAD}Từ ngày 15/12/2018 đến ngày 14/12/2019 không xảy ra {LAW}.")
    assert values(reading) == {("breach.total", "2019"): 0}
