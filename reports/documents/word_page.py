"""Page, fonts and styles of a Word document by Decree 30/2020/NĐ-CP, Appendix I: A4, margins, Times New Roman and black throughout, page numbers."""

from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"
BODY_PT = 14
HEADING_PT = 14
TABLE_PT = 11
WIDE_TABLE_PT = 9.5
TEXT_MM = 160
"""Width of the text: 210 mm less the margins."""
_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
_THEMED = ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme")


def set_page(document: Document) -> None:
    """A4 portrait; top and bottom 20 mm, left 30, right 20; the page's number centred above the text from the second page on."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), (None, None), ("end", None)):
        run = number.add_run("2" if kind is None and text is None else "")
        run.font.size = Pt(13)
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001  # python-docx has no fields
        elif text is not None:
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)  # noqa: SLF001  # python-docx has no fields


def drop_unused(document: Document) -> None:
    """Away with what python-docx's template brings and nobody uses: a hundred table styles, their copy for an older Word, a thumbnail, XML of others."""
    root: Any = document.styles.element
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) is None:
            root.remove(style)
    for holder in (document.part, document.part.package):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
                holder.rels.pop(key)


def set_styles(document: Document) -> None:
    """One font in every style, theme fonts dropped; body, headings and captions as an office writes them."""
    root: Any = document.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        _one_font(fonts)
    for language in root.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    styles: Any = document.styles
    normal = styles["Normal"]
    _one_font(normal.element.get_or_add_rPr().get_or_add_rFonts())
    normal.font.size = Pt(BODY_PT)
    body = normal.paragraph_format
    body.space_before, body.space_after = Pt(0), Pt(6)
    body.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name, before in (("Heading 1", 10), ("Heading 2", 6), ("Heading 3", 6)):
        style = styles[name]
        _one_font(style.element.get_or_add_rPr().get_or_add_rFonts())
        style.font.size, style.font.bold, style.font.italic = Pt(HEADING_PT), True, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
        style.paragraph_format.keep_with_next = True


def _one_font(fonts: Any) -> None:
    for slot in _SLOTS:
        fonts.set(qn(f"w:{slot}"), FONT)
    for themed in _THEMED:
        fonts.attrib.pop(qn(f"w:{themed}"), None)
