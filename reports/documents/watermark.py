"""The watermark of a draft: a pale word across every page, as Word itself draws one (VML in the page headers)."""

from xml.sax.saxutils import quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section

_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
_CENTRED = "mso-position-{0}:center;mso-position-{0}-relative:margin"
_STYLE = (
    "position:absolute;margin-left:0;margin-top:0;width:420pt;height:105pt;rotation:315;z-index:-1;"
    f"{_CENTRED.format('horizontal')};{_CENTRED.format('vertical')}"
)


def mark_pages(section: Section, word: str) -> None:
    """Mark the pages of a section, and of those that follow it."""
    for position, header in enumerate((section.header, section.first_page_header)):
        shape = (
            f"<w:r {nsdecls('w')}><w:pict {_VML}>"
            '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
            '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
            '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
            '</v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
            f'<v:shape id="draft{position}" type="#_x0000_t136" alt={quoteattr(word)} style="{_STYLE}" fillcolor="#e4e4e4" stroked="f">'
            f'<v:textpath style="font-family:&quot;Times New Roman&quot;;font-size:1pt" string={quoteattr(word)}/></v:shape></w:pict></w:r>'
        )
        header.paragraphs[0]._p.append(parse_xml(shape))  # noqa: SLF001  # python-docx has no API for drawings in headers
