"""A document as data. Word, Markdown and workbook are all rendered from it, so they hold the same content."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from texts.wording import number

_MANY = 8
"""Columns of a list that needs landscape pages."""
SUPPRESSED = "…"
"""Stands for a figure that is not published."""
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Align(StrEnum):
    """The alignment of a column."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


_ALIGNS = {"<": Align.LEFT, "^": Align.CENTER, ">": Align.RIGHT}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    """As people read it; a newline separates lines."""
    value: float | None = None
    """The number, for the workbook."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    width: int
    """Its share of the page's width."""
    align: Align


@dataclass(frozen=True, slots=True)
class Table:
    """A table, which is a sheet of the workbook."""

    sheet: str
    """Name of its sheet: short and unlike any other's."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    listed_in: str | None = None
    """The sheet that lists all rows, if this table holds only those printed. The workbook then has no sheet of this table."""
    stacked_in: str | None = None
    """The sheet that it shares with tables of the same columns, one below the other; else it has its own."""
    screen_only: int = 0
    """Columns at the end that a workbook shows and does not print: for people who filter."""


Value = Cell | str | float | None
"""What a cell is made of: text, or a number with dot thousands and comma decimals. None is a suppressed figure."""


def table(sheet: str, title: str, columns: str, rows: Iterable[Sequence[Value]], notes: Iterable[str] = ()) -> Table:
    """A table of plain values.

    Each column is its title with alignment and width as Python's format specifications have them: `TT:^6 | Nội dung:<48 | Số lượng:>16`.
    """
    return Table(sheet, title, tuple(map(_column, columns.split(" | "))), tuple(tuple(map(cell, row)) for row in rows), tuple(notes))


def on_paper(whole: Table, most: int, listed_in: str) -> Table:
    """The first rows of a table, with a note on how many paper leaves to the sheet that lists all of them."""
    left = len(whole.rows) - most
    more = f"Còn {number(left)} dòng không in ở đây; danh sách đầy đủ ở trang tính “{listed_in}” của bảng tính kèm theo."
    return replace(whole, rows=whole.rows[:most], notes=(*whole.notes, more) if left > 0 else whole.notes, listed_in=listed_in)


def cell(value: Value) -> Cell:
    """The cell of a value; a cell stays as it is."""
    match value:
        case Cell():
            return value
        case str():
            return Cell(clean(value))
        case None:
            return Cell(SUPPRESSED)
    return Cell(number(value), value)


def clean(text: str) -> str:
    """The text without characters that XML forbids: a post's own words (a unit, a district) may hold some, and no document may fail on them."""
    return _NOT_XML.sub("", text)


def stopped(sentence: str) -> str:
    """The sentence, cleaned, with its full stop."""
    text = clean(sentence)
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


class Drawing(StrEnum):
    """The kinds of chart."""

    MONTHS = "months"
    STRIP = "strip"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart's place in the document."""

    drawing: Drawing
    caption: str
    spoken: str
    """A description for readers who cannot see it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A numbered part of a chapter: `1. Theo phía vi phạm`."""

    heading: str | None = None
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()


def printed(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks that are not empty, without tables that have no rows."""
    kept = [replace(block, tables=tuple(each for each in block.tables if each.rows)) for block in blocks]
    return tuple(block for block in kept if block.paragraphs or block.tables or block.pictures)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the body, or an annex."""

    number: str
    """`I`, or `Phụ lục I`."""
    heading: str
    blocks: tuple[Block, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it needs landscape pages: a list of so many columns is not to be read across a portrait one."""
        return any(len(each.columns) >= _MANY for block in self.blocks for each in block.tables)


@dataclass(frozen=True, slots=True)
class Head:
    """Issuing body, recipients and signer. Of a draft, what the office fills in is left blank."""

    superior: str
    office: str
    """The issuing body in capitals."""
    number: str
    place_and_date: str
    recipients: tuple[str, ...]
    signer: str
    """Above the signature; a newline separates lines: `KT. GIÁM ĐỐC`, `PHÓ GIÁM ĐỐC`."""
    signed_by: str = ""
    """The name under it; empty where it is left to be written."""


MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
"""Quốc hiệu and tiêu ngữ: Decree 30/2020/NĐ-CP, Article 8."""
KIND = "BÁO CÁO"
DRAFT = "DỰ THẢO"
RECIPIENTS = "Nơi nhận:"


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole document."""

    head: Head
    is_draft: bool
    """Nobody has signed it: every page says so."""
    subject: str
    """Trích yếu."""
    preface: tuple[str, ...]
    """What a reader needs before the first number, in sentences: why this report is written, cut-off, coverage."""
    chapters: tuple[Chapter, ...]
    closing: str
    annexes: tuple[Chapter, ...]
    attached: str
    """What stands under an annex's title: which report it belongs to."""
    origin: tuple[tuple[str, str], ...]
    """Where the numbers are from, in an annex and on the workbook's first sheet: period, cut-off, versions, checksum."""
    as_of: datetime

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, of body and annexes."""
        return tuple(each for chapter in (*self.chapters, *self.annexes) for block in chapter.blocks for each in block.tables)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every chart."""
        return tuple(picture for chapter in self.chapters for block in chapter.blocks for picture in block.pictures)


def _column(specified: str) -> Column:
    title, _, look = specified.rpartition(":")
    return Column(title, int(look[1:]), _ALIGNS[look[0]])
