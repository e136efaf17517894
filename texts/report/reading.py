"""Reads a prose report into proposed figures, for a person to confirm. Uncertain counts are listed as unread."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from texts.documents import text_of
from texts.report.account import Account
from texts.report.ahead import IN_THE_FUTURE, is_future, is_future_section
from texts.report.change import period_at, period_before, stated_changes
from texts.report.counts import counts
from texts.report.doubts import against
from texts.report.matters import marker_clauses
from texts.report.mentions import figure_mentions
from texts.report.model import Derived, Matter, Proposed, ReadNumber, ReportReading, Spot, Unread
from texts.report.paragraphs import Paragraph, Prose
from texts.report.period import Confidence, When, when
from texts.report.province import unit_of
from texts.report.published import planned, published_mentions
from texts.report.wholes import splits
from texts.wording import number

_AROUND = 70
"""Characters quoted on either side."""
_CLAUSE = re.compile(r"[;:(]\s?|[,.]\s")
_CLAUSE_BEFORE = re.compile(r"[;(]\s?|[,.]\s")
_EARLIER = 20
"""How many earlier sentences of a paragraph are searched for a period."""
_NO_PERIOD = "chưa rõ kỳ: hãy điền"
_NO_UNIT = "chưa rõ tỉnh: hãy điền"
_PAGE_NUMBER = "số trang"


def read(path: Path, *, source: str = "", unit: str = "") -> ReportReading:
    """Read a file. `source`: the citation of the document, else the file's name; `unit`: its province, else found in the text.

    Raises `Unreadable`.
    """
    return read_text(text_of(path), source=source or path.name, unit=unit)


def read_text(text: str, *, source: str, unit: str = "") -> ReportReading:
    """Read a text."""
    prose = Prose(text)
    reader = _Reader(prose, unit or unit_of(prose))
    for paragraph in prose.paragraphs:
        reader.read(paragraph)
    reader.numbers += (ReadNumber(line, page, written, (), _PAGE_NUMBER) for line, page, written in prose.page_numbers)
    figures, numbers = tuple(_doubts(reader.figures)), tuple(sorted(reader.numbers, key=lambda each: each.line))
    return ReportReading(source, reader.unit, figures, tuple(reader.matters), tuple(reader.unread), numbers)


class _Reader:
    """The results so far of reading one document."""

    def __init__(self, prose: Prose, unit: str) -> None:
        self.prose, self.unit = prose, unit
        self.figures: list[Proposed] = []
        self.matters: list[Matter] = []
        self.unread: list[Unread] = []
        self.numbers: list[ReadNumber] = []

    def read(self, paragraph: Paragraph) -> None:
        """Read a paragraph, sentence by sentence."""
        earlier: list[str] = []
        for start, end in self.prose.sentences(paragraph):
            sentence = _Sentence(self.prose, paragraph, start, end, tuple(earlier[-_EARLIER:]))
            doubts = against(self.prose.text[start:end], paragraph.above, self.unit)
            self.figures += (self._placed(each, doubts) for each in (*sentence.proposed(), *sentence.derived()))
            self.matters += (replace(each, unit=self.unit) for each in sentence.matters())
            self.unread += sentence.unread()
            self.numbers += sentence.numbers()
            earlier.append(self.prose.text[start:end])

    def _placed(self, figure: Proposed, doubts: Sequence[str]) -> Proposed:
        """The figure with its province. Without province or period, or where its sentence gives doubts, its confidence is low, and notes say why."""
        asked = [*doubts, *([] if figure.period else [_NO_PERIOD]), *([] if self.unit else [_NO_UNIT])]
        sure: Confidence = "low" if asked else figure.confidence
        return replace(figure, unit=self.unit, confidence=sure, notes=(*figure.notes, *asked))


class _Sentence:
    """One sentence, and what is read from it."""

    def __init__(self, prose: Prose, paragraph: Paragraph, start: int, end: int, earlier: tuple[str, ...]) -> None:
        self.prose, self.paragraph, self.start, self.end, self.earlier = prose, paragraph, start, end, earlier
        counted = counts(prose.text, start, end)
        divided = splits(prose.text, end, counted)
        read = [*figure_mentions(prose.text, start, end, counted, divided), *published_mentions(prose.text, start, end, counted)]
        self.refused = [mention for mention in read if mention.refused]
        read = [mention for mention in read if not mention.refused]
        read += planned(prose.text, end, counted, read)
        self.figures_mentioned = [head for head in read if not self._ahead(head.start)]
        self.clauses = tuple(marker_clauses(prose.text, start, end, paragraph.above))
        self.changes = tuple(stated_changes(prose.text, start, end, counted, self.figures_mentioned))
        self.account = Account(prose.text, start, end, counted, divided, self.figures_mentioned, self.changes, self.clauses, self._ahead)

    def proposed(self) -> Iterator[Proposed]:
        """The figures it states."""
        for mention in self.figures_mentioned:
            now = self._when(mention.start)
            period = period_at(self.prose.text, self.start, mention.start, now.id) if now else ""
            sure: Confidence = "low" if now is None or not mention.sure else now.confidence
            notes = (*mention.notes, *([now.note] if now and now.note else []))
            for figure, value in mention.values:
                spot = self._spot(mention.start, mention.end)
                yield Proposed(
                    figure=figure,
                    value=value,
                    unit="",
                    period=period,
                    spot=spot,
                    confidence=sure,
                    regime=now.regime if now else None,
                    notes=notes,
                )

    def derived(self) -> Iterator[Proposed]:
        """The figures of earlier periods that follow from its comparisons."""
        for change in self.changes:
            now = self._when(change.mention.start)
            period = period_before(now.id, change.year) if now else ""
            if now is None or not period:
                continue
            notes = () if change.nearest else ("không rõ so sánh của tổng hay của mục đứng ngay trước",)
            sure: Confidence = now.confidence if change.nearest and change.mention.sure else "low"
            reckoned = Derived(now.id, change.value, change.change)
            spot = self._spot(change.mention.start if change.nearest else change.start, change.end)
            yield Proposed(
                figure=change.figure,
                value=change.before,
                unit="",
                period=period,
                spot=spot,
                confidence=sure,
                derived=reckoned,
                regime=now.regime,
                notes=notes,
            )

    def matters(self) -> Iterator[Matter]:
        """What happened at markers."""
        for clause in self.clauses:
            now = self._when(clause.mark)
            notes = (*([clause.review] if clause.review else []), *([IN_THE_FUTURE] if clause.planned else []))
            sure: Confidence = "low" if notes or now is None or clause.kind is None else now.confidence
            spot = self._spot(clause.start, clause.end)
            yield Matter(clause.kind, clause.markers, clause.side, "", now.id if now else "", spot, sure, notes)

    def unread(self) -> Iterator[Unread]:
        """What it counts and is not read as a figure."""
        for start, end, why in self.account.unread():
            yield Unread(self._spot(start, end), why)
        for mention in self.refused:
            yield Unread(self._spot(mention.start, mention.end), mention.refused)

    def numbers(self) -> Iterator[ReadNumber]:
        """Each of its numbers, and what became of it."""
        for token, fate in self.account.fates:
            yield ReadNumber(self.prose.line(token.start), self.prose.page(token.start), token.written, fate.figures, fate.why)

    def _ahead(self, at: int) -> bool:
        return is_future_section(self.paragraph.above) or is_future(self.prose.text, self.start, at)

    def _when(self, at: int) -> When | None:
        text = self.prose.text[self.start : self.end]
        return when(text, at - self.start, earlier=self.earlier, above=self.paragraph.above, title=self.prose.title)

    def _spot(self, start: int, end: int) -> Spot:
        """The place of some words, quoted with those around them in the same clause."""
        text = self.prose.text
        before = _CLAUSE_BEFORE.split(text[max(self.start, start - _AROUND) : start])[-1]
        if start - len(before) > self.start and not _CLAUSE_BEFORE.search(text[start - len(before) - 2 : start]):
            before = before.partition(" ")[2]
        after = _CLAUSE.split(text[end : min(self.end, end + _AROUND)])[0]
        if end + len(after) < self.end and len(after) == _AROUND:
            after = after.rpartition(" ")[0]
        quote = self.prose.as_written[start - len(before) : end + len(after)]
        return Spot(self.prose.line(start), self.prose.page(start), quote.strip())


def _doubts(figures: Sequence[Proposed]) -> Iterator[Proposed]:
    """Each figure once. Two values of a figure in one period both get low confidence."""
    values: dict[tuple[str, str], set[Decimal]] = {}
    for figure in figures:
        values.setdefault((figure.figure, figure.period), set()).add(figure.value)
    seen: set[tuple[str, str, Decimal]] = set()
    for figure in figures:
        key = figure.figure, figure.period
        if (*key, figure.value) in seen:
            continue
        seen.add((*key, figure.value))
        several = sorted(values[key])
        if len(several) > 1 and figure.period:
            values_read = ", ".join(map(number, several))
            yield replace(figure, confidence="low", notes=(*figure.notes, f"văn bản có nhiều giá trị: {values_read}"))
        else:
            yield figure
