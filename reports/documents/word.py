"""A report as a Word document that can be signed: Decree 30/2020/NĐ-CP, Article 8 and Appendix I."""

import io
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports.documents.archive import canonical_archive
from reports.documents.document_model import KIND, MOTTO, RECIPIENTS, Block, Drawing, Layout, Picture, Section, Table
from reports.documents.word_page import BODY_PT, TEXT_MM, drop_unused, set_page, set_styles
from reports.documents.word_tables import columns_xml, pairs_xml, paragraph_xml, table_xml

_LEFT_MM, _RIGHT_MM = 62, 98
_PICTURE_MM = 155
_TWIPS_A_MM = 1440 / 25.4


def word(layout: Layout, pictures: Mapping[Drawing, bytes]) -> bytes:
    """The document. The same layout and pictures give the same bytes."""
    document = docx.Document()
    drop_unused(document)
    set_page(document)
    set_styles(document)
    _title(document, layout)
    _add(document, pairs_xml(layout.face))
    _paragraph(document, layout.intro).paragraph_format.space_before = Pt(8)
    numbered = _Numbers()
    for section in layout.sections:
        document.add_heading(f"{section.number}. {section.heading}", 1)
        _blocks(document, section, pictures, numbered)
    closing = _paragraph(document, layout.closing).paragraph_format
    closing.space_before, closing.keep_with_next = Pt(8), True  # who signs never stands alone on a page
    _end(document, layout)
    for annex in layout.annexes:
        _annex(document, annex, layout, pictures, numbered)
    _properties(document, layout)
    out = io.BytesIO()
    document.save(out)
    return canonical_archive(out.getvalue())


class _Numbers:
    """Counts tables and charts through the document."""

    def __init__(self) -> None:
        self.tables = 0
        self.pictures = 0

    def table(self) -> int:
        self.tables += 1
        return self.tables

    def picture(self) -> int:
        self.pictures += 1
        return self.pictures


def _title(document: Document, layout: Layout) -> None:
    """Issuing body and number to the left; quốc hiệu, tiêu ngữ, place and date to the right; kind and subject below."""
    head, (country, motto) = layout.head, MOTTO
    left = (
        paragraph_xml(head.superior, size=13)
        + paragraph_xml(head.office, size=13, bold=True)
        + paragraph_xml("", size=4, line=_rule(_LEFT_MM, 24))
        + paragraph_xml(head.number, size=13, above=6)
    )
    right = (
        paragraph_xml(country, size=12.5, bold=True)
        + paragraph_xml(motto, size=13.5, bold=True)
        + paragraph_xml("", size=4, line=_rule(_RIGHT_MM, 58))
        + paragraph_xml(head.place_and_date, size=13.5, italic=True, above=6)
    )
    _add(document, columns_xml((_LEFT_MM, _RIGHT_MM), (left, right)))
    kind = _centred(document, KIND)
    kind.paragraph_format.space_before, kind.paragraph_format.space_after = Pt(18), Pt(0)
    _centred(document, layout.subject).paragraph_format.space_after = Pt(4)
    _add(document, _as_element(paragraph_xml("", size=4, line=_rule(TEXT_MM, 60))))


def _blocks(document: Document, section: Section, pictures: Mapping[Drawing, bytes], numbered: _Numbers) -> None:
    position = 0
    for block in section.blocks:
        if block.heading is not None:
            position += 1
            document.add_heading(f"{position}. {block.heading}", 2)
        _block(document, block, pictures, numbered)


def _block(document: Document, block: Block, pictures: Mapping[Drawing, bytes], numbered: _Numbers) -> None:
    for text in block.paragraphs:
        _paragraph(document, text)
    for table in block.tables:
        _table(document, table, numbered.table())
    for picture in block.pictures:
        _picture(document, picture, pictures[picture.drawing], numbered.picture())


def _table(document: Document, table: Table, number: int) -> None:
    caption = _centred(document, f"Bảng {number}. {table.title}", size=12.5)
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(3)
    caption.paragraph_format.keep_with_next = True
    _add(document, table_xml(table))
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(6)
    for position, note in enumerate(table.notes):
        run = after.add_run(("\n" if position else "") + note)
        run.italic, run.font.size = True, Pt(11)
    if not table.notes:
        after.paragraph_format.space_after = Pt(0)
        after.paragraph_format.line_spacing = Pt(6)


def _picture(document: Document, picture: Picture, png: bytes, number: int) -> None:
    place = document.add_paragraph()
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.paragraph_format.keep_with_next = True
    shape = place.add_run().add_picture(io.BytesIO(png), width=Mm(_PICTURE_MM))
    properties: Any = shape._inline.docPr  # noqa: SLF001  # python-docx has no words for who cannot see a picture
    properties.set("descr", picture.spoken)
    properties.set("name", picture.caption)
    _centred(document, f"Biểu đồ {number}. {picture.caption}", size=12.5)


def _end(document: Document, layout: Layout) -> None:
    """Nơi nhận to the left, who signs to the right; the name stays blank."""
    recipients = paragraph_xml(RECIPIENTS, size=12, align="left", bold=True, italic=True)
    recipients += "".join(paragraph_xml(f"- {one}", size=11, align="left") for one in layout.head.recipients)
    signer = paragraph_xml(layout.head.signer, size=14, bold=True) + paragraph_xml("", size=14, above=70)
    _add(document, columns_xml((_LEFT_MM + 18, _RIGHT_MM - 18), (recipients, signer)))
    document.add_paragraph().paragraph_format.space_after = Pt(0)  # a document of Word may not end with a table


def _annex(document: Document, annex: Section, layout: Layout, pictures: Mapping[Drawing, bytes], numbered: _Numbers) -> None:
    number = document.add_heading(annex.number, 1)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.page_break_before = True
    number.paragraph_format.space_after = Pt(0)
    heading = _centred(document, annex.heading.upper())
    heading.paragraph_format.space_after = Pt(0)
    attached = document.add_paragraph()
    attached.alignment = WD_ALIGN_PARAGRAPH.CENTER
    attached.add_run(layout.attached).italic = True
    _blocks(document, annex, pictures, numbered)


def _paragraph(document: Document, text: str) -> Paragraph:
    """Of the body: justified, its first line indented."""
    made = document.add_paragraph(text)
    made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    made.paragraph_format.first_line_indent = Mm(10)
    return made


def _centred(document: Document, text: str, size: float = BODY_PT) -> Paragraph:
    made = document.add_paragraph()
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = made.add_run(text)
    run.bold, run.font.size = True, Pt(size)
    return made


def _rule(within_mm: float, length_mm: float) -> tuple[int, int]:
    """Indents of a centred rule of this length, in twips."""
    side = round((within_mm - length_mm) / 2 * _TWIPS_A_MM)
    return side, side


def _as_element(xml: str) -> Any:
    return parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1))


def _add(document: Document, element: Any) -> None:
    """Behind all that is there, before the section's own properties."""
    body: Any = document.element.body
    body.insert_element_before(element, "w:sectPr")


def _properties(document: Document, layout: Layout) -> None:
    """Times are the report's own: nothing reads the clock."""
    moment = layout.as_of.astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = layout.head.office
    properties.title, properties.subject = f"{KIND} {layout.subject}", layout.subject
    properties.language, properties.revision = "vi-VN", 1
    properties.comments = properties.keywords = properties.category = ""
