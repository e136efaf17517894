"""Crossfoots totals and parts in prose."""

from collections.abc import Iterator

from texts.report.counts import counts
from texts.report.paragraphs import Prose
from texts.report.wholes import Split, splits
from texts.table.adding import SumCheck, check_part_sum, check_sum


def of_text(text: str) -> list[SumCheck]:
    """The sums of a text."""
    prose = Prose(text)
    return [
        check
        for paragraph in prose.paragraphs
        for start, end in prose.sentences(paragraph)
        for split in splits(prose.text, end, counts(prose.text, start, end))
        for check in _sums(prose, split)
    ]


def _sums(prose: Prose, split: Split) -> Iterator[SumCheck]:
    sums = list(split.sums())
    # Parts that make the whole in one unit are all its parts, so they must make it in the other too.
    full = split.full or any(sum(parts) == whole for _, parts, whole in sums if len(parts) > 1)
    for unit, parts, whole in sums:
        where = f"dòng {prose.line(split.whole.start)}, “{prose.text[split.whole.start : split.whole.end]}”, {unit}"
        check = check_sum if full and len(parts) > 1 else check_part_sum
        if check is check_sum or sum(parts) > whole:
            yield check(where, parts, whole)
