"""What became of each number of a sentence: read as a figure, or listed with the reason why not. Nothing is passed over."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from texts.report.ahead import IN_THE_FUTURE
from texts.report.change import StatedChange
from texts.report.counts import Count, is_about, unclear
from texts.report.matters import MarkerClause
from texts.report.mentions import FigureMention
from texts.report.numbers import Token, after_item, meaning, tokens
from texts.report.outside import outside
from texts.report.wholes import Split

_ABOUT = "số ước chừng"
_UNCLEAR = "số viết bằng chữ, lẫn chữ cái, hoặc đọc được hai cách"
_STEP = "mức tăng, giảm, để suy ra số kỳ trước"
_MARKER = "số hiệu mốc"
_PART = "một phần của tổng đứng trước"


class Fate(NamedTuple):
    """What became of a number."""

    figures: tuple[str, ...]
    """What it states, or gives the change of."""
    why: str
    """What it is, or why it is unread; empty where it is a figure's value."""
    counts: bool
    """Whether it counts something that nothing else here knows."""


@dataclass(frozen=True)
class Account:
    """The numbers of one sentence, beside what was read of it."""

    text: str
    start: int
    end: int
    counts: Sequence[Count]
    splits: Sequence[Split]
    mentions: Sequence[FigureMention]
    changes: Sequence[StatedChange]
    clauses: Sequence[MarkerClause]
    ahead: Callable[[int], bool]
    """Whether what stands at a place lies in the future."""

    @functools.cached_property
    def fates(self) -> tuple[tuple[Token, Fate], ...]:
        """Each number and what became of it."""
        return tuple((token, next(self._fates(token))) for token in tokens(self.text, self.start, self.end))

    def unread(self) -> Iterator[tuple[int, int, str]]:
        """The places of what is counted and not read, each with the reason."""
        for count in self.counts:
            if why := self._why_unread(count):
                yield count.start, count.end, why
        yield from ((start, end, _UNCLEAR) for start, end in self._unclear)
        yield from ((token.start, token.end, fate.why) for token, fate in self.fates if fate.counts)

    def _fates(self, token: Token) -> Iterator[Fate]:
        """What a number can be; the first holds."""
        if figures := self._figures_of(token):
            yield Fate(figures, "", counts=False)
        steps = tuple(each.figure for each in self.changes if each.start <= token.start < each.end and token.value == abs(each.change))
        if steps:
            yield Fate(steps, _STEP, counts=False)
        if any(_is_marker(clause, token) for clause in self.clauses):
            yield Fate((), _MARKER, counts=False)
        for count in self.counts:
            if count.start <= token.start < count.end:
                yield Fate((), self._why_unread(count) or _STEP, counts=False)
        if any(start <= token.start < end for start, end in self._unclear):
            yield Fate((), _UNCLEAR, counts=False)
        if (why := meaning(self.text, self.start, self.end, token)) is not None:
            yield Fate((), why, counts=False)
        if self.ahead(token.start):
            yield Fate((), IN_THE_FUTURE, counts=True)
        if is_about(self.text, self.start, token.start):
            yield Fate((), _ABOUT, counts=True)
        yield Fate((), outside(self.text, token.end, self.end), counts=True)

    def _figures_of(self, token: Token) -> tuple[str, ...]:
        """The figures that a number states: by its value, or by its place where it is written in other units than the figure's."""
        for mention in self.mentions:
            if mention.start <= token.start < mention.end:
                if figures := tuple(figure for figure, value in mention.values if value == token.value):
                    return figures
                if any(count.start == mention.start and token.start < count.end and len(count.numbers) == 1 for count in self.counts):
                    return (mention.values[0][0],)
        return ()

    def _why_unread(self, count: Count) -> str:
        """Why a count is not read; empty where it is."""
        numerals = [token for token in tokens(self.text, count.start, count.end) if token.value is not None]
        stepped = any(change.start <= count.start < change.end for change in self.changes)
        if stepped or all(self._figures_of(token) for token in numerals):
            return ""
        if any(part.start == count.start for split in self.splits for part in split.parts):
            return _PART
        if self.ahead(count.start):
            return IN_THE_FUTURE
        return _inexact(count) or outside(self.text, numerals[0].end, self.end)

    @functools.cached_property
    def _unclear(self) -> list[tuple[int, int]]:
        return [*unclear(self.text, after_item(self.text, self.start, self.end), self.end)]


def _inexact(count: Count) -> str:
    """Why a count is no figure that is a change or not exact; empty where it is neither."""
    if count.step:
        return "số tăng, giảm: không rõ của số liệu nào"
    if count.denied:
        return "số trong câu phủ định"
    if count.about:
        return _ABOUT
    return "số ước tính" if count.expected else ""


def _is_marker(clause: MarkerClause, token: Token) -> bool:
    """Whether a number is a marker that a clause names."""
    named = {number for marker in clause.markers for end in marker.split("-") if (number := Token(end, 0).first) is not None}
    return clause.mark <= token.start < clause.end and token.first in named
