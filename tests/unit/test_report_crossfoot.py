"""Does a table of figures add up: anyone's, in any of the forms they come in."""

import json
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.figure_families import SIDES
from reports.documents import render
from reports.model import canonical
from tests.support.reports import a_figure, a_report, breaches_2019
from texts.files import Unreadable
from texts.numbers import amounts, numeral
from texts.table.adding import SumCheck, check_part_sum, check_sum
from texts.table.crossfoot import Audited, crossfoot
from texts.wording import number

WRONG = "524 + 162 + 45 = 731 ≠ 583"
DELEGATIONS = (
    "Năm 2019 tiếp và làm việc với 54 đoàn/583 lượt người đến từ 14 quốc gia, vùng lãnh thổ trong đó có chủ trì đón tiếp 36 đoàn/524 lượt người "
    "nước ngoài; đón 10 đoàn/162 lượt khách quốc tế; phối hợp đón 08 đoàn/45 lượt người nước ngoài là phóng viên giảm 15 đoàn/23 người so với năm 2018."
)


def audit(folder: Path, name: str, text: str) -> Audited:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return crossfoot(path)


def told(audited: Audited) -> list[tuple[str, bool]]:
    return [(one.message, one.holds) for one in audited.checks]


def failing(audited: Audited) -> list[str]:
    return [one.message for one in audited.failing]


def test_delegations_in_prose_are_refused_where_they_do_not_add_up(tmp_path: Path) -> None:
    audited = audit(tmp_path, "bc.txt", f"Mở đầu.\n\n{DELEGATIONS}")
    assert told(audited) == [("36 + 10 + 8 = 54", True), (WRONG, False)]
    assert audited.adds_up is False
    assert audited.failing[0].where == "dòng 3, “54 đoàn/583 lượt người”, lượt"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xảy ra 08 vụ vi phạm (phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 01 vụ).", [("7 + 1 = 8", True)]),
        ("Xảy ra 08 vụ vi phạm (phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 02 vụ).", [("7 + 2 = 9 ≠ 8", False)]),
        ("Xảy ra 08 vụ vi phạm (phía Trung Quốc vi phạm 05 vụ, Việt Nam vi phạm 02 vụ).", [("5 + 2 = 7 ≠ 8", False)]),
        (
            "Bắt 209 vụ/874 đối tượng (hình sự 31/62; hành chính 178/785).",
            [("31 + 178 = 209", True), ("62 + 785 = 847 ≠ 874", False)],
        ),
        ("Cử 125 đoàn/1.502 lượt người (*trong đó, có 48 đoàn/576 lượt người tự túc, 77 đoàn/926 lượt người được đài thọ*).", 2),
        ("Kim ngạch ước đạt 4.750 triệu USD, giảm 2,2% so với cùng kỳ, trong đó: xuất khẩu 2.550 triệu USD; nhập khẩu 2.200 triệu USD.", 1),
        ("Trị giá 3 tỷ 250 triệu đồng, trong đó xuất khẩu 2,1 tỷ đồng, nhập khẩu 1.150 triệu đồng.", [("2.100 + 1.150 = 3.250", True)]),
        ("Bắt 50 vụ với 436 công dân, trong đó có 67 công dân bị truy nã.", []),
        ("Bắt 50 vụ, trong đó có 67 vụ ma túy.", [("67 > 50", False)]),
        ("Bắt 50 vụ, trong đó có 20 vụ ma túy; 10 vụ buôn lậu.", []),
        ("Bắt 50 vụ, gồm 20 vụ ma túy; 10 vụ buôn lậu.", [("20 + 10 = 30 ≠ 50", False)]),
        ("Xảy ra 08 vụ vi phạm (năm 2018 là 12 vụ).", []),
        ("Có 20 lượt người qua lại. Trong đó, nhập cảnh 12 lượt người, xuất cảnh 07 lượt người.", [("12 + 7 = 19 ≠ 20", False)]),
        ("Xảy ra 09 vụ. Trong số đó, phía Trung Quốc 06 vụ, phía Việt Nam 02 vụ.", [("6 + 2 = 8 ≠ 9", False)]),
        ("Bắt 50 vụ. Trong đó 60 vụ ma túy.", [("60 > 50", False)]),
        ("Bắt 50 người. Trong đó 20 người Việt Nam, 10 người là nữ.", []),
        ("Bắt 50 vụ. Trong đó 20 vụ ma túy; 10 vụ buôn lậu.", []),
        (
            (
                "Có 20 lượt người qua lại. Trong đó, có 12 lượt người nhập cảnh (Việt Nam: 7 lượt người, Lào: 5 lượt người); 8 lượt người xuất cảnh "
                "(Việt Nam: 6 lượt người, Lào: 3 lượt người)."
            ),
            [("12 + 8 = 20", True), ("7 + 5 = 12", True), ("6 + 3 = 9 ≠ 8", False)],
        ),
        ("Cử 10 đoàn. Đón 3 đoàn, trong đó có 2 đoàn Trung Quốc.", []),
    ],
)
def test_prose_is_checked_where_it_tells_a_whole_and_all_its_parts(
    tmp_path: Path, text: str, expected: list[tuple[str, bool]] | int
) -> None:
    audited = audit(tmp_path, "bc.txt", text)
    if isinstance(expected, int):
        assert (len(audited.checks), audited.adds_up) == (expected, True)
    else:
        assert told(audited) == expected


ROWS = [("Chủ trì đón tiếp", "36", "524"), ("Khách quốc tế", "10", "162"), ("Phóng viên, chuyên gia", "08", "45")]


@pytest.mark.parametrize("label", ["Tổng", "Tổng số", "Cộng", "TỔNG CỘNG", "Cộng chung", "Total", "Tổng số (I+II)"])
@pytest.mark.parametrize("first", [True, False])
def test_a_row_of_totals_is_known_by_its_label_first_or_last(tmp_path: Path, label: str, *, first: bool) -> None:
    rows = [(label, "54", "583"), *ROWS] if first else [*ROWS, (label, "54", "583")]
    text = "\n".join(";".join(row) for row in [("Nội dung", "đoàn", "lượt"), *rows])
    audited = audit(tmp_path, "bang.csv", text)
    assert told(audited) == [("36 + 10 + 8 = 54", True), (WRONG, False)]
    assert audited.failing[0].where == f"dòng {2 if first else 5} ({label}), cột “lượt”"


def test_a_column_of_totals_is_checked_row_by_row(tmp_path: Path) -> None:
    text = "Năm,Tổng số,Trung Quốc,Việt Nam,Tăng giảm so với cùng kỳ (%)\n2018,4,3,1,\n2019,08,07,01,100\n2020,10,7,2,25\n"
    assert told(audit(tmp_path, "bang.csv", text)) == [("3 + 1 = 4", True), ("7 + 1 = 8", True), ("7 + 2 = 9 ≠ 10", False)]


def test_cells_may_hold_two_counts(tmp_path: Path) -> None:
    text = "| Tổng số | Chủ trì | Khách | Phóng viên |\n|---|---|---|---|\n| 54 đoàn/583 lượt | 36 đoàn/524 lượt | 10 đoàn/162 lượt | 08 đoàn/45 lượt |"
    assert told(audit(tmp_path, "bang.md", text)) == [("36 + 10 + 8 = 54", True), (WRONG, False)]


def test_rows_under_of_which_are_not_added_again(tmp_path: Path) -> None:
    rows = "Huyện,Số vụ\nTràng Định,10\nTrong đó: ma túy,4\nCao Lộc,5\nTrong đó:,\n- buôn lậu,2\n- ma túy,9\nTổng cộng,15"
    assert told(audit(tmp_path, "bang.csv", rows)) == [("10 + 5 = 15", True), ("4 ≤ 10", True), ("2 + 9 = 11 > 5", False)]


def test_of_which_under_a_total_is_all_of_it_where_one_column_says_so(tmp_path: Path) -> None:
    rows = "\n".join(f"- {','.join(row).replace('viên, ', 'viên ')}" for row in ROWS)
    assert failing(audit(tmp_path, "bang.csv", f"Nội dung,đoàn,lượt\nTổng số,54,583\nTrong đó:,,\n{rows}")) == [WRONG]
    some_only = audit(tmp_path, "bang.csv", "Nội dung,Số người\nTổng số,100\nTrong đó:,\n- Nữ,40\n- Đảng viên,20")
    assert told(some_only) == [("40 + 20 = 60 ≤ 100", True)]


@pytest.mark.parametrize("title", ["Chia theo {}", "I. Phân theo {}", "Theo {}:", "- Chia ra theo {}"])
@pytest.mark.parametrize("total_first", [True, False])
def test_each_of_several_breakdowns_makes_the_total(tmp_path: Path, title: str, *, total_first: bool) -> None:
    total = ["Tổng số;10"]
    parts = [title.format("loại việc"), "Ma túy;6", "Buôn lậu;4", title.format("huyện"), "Cao Lộc;7", "Lộc Bình;2"]
    rows = [*total, *parts] if total_first else [*parts, *total]
    assert told(audit(tmp_path, "bang.csv", "\n".join(["Nội dung;Số vụ", *rows]))) == [("6 + 4 = 10", True), ("7 + 2 = 9 ≠ 10", False)]


def test_breakdowns_stand_side_by_side_in_columns_too(tmp_path: Path) -> None:
    heads = "Năm;Tổng số;Chia theo loại;Chia theo loại;Chia theo huyện;Chia theo huyện\n;;Ma túy;Buôn lậu;Cao Lộc;Lộc Bình"
    assert told(audit(tmp_path, "bang.csv", f"{heads}\n2019;10;6;4;7;3\n2020;12;6;6;7;3")) == [
        ("6 + 4 = 10", True),
        ("6 + 6 = 12", True),
        ("7 + 3 = 10", True),
        ("7 + 3 = 10 ≠ 12", False),
    ]


def test_a_row_without_a_mark_among_marked_ones_counts_where_the_sum_needs_it(tmp_path: Path) -> None:
    rows = "STT,Huyện,Số vụ\n1,A,1\n2,B,2\n,Nơi khác,3\n,Tổng,{total}"
    assert told(audit(tmp_path, "bang.csv", rows.format(total=6))) == [("1 + 2 + 3 = 6", True)]
    assert told(audit(tmp_path, "bang.csv", rows.format(total=7))) == [("1 + 2 = 3 ≠ 7", False)]


def test_numbered_rows_make_the_row_they_stand_under(tmp_path: Path) -> None:
    rows = "STT,Chỉ tiêu,Quý I\nI,Đoàn vào,10\n1,Trung Quốc,6\n2,Nước khác,3\nII,Đoàn ra,5\n,Tổng cộng,15"
    assert told(audit(tmp_path, "bang.csv", rows)) == [("10 + 5 = 15", True), ("6 + 3 = 9 ≠ 10", False)]


def test_sections_have_their_own_totals(tmp_path: Path) -> None:
    rows = "Huyện,Số vụ\nA,1\nB,2\nCộng,3\nC,4\nD,5\nCộng,9\nTổng cộng,13"
    assert told(audit(tmp_path, "bang.csv", rows)) == [("1 + 2 = 3", True), ("4 + 5 = 9", True), ("3 + 9 = 12 ≠ 13", False)]


def test_cases_are_never_added_to_persons(tmp_path: Path) -> None:
    rows = "Huyện,Tổng số vụ,Số người,Số phương tiện\nA,1,5,2\nB,3,9,4"
    assert audit(tmp_path, "bang.csv", rows).checks == ()


def test_merged_headers_of_a_workbook_group_its_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ("BẢNG TỔNG HỢP", None, None, None),
        ("Tháng", "Số vụ", None, None),
        (None, "Tổng", "Trung Quốc", "Việt Nam"),
        ("01/2019", 3, 2, 1),
        ("02/2019", 2.5, 1.2, 1.2),
        ("Tổng", 5.5, 3.2, 2.2),
    ]:
        sheet.append(row)
    for cells in ("A1:D1", "A2:A3", "B2:D2"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "bang.xlsx")
    audited = crossfoot(tmp_path / "bang.xlsx")
    assert failing(audited) == ["1,2 + 1,2 = 2,4 ≠ 2,5", "3,2 + 2,2 = 5,4 ≠ 5,5"]
    assert audited.failing[0].where == "trang 'Sheet', dòng 5 (02/2019), cột “Số vụ / Tổng”"
    assert len(audited.checks) == 6


def test_a_formula_that_was_never_calculated_is_refused_by_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [("Huyện", "Số vụ"), ("A", 1), ("Tổng", "=SUM(B2:B2)")]:
        sheet.append(row)
    book.save(tmp_path / "bang.xlsx")
    with pytest.raises(Unreadable, match="ô B3"):
        crossfoot(tmp_path / "bang.xlsx")


def test_a_word_document_is_read_in_its_text_and_its_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(DELEGATIONS)
    table = document.add_table(rows=0, cols=3)
    for row in [("Nội dung", "đoàn", "lượt"), *ROWS, ("Cộng", "54", "731")]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "bc.docx"))
    assert told(crossfoot(tmp_path / "bc.docx")) == [
        ("36 + 10 + 8 = 54", True),
        ("524 + 162 + 45 = 731", True),
        ("36 + 10 + 8 = 54", True),
        (WRONG, False),
    ]


LONG = "unit,period,figure,value,source\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("breach.total 08;breach.CN 07;breach.VN 01", [("7 + 1 = 8", True)]),
        ("breach.total 8;breach.CN 7;breach.VN 2", [("7 + 2 = 9 ≠ 8", False)]),
        ("breach.total 8;breach.VN 1", [("1 ≤ 8", True)]),
        ("breach.total 8;breach.VN 9", [("9 > 8", False)]),
        ("breach.total 8;breach.kind.works 5;breach.kind.shooting 1", [("5 + 1 = 6 ≤ 8", True)]),
        ("breach.total 8;breach.kind.works 5;breach.kind.shooting 4", [("5 + 4 = 9 > 8", False)]),
        ("breach.total 8", []),
        ("in.total 54;in.a 36;in.b 10;in.c 8;in.total.persons 583;in.a.persons 524;in.b.persons 162;in.c.persons 45", 2),
        ("breach.total 8;breach.total 9", [("8 ≠ 9", False)]),
        ("delegations.total 108;delegations.out 53;delegations.in 54", [("53 + 54 = 107 ≠ 108", False)]),
        ("delegations.in 54;delegations.in.hosted 36;delegations.in.press 8", [("36 + 8 = 44 ≤ 54", True)]),
    ],
)
def test_figures_by_name_are_checked_within_a_unit_and_period(tmp_path: Path, rows: str, expected: list[tuple[str, bool]] | int) -> None:
    lines = "".join(f"lang-son,2019,{row.replace(' ', ',')},x\n" for row in rows.split(";"))
    audited = audit(tmp_path, "so-lieu.csv", f"{LONG}lang-son,2018,breach.total,4,x\ncao-bang,2019,breach.CN,50,x\n{lines}")
    if isinstance(expected, int):
        assert (len(audited.checks), failing(audited)) == (expected, [WRONG])
    else:
        assert told(audited) == expected


def test_a_file_may_say_itself_what_is_part_of_what(tmp_path: Path) -> None:
    audited = audit(tmp_path, "so-lieu.csv", "figure,value,of\nvisits,8,\nparis,5,visits\nrome,2,visits\n")
    assert told(audited) == [("5 + 2 = 7 ≠ 8", False)]
    with pytest.raises(Unreadable, match="dòng 2, of"):
        audit(tmp_path, "so-lieu.csv", "figure,value,of\nparis,5,visits\n")


@pytest.mark.parametrize("name", ["so-lieu.jsonl", "so-lieu.json"])
def test_json_lines_and_lists_are_read_alike(tmp_path: Path, name: str) -> None:
    records = [{"figure": f"breach.{key}", "value": value, "period": 2019} for key, value in {"total": 8, "CN": 7, "VN": 1.5}.items()]
    text = json.dumps(records) if name.endswith("json") else "\n".join(map(json.dumps, records))
    assert told(audit(tmp_path, name, text)) == [("7 + 1,5 = 8,5 ≠ 8", False)]


@pytest.mark.parametrize("form", ["json", "md", "docx", "xlsx"])
def test_a_report_of_our_own_adds_up_in_every_form(tmp_path: Path, form: str) -> None:
    report = breaches_2019()
    path = tmp_path / f"bc.{form}"
    path.write_bytes(canonical(report) if form == "json" else render(report, form))
    audited = crossfoot(path)
    assert audited.adds_up is True
    assert any("7 + 1" in one.message for one in audited.checks) or form == "xlsx"


@pytest.mark.parametrize(("figure", "value"), [("breach.total", 9), ("breach.CN", 6), ("breach.contested", 1)])
def test_a_report_that_somebody_changed_is_found_out(tmp_path: Path, figure: str, value: int) -> None:
    document = json.loads(canonical(breaches_2019()))
    next(one for one in document["figures"] if one["id"] == figure)["value"] = value
    assert audit(tmp_path, "bc.json", json.dumps(document)).adds_up is False


@given(st.lists(st.integers(0, 10**6), min_size=len(SIDES), max_size=len(SIDES)), st.integers(-3, 3))
def test_a_total_of_all_sides_holds_exactly_where_it_is_their_sum(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], off: int
) -> None:
    total = sum(values) + off
    figures = (a_figure("breach.total", total), *(a_figure(f"breach.{side}", n) for side, n in zip(SIDES, values, strict=True)))
    path = tmp_path_factory.mktemp("audit") / "bc.json"
    path.write_bytes(canonical(a_report(figures=figures)))
    assert crossfoot(path).adds_up is (off == 0)


@pytest.mark.parametrize(
    ("name", "text", "code", "where"),
    [
        ("a.csv", "figure,value\nbreach.total,mười\n", "number", "dòng 2, value"),
        ("a.csv", "figure,value\n,8\n", "figure", "dòng 2, figure"),
        ("a.csv", "Huyện,Số vụ\nA,3\nB,12a\nTổng,15\n", "number", "dòng 3 (B), cột “Số vụ”"),
        ("a.jsonl", '{"figure": "breach.total", "value": 8}\n{"figure": \n', "json", "dòng 2"),
        ("a.jsonl", '{"figure": "breach.total", "value": true}\n', "number", "value"),
        ("a.json", '{"figures": 8}', "json", "figures"),
        ("a.csv", 'figure,value\n"breach.total,8\n', "csv", "dòng"),
        ("a.pdf", "x", "format", "a.pdf"),
        ("a.xlsx", "x", "format", "a.xlsx"),
        ("a.docx", "x", "format", "a.docx"),
        ("a.txt", "Độ mật: Tối mật. 54 đoàn", "secret", "dấu mật"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_field(tmp_path: Path, name: str, text: str, code: str, where: str) -> None:
    with pytest.raises(Unreadable) as refused:
        audit(tmp_path, name, text)
    assert refused.value.code == code
    assert where in str(refused.value)


def test_what_is_not_utf_8_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Tổng".encode("cp1258", "replace") + b"\xff")
    with pytest.raises(Unreadable, match="UTF-8"):
        crossfoot(tmp_path / "a.txt")
    with pytest.raises(Unreadable, match="không đọc được"):
        crossfoot(tmp_path / "b.txt")


def test_a_file_without_totals_has_nothing_to_check(tmp_path: Path) -> None:
    audited = audit(tmp_path, "a.txt", "Năm 2019 xảy ra 08 vụ.")
    assert (audited.checks, audited.adds_up) == ((), None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("08", 8),
        ("1.502", 1502),
        ("12.345.678", 12345678),
        ("346,433", Decimal("346.433")),
        ("1.234,5", Decimal("1234.5")),
        ("1 502", 1502),
        ("12.5", Decimal("12.5")),
        ("**04**", 4),
        ("１２", 12),
        ("8¹", 8),
        ("-5", -5),
        ("−5", -5),
        ("", None),
        ("1.2.3", None),
        ("1,2,3", None),
        ("mười", None),
        ("12a", None),
    ],
)
def test_numbers_are_read_the_vietnamese_way(text: str, value: Decimal | int | None) -> None:
    assert numeral(text) == value


@given(st.decimals(0, 10**9, places=3))
def test_a_number_as_we_print_it_is_read_back_the_same(value: Decimal) -> None:
    assert numeral(number(value)) == value


def test_what_a_cell_counts_is_read_by_its_words() -> None:
    assert amounts("36 đoàn/524 lượt") == {"đoàn": 36, "lượt": 524}
    assert amounts("-") == amounts("") == {}
    assert amounts("không") == {"": 0}
    assert amounts("12a") is None
    assert amounts("Điều 21(1)") is None


def test_sums_are_exact_and_written_out() -> None:
    tenths = [Decimal("0.1"), Decimal("0.2")]
    assert check_sum("x", tenths, Decimal("0.3")) == SumCheck("x", "0,1 + 0,2 = 0,3", holds=True)
    assert check_sum("x", [Decimal(8)], Decimal(9)) == SumCheck("x", "8 ≠ 9", holds=False)
    assert check_part_sum("x", tenths, Decimal(1)) == SumCheck("x", "0,1 + 0,2 = 0,3 ≤ 1", holds=True)
