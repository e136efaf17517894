"""Word documents are read as Word shows them, or refused: a text that is read in part says another number than the page."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from texts.files import Unreadable
from texts.word import WordText, read

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "future": "http://example.org/a-later-word",
    }.items()
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def texts(*words: str) -> list[str]:
    return [cell(paragraph(run(word))) for word in words]


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def shown(folder: Path, *blocks: str, change: Callable[[Document], object] = lambda _: None) -> WordText:
    """What a document with these blocks shows."""
    document = docx.Document()
    for block in parse_xml(f"<w:body {_NAMESPACES}>{''.join(blocks)}</w:body>"):
        document.element.body.append(block)
    change(document)
    document.save(str(folder / "bc.docx"))
    return read(folder / "bc.docx")


def field(code: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{marks[1]}{result}{marks[2]}"


BOX = paragraph(run("trong khung"))
DRAWN = f"<w:drawing><wps:wsp><wps:txbx><w:txbxContent>{BOX}</w:txbxContent></wps:txbx></wps:wsp></w:drawing>"
OLD_BOX = f"<w:pict><v:shape><v:textbox><w:txbxContent>{BOX}</w:txbxContent></v:textbox></v:shape></w:pict>"
CHOICE = '<w:drop><w:listEntry w:val="7"/><w:listEntry w:val="9"/></w:drop>'.replace("drop", "ddList")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (run("có ") + f"<w:ins>{run('1')}</w:ins>" + run("8 vụ"), "có 18 vụ"),
        (run("có ") + f"<w:del><w:r><w:delText>1</w:delText></w:r></w:del>{run('8 vụ')}", "có 8 vụ"),
        (f"<w:ins><w:del>{run('1')}</w:del></w:ins>{run('8 vụ')}", "8 vụ"),
        (f"<w:moveFrom>{run('12')}</w:moveFrom>{run('8')}<w:moveTo>{run('4')}</w:moveTo>", "84"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('1')}</w:sdtContent></w:sdt>{run('8')}", "18"),
        (f"<w:sdt><w:sdtContent><w:ins>{run('1')}</w:ins></w:sdtContent></w:sdt>{run('8')}", "18"),
        (f"<w:hyperlink>{run('1')}</w:hyperlink><w:smartTag>{run('8')}</w:smartTag><w:customXml>{run('0')}</w:customXml>", "180"),
        (f'<w:fldSimple w:instr="DOCPROPERTY Tong">{run("18")}</w:fldSimple>', "18"),
        (field("=7+11", run("18")), "18"),
        (field(f"IF {field('PAGE', run('3'))} = 3", run("18")), "18"),
        ((f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{CHOICE}</w:ffData></w:fldChar></w:r>'
         '<w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'), "7"),
        (run("1", "<w:vanish/>") + run("8"), "8"),
        (run("1", '<w:vanish w:val="0"/>') + run("8"), "18"),
        (run("lạng sơn", "<w:caps/>"), "LẠNG SƠN"),
        (run("lạng sơn", "<w:smallCaps/>"), "LẠNG SƠN"),
        (run("2019") + run("1", '<w:vertAlign w:val="superscript"/>'), "2019¹"),
        ("<w:r><w:t>08</w:t><w:br/><w:t>vụ</w:t><w:tab/><w:t>7</w:t><w:noBreakHyphen/><w:t>8</w:t><w:softHyphen/><w:t>9</w:t></w:r>", "08\nvụ\t7-89"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F038"/><w:t> vụ</w:t></w:r>', "\ufffd vụ"),
        (f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('2')}</w:rt><w:rubyBase>{run('8')}</w:rubyBase></w:ruby></w:r>", "8"),
        ("<m:oMath><m:r><m:t>18</m:t></m:r></m:oMath>", "18"),
        (run("8", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"), "8"),
        (f"<w:r>{DRAWN}</w:r>{run('8')}", "8\ntrong khung"),
        (f"<w:r>{OLD_BOX}</w:r>{run('8')}", "8\ntrong khung"),
        (f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{DRAWN}</mc:Choice><mc:Fallback>{OLD_BOX}</mc:Fallback></mc:AlternateContent></w:r>',
         "\ntrong khung"),
        (f'<mc:AlternateContent><mc:Choice Requires="future">{run("9")}</mc:Choice><mc:Fallback>{run("8")}</mc:Fallback></mc:AlternateContent>', "8"),
    ],
)  # fmt: skip
def test_a_paragraph_says_what_word_shows(tmp_path: Path, content: str, text: str) -> None:
    assert shown(tmp_path, paragraph(content)).lines == text.split("\n")


@pytest.mark.parametrize("properties", ["<w:rPr><w:del/></w:rPr>", "<w:rPr><w:moveFrom/></w:rPr>", "<w:rPr><w:vanish/></w:rPr>"])
def test_a_paragraph_without_its_end_runs_into_the_next(tmp_path: Path, properties: str) -> None:
    assert shown(tmp_path, paragraph(run("có 1"), properties), paragraph(run("8 vụ")), paragraph("")).lines == ["có 18 vụ", ""]


def test_numbers_that_word_puts_before_paragraphs_are_read(tmp_path: Path) -> None:
    def with_list(document: Document) -> None:
        forms = [("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)"), ("bullet", "x")]
        levels = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for at, (form, text) in enumerate(forms)
        )
        again = '<w:num w:numId="91"><w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        numbering = document.part.numbering_part.element
        for element in parse_xml(
            f'<w:numbering {_NAMESPACES}><w:abstractNum w:abstractNumId="90">{levels}</w:abstractNum>'
            f'<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>{again}</w:numbering>'
        ):
            numbering.append(element)
        style = (
            f'<w:style {_NAMESPACES} w:type="paragraph" w:styleId="Part"><w:pPr><w:numPr><w:numId w:val="90"/></w:numPr></w:pPr></w:style>'
        )
        document.styles.element.append(parse_xml(style))

    def item(text: str, level: int, number: int = 90, mark: str = "") -> str:
        return paragraph(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>{mark}')

    deleted = item("", 0, mark="<w:rPr><w:del/></w:rPr>")
    blocks = [
        item("Kết quả", 0),
        item("Biên giới", 1),
        item("Mốc", 2),
        item("Cửa khẩu", 1),
        item("Đường", 2),
        item("a", 3),
        item("b", 3),
        item("c", 4),
    ]
    blocks += [deleted, paragraph(run("Phương hướng"), '<w:pStyle w:val="Part"/>'), item("Phụ lục", 0, 91), item("không số", 0, 0)]
    assert shown(tmp_path, *blocks, change=with_list).lines == [
        *("I. Kết quả", "1. Biên giới", "1.1. Mốc", "2. Cửa khẩu", "2.1. Đường", "a) a", "b) b", "• c"),
        *("II. Phương hướng", "I. Phụ lục", "không số"),
    ]


def test_notes_that_the_text_refers_to_are_read_behind_it(tmp_path: Path) -> None:
    def with_notes(document: Document) -> None:
        notes = "".join(
            f'<w:footnote w:id="{number}">{paragraph(run(text))}</w:footnote>' for number, text in ((1, "Gồm 7 vụ."), (2, "Đã bỏ."))
        )
        content = f"<w:footnotes {_NAMESPACES}>{notes}</w:footnotes>".encode()
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        part = Part(PackURI("/word/footnotes.xml"), kind, content, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    text = paragraph(run("08 vụ") + '<w:r><w:footnoteReference w:id="1"/></w:r><w:del><w:r><w:footnoteReference w:id="2"/></w:r></w:del>')
    assert shown(tmp_path, text, change=with_notes).lines == ["08 vụ", "Gồm 7 vụ."]


def test_content_controls_hold_paragraphs_tables_rows_and_cells(tmp_path: Path) -> None:
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    rows = control(row(control(texts("a")[0]), *texts("7")))
    assert shown(tmp_path, control(paragraph(run("08 vụ")) + table(rows))).lines == ["08 vụ", "a | 7"]


def test_a_control_that_shows_attached_data_is_read_where_its_text_agrees(tmp_path: Path) -> None:
    bound = f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/title"/></w:sdtPr><w:sdtContent>{run("08 vụ")}</w:sdtContent></w:sdt>'
    titled = shown(tmp_path, paragraph(bound), change=lambda document: setattr(document.core_properties, "title", "08 vụ"))
    assert titled.lines == ["08 vụ"]
    with pytest.raises(Unreadable, match="dữ liệu kèm theo"):
        shown(tmp_path, paragraph(bound), change=lambda document: setattr(document.core_properties, "title", "18 vụ"))


def test_rows_and_cells_that_are_deleted_or_hidden_are_not_there(tmp_path: Path) -> None:
    (grid,) = shown(
        tmp_path,
        table(
            row(*texts("Phía", "Số vụ")),
            row(*texts("Lào", "3"), properties="<w:del/>"),
            row(*texts("ẩn", "4"), properties="<w:hidden/>"),
            row(*texts("Trung Quốc", "7"), properties="<w:ins/>"),
            row(texts("Việt Nam")[0], cell(paragraph(run("5")), "<w:cellDel/>"), texts("1")[0]),
        ),
    ).tables
    assert [cells for _, cells in grid.rows] == [["Phía", "Số vụ"], ["Trung Quốc", "7"], ["Việt Nam", "1"]]


def test_cells_that_are_one_are_read_once(tmp_path: Path) -> None:
    reading = shown(
        tmp_path,
        table(
            row(cell(paragraph(run("Huyện")), "<w:vMerge w:val='restart'/>"), cell(paragraph(run("Số vụ")), "<w:gridSpan w:val='2'/>")),
            row(cell(paragraph(""), "<w:vMerge/>"), *texts("CN", "VN")),
            row(*texts("Cao Lộc", "7", "1")),
            row(*texts("8"), properties="<w:gridBefore w:val='1'/>"),
        ),
    )
    (grid,) = reading.tables
    assert [cells for _, cells in grid.rows] == [["Huyện", "Số vụ", ""], ["", "CN", "VN"], ["Cao Lộc", "7", "1"], ["", "8"]]
    assert grid.merged == {(0, 2): (0, 1), (1, 0): (0, 0)}
    assert reading.lines == ["Huyện | Số vụ", "CN | VN", "Cao Lộc | 7 | 1", " | 8"]


def test_a_table_in_a_cell_is_a_table_of_its_own(tmp_path: Path) -> None:
    inner = table(row(*texts("CN", "7")), row(*texts("VN", "1")))
    reading = shown(tmp_path, table(row(cell(paragraph(run("Lạng Sơn")) + inner + paragraph("")), *texts("8"))))
    assert [next(cells for _, cells in grid.rows)[-1] for grid in reading.tables] == ["8", "7"]
    assert "Lạng Sơn" in reading.lines[0]
    assert "CN | 7" in reading.lines[0]


def test_a_style_hides_and_raises_as_the_run_itself_would(tmp_path: Path) -> None:
    def with_style(document: Document) -> None:
        style = f'<w:style {_NAMESPACES} w:type="character" w:styleId="%s"><w:name w:val="%s"/>%s</w:style>'
        for name, content in {
            "Hidden": "<w:rPr><w:vanish/></w:rPr>",
            "OfHidden": '<w:basedOn w:val="Hidden"/>',
            "Note": '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>',
        }.items():
            document.styles.element.append(parse_xml(style % (name, name, content)))

    content = run("1", '<w:rStyle w:val="OfHidden"/>') + run("8") + run("2", '<w:rStyle w:val="Note"/>')
    assert shown(tmp_path, paragraph(content), change=with_style).lines == ["8²"]


@pytest.mark.parametrize(
    "block",
    [
        paragraph(run("09", "<w:strike/>") + run("08 vụ")),
        paragraph("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"),
        paragraph(f'<w:bdo w:val="rtl">{run("18")}</w:bdo>'),
        paragraph(f"<w:tomorrow>{run('18')}</w:tomorrow>"),
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("18")),
        paragraph("<w:r><w:object><o:OLEObject/></w:object></w:r>"),
        '<w:altChunk w:id="rId9"/>',
        table(row(cell(paragraph(run("8")), "<w:cellMerge w:vMerge='cont'/>"))),
    ],
)
def test_what_cannot_be_read_as_word_shows_it_is_refused(tmp_path: Path, block: str) -> None:
    with pytest.raises(Unreadable, match=r"^bc\.docx: .+ · ") as refused:
        shown(tmp_path, block)
    assert refused.value.code == "not_as_shown"
