"""A marking anywhere in a file refuses it, as whoever holds the printed page would; and what is no file of its kind is refused in one sentence."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from openpyxl import Workbook
from openpyxl.comments import Comment

from texts import package
from texts.documents import text_of
from texts.files import Unreadable
from texts.table.crossfoot import crossfoot
from texts.workbook import sheets

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def word_file(folder: Path, change: Callable[[Document], object] = lambda _: None) -> Path:
    document = docx.Document()
    document.add_paragraph("Năm 2019 xảy ra 08 vụ.")
    change(document)
    document.save(str(folder / "bc.docx"))
    return folder / "bc.docx"


def excel_file(folder: Path, change: Callable[[Workbook], object] = lambda _: None) -> Path:
    book = openpyxl.Workbook()
    for row in [("Phía", "Số vụ"), ("Trung Quốc", 7), ("Việt Nam", 1), ("Tổng", 8)]:
        book.active.append(row)  # type: ignore[union-attr]
    change(book)
    book.save(folder / "bang.xlsx")
    return folder / "bang.xlsx"


def with_part(path: Path, name: str, content: str) -> Path:
    """The same file with one more part, which python-docx and openpyxl cannot write."""
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr(name, content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        (sheets if path.suffix == ".xlsx" else text_of)(path)
    with pytest.raises(Unreadable, match="^" + str(caught.value)[:12].replace("(", r"\(").replace(".", r"\.")):
        crossfoot(path)
    return caught.value.code


def _in_a_table(document: Document) -> None:
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "Độ mật", "Mật"


def _in_capitals(document: Document) -> None:
    document.add_paragraph().add_run("tài liệu mật").font.all_caps = True


def _inserted_by_letters(document: Document) -> None:
    pieces = "".join(f"<w:ins {_W}><w:r><w:t>{letter}</w:t></w:r></w:ins>" for letter in "MẬT")
    for piece in parse_xml(f"<w:p {_W}>{pieces}</w:p>"):
        document.paragraphs[0]._p.append(piece)


def _as_a_watermark(document: Document) -> None:
    mark = f'<w:r {_W} {_VML}><w:pict><v:shape><v:textpath string="MẬT"/></v:shape></w:pict></w:r>'
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(mark))


def _in_a_box(document: Document) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Mật</w:t></w:r></w:p></w:txbxContent>"
    document.paragraphs[0]._p.append(parse_xml(f"<w:r {_W} {_VML}><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"))


WORD: dict[str, Callable[[Document], object]] = {
    "header": lambda document: document.sections[0].header.paragraphs[0].add_run("MẬT"),
    "footer": lambda document: document.sections[0].footer.paragraphs[0].add_run("TỐI MẬT"),
    "header of the first page": lambda document: document.sections[0].first_page_header.paragraphs[0].add_run("(Mật)"),
    "footer of even pages": lambda document: document.sections[0].even_page_footer.paragraphs[0].add_run("Tuyệt mật"),
    "header of another section": lambda document: document.add_section().header.paragraphs[0].add_run("Độ mật: Mật"),
    "comment": lambda document: document.add_comment(document.paragraphs[0].runs[0], "TỐI MẬT"),
    "property": lambda document: setattr(document.core_properties, "content_status", "Mật"),
    "a line alone": lambda document: document.add_paragraph("Mật"),
    "table": _in_a_table,
    "capitals that are only shown": _in_capitals,
    "inserted": _inserted_by_letters,
    "watermark": _as_a_watermark,
    "text box": _in_a_box,
}


@pytest.mark.parametrize("place", WORD)
def test_a_marking_anywhere_in_a_word_file_refuses_it(tmp_path: Path, place: str) -> None:
    assert refused(word_file(tmp_path, WORD[place])) == "secret"


@pytest.mark.parametrize("part", ["footnotes", "endnotes", "glossary/document", "diagrams/data1", "charts/chart1"])
def test_a_marking_in_any_part_of_a_word_file_refuses_it(tmp_path: Path, part: str) -> None:
    note = f"<w:notes {_W}><w:note><w:p><w:r><w:t>TUYỆT</w:t></w:r><w:r><w:t xml:space='preserve'> MẬT</w:t></w:r></w:p></w:note></w:notes>"
    assert refused(with_part(word_file(tmp_path), f"word/{part}.xml", note)) == "secret"


EXCEL: dict[str, Callable[[Workbook], object]] = {
    "header": lambda book: setattr(book.active.oddHeader.right, "text", "TỐI MẬT"),
    "header in a font": lambda book: setattr(book.active.oddHeader.center, "text", 'M&"Arial,Bold"Ậ&14T'),
    "footer of the first page": lambda book: setattr(book.active.firstFooter.left, "text", "Độ mật: Mật"),
    "footer of even pages": lambda book: setattr(book.active.evenFooter.left, "text", "MẬT"),
    "sheet's name": lambda book: setattr(book.active, "title", "MẬT"),
    "hidden sheet": lambda book: setattr(book.create_sheet("TỐI MẬT"), "sheet_state", "hidden"),
    "comment": lambda book: setattr(book.active["A1"], "comment", Comment("TUYỆT MẬT", "x")),
    "property": lambda book: setattr(book.properties, "subject", "Tối mật"),
    "cell": lambda book: book.active.append(("Mật", 3)),
    "two cells": lambda book: book.active.append(("Độ mật", "Mật")),
    "letters in cells": lambda book: book.active.append(tuple("MẬT")),
}


@pytest.mark.parametrize("place", EXCEL)
def test_a_marking_anywhere_in_a_workbook_refuses_it(tmp_path: Path, place: str) -> None:
    assert refused(excel_file(tmp_path, EXCEL[place])) == "secret"


def test_a_marking_in_a_drawing_refuses_a_workbook(tmp_path: Path) -> None:
    drawing = '<a:p xmlns:a="x"><a:r><a:t>M</a:t></a:r><a:r><a:t>ẬT</a:t></a:r></a:p>'
    assert refused(with_part(excel_file(tmp_path), "xl/drawings/drawing9.xml", drawing)) == "secret"
    assert refused(with_part(excel_file(tmp_path), "xl/drawings/old.vml", "<div>TỐI MẬT<br></div>")) == "secret"


def test_a_marking_in_a_line_or_a_cell_refuses_a_text(tmp_path: Path) -> None:
    (tmp_path / "bc.txt").write_text("UBND TỈNH LẠNG SƠN\n  Mật\nNăm 2019 xảy ra 08 vụ.\n")
    assert refused(tmp_path / "bc.txt") == "secret"
    (tmp_path / "bang.csv").write_text("Độ mật;Mật\nTrung Quốc;7\nTổng;7\n")
    with pytest.raises(Unreadable, match="dấu mật"):
        crossfoot(tmp_path / "bang.csv")


def test_words_that_are_no_marking_are_read_wherever_they_stand(tmp_path: Path) -> None:
    words = "Tổ mật phục; 20 lít mật ong; bảo vệ bí mật nhà nước"
    path = word_file(tmp_path, lambda document: document.sections[0].header.paragraphs[0].add_run(words))
    assert text_of(path) == "Năm 2019 xảy ra 08 vụ."
    book = excel_file(tmp_path, lambda book: setattr(book.active.oddHeader.right, "text", words))
    assert crossfoot(book).adds_up is True


def _old_office(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(name.encode("utf-16-le") for name in streams)


def _cut(path: Path) -> bytes:
    return path.read_bytes()[:-300]


def _changed(path: Path, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in parts.namelist():
            changed.writestr(name, parts.read(name).replace(old, new))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("bc.docx", lambda _: _old_office("EncryptedPackage", "EncryptionInfo"), "encrypted", "tệp có mật khẩu"),
        ("bang.xlsx", lambda _: _old_office("EncryptedPackage"), "encrypted", "tệp có mật khẩu"),
        ("bc.docx", lambda _: _old_office("WordDocument"), "format", "kiểu cũ"),
        ("bc.txt", lambda _: _old_office("WordDocument"), "format", "kiểu cũ"),
        ("bc.doc", lambda _: _old_office("WordDocument"), "format", "chỉ đọc"),
        ("bc.docx", lambda _: b"%PDF-1.7", "format", "tệp PDF"),
        ("bc.txt", lambda _: b"%PDF-1.7", "format", "tệp PDF"),
        ("bc.docx", lambda folder: excel_file(folder).read_bytes(), "format", "có vẻ là"),
        ("bang.xlsx", lambda folder: word_file(folder).read_bytes(), "format", "có vẻ là"),
        ("bc.txt", lambda folder: word_file(folder).read_bytes(), "format", "tệp Word"),
        ("bang.csv", lambda folder: excel_file(folder).read_bytes(), "format", "tệp Excel"),
        ("bc.docx", lambda folder: _cut(word_file(folder)), "format", "hỏng"),
        ("bang.xlsx", lambda folder: _cut(excel_file(folder)), "format", "hỏng"),
        ("bc.docx", lambda folder: _changed(word_file(folder), b"<w:body>", b"<w:body"), "format", "hỏng"),
        ("bang.xlsx", lambda folder: _changed(excel_file(folder), b"<sheetData>", b"<sheetData"), "format", "hỏng"),
        ("bc.docx", lambda folder: _changed(word_file(folder), b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"), "format", "Strict"),
        ("bc.docx", lambda folder: _changed(word_file(folder), b"wordprocessingml.document.main+xml", b"none"), "format", "hỏng"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_its_kind_is_refused_by_what_it_is(
    tmp_path: Path, name: str, content: Callable[[Path], bytes], code: str, says: str
) -> None:
    raw = content(tmp_path)
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(Unreadable) as refused:
        crossfoot(tmp_path / name)
    assert (refused.value.code, says in str(refused.value)) == (code, True), str(refused.value)


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = word_file(tmp_path)
    monkeypatch.setattr(package, "MAX_PART", 10_000)
    assert refused(path) == "too_large"
    monkeypatch.setattr(package, "MAX_PART", 10**9)
    monkeypatch.setattr(package, "MAX_UNPACKED", 10_000)
    assert refused(path) == "too_large"


def test_a_sheet_that_is_filled_to_its_last_cell_is_refused(tmp_path: Path) -> None:
    path = excel_file(tmp_path, lambda book: book.active.cell(1_048_576, 16_384, "x"))
    assert refused(path) == "too_large"
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>'
    path.write_bytes(_changed(excel_file(tmp_path), b"</sheetData>", merged))
    assert refused(path) == "too_large"
