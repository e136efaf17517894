"""Restores a document's paragraphs: broken lines are joined, and each position keeps its line and page.

It removes what scans leave: line breaks within a sentence, page breaks, page numbers, bold marks, raised digits, decomposed letters, odd dashes.
"""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from border.marker_words import plain
from texts.letters import CAPITAL, CROSSED_D
from texts.numbers import with_points

_FOOTNOTE = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹]+\s")
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?-?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*-?", re.IGNORECASE)
_RAISED = re.compile(r"(?<=\S)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
"""The sign of a footnote, at the end of a word or number."""
_ITEM = re.compile(r"(?:[-+•–]\s|[IVX]+\.\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[a-hđiklmn]\)\s)")
_HEADING = re.compile(r"(?P<roman>[IVX]+\.\s)|(?P<dotted>\d{1,2}\.\d{1,2}\.?\s)|(?P<number>\d{1,2}\.\s)|(?P<letter>[a-hđiklmn]\)\s)")
_LEVELS = {"roman": 1, "number": 2, "dotted": 3, "letter": 4}
_ENDS = re.compile(r"[.:;!?…/][)\"”’]*$")
_SENTENCE_END = re.compile(rf"(?<=[.!?…])\s+(?!(?:Trong\s+(?:số\s+)?đó|Bao\s+gồm|Gồm|Chia\s+ra)(?!\w))(?={CAPITAL}|[\"“(\d-])")
"""A sentence that begins with "Trong đó" goes on with the numbers of the one before it."""
_SHORTENED = re.compile(r"(?:^|[\s(])(?:[A-ZĐ]{1,2}|TP|TX|TS|Th\.?S)\.$")
_LONG_LINE = 80
_LONGEST_SENTENCE = 5000
_HEADING_LENGTH = 220


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text, by offsets, and the headings above it."""

    start: int
    end: int
    above: tuple[str, ...]
    """Its headings and lead-ins ("…, một số kết quả như:"), the nearest first."""


class Prose:
    """A document. `text` is normalised, with a point between the thousands of a number; offsets refer to it."""

    def __init__(self, written: str) -> None:
        pieces, notes, folios = _pieces(written)
        self._starts: list[int] = []
        self._lines: list[tuple[int, int]] = []
        self._pages = written.count("\f") > 0
        self.page_numbers = tuple((each.line, each.page if self._pages else None, each.text) for each in folios)
        """Line, page and text of the page numbers, which are no part of the text."""
        blocks = [*_blocks(pieces), *([note] for note in notes)]
        self.text = self.as_written = ""
        spans: list[tuple[int, int]] = []
        for block in blocks:
            start = len(self.text)
            for piece in block:
                self._starts.append(len(self.text))
                self._lines.append((piece.line, piece.page))
                self.as_written += piece.text + " "
                self.text += with_points(piece.text) + " "
            spans.append((start, len(self.text) - 1))
            self.text, self.as_written = self.text[:-1] + "\n", self.as_written[:-1] + "\n"
        self.paragraphs = tuple(self._under(spans))
        self.title = tuple(self._title())

    def line(self, at: int) -> int:
        """The line of the file that a place was read from, from 1."""
        return self._place(at)[0]

    def page(self, at: int) -> int | None:
        """Its page, where the file has page breaks."""
        return self._place(at)[1] if self._pages else None

    def sentences(self, paragraph: Paragraph) -> list[tuple[int, int]]:
        """The sentences of a paragraph."""
        spans: list[tuple[int, int]] = []
        start = paragraph.start
        for stop in _SENTENCE_END.finditer(self.text, paragraph.start, paragraph.end):
            if not _SHORTENED.search(self.text[start : stop.start()][-6:]):
                spans.append((start, stop.start()))
                start = stop.end()
        return [piece for span in (*spans, (start, paragraph.end)) for piece in self._pieces(*span)]

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A sentence, in pieces where it is very long because the file has no full stops."""
        while end - start > _LONGEST_SENTENCE:
            cut = start + _LONGEST_SENTENCE
            stop = max(self.text.rfind(sign, start + 1, cut) for sign in ("; ", " "))
            yield start, cut if stop < 0 else stop
            start = cut if stop < 0 else stop + 1
        yield start, end

    def _place(self, at: int) -> tuple[int, int]:
        return self._lines[max(0, bisect.bisect_right(self._starts, at) - 1)]

    def _under(self, spans: list[tuple[int, int]]) -> Iterator[Paragraph]:
        stack: dict[int, list[str]] = {}
        for start, end in spans:
            text = self.text[start:end]
            if (level := _heading_level(text)) is not None:
                stack = {depth: headings for depth, headings in stack.items() if depth < level}
                yield Paragraph(start, end, _nearest_first(stack))
                stack[level] = [text]
                continue
            yield Paragraph(start, end, _nearest_first(stack))
            if text.endswith(":"):
                stack.setdefault(max(stack, default=0), []).append(text)

    def _title(self) -> Iterator[str]:
        """The paragraphs before the first section, without citations: letterhead, place and date, title."""
        for paragraph in self.paragraphs[:16]:
            text = self.text[paragraph.start : paragraph.end]
            if _HEADING.match(text) or len(text) > 3 * _HEADING_LENGTH:
                return
            if not text.startswith(("Thực hiện", "Căn cứ")):
                yield text


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    line: int
    page: int
    after_blank: bool
    after_break: bool
    """A page ends before it."""


def _pieces(written: str) -> tuple[list[_Piece], list[_Piece], list[_Piece]]:
    """The lines with text, normalised; footnotes and page numbers separately, since they interrupt sentences."""
    pieces: list[_Piece] = []
    notes: list[_Piece] = []
    folios: list[_Piece] = []
    page, blank, broken = 1, False, False
    for number, line in enumerate(written.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        page += line.count("\f")
        broken |= "\f" in line
        text = " ".join(plain(line.replace("*", "").replace("__", "")).translate(CROSSED_D).split())
        if not text or _PAGE_NUMBER.fullmatch(text):
            folios += [_Piece(text, number, page, blank, broken)] if text else []
            blank, broken = True, broken or bool(text)
            continue
        if _FOOTNOTE.match(text):
            notes.append(_Piece(text, number, page, blank, broken))
            continue
        pieces.append(_Piece(_RAISED.sub("", text), number, page, blank, broken))
        blank = broken = False
    return pieces, notes, folios


def _blocks(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    block: list[_Piece] = []
    for piece in pieces:
        if block and not _goes_on(block[-1].text, piece):
            yield block
            block = []
        block.append(piece)
    if block:
        yield block


def _goes_on(before: str, piece: _Piece) -> bool:
    """Whether a line continues the sentence of the one before it."""
    if _ITEM.match(piece.text):
        return False
    begins = piece.text[0]
    if _ENDS.search(before):
        return before[-1] == ";" and begins.islower()
    if begins.islower() or begins in "(,;/" or before[-1] in ",(" or before.count("(") > before.count(")"):
        return True
    if before.isupper() or piece.text.isupper() or _heading_level(before) is not None:
        return False
    return len(before) >= _LONG_LINE or piece.after_break or not piece.after_blank


def _heading_level(text: str) -> int | None:
    match = _HEADING.match(text)
    if match is None or len(text) > _HEADING_LENGTH or text.endswith((".", ";")):
        return None
    return next(level for name, level in _LEVELS.items() if match[name])


def _nearest_first(stack: dict[int, list[str]]) -> tuple[str, ...]:
    return tuple(heading for level in sorted(stack, reverse=True) for heading in reversed(stack[level]))
