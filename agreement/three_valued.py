"""A rule evaluated with unknown facts: it is tried on every completion that could matter.

Every completion a breach: a breach. None: the strongest outcome of any. Some: `needs_facts`, naming the facts that decide.
"""

import functools
import itertools
from collections.abc import Collection, Iterator
from typing import NamedTuple

from agreement.rules.rule import Rule
from schemas.codebook import STRENGTH, Outcome

Cells = tuple[int | None, ...]
"""For each fact a rule asks for, which of its points stands for the value; None for unknown."""


class Evaluation(NamedTuple):
    """A rule's outcome, and the unknown facts that would change it."""

    outcome: Outcome
    missing: tuple[str, ...]


@functools.cache  # as many entries as a rule's points allow: some three thousand for all rules
def evaluate(rule: Rule, cells: Cells) -> Evaluation:
    """What the rule decides on facts of which `cells` gives the known ones."""
    names = list(rule.asks)
    if rule.decisive is not None and cells[names.index(rule.decisive)] is None:
        return Evaluation(Outcome.BORDER_EVENT, (rule.decisive,))
    outcomes = {
        completion: rule.decide({name: ask.points[index] for (name, ask), index in zip(rule.asks.items(), completion, strict=True)})
        for completion in _completions(rule, cells)
    }
    breaches = {completion for completion, outcome in outcomes.items() if outcome is Outcome.BREACH}
    if not breaches or len(breaches) == len(outcomes):
        return Evaluation(max(outcomes.values(), key=STRENGTH.__getitem__), ())
    unknown = [index for index, cell in enumerate(cells) if cell is None]
    return Evaluation(Outcome.NEEDS_FACTS, tuple(names[index] for index in unknown if _decides(index, outcomes.keys(), breaches)))


def _completions(rule: Rule, cells: Cells) -> Iterator[tuple[int, ...]]:
    asks = rule.asks.values()
    return itertools.product(*(range(len(ask.points)) if cell is None else (cell,) for ask, cell in zip(asks, cells, strict=True)))


def _decides(index: int, completions: Collection[tuple[int, ...]], breaches: set[tuple[int, ...]]) -> bool:
    """Whether changing this fact alone, in some completion, makes or unmakes a breach."""
    is_breach: dict[tuple[int, ...], bool] = {}
    for completion in completions:
        other_facts = completion[:index] + completion[index + 1 :]
        if is_breach.setdefault(other_facts, completion in breaches) is not (completion in breaches):
            return True
    return False
