"""Which period a sentence of an old report speaks of: one it names, or one that a sentence or heading before it names.

A post's sentence needs a moment, not a period: that is `texts.sentence.occurred`. Both read named periods with `texts.periods`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agreement.periods import Period, Regime
from texts.periods import ANY_YEAR, Mention, form_of, mentions

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
    full_ids = _resolved_by([*above, *title])
    here = [mention for mention in mentions(sentence) if mention.when]
    if before := [mention for mention in here if mention.start < at]:
        return _joined(before, sentence, full_ids, "high")
    if here:
        return _joined(here[:1], sentence, full_ids, "medium")
    for text in reversed(earlier):
        if in_sentence := [mention for mention in mentions(text) if mention.when]:
            return _joined(in_sentence, text, full_ids, "medium")
    for text in above:
        certain = _EXPECTED.split(text)[0]
        if named := mentions(certain):
            one_period = len({mention.id for mention in named}) == 1 or _together(named, certain)
            return _joined(named, certain, full_ids, "medium") if one_period else None
    return _only([mention for text in title for mention in mentions(text)])


def _joined(named: Sequence[Mention], text: str, full_ids: Mapping[str, str], confidence: Confidence) -> When | None:
    """The last period named, or two that are named together and adjoin: `năm 2023 và quý I năm 2024`."""
    last = named[-1]
    if not last.id:
        return None
    if len(named) > 1 and _together(named[-2:], text) and (both := _run(named[-2], last)):
        return When(both, "low", f"văn bản nói gộp “{text[named[-2].start : last.end]}”")
    full = last.id
    if ANY_YEAR in full:
        full = _of_year_before(named) or full_ids.get(full, "")
        confidence = "low" if confidence == "low" else "medium"
    if full and last.listed:
        return When(full, "low", f"văn bản nói gộp “{text[last.start : last.end]}”")
    return When(full, confidence, regime=last.regime) if full else None


def _of_year_before(named: Sequence[Mention]) -> str:
    """The last period, in the year named just before it: `năm 2019, riêng quý IV`."""
    year = named[-2].period if len(named) > 1 else None
    return named[-1].of_year(year.first // 12) if year is not None and year.length == 12 and year.year is not None else ""


def _together(named: Sequence[Mention], text: str) -> bool:
    return len(named) == 2 and re.fullmatch(r"\s*(?:và|,)\s*", text[named[0].end : named[1].start]) is not None


def _run(first: Mention, second: Mention) -> str:
    """Two adjoining periods as one; empty where they do not adjoin."""
    earlier, later = first.period, second.period
    if earlier is None or later is None or earlier.last + 1 != later.first:
        return ""
    return Period(earlier.regime, earlier.first, later.last).id


def _resolved_by(texts: Sequence[str]) -> dict[str, str]:
    """The full id for each one without a year, where headings or title name only one: `?H1` is `2021H1`."""
    forms: dict[str, set[str]] = {}
    for period in (mention.period for text in texts for mention in mentions(text)):
        if period is not None and (form := form_of(period)):
            forms.setdefault(form, set()).add(period.id)
    return {form: ids.pop() for form, ids in forms.items() if len(ids) == 1}


def _only(named: Sequence[Mention]) -> When | None:
    ids = {mention.id for mention in named if mention.id and ANY_YEAR not in mention.id}
    return When(ids.pop(), "low", "kỳ lấy từ tên văn bản") if len(ids) == 1 else None
