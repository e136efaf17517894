"""Reads a .docx as Word shows it: with what was inserted, without what was deleted, moved away, hidden, or is a field's code.

The parts of the format are those of ECMA-376 part 1, chapter 17. What may hold text and is not named here is refused: a text that is read in
part could say another number than the page.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from texts.files import Grid, Unreadable, checked, checked_table
from texts.package import WORD, opened
from texts.table.spans import Spans
from texts.word_numbering import Numbering
from texts.word_styles import Styles

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:"
_EXTENSIONS = "http://schemas.microsoft.com/office/"
"""Namespaces of what Word added to the format: it knows them, so it shows the choice and not the fallback."""
_THROUGH = frozenset({f"{_W}{name}" for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "sdtContent")})
"""Their content is shown as if it stood without them."""
_GONE = frozenset({f"{_W}{name}" for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr")})
_MARKS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}sym": "\ufffd"}
"""`sym`: a letter of a font of pictures, which is no number."""
_TEXT = f"{_W}t"
_FORMULA_IN_LINE = frozenset(
    {
        f"{_M}{name}"
        for name in ("oMath", "oMathPara", "oMathParaPr", "jc", "r", "rPr", "t", "sty", "scr", "nor", "lit", "brk", "aln", "ctrlPr")
    }
)
_ATTACHED = ("/customXml/", "/docProps/")
_SHOWN_OTHERWISE = ("showingPlcHdr", "date", "dropDownList", "comboBox")
"""Controls whose data are written otherwise than they are shown."""
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class WordText:
    """What a document shows."""

    lines: list[str] = field(default_factory=list)
    """A line each: its paragraphs, the rows of its tables with `|` between the cells, its text boxes, its notes."""
    tables: list[Grid] = field(default_factory=list)


def read(path: Path) -> WordText:
    """Read a file. Raises `Unreadable`, also where it is marked secret."""
    raw = opened(path, WORD)
    try:
        return _read(_document(path, raw))
    except Unreadable as wrong:
        raise Unreadable(wrong.code, f"{path.name}: {wrong}") from None


def _document(path: Path, raw: bytes) -> "Document":
    import docx  # noqa: PLC0415  # two tenths of a second that other files need not

    try:
        return docx.Document(io.BytesIO(raw))
    except (SyntaxError, KeyError, ValueError, AttributeError):
        raise Unreadable("format", f"{path.name}: không phải tệp Word (.docx), hoặc đã hỏng · not a .docx, or damaged") from None


def _read(document: "Document") -> WordText:
    parts = [(rel.reltype.rpartition("/")[2], rel.target_part) for rel in document.part.rels.values() if not rel.is_external]
    styles = Styles(document.styles.element)
    numbering = Numbering(next((_root(part.blob) for kind, part in parts if kind == "numbering"), None), styles)
    _refuse_stale_controls(document)
    shown = WordText()
    body = _Story(styles, numbering, shown)
    body.read(document.element.body)
    for kind, part in parts:
        if kind in ("footnotes", "endnotes"):
            for note in _root(part.blob):
                if note.get(f"{_W}type") in (None, "normal") and (kind[:-1], note.get(f"{_W}id")) in body.notes:
                    _Story(styles, numbering, shown).read(note)
        elif kind in ("header", "footer"):
            margin = WordText()
            _Story(styles, numbering, margin).read(_root(part.blob))
            checked("\n".join(margin.lines))
    checked("\n".join(shown.lines))
    for table in shown.tables:
        checked_table(table)
    return shown


def _refuse_stale_controls(document: "Document") -> None:
    """Raises `Unreadable` where a content control shows attached data that says something else than the text: Word shows the data."""
    bound = [control for control in document.element.iter(f"{_W}sdt") if control.find(f"{_W}sdtPr/{_W}dataBinding") is not None]
    if not bound:
        return
    parts = [part for part in document.part.package.iter_parts() if part.partname.startswith(_ATTACHED) and part.partname.endswith(".xml")]
    attached = {text.strip() for part in parts for text in _root(part.blob).itertext()}
    for control in bound:
        says_more = any(control.find(f"{_W}sdtPr/{_W}{name}") is not None for name in _SHOWN_OTHERWISE)
        if not says_more and "".join(text.text or "" for text in control.iter(_TEXT)).strip() not in attached:
            raise _unreadable("có ô nội dung lấy từ dữ liệu kèm theo, khác với chữ trong ô", "a content control whose attached data differ")


def _root(part: bytes) -> "BaseOxmlElement":
    from docx.oxml import parse_xml  # noqa: PLC0415

    return parse_xml(part)


class _Story:
    """Reads one run of paragraphs and tables: the body, a note, a text box, a cell."""

    def __init__(self, styles: Styles, numbering: Numbering, shown: WordText) -> None:
        self.styles, self.numbering, self.shown = styles, numbering, shown
        self.notes: set[tuple[str, str | None]] = set()
        """Of the footnotes and endnotes that the text refers to: kind and id."""
        self._fields: list[bool] = []
        """Of each field that has begun and not ended: whether what follows is its result, and not its code."""
        self._boxes: list[BaseOxmlElement] = []

    def read(self, container: "BaseOxmlElement") -> None:
        """Add what a container shows. Raises `Unreadable`."""
        begun = ""
        for block in self._blocks(container):
            if block.tag == f"{_W}tbl":
                if begun:
                    self._add(begun)
                begun = ""
                self._table(block)
                continue
            properties = block.find(f"{_W}pPr")
            style = None if properties is None else _value(properties.find(f"{_W}pStyle"))
            runs_on = self._runs_on(properties, style)
            begun = begun or ("" if runs_on else self.numbering.mark(properties, style))
            begun += "".join(self._inline(block, style))
            if not runs_on:
                self._add(begun)
                begun = ""
        if begun:
            self._add(begun)
        if self._fields:
            raise _unreadable("trường (field) không có điểm kết thúc", "a field without an end")

    def _add(self, text: str) -> None:
        self.shown.lines += text.split("\n")
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._within(box, self.shown)

    def _within(self, container: "BaseOxmlElement", shown: WordText) -> None:
        inner = _Story(self.styles, self.numbering, shown)
        inner.notes = self.notes
        inner.read(container)

    def _blocks(self, container: "BaseOxmlElement") -> Iterator["BaseOxmlElement"]:
        """The paragraphs and tables of a container."""
        for child in container.iterchildren("{*}*"):
            if child.tag in (f"{_W}p", f"{_W}tbl"):
                yield child
            else:
                for content in _shown_in(child):
                    yield from self._blocks(content)

    def _runs_on(self, properties: "BaseOxmlElement | None", style: str | None) -> bool:
        """Whether the end of a paragraph is deleted, moved away or hidden, so that the next one goes on in its line."""
        mark = None if properties is None else properties.find(f"{_W}rPr")
        if mark is None:
            return False
        return any(mark.find(f"{_W}{name}") is not None for name in ("del", "moveFrom")) or self.styles.is_on("vanish", mark, style)

    def _inline(self, parent: "BaseOxmlElement", style: str | None) -> Iterator[str]:
        """The text of a paragraph of a style."""
        for child in parent.iterchildren("{*}*"):
            if child.tag == f"{_W}r":
                yield self._run(child, style)
            elif child.tag in (f"{_M}oMath", f"{_M}oMathPara"):
                yield _formula(child)
            elif child.tag != f"{_W}pPr":
                for content in _shown_in(child):
                    yield from self._inline(content, style)

    def _run(self, run: "BaseOxmlElement", style: str | None) -> str:
        properties = run.find(f"{_W}rPr")
        text = "".join(self._pieces(run, style))
        if not text or self.styles.is_on("vanish", properties, style):
            return ""
        if text.strip() and any(self.styles.is_on(name, properties, style) for name in ("strike", "dstrike")):
            raise _unreadable(
                "có chữ gạch ngang; hãy xóa hẳn, hoặc bỏ gạch", "text that is struck through: delete it, or take the line away"
            )
        if any(self.styles.is_on(name, properties, style) for name in ("caps", "smallCaps")):
            text = text.upper()
        return text.translate(_SUPERSCRIPT) if self.styles.value("vertAlign", properties, style) == "superscript" else text

    def _pieces(self, run: "BaseOxmlElement", style: str | None) -> Iterator[str]:
        for child in run.iterchildren("{*}*"):
            if child.tag == f"{_W}fldChar":
                yield self._field(child)
            elif child.tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self.notes.add((child.tag.removeprefix(_W).removesuffix("Reference"), child.get(f"{_W}id")))
            elif not all(self._fields):
                continue
            elif child.tag == _TEXT:
                yield child.text or ""
            elif child.tag in _MARKS:
                yield _MARKS[child.tag]
            elif child.tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                self._drawing(child)
            elif child.tag == f"{_W}ruby":
                yield from (text for base in child.iterchildren(f"{_W}rubyBase") for text in self._inline(base, style))
            elif child.tag == f"{_MC}AlternateContent":
                yield from (text for content in _choice(child) for text in self._pieces(content, style))
            else:
                _shown_in(child)

    def _field(self, mark: "BaseOxmlElement") -> str:
        """Follow a field. A list to choose from has no result: its text is the entry that is chosen."""
        match mark.get(f"{_W}fldCharType"):
            case "begin":
                self._fields.append(False)
                choices = mark.find(f"{_W}ffData/{_W}ddList")
                if choices is not None and all(self._fields[:-1]):
                    entries = [_value(entry) or "" for entry in choices.iterchildren(f"{_W}listEntry")]
                    chosen = int(_value(choices.find(f"{_W}result")) or _value(choices.find(f"{_W}default")) or 0)
                    return entries[chosen] if chosen < len(entries) else ""
            case "separate" if self._fields:
                self._fields[-1] = True
            case "end" if self._fields:
                self._fields.pop()
        return ""

    def _drawing(self, drawing: "BaseOxmlElement") -> None:
        """Note the text boxes of a drawing: they follow the paragraph."""
        for child in drawing.iterchildren("{*}*"):
            if child.tag == f"{_W}txbxContent":
                self._boxes.append(child)
            elif child.tag.startswith(_VML) and child.tag.endswith("}OLEObject"):
                raise _unreadable("có đối tượng nhúng (bảng tính, công thức cũ)", "an embedded object")
            else:
                for content in _choice(child) if child.tag == f"{_MC}AlternateContent" else [child]:
                    self._drawing(content)

    def _table(self, table: "BaseOxmlElement") -> None:
        spans = Spans()
        nested: list[Grid] = []
        for row in self._parts(table, "tr"):
            properties = row.find(f"{_W}trPr")
            if properties is not None and any(properties.find(f"{_W}{name}") is not None for name in ("del", "hidden")):
                continue
            before = _value(properties.find(f"{_W}gridBefore")) if properties is not None else None
            spans.begin(int(before or 0))
            for cell in self._parts(row, "tc"):
                of = cell.find(f"{_W}tcPr")
                if of is not None and of.find(f"{_W}cellDel") is not None:
                    continue
                if of is not None and of.find(f"{_W}cellMerge") is not None:
                    raise _unreadable("có ô đang gộp dưới Track Changes; hãy chấp nhận thay đổi", "a tracked merge of cells: accept it")
                inner = WordText()
                self._within(cell, inner)
                nested += inner.tables
                width = 1 if of is None else int(_value(of.find(f"{_W}gridSpan")) or 1)
                spans.add(
                    "\n".join(inner.lines).strip(),
                    width=width,
                    goes_on_down=_goes_on(of, "vMerge"),
                    goes_on_across=_goes_on(of, "hMerge"),
                )
        self.shown.lines += [" | ".join(cells) for cells in spans.lines()]
        self.shown.tables.append(Grid(f"bảng {len(self.shown.tables) + 1}", spans.rows, spans.covered))
        self.shown.tables += nested

    def _parts(self, container: "BaseOxmlElement", name: str) -> Iterator["BaseOxmlElement"]:
        """The rows of a table or the cells of a row."""
        for child in container.iterchildren("{*}*"):
            if child.tag == f"{_W}{name}":
                yield child
            elif child.tag not in (f"{_W}tblPr", f"{_W}trPr"):
                for content in _shown_in(child):
                    yield from self._parts(content, name)


def _shown_in(element: "BaseOxmlElement") -> list["BaseOxmlElement"]:
    """The elements whose content an element shows in its place. Raises `Unreadable` where it has text that nobody knows how Word shows."""
    if element.tag in _THROUGH:
        return [element]
    if element.tag == f"{_W}sdt":
        return list(element.iterchildren(f"{_W}sdtContent"))
    if element.tag == f"{_MC}AlternateContent":
        return _choice(element)
    name = element.tag.rpartition("}")[2]
    if element.tag not in _GONE and (name in ("altChunk", "subDoc") or next(element.iter(_TEXT), None) is not None):
        raise _unreadable(f"có phần “{name}” không đọc được như Word hiện", "a part that cannot be read as Word shows it")
    return []


def _choice(element: "BaseOxmlElement") -> list["BaseOxmlElement"]:
    """The content that Word shows, of that for several versions of it."""
    for choice in element.iterchildren(f"{_MC}Choice"):
        if all((choice.nsmap.get(prefix) or "").startswith(_EXTENSIONS) for prefix in (choice.get("Requires") or "").split()):
            return [choice]
    return list(element.iterchildren(f"{_MC}Fallback"))


def _formula(formula: "BaseOxmlElement") -> str:
    """A formula in one line. One that is built up, such as a fraction, would read as another number."""
    if any(element.tag not in _FORMULA_IN_LINE for element in formula.iter(f"{_M}*")):
        raise _unreadable("có công thức toán", "a formula")
    return "".join(element.text or "" for element in formula.iter(f"{_M}t"))


def _goes_on(cell: "BaseOxmlElement | None", name: str) -> bool:
    """Whether a cell goes on the one above it, or before it."""
    merge = None if cell is None else cell.find(f"{_W}{name}")
    return merge is not None and _value(merge) != "restart"


def _value(element: "BaseOxmlElement | None") -> str | None:
    return None if element is None else element.get(f"{_W}val")


def _unreadable(vietnamese: str, english: str) -> Unreadable:
    return Unreadable("not_as_shown", f"{vietnamese} · {english}")
