"""A report as a Word document that can be signed: Decree 30/2020/NĐ-CP, Article 8 and Appendix I.

Page, margins, fonts, styles and page number are those of `template.docx`, which an office can edit in Word.
"""

import io
from collections.abc import Mapping
from datetime import UTC
from itertools import count
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports.documents.archive import canonical_archive
from reports.documents.document_model import DRAFT, KIND, MOTTO, RECIPIENTS, Chapter, Drawing, Layout, Picture, Table
from reports.documents.watermark import mark_pages
from reports.documents.word_tables import TEXT_MM, WIDE_TEXT_MM, columns_xml, paragraph_xml, parsed, rule_xml, table_xml

_TEMPLATE = Path(__file__).with_name("template.docx")
_LEFT_MM, _RIGHT_MM = 62, 98
_PICTURE_MM = 155
_BODY_PT, _CAPTION_PT, _NOTE_PT = 14, 13, 12
_HEAD_PT = 13
_RULE_SHARE = 0.4
"""Of the line above it: the rule under the office's name is a third to a half as long."""
_CAPITAL_MM = 3.2
"""About the width of a bold capital letter of that size."""


def word(layout: Layout, pictures: Mapping[Drawing, bytes]) -> bytes:
    """The document. The same layout and pictures give the same bytes."""
    return _Document(layout, pictures).written()


class _Document:
    """A document being written. It numbers its tables and charts."""

    def __init__(self, layout: Layout, pictures: Mapping[Drawing, bytes]) -> None:
        self._word = docx.Document(str(_TEMPLATE))
        self._layout = layout
        self._pictures = pictures
        self._table_numbers, self._picture_numbers = count(1), count(1)
        self._is_wide = False

    def written(self) -> bytes:
        layout = self._layout
        if layout.is_draft:
            mark_pages(self._word.sections[0], DRAFT)
        self._title()
        for text in layout.preface:
            self._paragraph(text)
        for chapter in layout.chapters:
            self._word.add_heading(f"{chapter.number}. {chapter.heading}", 1)
            self._blocks(chapter)
        closing = self._paragraph(layout.closing).paragraph_format
        closing.space_before, closing.keep_with_next = Pt(8), True  # the signature never stands alone on a page
        self._end()
        for annex in layout.annexes:
            self._annex(annex)
        self._properties()
        out = io.BytesIO()
        self._word.save(out)
        return canonical_archive(out.getvalue())

    def _title(self) -> None:
        """Issuing body and number to the left; quốc hiệu, tiêu ngữ, place and date to the right; kind and subject below."""
        head, (country, motto) = self._layout.head, MOTTO
        office_mm = min(_LEFT_MM, len(head.office) * _CAPITAL_MM)
        left = (
            paragraph_xml(head.superior, size=_HEAD_PT)
            + paragraph_xml(head.office, size=_HEAD_PT, bold=True)
            + rule_xml(_LEFT_MM, _RULE_SHARE * office_mm)
            + paragraph_xml(head.number, size=_HEAD_PT, above=6)
            + (paragraph_xml(DRAFT, size=_HEAD_PT, bold=True, above=6) if self._layout.is_draft else "")
        )
        right = (
            paragraph_xml(country, size=12.5, bold=True)
            + paragraph_xml(motto, size=13.5, bold=True)
            + rule_xml(_RIGHT_MM, 58)
            + paragraph_xml(head.place_and_date, size=13.5, italic=True, above=6)
        )
        self._add(columns_xml((_LEFT_MM, _RIGHT_MM), (left, right)))
        self._centred(KIND, above=18, below=0)
        self._centred(self._layout.subject, below=4)
        self._add(parsed(rule_xml(TEXT_MM, 60)))

    def _blocks(self, chapter: Chapter) -> None:
        positions = count(1)
        for block in chapter.blocks:
            if block.heading is not None:
                self._word.add_heading(f"{next(positions)}. {block.heading}", 2)
            for text in block.paragraphs:
                self._paragraph(text)
            for table in block.tables:
                self._table(table)
            for picture in block.pictures:
                self._picture(picture)

    def _table(self, table: Table) -> None:
        caption = self._centred(f"Bảng {next(self._table_numbers)}. {table.title}", size=_CAPTION_PT, above=6, below=3)
        caption.paragraph_format.keep_with_next = True
        self._add(table_xml(table, WIDE_TEXT_MM if self._is_wide else TEXT_MM))
        if not table.notes:
            self._speck(Pt(6))
            return
        after = self._word.add_paragraph()
        after.paragraph_format.space_after = Pt(6)
        for position, note in enumerate(table.notes):
            run = after.add_run(("\n" if position else "") + note)
            run.italic, run.font.size = True, Pt(_NOTE_PT)

    def _picture(self, picture: Picture) -> None:
        place = self._word.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        place.paragraph_format.keep_with_next = True
        shape = place.add_run().add_picture(io.BytesIO(self._pictures[picture.drawing]), width=Mm(_PICTURE_MM))
        properties: Any = shape._inline.docPr  # noqa: SLF001  # python-docx has no API for descriptions of pictures
        properties.set("descr", picture.spoken)
        properties.set("name", picture.caption)
        self._centred(f"Biểu đồ {next(self._picture_numbers)}. {picture.caption}", size=_CAPTION_PT)

    def _end(self) -> None:
        """Nơi nhận to the left, who signs to the right, with room for the signature."""
        head = self._layout.head
        recipients = paragraph_xml(RECIPIENTS, size=12, align="left", bold=True, italic=True)
        recipients += "".join(paragraph_xml(f"- {recipient}", size=11, align="left") for recipient in head.recipients)
        lines = "".join(paragraph_xml(line, size=_BODY_PT, bold=True) for line in head.signer.split("\n"))
        signed = lines + paragraph_xml(head.signed_by, size=_BODY_PT, bold=True, above=70)
        self._add(columns_xml((_LEFT_MM + 18, _RIGHT_MM - 18), (recipients, signed)))
        self._speck(Pt(1))  # a document of Word may not end with a table

    def _annex(self, annex: Chapter) -> None:
        """Begin a page, turned where the annex is a list of many columns."""
        turned = annex.is_wide != self._is_wide
        if turned:
            self._turn_page()
        number = self._word.add_heading(annex.number, 1)
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        number.paragraph_format.page_break_before = not turned
        number.paragraph_format.space_after = Pt(0)
        self._centred(annex.heading.upper(), below=0)
        attached = self._word.add_paragraph()
        attached.alignment = WD_ALIGN_PARAGRAPH.CENTER
        attached.add_run(self._layout.attached).italic = True
        self._blocks(annex)

    def _turn_page(self) -> None:
        self._is_wide = not self._is_wide
        section = self._word.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if self._is_wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width
        section.different_first_page_header_footer = False  # only the document's own first page has no number
        self._shrink(self._word.paragraphs[-1], Pt(1))  # it ends the section before, maybe on a full page

    def _speck(self, height: Pt) -> None:
        """Append a paragraph without text, of that height."""
        self._shrink(self._word.add_paragraph(), height)

    @staticmethod
    def _shrink(paragraph: Paragraph, height: Pt) -> None:
        spacing = paragraph.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, height

    def _paragraph(self, text: str) -> Paragraph:
        """Append a paragraph of the body: justified, with an indented first line."""
        paragraph = self._word.add_paragraph(text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Mm(10)
        return paragraph

    def _centred(self, text: str, *, size: float = _BODY_PT, above: float | None = None, below: float | None = None) -> Paragraph:
        """Append a bold, centred paragraph. Lengths are in points; None keeps the style's spacing."""
        paragraph = self._word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(text)
        run.bold, run.font.size = True, Pt(size)
        spacing = paragraph.paragraph_format
        if above is not None:
            spacing.space_before = Pt(above)
        if below is not None:
            spacing.space_after = Pt(below)
        return paragraph

    def _add(self, element: Any) -> None:
        """Append an element to the body, before the properties of its section."""
        body: Any = self._word.element.body
        body.insert_element_before(element, "w:sectPr")

    def _properties(self) -> None:
        """Set the properties. Times are the report's own: nothing reads the clock."""
        layout, properties = self._layout, self._word.core_properties
        properties.created = properties.modified = layout.as_of.astimezone(UTC).replace(tzinfo=None)
        properties.author = properties.last_modified_by = layout.head.office
        properties.title, properties.subject = f"{KIND} {layout.subject}", layout.subject
        properties.language, properties.revision = "vi-VN", 1
        properties.comments = properties.keywords = properties.category = ""
