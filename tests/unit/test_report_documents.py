"""A report as Word, workbook, Markdown and JSON: what stands in each, and that the same report is the same bytes everywhere."""

import functools
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table

from mocgioi.views.paper import fitted
from reports.documents import FORMATS, render
from reports.documents.charts import draw
from reports.documents.document_model import Drawing
from reports.documents.layout import layout
from reports.model import Letter, Report, canonical
from tests.support.reports import LETTER, SENTENCE_2019, a_figure, a_report, a_rich_report, a_row, breaches_2019

ROOT = Path(__file__).parents[2]
REPORTS = {"empty": a_report, "published": breaches_2019, "rich": a_rich_report}
FONT = "Times New Roman"


@functools.cache
def rendered(report: bytes, form: str) -> bytes:
    """The file of a report, which is given as its JSON: charts take most of a second."""
    return render(Report.model_validate_json(report), form)


def word(report: Report) -> Document:
    return docx.Document(io.BytesIO(rendered(canonical(report), "docx")))


def workbook(report: Report) -> Any:
    return openpyxl.load_workbook(io.BytesIO(rendered(canonical(report), "xlsx")))


def members(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(document: Document) -> Iterator[str]:
    """Every text of the body: paragraphs, and cells of tables."""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from (cell.text for row in part.rows for cell in row.cells)
        else:
            yield part.text


def rows(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("made", REPORTS.values(), ids=REPORTS)
def test_a_report_is_the_same_bytes_twice(made: Any, form: str) -> None:
    assert render(made(), form) == render(made(), form)


def test_bytes_do_not_depend_on_time_zone_language_hashes_or_a_machine_s_own_settings(tmp_path: Path) -> None:
    code = (
        "import hashlib\nfrom reports.documents import FORMATS, render\nfrom tests.support.reports import a_rich_report\n"
        "print(*(hashlib.sha256(render(a_rich_report(), form)).hexdigest() for form in FORMATS))\n"
        "import sys\nassert 'matplotlib.pyplot' not in sys.modules"
    )
    (tmp_path / "matplotlibrc").write_text("font.size: 20\naxes.facecolor: yellow\n")
    elsewhere = {"TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | elsewhere, capture_output=True, text=True, check=True, timeout=120
    )
    assert ended.stdout.split() == [hashlib.sha256(render(a_rich_report(), form)).hexdigest() for form in FORMATS]


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_an_archive_holds_no_clock_and_nothing_that_depends_on_zlib(form: str) -> None:
    with zipfile.ZipFile(io.BytesIO(render(a_rich_report(), form))) as archive:
        found = archive.infolist()
        core = archive.read("docProps/core.xml").decode()
    assert {(one.date_time, one.compress_type) for one in found} == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", core)) == {"2019-12-16T02:30:00Z"}


def test_another_moment_is_another_file() -> None:
    later = a_report(as_of=datetime(2020, 2, 1, tzinfo=UTC))
    assert all(render(later, form) != render(a_report(), form) for form in FORMATS)


def test_a_format_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="odt"):
        render(a_report(), "odt")


def test_the_json_is_the_report() -> None:
    report = a_rich_report()
    told = json.loads(render(report, "json"))
    assert render(report, "json") == canonical(report)
    assert {"period", "figures", "sentences", "checks", "data_sha256"} <= told.keys()
    assert told["figures"][2] == {
        "id": "breach.total", "label": "Vi phạm Hiệp định", "unit": "vụ", "value": 8, "subjects": list(report.figures[2].subjects),
        "coverage": {"whole": 2, "part": 0, "expected": 3},
    }  # fmt: skip


@pytest.mark.parametrize("made", REPORTS.values(), ids=REPORTS)
def test_word_markdown_and_workbook_say_what_the_layout_says(made: Any) -> None:
    report = made()
    laid = layout(report)
    paper, text, book = set(words_of(word(report))), render(report, "md").decode(), workbook(report)
    sheets = {name: rows(book[name]) for name in book.sheetnames}
    for chapter in (*laid.chapters, *laid.annexes):
        for sentence in (text for block in chapter.blocks for text in block.paragraphs):
            assert sentence in paper
            assert sentence in text
            assert chapter in laid.annexes or [None, sentence] in sheets["Thông tin"]
    assert all([name, text] in sheets["Thông tin"] for name, text in laid.origin)
    assert all(sentence in paper and [None, sentence] in sheets["Thông tin"] for sentence in laid.preface)
    for table in laid.tables:
        for row in table.rows:
            assert all(cell.text in paper for cell in row)
            assert f"| {' | '.join(cell.text for cell in row)} |".replace("\n", "<br>").replace(" | mới", " \\| mới") in text
            if table.listed_in is None:
                values = [(cell.text or None) if cell.value is None else cell.value for cell in row]
                listed = sheets[table.stacked_in or table.sheet]
                assert values in [line[: len(values)] for line in listed]


@pytest.mark.parametrize("made", REPORTS.values(), ids=REPORTS)
def test_the_page_is_that_of_decree_30(made: Any) -> None:
    for section in word(made()).sections:
        sides = (210, 297) if section.orientation == WD_ORIENT.PORTRAIT else (297, 210)
        assert (round(section.page_width.mm), round(section.page_height.mm)) == sides
        assert 20 <= round(section.top_margin.mm, 1) <= 25
        assert 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35
        assert 15 <= round(section.right_margin.mm, 1) <= 20


def test_lists_of_many_columns_stand_on_landscape_pages_which_are_numbered_too() -> None:
    first, *others = word(a_rich_report()).sections
    assert [section.orientation for section in (first, *others)] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert not any(section.different_first_page_header_footer for section in others)
    assert all(section.header.is_linked_to_previous for section in others)


def test_each_annex_begins_a_page_and_only_one() -> None:
    document = word(a_rich_report())
    before: list[bool] = []
    ends_section = False
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("Phụ lục "):
            before.append(ends_section)
            assert bool(paragraph.paragraph_format.page_break_before) != ends_section
        ends_section = paragraph._p.find(f".//{qn('w:sectPr')}") is not None
    assert before == [False, True, False, True, False]


@pytest.mark.parametrize(("letter", "version"), [(None, None), (None, 1), (LETTER, None), (LETTER, 1)])
def test_a_draft_says_so_on_every_page_and_an_issued_report_nowhere(letter: Letter | None, version: int | None) -> None:
    report, is_draft = a_report(letter=letter, version=version), letter is None or version is None
    document = word(report)
    headers = (document.sections[0].header, document.sections[0].first_page_header)
    marked = ["DỰ THẢO" in header._element.xml for header in headers]
    marked.append("DỰ THẢO" in document.tables[0].rows[0].cells[0].text)
    marked.append("**DỰ THẢO**" in render(report, "md").decode())
    marked.append(workbook(report)["Thông tin"]["A1"].value == "DỰ THẢO")
    assert marked == [is_draft] * 5


def test_the_rule_under_the_office_is_a_third_to_a_half_of_its_name() -> None:
    """A bold capital is about 0.7 as wide as its type is high."""
    (rule,) = word(a_report()).tables[0].rows[0].cells[0]._element.findall(f".//{qn('w:pBdr')}/..")
    cell_mm, side_mm = 62, int(rule.find(qn("w:ind")).get(qn("w:left"))) / 1440 * 25.4
    assert 1 / 3 <= (cell_mm - 2 * side_mm) / (len("SỞ NGOẠI VỤ") * 0.7 * 13 / 72 * 25.4) <= 1 / 2


def test_no_type_in_a_table_is_smaller_than_12_points() -> None:
    sizes = {
        int(size) for size in re.findall(r'<w:sz w:val="(\d+)"', "".join(table._tbl.xml for table in word(a_rich_report()).tables[1:-1]))
    }
    assert min(sizes - {2 * 11}) >= 2 * 12


def test_pages_are_numbered_above_the_text_from_the_second_on() -> None:
    section = word(a_report()).sections[0]
    number = section.header.paragraphs[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" in number._p.xml
    assert {run.font.size for run in number.runs if run._r.find(qn("w:pict")) is None} == {Pt(13)}


def test_one_font_everywhere_and_no_theme() -> None:
    parts = members(render(a_rich_report(), "docx"))
    for name in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
        for fonts in re.findall(r"<w:rFonts ([^>]*)/>", parts[name].decode()):
            assert dict(re.findall(r'w:(\w+)="([^"]*)"', fonts)) == dict.fromkeys(("ascii", "hAnsi", "cs", "eastAsia"), FONT)
    document = word(a_rich_report())
    normal: Any = document.styles["Normal"]
    assert (normal.font.name, normal.font.size) == (FONT, Pt(14))
    for name in ("Heading 1", "Heading 2"):
        style: Any = document.styles[name]
        assert (style.font.name, style.font.bold, style.font.color.rgb) == (FONT, True, RGBColor(0, 0, 0))
        assert style.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == FONT


def test_the_head_stands_as_offices_write_it() -> None:
    document = word(breaches_2019())
    left, right = document.tables[0].rows[0].cells
    looks = {part.text: part.runs[0] for cell in (left, right) for part in cell.paragraphs if part.text}
    assert [part.text for part in left.paragraphs] == ["UBND TỈNH LẠNG SƠN", "SỞ NGOẠI VỤ", "", "Số:        /BC-SNgV", "DỰ THẢO"]
    assert [part.text for part in right.paragraphs] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "", "Lạng Sơn, ngày    tháng    năm 2019",
    ]  # fmt: skip
    country, motto = looks["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], looks["Độc lập - Tự do - Hạnh phúc"]
    assert country.bold
    assert Pt(12) <= country.font.size <= Pt(13)
    assert motto.bold
    assert Pt(13) <= motto.font.size <= Pt(14)
    assert right.paragraphs[2]._p.find(f".//{qn('w:pBdr')}") is not None
    assert looks["Lạng Sơn, ngày    tháng    năm 2019"].italic
    assert [part.text for part in document.paragraphs[:2]] == ["BÁO CÁO", layout(breaches_2019()).subject]


def test_the_end_names_recipients_and_who_signs_and_leaves_the_name_blank() -> None:
    document = word(breaches_2019())
    left, right = next(table for table in document.tables if "Nơi nhận:" in table.rows[0].cells[0].text).rows[0].cells
    assert [part.text for part in left.paragraphs] == [
        "Nơi nhận:",
        "- UBND tỉnh (báo cáo);",
        "- Công an tỉnh;",
        "- Lãnh đạo Sở;",
        "- Lưu: VT.",
    ]
    assert [part.text for part in right.paragraphs] == ["GIÁM ĐỐC", ""]
    assert [part.text for part in document.paragraphs if part.text.endswith("./.")] == [layout(breaches_2019()).closing]


def test_who_signs_never_stands_alone_on_a_page() -> None:
    (closing,) = (part for part in word(breaches_2019()).paragraphs if part.text.endswith("./."))
    assert closing.paragraph_format.keep_with_next


def test_the_published_sentence_is_a_paragraph_of_the_body() -> None:
    (found,) = (part for part in word(breaches_2019()).paragraphs if part.text == f"{SENTENCE_2019}.")
    assert found.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY


def test_headings_of_tables_are_repeated_and_no_row_is_torn() -> None:
    grids = [table for table in word(a_rich_report()).tables if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(grids) == len(layout(a_rich_report()).tables)
    short = next(table for table in grids if len(table.rows) == 13)
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in short.rows]
    assert kept == [True] * 12 + [False], "a table of a few rows is not torn over two pages"
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for table in grids for row in table.rows)


def test_the_charts_stand_in_the_document_and_say_what_they_show() -> None:
    document = word(breaches_2019())
    spoken = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert spoken == [picture.spoken for picture in layout(breaches_2019()).pictures]
    assert {shape.width for shape in document.inline_shapes} == {Mm(155)}


def test_document_properties_are_the_report_s_own() -> None:
    properties = word(breaches_2019()).core_properties
    assert properties.title == f"BÁO CÁO {layout(breaches_2019()).subject}"
    assert (properties.author, properties.revision) == ("SỞ NGOẠI VỤ", 1)
    assert properties.created == properties.modified == datetime(2019, 12, 16, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("drawing", Drawing)
def test_a_chart_is_a_png_without_a_date_or_a_program(drawing: Drawing) -> None:
    drawn = draw(breaches_2019(), drawing)
    assert drawn.startswith(b"\x89PNG")
    assert not re.search(rb"tEXt|iTXt|tIME", drawn)
    assert draw(breaches_2019(), drawing) == drawn


def test_charts_are_of_this_report() -> None:
    other = breaches_2019(rows=tuple(a_row(number, side="VN") for number in range(8)))
    assert draw(other, Drawing.STRIP) != draw(breaches_2019(), Drawing.STRIP)
    assert draw(breaches_2019(months=breaches_2019().months[:8]), Drawing.MONTHS) != draw(breaches_2019(), Drawing.MONTHS)


def test_drawing_leaves_matplotlib_s_settings_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw(breaches_2019(), Drawing.MONTHS)
    assert dict(mpl.rcParams) == before


def test_every_sheet_is_frozen_filtered_and_in_one_font() -> None:
    book = workbook(a_rich_report())
    assert book.sheetnames[0] == "Thông tin"
    for name in book.sheetnames[1:]:
        sheet = book[name]
        assert (sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == ("A2", "A1")
        assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None} == {FONT}
        assert sheet.column_dimensions["B"].width >= 8


def test_every_sheet_prints_as_wide_as_one_page_with_its_heading_on_each() -> None:
    for made in REPORTS.values():
        book = workbook(made())
        for sheet in book.worksheets:
            assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (9, 1, 0)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_area
            assert sheet.title == "Thông tin" or sheet.print_title_rows == "$1:$1"
            last = openpyxl.utils.range_boundaries(sheet.print_area.rpartition("!")[2])[2]
            columns = sheet.column_dimensions.values()  # one for neighbours of the same width
            across = sum(each.width * max(0, min(each.max, last) - each.min + 1) for each in columns)
            assert across <= (100 if sheet.page_setup.orientation == "portrait" else 180)
            assert len(sheet.title) <= 20
    assert len(workbook(breaches_2019()).sheetnames) == 7


def test_what_only_a_screen_needs_is_not_printed() -> None:
    sheet = workbook(breaches_2019())["Vụ việc"]
    assert sheet.print_area == "'Vụ việc'!$A$1:$I$9"
    assert [cell.value for cell in sheet[1]][9:] == ["Lần cập nhật", "Mã loại việc", "Tính vào chỉ tiêu"]
    assert all(sheet.row_dimensions[line].height < 40 for line in range(2, 10))


def test_tables_of_figures_share_a_sheet_under_one_heading() -> None:
    lines = [[value for value in line if value is not None] for line in rows(workbook(breaches_2019())["Số liệu"])]
    assert lines[0] == ["TT", "Chỉ tiêu", "Đơn vị", "Kỳ này", "Cùng kỳ năm trước", "Tăng, giảm"]
    assert lines[1:3] == [["Vụ vi phạm Hiệp định theo phía vi phạm"], [1, "Vi phạm Hiệp định", "vụ", 8, 4, "tăng 04 vụ"]]


def test_the_workbook_lists_every_incident_with_the_figures_it_stands_in() -> None:
    report = a_rich_report()
    head, *found = rows(workbook(report)["Vụ việc"])
    assert [row[0] for row in found] == [row.subject for row in report.rows]
    first = dict(zip(head, found[0], strict=True))
    assert first["Thời gian (UTC+7)"] == "2018-12-20 09:15"
    assert first["Tính vào chỉ tiêu"].startswith("incident.total, breach.total, breach.CN, breach.kind.works")


def test_the_workbook_has_every_figure_subtotal_check_and_what_moved() -> None:
    report = a_rich_report()
    book = workbook(report)
    assert [(row[0], row[3]) for row in rows(book["Chỉ tiêu"])[1:]] == [
        (figure.id, "…" if figure.value is None else figure.value) for figure in report.figures
    ]
    assert rows(book["Cộng theo cửa khẩu"])[-1] == [
        "crossing.VN-CN.goods.tấn", "huu-nghi", "Hữu Nghị - Hữu Nghị Quan", "Việt Nam sang Trung Quốc", 346.433, 365,
    ]  # fmt: skip
    assert len(rows(book["Chi tiết kiểm tra"])) == 1 + 12
    assert [row[1] for row in rows(book["Nguồn điều chỉnh"])[1:]] == ["thêm", "thay đổi", "thay đổi", "tin mới"]


def test_the_workbook_says_what_its_codes_mean() -> None:
    found = {(row[0], row[1]): row[2:] for row in rows(workbook(a_rich_report())["Bảng mã"])[1:]}
    assert {code for group, code in found if group == "loại việc"} == {"works", "crossing"}
    assert {code for group, code in found if group == "độ chính xác"} == {row.precision for row in a_rich_report().rows}
    assert found["loại việc", "works"][0] == "xây dựng công trình"
    assert all(all(meaning) for meaning in found.values())


def test_months_have_excel_s_own_chart_of_the_sides_that_stand_in_the_table() -> None:
    parts = members(render(breaches_2019(), "xlsx"))
    (chart,) = (content.decode() for name, content in parts.items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
    assert chart.count("<c:ser>") == 2
    assert '<c:grouping val="stacked"/>' in chart
    assert "'Theo tháng'!$B$2:$B$13" in chart


def test_text_in_a_workbook_is_never_a_formula_a_link_or_a_number() -> None:
    told = ("=1+1", "Https://example.org", "007")
    figures = tuple(a_figure(f"quite.new.{position}", 1, label) for position, label in enumerate(told))
    sheet = workbook(a_report(figures=figures))["Số liệu"]
    assert [(cell.value, cell.data_type) for cell in sheet["B"][2:]] == [(text, "s") for text in told]


def test_markdown_is_one_document_with_its_signs_made_harmless() -> None:
    text = render(a_rich_report(), "md").decode()
    assert text.startswith("UBND TỈNH LẠNG SƠN")
    assert f"\n{SENTENCE_2019}.\n" in text
    assert "| Chỉ tiêu chưa ai biết \\| mới |" in text
    assert "\n## Phụ lục IV: Số liệu điều chỉnh so với báo cáo trước\n" in text
    assert text.count("\n# ") == 1


def test_on_a_terminal_of_80_columns_no_line_is_broken_and_no_id_is_cut() -> None:
    report = a_rich_report()
    lines = list(fitted(render(report, "md").decode(), 80))
    assert max(map(len, lines)) <= 80
    shown = "\n".join(lines)
    assert all(row.subject in shown for row in report.rows if row.outcome == "breach")
    assert "Chỉ tiêu chưa ai biết | mới" in shown, "signs are escaped for Markdown only"


@pytest.mark.parametrize("form", ["md", "docx", "xlsx"])
def test_no_finding_of_an_incident_leaves_the_json(form: str) -> None:
    blob = render(a_report(rows=(a_row(1, finding="Ông Ấy dựng nhà."),)), form)
    told = blob if form == "md" else b"".join(members(blob).values())
    assert "Ông Ấy".encode() not in told


def test_signs_that_no_xml_holds_do_not_stop_a_document() -> None:
    report = a_report(
        figures=(a_figure("breach.district.x", 1, "Văn\x08 Lãng"), a_figure("open.x", 1, "a\x0b")),
        sentences={"breach": "Có\x0c một vụ"},
        rows=(a_row(1, district="Văn\x01 Lãng"),),
        issued_by="Sở\x02",
    )
    assert all(render(report, form) for form in FORMATS)
    assert "Có một vụ." in set(words_of(word(report)))
