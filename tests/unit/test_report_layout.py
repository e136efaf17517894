"""What a report's document says, before it is Word, Markdown or a workbook."""

import re
from datetime import datetime

import pytest

from agreement.periods import Regime
from border.vietnam import HANOI
from reports.documents.annexes import CHECKED, occurred_text
from reports.documents.cells import PARTIAL_NOTE, SUPPRESSED_NOTE, value_cell
from reports.documents.document_model import SUPPRESSED, Drawing, Layout, Table
from reports.documents.layout import layout
from reports.documents.strip import LINE, dots, stretch
from reports.documents.word_tables import TABLE_PT, TEXT_MM
from reports.model import (
    Accepted,
    Check,
    Comparison,
    Estimate,
    Figure,
    Heard,
    Missed,
    Month,
    Moved,
    Origin,
    PostsHeard,
    Report,
    Severity,
    Subtotal,
    canonical,
)
from schemas.codebook import Precision
from tests.support.reports import LETTER, SENTENCE_2019, a_figure, a_report, a_rich_report, a_row, breaches_2019, heard

CHAPTERS = ["I", "II", "III", "IV", "V"]


def said(laid: Layout) -> list[str]:
    return [text for chapter in laid.chapters for block in chapter.blocks for text in block.paragraphs]


def table_of(laid: Layout, sheet: str) -> Table:
    (found,) = (table for table in laid.tables if table.sheet == sheet)
    return found


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def origin(report: Report) -> dict[str, str]:
    return dict(layout(report).origin)


def test_an_empty_report_has_every_chapter_and_says_where_there_is_nothing() -> None:
    laid = layout(a_report())
    assert [chapter.number for chapter in laid.chapters] == CHAPTERS
    assert said(laid) == ["Không có số liệu trong kỳ."] * 4 + ["Không có điểm nào phải xem xét."]
    assert [table.sheet for table in laid.tables] == ["Nguồn gốc"]
    assert laid.pictures == ()


def test_the_published_sentence_stands_in_the_first_chapter() -> None:
    first = layout(breaches_2019()).chapters[0]
    assert first.blocks[0].paragraphs == (f"{SENTENCE_2019}.",)


def test_every_sentence_is_printed_once_whatever_its_id_and_order() -> None:
    report = a_rich_report()
    backwards = report.model_copy(update={"sentences": dict(reversed(report.sentences.items()))})
    printed = [*layout(report).preface, *said(layout(report))]
    assert all(printed.count(f"{sentence}.") == 1 for sentence in report.sentences.values())
    assert layout(backwards) == layout(report)


def test_a_report_that_was_stored_and_read_back_is_laid_out_the_same() -> None:
    report = a_rich_report()
    assert layout(Report.model_validate_json(canonical(report))) == layout(report)


@pytest.mark.parametrize(
    ("figure_id", "sheet"),
    [
        ("breach.total", "Theo phía"),
        ("breach.contested", "Theo phía"),
        ("breach.kind.works", "Theo loại việc"),
        ("breach.clause.21(1)", "Theo điều khoản"),
        ("breach.article39.1", "Theo điều khoản"),
        ("breach.stretch.none", "Theo đoạn mốc"),
        ("breach.province.lang-son", "Theo địa bàn"),
        ("breach.district.Văn Lãng", "Theo địa bàn"),
        ("breach.commune.none", "Theo địa bàn"),
        ("border_event.total", "Điều 39"),
        ("article39.6.persons.wanted", "Điều 39"),
        ("matter.letter", "Công việc khác"),
        ("matter.sea_obstruction.boats", "Trên biển"),
        ("sea.rammed", "Trên biển"),
        ("exempt.kind.works", "Không vi phạm"),
        ("crossing.total.persons", "Qua cửa khẩu"),
        ("open.conflicts", "Việc còn mở"),
        ("needs_facts.kind.works", "Việc còn mở"),
        ("outcome.breach", "Tổng hợp"),
        ("posts.reported", "Tổng hợp"),
        ("breach.something_new", "Chỉ tiêu khác"),
        ("quite.new", "Chỉ tiêu khác"),
    ],
)
def test_a_figure_is_printed_in_its_table_and_an_unknown_one_in_the_last(figure_id: str, sheet: str) -> None:
    laid = layout(a_report(figures=(a_figure(figure_id, 3, "Một chỉ tiêu"),)))
    assert texts(table_of(laid, sheet)) == [["1", "Một chỉ tiêu", "vụ", "3"]]


def test_no_figure_that_counts_something_is_dropped() -> None:
    report = a_rich_report()
    printed = [row[1] for table in layout(report).tables if table.columns[1].title == "Chỉ tiêu" for row in texts(table)]
    counting = [figure for figure in report.figures if figure.value != 0]
    assert sorted(printed) == sorted(figure.label[:1].upper() + figure.label[1:] for figure in counting)


def test_tables_and_charts_of_nothing_are_not_drawn() -> None:
    nothing = breaches_2019(
        figures=tuple(a_figure(figure.id, 0, figure.label) for figure in breaches_2019().figures),
        comparisons=(),
        rows=(),
        months=tuple(Month(id=month.id, sides=dict.fromkeys(month.sides, 0)) for month in breaches_2019().months),
    )
    assert [table.sheet for table in layout(nothing).tables] == ["Nguồn gốc"]
    assert layout(nothing).pictures == ()


def test_a_zero_stands_beside_what_fell_to_it_and_completes_the_sides() -> None:
    figures = [a_figure(f"breach.{side}", 3 if side in ("total", "CN") else 0, side) for side in ("total", "CN", "VN", "both", "third")]
    known = (Comparison(figure="breach.third", period="2018", before=2, origin=Origin.RECORD),)
    rows = texts(table_of(layout(a_report(figures=tuple(figures), comparisons=known)), "Theo phía"))
    assert [row[1] for row in rows] == ["Total", "CN", "VN", "Third"]
    assert rows[-1][3:] == ["0", "2", "giảm 02 vụ"]


def spoken_for(value: float | None, whole: int, part: int = 0, *, figure_id: str = "breach.total") -> Figure:
    """A figure on which so many of eight posts were heard."""
    return a_figure(figure_id, value).model_copy(update={"coverage": Heard(whole=whole, part=part, expected=8)})


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (spoken_for(None, 0), "chưa có báo cáo"),
        (spoken_for(None, 0, 1), SUPPRESSED),
        (spoken_for(None, 8), SUPPRESSED),
        (spoken_for(0, 5), "chưa ghi nhận"),
        (spoken_for(0, 8), "0"),
        (spoken_for(3, 1), "3"),
    ],
)
def test_silence_is_never_printed_as_zero(figure: Figure, text: str) -> None:
    cell = value_cell(figure)
    assert cell.text == text
    assert cell.value == (figure.value if text.isdecimal() else None)


def test_a_figure_nobody_was_heard_on_has_neither_number_nor_comparison_and_no_table_of_its_own() -> None:
    silent, known = spoken_for(None, 0), Comparison(figure="breach.total", period="2018", before=None, origin=None)
    assert layout(a_report(figures=(silent,))).tables[0].sheet == "Nguồn gốc"
    rows = texts(table_of(layout(a_report(figures=(silent, spoken_for(2, 3, figure_id="breach.CN")), comparisons=(known,))), "Theo phía"))
    assert [row[3] for row in rows] == ["chưa có báo cáo", "2"]


def test_what_nobody_was_heard_on_is_said_in_one_note_below_what_was_counted() -> None:
    figures = (
        spoken_for(2, 3, figure_id="matter.patrol"),
        *(spoken_for(None, 0, figure_id=f"matter.{kind}") for kind in ("survey", "letter")),
    )
    table = table_of(layout(a_report(figures=figures)), "Công việc khác")
    assert [row[1] for row in texts(table)] == ["Matter.patrol"]
    assert table.notes == ("Chỉ tiêu không nêu ở đây: chưa có báo cáo của đồn nào.",)


def test_a_decrease_under_partial_coverage_says_what_it_may_come_from() -> None:
    known = (Comparison(figure="breach.total", period="2018", before=4, origin=Origin.RECORD),)
    partial, whole = (table_of(layout(a_report(figures=(spoken_for(3, n),), comparisons=known)), "Theo phía") for n in (5, 8))
    assert (partial.notes, whole.notes) == ((PARTIAL_NOTE,), ())


def test_an_earlier_zero_that_posts_did_not_vouch_for_is_no_zero_and_nothing_rose_from_it() -> None:
    then = Comparison(figure="breach.total", period="2018", before=0, origin=Origin.RECORD, coverage=Heard(whole=5, part=0, expected=8))
    whole = then.model_copy(update={"coverage": Heard(whole=8, part=0, expected=8)})
    tables = [table_of(layout(a_report(figures=(spoken_for(1, 8),), comparisons=(known,))), "Theo phía") for known in (then, whole)]
    assert [texts(table)[0][3:] for table in tables] == [["1", "chưa ghi nhận", "-"], ["1", "0", "tăng 01 vụ"]]


def test_a_month_without_a_breach_is_blank_unless_every_post_was_heard() -> None:
    figures = {n: (spoken_for(8, n), *breaches_2019().figures[1:]) for n in (5, 8)}
    first = {n: table_of(layout(breaches_2019(figures=given)), "Theo tháng") for n, given in figures.items()}
    assert {n: texts(table)[3] for n, table in first.items()} == {5: ["04/2019", "", "", ""], 8: ["04/2019", "0", "0", "0"]}
    assert [column.title for column in first[8].columns] == ["Tháng báo cáo", "Trung Quốc", "Việt Nam", "Tổng"]


@pytest.mark.parametrize(
    ("occurred", "printed"), [(datetime(2025, 7, 1, tzinfo=HANOI), False), (datetime(2025, 6, 30, tzinfo=HANOI), True)]
)
def test_no_district_is_missed_after_the_last_one_ended(occurred: datetime, printed: bool) -> None:
    row = a_row(1, occurred=occurred, district=None)
    figures = tuple(a_figure(f"breach.{level}.none", 1, level, subjects=(row.subject,)) for level in ("district", "commune"))
    area = table_of(layout(a_report(period="2025", figures=figures, rows=(row,))), "Theo địa bàn")
    assert [each[1] for each in texts(area)] == ["District", "Commune"][not printed :]


def test_measures_stand_under_the_cases_of_their_item() -> None:
    rows = texts(table_of(layout(a_rich_report()), "Điều 39"))
    assert [row[1] for row in rows] == [
        "Sự kiện biên giới (không tính là vi phạm)",
        "Sự kiện mục 6 Điều 39 (vượt biên)",
        "Người trong mục 6 Điều 39",
        "Sự kiện mục 14 Điều 39 (mua bán người)",
        "Người trong mục 14 Điều 39",
        "Hàng hóa trong mục 9 Điều 39",
    ]


def test_numbers_have_points_for_thousands_and_a_comma_for_decimals_and_stay_numbers() -> None:
    laid = layout(a_rich_report())
    by_label = {row[1].text: row[3] for row in table_of(laid, "Qua cửa khẩu").rows}
    assert by_label["Lượt người qua cửa khẩu, cả hai chiều"].text == "1.234.568"
    assert by_label["Hàng hóa từ Việt Nam sang Trung Quốc (tấn)"].text == "346,433"
    assert by_label["Hàng hóa từ Việt Nam sang Trung Quốc (tấn)"].value == 346.433


def test_a_figure_is_compared_in_its_table_and_a_missing_one_is_said_to_be_missing() -> None:
    laid = layout(breaches_2019())
    total, china, *_ = texts(table_of(laid, "Theo phía"))
    assert total[3:] == ["8", "4", "tăng 04 vụ"]
    assert china[3:] == ["7", "chưa có", "-"]
    assert texts(table_of(laid, "So sánh"))[0][-1] == "số đã công bố, kỳ 2018: Trang thông tin của tỉnh, 20/01/2020"


def test_where_nothing_can_be_compared_it_is_said_once() -> None:
    missing = (Comparison(figure="breach.total", period="2018", before=None, origin=None),)
    laid = layout(breaches_2019(comparisons=missing))
    assert said(laid).count("Với cùng kỳ năm trước: chưa có số liệu so sánh.") == 1
    assert len(table_of(laid, "Theo phía").columns) == 4


def test_where_the_figures_of_the_year_before_are_from_is_said_and_published_ones_are_an_annex() -> None:
    assert "Số cùng kỳ lấy từ số đã công bố, nêu ở phụ lục “So sánh với số đã công bố của cùng kỳ năm trước”." in said(
        layout(breaches_2019())
    )
    assert (
        "Số cùng kỳ lấy từ dữ liệu của hệ thống, kỳ 2018 và từ số đã công bố, nêu ở phụ lục “So sánh với số đã công bố của cùng kỳ năm trước”."
        in said(layout(a_rich_report()))
    )
    own = layout(breaches_2019(comparisons=(Comparison(figure="breach.total", period="2018", before=5, origin=Origin.RECORD),)))
    assert "Số cùng kỳ lấy từ dữ liệu của hệ thống, kỳ 2018." in said(own)
    assert [annex.heading for annex in own.annexes] == ["Danh sách vụ vi phạm Hiệp định", CHECKED]


def test_what_is_of_a_moment_is_not_compared_and_does_not_say_that_something_is_missing() -> None:
    figures = (a_figure("needs_facts.kind.works", 2), a_figure("open.conflicts", 1, unit="tin"))
    known = (Comparison(figure="needs_facts.kind.works", period="2018", before=1, origin=Origin.RECORD),)
    table = table_of(layout(a_report(figures=figures, comparisons=known)), "Việc còn mở")
    assert [row[3:] for row in texts(table)] == [["2", "1", "tăng 01 vụ"], ["1", "-", "-"]]
    hidden = table_of(layout(a_report(figures=(*figures, a_figure("needs_facts.kind.drugs", None)), comparisons=known)), "Việc còn mở")
    assert texts(hidden)[2][3:] == [SUPPRESSED] * 3


@pytest.mark.parametrize("big", [8, 541_131, 2_044_062, 2_900_000_000])
def test_no_number_is_broken_in_its_column(big: int) -> None:
    """A digit is half as wide as its type is high, a point a quarter; a cell has 2.5 mm of margins."""
    source = {"period": "2018", "before": big, "origin": Origin.BASELINE, "source": "Báo cáo năm 2018"}
    laid = layout(
        a_report(
            figures=(a_figure("crossing.total.persons", big, subjects=(Subtotal(gate="huu-nghi", direction="CN-VN", rows=1, n=big),)),),
            comparisons=(Comparison(figure="crossing.total.persons", **source),),
            estimates=(guess := Estimate(figure="crossing.total.persons", period="2019", value=big, method="theo 6 tháng"),),
            missed=(Missed(estimate=guess, report="2019H1, bản 1", actual=2 * big),),
            moved=(Moved(figure="crossing.total.persons", before=big, after=big + 1),),
        )
    )
    narrow = []
    for table in laid.tables:
        whole = sum(column.width for column in table.columns)
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                needs_mm = 2.5 + sum(0.25 if sign in ".,-" else 0.5 for sign in cell.text) * TABLE_PT * 25.4 / 72
                if cell.value is not None and TEXT_MM * column.width / whole < needs_mm:
                    narrow.append((table.sheet, column.title))
    assert len(laid.tables) >= 5
    assert narrow == []


def test_what_waits_is_told_once_among_the_origins() -> None:
    figures = (a_figure("needs_facts.kind.works", 2, "Cần thêm dữ kiện: xây dựng"), a_figure("open.needs_facts", 2, "Vụ việc chờ dữ kiện"))
    assert origin(a_report(figures=figures))["Việc còn mở"] == "Vụ việc chờ dữ kiện: 2 vụ"


def test_clauses_are_not_to_be_added_up_and_the_table_says_so() -> None:
    figures = (a_figure("breach.clause.21(1)", 2), a_figure("breach.article39.2", 1))
    (note,) = table_of(layout(a_report(figures=figures)), "Theo điều khoản").notes
    assert note.endswith("không cộng thành tổng.")


def test_passages_are_counted_as_passages_at_each_gate() -> None:
    rows = texts(table_of(layout(a_rich_report()), "Từng cửa khẩu"))
    assert {row[2] for row in rows} == {"lượt người", "hàng hóa (tấn)"}


def test_the_self_audit_is_an_annex_that_the_body_names() -> None:
    laid = layout(a_rich_report())
    assert laid.annexes[-1].heading == CHECKED
    assert f"Tự kiểm tra số liệu: 1 lỗi, 1 cần xem xét, 1 lưu ý; từng điểm ở phụ lục “{CHECKED}”." in said(laid)
    assert [annex.number for annex in laid.annexes] == [f"Phụ lục {number}" for number in ("I", "II", "III", "IV", "V")]


def test_a_suppressed_figure_is_not_given_away() -> None:
    figures = (a_figure("article39.14", 1), a_figure("article39.14.persons", None, unit="người"))
    known = (Comparison(figure="article39.14.persons", period="2018", before=9, origin=Origin.BASELINE),)
    laid = layout(a_report(figures=figures, comparisons=known))
    table = table_of(laid, "Điều 39")
    assert texts(table)[1][3:] == [SUPPRESSED, "9", SUPPRESSED]
    assert table.notes == (SUPPRESSED_NOTE,)
    assert texts(table_of(laid, "So sánh"))[0][2:5] == [SUPPRESSED, "9", SUPPRESSED]


def test_cut_off_and_coverage_stand_before_the_first_number_in_sentences() -> None:
    report = a_rich_report()
    intro, *others = layout(report).preface
    assert intro.startswith("Thực hiện")
    assert others == [f"{report.sentences[name]}." for name in ("cutoff", "coverage")]


def test_an_annex_says_cut_off_zone_coverage_open_matters_and_versions() -> None:
    told = origin(a_rich_report())
    assert list(told.items()) == [tuple(row) for row in texts(table_of(layout(a_rich_report()), "Nguồn gốc"))]
    assert told["Kỳ báo cáo"] == "năm 2019, 15/12/2018 - 14/12/2019 (Nghị định 09/2019/NĐ-CP, Điều 12)"
    assert told["Thời gian chốt số liệu"] == "từ 00:00 ngày 15/12/2018 đến 24:00 ngày 14/12/2019, giờ Việt Nam (UTC+7)"
    assert told["Dữ liệu ghi nhận đến"] == "09:30:00 ngày 16/12/2019, giờ Việt Nam (UTC+7)"
    assert told["Đồn báo cáo"] == "02/03 đồn báo cáo"
    assert "Đồn báo cáo" not in origin(a_report()), "every post reported: nothing is said of it"
    one = heard("huu-nghi", crossings=PostsHeard(expected=("huu-nghi",)))
    assert origin(a_report(coverage=one))["Đồn báo cáo"] == "lượt qua cửa khẩu: chưa có báo cáo của đồn nào"
    assert told["Việc còn mở"] == "Vụ việc cần thêm dữ kiện: 1 vụ việc; Tin gửi đến chưa đọc được: 2 tin"
    assert told["Tự kiểm tra"] == "1 lỗi, 1 cần xem xét, 1 lưu ý"
    assert told["Phiên bản"] == (
        "báo cáo: bản 2, thay bản 1 (Sở Ngoại vụ tỉnh Lạng Sơn); bộ quy tắc: 2009.1/1; chương trình: 0.1.0; dữ liệu: 0123456789ab"
    )


def test_a_report_without_its_letter_or_version_is_a_draft() -> None:
    assert "dự thảo, chưa phát hành" in origin(a_report())["Phiên bản"]
    assert "báo cáo: bản 1;" in origin(a_report(version=1))["Phiên bản"]
    assert [layout(a_report(version=version, letter=letter)).is_draft for version in (None, 1) for letter in (None, LETTER)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_offices_and_posts_are_named_and_never_by_their_codes() -> None:
    subjects = ("tan-thanh", "so-ngoai-vu-lang-son", "/posts/tan-thanh/d1 0193b9c0", "/offices/so-ngoai-vu-lang-son", "huu-nghi-moi")
    check = Check(code="x", severity=Severity.NOTE, message="Một điểm", subjects=subjects)
    report = a_report(checks=(check,), version=1, issued_by="so-ngoai-vu-lang-son")
    assert "bản 1 (Sở Ngoại vụ Lạng Sơn)" in origin(report)["Phiên bản"]
    assert texts(table_of(layout(report), "Kiểm tra"))[0][-1] == (
        "đồn Tân Thanh, Sở Ngoại vụ Lạng Sơn, đồn Tân Thanh (d1) 0193b9c0, Sở Ngoại vụ Lạng Sơn, huu-nghi-moi"
    )


def test_a_warning_is_printed_with_the_reason_for_which_the_office_accepted_it() -> None:
    report = a_rich_report(accepted=(Accepted(code="coarse_date", reason="Đã hỏi lại các đồn"),))
    assert "\nChấp nhận khi phát hành: Đã hỏi lại các đồn." in texts(table_of(layout(report), "Kiểm tra"))[1][2]


def test_the_decree_is_named_only_where_it_cuts_the_period() -> None:
    assert "09/2019/NĐ-CP" in layout(a_report()).preface[0]
    calendar = a_report(regime=Regime.CALENDAR, period="2019Q4")
    assert "09/2019" not in layout(calendar).preface[0]
    assert origin(calendar)["Thời gian chốt số liệu"].startswith("từ 00:00 ngày 01/10/2019 đến 24:00 ngày 31/12/2019")


def test_posts_that_are_silent_are_named_unless_a_sentence_names_them() -> None:
    silent = heard("huu-nghi", silent=("bao-lam", "chua-co-trong-bang"))
    assert "Đồn chưa có báo cáo trong kỳ: Bảo Lâm, chua-co-trong-bang." in said(layout(a_report(coverage=silent)))
    assert not any(text.startswith("Đồn chưa có") for text in said(layout(a_rich_report())))


def test_estimates_stand_apart_and_each_is_marked_as_one() -> None:
    laid = layout(a_rich_report())
    assert laid.chapters[-1].heading == "SỐ LIỆU ƯỚC"
    assert texts(table_of(laid, "Số ước")) == [["Ước: Vi phạm Hiệp định (vụ)", "2020", "9", "Bình quân ba năm trước"]]
    assert texts(table_of(laid, "Sai số ước")) == [["Ước: Vi phạm Hiệp định (vụ)", "2019", "6", "8", "2", "2019H1, bản 1"]]
    assert [chapter.heading for chapter in layout(a_report()).chapters].count("SỐ LIỆU ƯỚC") == 0


def test_what_moved_since_the_last_version_is_an_annex_with_the_events_that_moved_it() -> None:
    laid = layout(a_rich_report())
    assert laid.annexes[-2].heading == "Số liệu điều chỉnh so với báo cáo trước"
    (row,) = texts(table_of(laid, "Điều chỉnh"))
    assert row[:4] == ["Vi phạm Hiệp định", "7", "8", "tăng 01 vụ"]
    assert "thêm: inc-0193b9c0-0000-7000-8000-000000000007" in row[4]
    assert "tin mới: đồn Tân Thanh (d1) 0193b9c0-0000-7000-8000-0000000000aa" in row[4]


def test_annexes_are_numbered_by_what_is_there() -> None:
    assert [(annex.number, annex.heading) for annex in layout(breaches_2019()).annexes] == [
        ("Phụ lục I", "So sánh với số đã công bố của cùng kỳ năm trước"),
        ("Phụ lục II", "Danh sách vụ vi phạm Hiệp định"),
        ("Phụ lục III", CHECKED),
    ]


def test_all_breaches_are_listed_and_of_other_incidents_those_that_fit_with_a_note() -> None:
    laid = layout(a_rich_report())
    breaches, others = (table for table in laid.tables if table.listed_in == "Vụ việc")
    assert [row[1] for row in texts(breaches)] == [f"inc-0193b9c0-0000-7000-8000-{number:012d}" for number in range(8)]
    assert texts(breaches)[0][2:] == [
        "09:15, 20/12/2018",
        "xây dựng công trình",
        "Trung Quốc",
        "21(1)",
        "1060",
        "Tân Mỹ, Văn Lãng, Lạng Sơn",
    ]
    assert len(others.rows) == 40
    assert others.notes == ("Còn 90 dòng không in ở đây; danh sách đầy đủ ở trang tính “Vụ việc” của bảng tính kèm theo.",)


def test_no_narrative_is_printed() -> None:
    told = a_row(1, finding="Ông Ấy dựng nhà ở đây.")
    laid = layout(a_report(rows=(told,)))
    assert not any("Ông Ấy" in cell.text for table in laid.tables for row in table.rows for cell in row)


@pytest.mark.parametrize(
    ("precision", "told"),
    [
        ("minute", "02:30, 09/08/2022"),
        ("hour", "khoảng 02 giờ, 09/08/2022"),
        ("night", "đêm 09/08/2022"),
        ("day", "09/08/2022"),
        ("month", "tháng 08/2022"),
        ("quarter", "quý III/2022"),
        ("half", "6 tháng cuối năm 2022"),
        ("year", "năm 2022"),
    ],
)
def test_a_date_is_told_no_more_exactly_than_it_is_known(precision: str, told: str) -> None:
    assert occurred_text(a_row(1, occurred=datetime(2022, 8, 9, 2, 30, tzinfo=HANOI), precision=precision)) == told
    assert precision in set(Precision)


def test_a_province_s_department_reports_and_leaves_number_day_and_name_to_the_signer() -> None:
    head = layout(a_report()).head
    assert (head.superior, head.office, head.signer) == ("UBND TỈNH LẠNG SƠN", "SỞ NGOẠI VỤ", "GIÁM ĐỐC")
    assert re.fullmatch(r"Số:\s+/BC-SNgV", head.number)
    assert re.fullmatch(r"Lạng Sơn, ngày\s+tháng\s+năm 2019", head.place_and_date)
    assert layout(a_report()).closing.endswith("./.")


@pytest.mark.parametrize(
    ("unit", "name", "where"), [("all", "toàn tuyến", "trên toàn tuyến"), ("none", "chưa rõ tỉnh", "ở nơi chưa rõ tỉnh")]
)
def test_who_signs_for_no_province_is_left_open(unit: str, name: str, where: str) -> None:
    laid = layout(a_report(unit=unit, unit_name=name))
    assert laid.head.office == "(CƠ QUAN BAN HÀNH)"
    assert where in laid.subject
    assert "SNgV" not in laid.head.number + laid.attached
    assert "Sở Ngoại vụ" not in laid.preface[0] + laid.closing + laid.attached


def test_the_strip_reaches_over_the_unit_s_markers_and_those_of_its_breaches() -> None:
    first, last = stretch(a_report())
    assert 900 < first < 1000 < 1200 < last < 1300
    outside = a_report(rows=(a_row(1, markers=("500",)),))
    assert stretch(outside) == (500, last)
    assert stretch(a_report(unit="all", unit_name="toàn tuyến")) == LINE


def test_a_dot_is_a_breach_at_the_first_of_its_markers() -> None:
    rows = (
        a_row(1, markers=("1088/2-1089", "1100")),
        a_row(2, markers=("1090-1093",), side="VN"),
        a_row(3, markers=()),
        a_row(4, outcome="border_event"),
    )
    assert [(dot.main, dot.side) for dot in dots(a_report(rows=rows))] == [(1088.5, "CN"), (1091.5, "VN")]


def test_the_strip_says_how_many_breaches_are_at_no_marker() -> None:
    rows = (a_row(1), a_row(2, markers=()))
    laid = layout(a_report(rows=rows, figures=(a_figure("breach.total", 2),)))
    (strip,) = (picture for picture in laid.pictures if picture.drawing is Drawing.STRIP)
    assert strip.caption.endswith("(không có 01 vụ không gắn với mốc)")


def test_lists_of_many_columns_are_annexes_on_landscape_pages() -> None:
    assert [annex.is_wide for annex in layout(a_rich_report()).annexes] == [False, True, True, False, False]


def test_signs_that_no_xml_holds_are_left_out() -> None:
    laid = layout(a_report(figures=(a_figure("breach.district.x", 1, "Văn\x08 Lãng\ufffe"),), sentences={"breach": "Có\x0b một vụ"}))
    assert texts(table_of(laid, "Theo địa bàn"))[0][1] == "Văn Lãng"
    assert said(laid)[0] == "Có một vụ."
