"""Which period a sentence of an old report speaks of: one it names, or one that a sentence or heading before it names.

A post's sentence needs a moment, not a period: that is `texts.sentence.occurred`. Both read named periods with `texts.periods`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agreement.periods import Period, Regime, UnknownPeriod
from texts.periods import Mention, mentions

Confidence = Literal["high", "medium", "low"]
_EXPECTED = re.compile(r"(?<!\w)(?:ước|dự\s+kiến)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """The period of a figure."""

    id: str
    confidence: Confidence
    note: str = ""
    regime: Regime | None = None


def when(sentence: str, at: int, *, earlier: Sequence[str], above: Sequence[str], title: Sequence[str]) -> When | None:
    """The period of what stands `at` a position of a sentence.

    `earlier`: sentences before it in its paragraph; `above`: headings and lead-ins, the nearest first; `title`: the document's title.
    None where none of them names a period, or they name several.
    """
    year_of = _resolved_by([*above, *title])
    here = [mention for mention in mentions(sentence) if mention.when]
    if before := [mention for mention in here if mention.start < at]:
        return _joined(before, sentence, year_of, "high")
    if here:
        return _joined(here[:1], sentence, year_of, "medium")
    for text in reversed(earlier):
        if in_sentence := [mention for mention in mentions(text) if mention.when]:
            return _joined(in_sentence, text, year_of, "medium")
    for text in above:
        certain = _EXPECTED.split(text)[0]
        if named := mentions(certain):
            one_period = len({mention.id for mention in named}) == 1 or _together(named, certain)
            return _joined(named, certain, year_of, "medium") if one_period else None
    return _only([mention for text in title for mention in mentions(text)])


def _joined(named: Sequence[Mention], text: str, year_of: dict[str, str], confidence: Confidence) -> When | None:
    """The last period named, or two that are named together and adjoin: `năm 2023 và quý I năm 2024`."""
    last = named[-1]
    if not last.id:
        return None
    if len(named) > 1 and _together(named[-2:], text) and (both := _run(named[-2].id, last.id)):
        return When(both, "low", f"văn bản nói gộp “{text[named[-2].start : last.end]}”")
    if last.id.startswith("?"):
        full = year_of.get(last.id[1:])
        return When(full, confidence if confidence == "low" else "medium") if full else None
    return When(last.id, confidence, regime=last.regime)


def _together(named: Sequence[Mention], text: str) -> bool:
    return len(named) == 2 and re.fullmatch(r"\s*(?:và|,)\s*", text[named[0].end : named[1].start]) is not None


def _run(first: str, second: str) -> str:
    """Two adjoining periods as a range of years or quarters, else of months; empty where they do not adjoin."""
    try:
        earlier, later = Period.parse(first, Regime.CALENDAR), Period.parse(second, Regime.CALENDAR)
    except UnknownPeriod:
        return ""
    if earlier.last + 1 != later.first:
        return ""
    start, end = earlier.first, later.last
    if start % 12 == 0 and end % 12 == 11:
        return f"{start // 12}..{end // 12}"
    if start % 3 == 0 and end % 3 == 2:
        return f"{start // 12}Q{start % 12 // 3 + 1}..{end // 12}Q{end % 12 // 3 + 1}"
    return f"{start // 12}-{start % 12 + 1:02d}..{end // 12}-{end % 12 + 1:02d}"


def _resolved_by(texts: Sequence[str]) -> dict[str, str]:
    """The full period for each form without a year, where headings or title name only one: `H1` is `2021H1`."""
    forms: dict[str, set[str]] = {}
    for mention in (mention for text in texts for mention in mentions(text)):
        if mention.id and mention.id[0] != "?":
            forms.setdefault(mention.id[4:], set()).add(mention.id)
    return {form: ids.pop() for form, ids in forms.items() if len(ids) == 1}


def _only(named: Sequence[Mention]) -> When | None:
    ids = {mention.id for mention in named if mention.id and mention.id[0] != "?"}
    return When(ids.pop(), "low", "kỳ lấy từ tên văn bản") if len(ids) == 1 else None
