"""Tables of a Word document, written as XML: python-docx looks at every row again for each cell it adds, and the lists are long."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.documents.document_model import Align, Column, Table
from reports.documents.word_page import TABLE_PT, TEXT_MM, WIDE_TABLE_PT

_TWIPS_A_MM = 1440 / 25.4
_MANY = 8
"""Columns from which on a table is set smaller."""
_BORDERS = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'


def table_xml(table: Table) -> Any:
    """A table as it stands on paper: its heading row is repeated on each page, no row is torn in two."""
    widths, size = _widths(table.columns), TABLE_PT if len(table.columns) < _MANY else WIDE_TABLE_PT
    head = _row([(column.title, Align.CENTER) for column in table.columns], widths, size, is_head=True)
    body = "".join(
        _row([(cell.text, column.align) for cell, column in zip(row, table.columns, strict=True)], widths, size) for row in table.rows
    )
    return _table(widths, head + body)


def pairs_xml(pairs: Sequence[tuple[str, str]]) -> Any:
    """What is called how, two columns without a heading."""
    widths = _widths((Column("", 28), Column("", 72)))
    return _table(widths, "".join(_row([(name, Align.LEFT), (text, Align.LEFT)], widths, TABLE_PT) for name, text in pairs))


def columns_xml(widths_mm: Sequence[float], cells: Sequence[str]) -> Any:
    """Columns side by side without borders, each cell its paragraphs' XML: the document's head and its end."""
    widths = [round(width * _TWIPS_A_MM) for width in widths_mm]
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for width, cell in zip(widths, cells, strict=True)
    )
    margins = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    return _table(widths, f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inner}</w:tr>", unlined=margins)


def paragraph_xml(
    text: str,
    *,
    size: float,
    align: str = "center",
    bold: bool = False,
    italic: bool = False,
    above: int = 0,
    line: tuple[int, int] | None = None,
) -> str:
    """A paragraph. `line`: instead of text a rule between two indents, in twips; `size` and `above` in points."""
    look = (
        ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "") + f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    )
    rule = spacing = ""
    if line is not None:
        rule = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        spacing = ' w:line="120" w:lineRule="exact"'
    indent = f'<w:ind w:left="{line[0]}" w:right="{line[1]}"/>' if line is not None else ""
    return (
        f'<w:p><w:pPr>{rule}<w:spacing w:before="{above * 20}" w:after="0"{spacing}/>{indent}<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _row(cells: Sequence[tuple[str, Align]], widths: Sequence[int], size: float, *, is_head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    inner = "".join(_cell(text, align, width, size, is_head=is_head) for (text, align), width in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"


def _cell(text: str, align: Align, width: int, size: float, *, is_head: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if is_head else ""
    paragraphs = "".join(
        paragraph_xml(line, size=size, align=align.value, bold=is_head).replace('w:before="0" w:after="0"', 'w:before="20" w:after="20"')
        for line in text.split("\n")
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'


def _table(widths: Sequence[int], rows: str, *, unlined: str = "") -> Any:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    fixed = '<w:tblLayout w:type="fixed"/>'
    look = fixed + unlined if unlined else f"<w:tblBorders>{_BORDERS}</w:tblBorders>{fixed}{_MARGINS}"
    properties = f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{look}</w:tblPr>'
    return parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>")


def _widths(columns: Sequence[Column]) -> list[int]:
    whole = sum(column.width for column in columns)
    return [round(TEXT_MM * _TWIPS_A_MM * column.width / whole) for column in columns]
