"""Judging with unknown facts: a rule is tried on every completion that could matter, and the unknown decides nothing by itself.

Every completion a breach: a breach. None: the strongest thing any of them says. Some: `needs_facts`, naming the facts it hangs on.
"""

import functools
import itertools
from collections.abc import Collection, Iterator
from typing import NamedTuple

from agreement.rules.rule import Known, Rule
from schemas.codebook import STRENGTH, Outcome

Cells = tuple[int | None, ...]
"""For each fact a rule asks for, which of its points stands for the value; None for unknown."""


class Weighed(NamedTuple):
    """What a rule says, and the unknown facts that would change it."""

    outcome: Outcome
    missing: tuple[str, ...]


@functools.cache  # as many entries as a rule's points allow: some three thousand for all rules
def weigh(rule: Rule, cells: Cells) -> Weighed:
    """The rule's statement on facts known as far as `cells` says."""
    if rule.decisive is not None and cells[list(rule.asks).index(rule.decisive)] is None:
        return Weighed(Outcome.BORDER_EVENT, (rule.decisive,))
    said = {completion: rule.decide(_facts(rule, completion)) for completion in _completions(rule, cells)}
    breaches = {completion for completion, outcome in said.items() if outcome is Outcome.BREACH}
    if not breaches or len(breaches) == len(said):
        return Weighed(max(said.values(), key=STRENGTH.__getitem__), ())
    unknown = [index for index, cell in enumerate(cells) if cell is None]
    names = list(rule.asks)
    return Weighed(Outcome.NEEDS_FACTS, tuple(names[index] for index in unknown if _decides(index, said.keys(), breaches)))


def _completions(rule: Rule, cells: Cells) -> Iterator[tuple[int, ...]]:
    asks = rule.asks.values()
    return itertools.product(*(range(len(ask.points)) if cell is None else (cell,) for ask, cell in zip(asks, cells, strict=True)))


def _facts(rule: Rule, completion: tuple[int, ...]) -> Known:
    return {name: ask.points[index] for (name, ask), index in zip(rule.asks.items(), completion, strict=True)}


def _decides(index: int, completions: Collection[tuple[int, ...]], breaches: set[tuple[int, ...]]) -> bool:
    """Whether changing this fact alone, in some completion, makes or unmakes a breach."""
    others: dict[tuple[int, ...], bool] = {}
    for completion in completions:
        rest = completion[:index] + completion[index + 1 :]
        breach = completion in breaches
        if others.setdefault(rest, breach) is not breach:
            return True
    return False
