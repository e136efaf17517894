"""A document as data, before it is Word, Markdown or a workbook: the three are rendered from this and so say the same."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from texts.wording import number

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Align(StrEnum):
    """Where a column's text stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one place of a table holds."""

    text: str
    """As people read it; lines apart by a newline."""
    value: float | None = None
    """The number it is, for the workbook."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    width: int
    """Its share of the page's width."""
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """One table, which is one sheet of the workbook."""

    sheet: str
    """Name of its sheet: short and unlike any other's."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    listed_in: str | None = None
    """The sheet that lists all of it, where this is but what paper shows: the workbook then has no sheet of this table."""


def cut(table: Table, left: int) -> Table:
    """The table with a note on how many rows paper leaves to the workbook, where it leaves any."""
    if not left:
        return table
    more = f"Còn {number(left)} dòng không in ở đây; danh sách đầy đủ ở trang tính “{table.listed_in}” của bảng tính kèm theo."
    return replace(table, notes=(*table.notes, more))


class Drawing(StrEnum):
    """The charts there are."""

    MONTHS = "months"
    STRIP = "strip"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart's place in the document."""

    drawing: Drawing
    caption: str
    spoken: str
    """What it shows, for who cannot see it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A numbered part of a section: `1. Theo phía vi phạm`."""

    heading: str | None = None
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.paragraphs or self.tables or self.pictures)


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the body, or an annex."""

    number: str
    """`I`, or `Phụ lục I`."""
    heading: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, in order."""
        return tuple(table for block in self.blocks for table in block.tables)


@dataclass(frozen=True, slots=True)
class Head:
    """Who writes, and what the signer leaves blank or fills in by hand."""

    superior: str
    office: str
    """The issuing body in capitals."""
    number: str
    place_and_date: str
    recipients: tuple[str, ...]
    signer: str
    """Office of who signs. The name stays blank."""


MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
"""Quốc hiệu and tiêu ngữ: Decree 30/2020/NĐ-CP, Article 8."""
KIND = "BÁO CÁO"
RECIPIENTS = "Nơi nhận:"


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole document."""

    head: Head
    subject: str
    """Trích yếu."""
    face: tuple[tuple[str, str], ...]
    """What a reader has to know of the numbers before the first of them: cut-off, coverage, open matters, versions."""
    intro: str
    sections: tuple[Section, ...]
    closing: str
    annexes: tuple[Section, ...]
    attached: str
    """What stands under an annex's title: which report it belongs to."""
    as_of: datetime

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, of body and annexes."""
        return tuple(table for part in (*self.sections, *self.annexes) for table in part.tables)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every chart."""
        return tuple(picture for section in self.sections for block in section.blocks for picture in block.pictures)


def plain(text: str) -> Cell:
    """A cell of words."""
    return Cell(clean(text))


def clean(text: str) -> str:
    """Without the characters that no XML may hold: a post's own words (a unit, a district) may have them, and a document is not to fail on one."""
    return _NOT_XML.sub("", text)


def stopped(sentence: str) -> str:
    """The sentence, clean, with its full stop."""
    said = clean(sentence)
    return said if said.endswith((".", "!", "?", ":")) else f"{said}."


def amount(value: float) -> Cell:
    """A cell of a number: dot thousands, comma decimals."""
    return Cell(number(value), value)
