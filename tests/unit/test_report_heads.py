"""Who issues a report, on what, and what it is about: of an issued report as its letter has it, of a draft with blanks."""

import io
import re
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from reports.documents import render
from reports.documents.heads import attached, closing, head, opening, subject
from reports.documents.layout import layout
from reports.model import Accepted, Check, Letter, Severity
from tests.support.reports import a_report

LETTER = Letter(
    superior="UBND tỉnh Lạng Sơn",
    office="Sở Ngoại vụ",
    number="07/BC-SNgV",
    place="Lạng Sơn",
    dated=date(2020, 2, 5),
    recipients=("UBND tỉnh (báo cáo)", "Công an tỉnh", "Lưu: VT, LS"),
    signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    signed_by="Người Ký Thử",
    answers="Công văn số 4388/VP-THNC ngày 29/01/2020 của Văn phòng UBND tỉnh",
)


def test_an_issued_report_prints_its_letter() -> None:
    report = a_report(letter=LETTER, version=1, issued_by="so-ngoai-vu-lang-son")
    printed = head(report)
    assert (printed.superior, printed.office, printed.number) == ("UBND TỈNH LẠNG SƠN", "SỞ NGOẠI VỤ", "Số: 07/BC-SNgV")
    assert printed.place_and_date == "Lạng Sơn, ngày 05 tháng 02 năm 2020"
    assert printed.recipients == ("UBND tỉnh (báo cáo);", "Công an tỉnh;", "Lưu: VT, LS.")
    assert (printed.signer, printed.signed_by) == ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Người Ký Thử")
    assert f"của Chính phủ và {LETTER.answers}, Sở Ngoại vụ báo cáo" in opening(report)
    assert closing(report).endswith("Sở Ngoại vụ kính báo cáo UBND tỉnh./.")
    assert attached(report) == "(Kèm theo Báo cáo số 07/BC-SNgV ngày 05 tháng 02 năm 2020 của Sở Ngoại vụ)"


def test_a_letter_without_a_number_leaves_room_for_one() -> None:
    report = a_report(letter=LETTER.model_copy(update={"number": "/BC-SNgV"}), version=1)
    assert head(report).number == "Số:        /BC-SNgV"
    assert attached(report).startswith("(Kèm theo Báo cáo số        /BC-SNgV ngày 05")


def test_word_and_markdown_print_who_signs_line_by_line() -> None:
    report = a_report(letter=LETTER, version=1)
    body = docx.Document(io.BytesIO(render(report, "docx"))).element.body
    lines = {"".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p"))}
    assert {"Số: 07/BC-SNgV", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Người Ký Thử"} <= lines
    assert "**KT. GIÁM ĐỐC**  \n**PHÓ GIÁM ĐỐC**  \n**Người Ký Thử**" in render(report, "md").decode()


def test_a_report_that_was_issued_before_letters_keeps_its_blanks() -> None:
    printed = head(a_report(version=1, issued_by="so-ngoai-vu-lang-son"))
    assert re.fullmatch(r"Số:\s+/BC-SNgV", printed.number)
    assert printed.signed_by == ""


@pytest.mark.parametrize(
    ("unit", "period", "managed"),
    [
        ("lang-son", "2019", "biên giới đất liền Việt Nam - Trung Quốc trên địa bàn tỉnh Lạng Sơn"),
        ("quang-ngai", "2021H1", "vùng biển trên địa bàn tỉnh Quảng Ngãi"),
        ("quang-ninh", "2019", "biên giới đất liền Việt Nam - Trung Quốc và vùng biển trên địa bàn tỉnh Quảng Ninh"),
        ("ha-giang", "2024", "biên giới đất liền Việt Nam - Trung Quốc trên địa bàn tỉnh Hà Giang"),
        ("tuyen-quang", "2026", "biên giới đất liền Việt Nam - Trung Quốc trên địa bàn tỉnh Tuyên Quang"),
        ("all", "2019", "biên giới đất liền Việt Nam - Trung Quốc trên toàn tuyến"),
    ],
)
def test_a_report_is_titled_by_the_border_that_its_unit_has(unit: str, period: str, managed: str) -> None:
    report = a_report(unit=unit, period=period)
    assert subject(report) == f"Tình hình quản lý {managed} {report.span.name}"


def test_a_report_on_the_sea_speaks_of_the_sea_from_beginning_to_end() -> None:
    report = a_report(unit="quang-ngai", unit_name="Quảng Ngãi", period="2021H1")
    assert "báo cáo tình hình quản lý vùng biển trên địa bàn tỉnh Quảng Ngãi" in opening(report)
    assert "tình hình quản lý vùng biển 6 tháng đầu năm 2021" in closing(report)


def test_the_annex_of_checks_says_why_a_warning_was_accepted() -> None:
    checks = (
        Check(code="nothing_told", severity=Severity.REVIEW, message="Hồ sơ không có tin nào"),
        Check(code="coarse_date", severity=Severity.REVIEW, message="Thời gian không đủ chính xác"),
    )
    report = a_report(checks=checks, accepted=(Accepted(code="nothing_told", reason="đã hỏi từng đồn"),))
    (table,) = (each for each in layout(report).tables if each.sheet == "Kiểm tra")
    assert [row[2].text for row in table.rows] == [
        "Hồ sơ không có tin nào.\nChấp nhận khi phát hành: đã hỏi từng đồn.",
        "Thời gian không đủ chính xác.",
    ]
