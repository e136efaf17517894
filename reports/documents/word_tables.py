"""Tables of a Word document, written as XML: python-docx looks at every row again for each cell it adds, and the lists are long."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.documents.document_model import Align, Table

TEXT_MM, WIDE_TEXT_MM = 160, 247
"""Width of the text: 210 mm, or 297 mm of a landscape page, less the margins of the template."""
_TWIPS_A_MM = 1440 / 25.4
TABLE_PT = 12
"""Type size in tables: readable on paper, and smaller than the body's 14."""
_FEW = 16
"""Rows of a table that is not to be torn over two pages."""
_BORDERS = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_LINED = f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'


def table_xml(table: Table, within_mm: float) -> Any:
    """A table on paper: its heading row is repeated on each page, no row is split, and one of a few rows stays on one page."""
    shares = sum(column.width for column in table.columns)
    widths = [round(within_mm * _TWIPS_A_MM * column.width / shares) for column in table.columns]
    together = len(table.rows) <= _FEW
    head = _row([(column.title, Align.CENTER) for column in table.columns], widths, is_head=True, with_next=True)
    body = "".join(
        _row(
            [(cell.text, column.align) for cell, column in zip(row, table.columns, strict=True)],
            widths,
            with_next=together and position < len(table.rows),
        )
        for position, row in enumerate(table.rows, start=1)
    )
    return _table(widths, head + body, _LINED, inset=70)


def columns_xml(widths_mm: Sequence[float], cells: Sequence[str]) -> Any:
    """Columns side by side without borders, each cell its paragraphs' XML: the document's head and its end."""
    widths = [round(width * _TWIPS_A_MM) for width in widths_mm]
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for width, cell in zip(widths, cells, strict=True)
    )
    return _table(widths, f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inner}</w:tr>", '<w:tblLayout w:type="fixed"/>', inset=0)


def paragraph_xml(text: str, *, size: float, align: str = "center", bold: bool = False, italic: bool = False, above: float = 0) -> str:
    """A paragraph; `size` and `above` in points."""
    return _paragraph(
        text, size, f'<w:spacing w:before="{round(above * 20)}" w:after="0"/><w:jc w:val="{align}"/>', bold=bold, italic=italic
    )


def rule_xml(within_mm: float, length_mm: float) -> str:
    """A centred rule."""
    side = round((within_mm - length_mm) / 2 * _TWIPS_A_MM)
    line = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    spacing = '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>'
    return _paragraph("", 4, f'{line}{spacing}<w:ind w:left="{side}" w:right="{side}"/><w:jc w:val="center"/>')


def parsed(xml: str) -> Any:
    """An element that stands alone."""
    return parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1))


def _paragraph(text: str, size: float, properties: str, *, bold: bool = False, italic: bool = False) -> str:
    look = f'{"<w:b/>" if bold else ""}{"<w:i/>" if italic else ""}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _row(cells: Sequence[tuple[str, Align]], widths: Sequence[int], *, is_head: bool = False, with_next: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    kept = "<w:keepNext/>" if with_next else ""
    inner = "".join(_cell(text, align, width, kept, is_head=is_head) for (text, align), width in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"


def _cell(text: str, align: Align, width: int, kept: str, *, is_head: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if is_head else ""
    properties = f'{kept}<w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/>'
    paragraphs = "".join(_paragraph(line, TABLE_PT, properties, bold=is_head) for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'


def _table(widths: Sequence[int], rows: str, look: str, *, inset: int) -> Any:
    """A centred table; `inset`, in twips, keeps text from the borders."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = f'<w:tblCellMar><w:left w:w="{inset}" w:type="dxa"/><w:right w:w="{inset}" w:type="dxa"/></w:tblCellMar>'
    properties = f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{look}{margins}</w:tblPr>'
    return parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>")
