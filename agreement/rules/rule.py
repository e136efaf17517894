"""What a rule is: a plain predicate over complete facts, and the facts it asks for.

A rule never meets an unknown fact: `agreement.weigh` tries it on every completion that could matter. So each fact a rule asks for says
which values matter to it: one point for every stretch of values that the rule cannot tell apart.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

Known = Mapping[str, Any]
"""Complete facts: each one a rule asks for, known."""
Decide = Callable[[Known], Outcome]
_NUMBERS = (float, int)


@dataclass(frozen=True, slots=True)
class AtMost:
    """A number with an upper limit, the limit itself within."""

    limit: float

    @property
    def points(self) -> tuple[Fact, ...]:
        """At the limit, and just beyond it."""
        return (self.limit, math.nextafter(self.limit, math.inf))

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; None for unknown."""
        if type(value) not in _NUMBERS:
            return None
        return 0 if value <= self.limit else 1  # type: ignore[operator]  # a number: asked just above


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number with one lower limit, or a second, higher one for a graver case; a limit itself is enough."""

    limit: float
    graver: float | None = None

    @property
    def points(self) -> tuple[Fact, ...]:
        """Just short of the limit, at it, and at the graver one."""
        return (math.nextafter(self.limit, -math.inf), self.limit, *(() if self.graver is None else (self.graver,)))

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; None for unknown."""
        if type(value) not in _NUMBERS:
            return None
        if self.graver is not None and value >= self.graver:  # type: ignore[operator]  # a number: asked just above
            return 2
        return 1 if value >= self.limit else 0  # type: ignore[operator]  # as above


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    @property
    def points(self) -> tuple[Fact, ...]:
        """Both."""
        return (True, False)

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; None for unknown."""
        if value is True:
            return 0
        return 1 if value is False else None


@dataclass(frozen=True, slots=True)
class IfReported:
    """True only where it was reported: its absence is no gap. Only `harm` (Article 15(4)): nobody reports the harm that was not done."""

    @property
    def points(self) -> tuple[Fact, ...]:
        """Both."""
        return (True, False)

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; never unknown."""
        return 0 if value is True else 1


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed set. Any other value (left over from a kind since corrected, or the word "unknown") is unknown."""

    points: tuple[str, ...]

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; None for unknown."""
        return self.points.index(value) if value in self.points else None


Ask = AtMost | AtLeast | Flag | IfReported | OneOf
NOTHING: Mapping[str, Fact] = MappingProxyType({})


def always(kind: Kind, outcome: Outcome, facts: Mapping[str, Fact]) -> bool:  # noqa: ARG001  # the shape of `Rule.item_when`
    """The item's words are met whenever the rule speaks."""
    return True


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rule:
    """One statement of the Agreement. Its `id` is for ever: a new meaning is a new id."""

    id: str
    clause: str | None
    """Clause of the Agreement; None where only Article 39 is at stake."""
    kinds: tuple[Kind, ...]
    title: Label
    """What the rule looks at, opening its sentences."""
    asks: Mapping[str, Ask]
    decide: Decide
    """The outcome of complete facts; `not_applicable` where the rule has nothing to say."""
    limit: str | None = None
    """The limits, as a finding cites them."""
    item: int | None = None
    """Item of Article 39."""
    item_when: Callable[[Kind, Outcome, Mapping[str, Fact]], bool] = always
    """Whether the item's own words are met, by the kind, the outcome and the known facts."""
    border_clause: str | None = None
    """Clause cited by a `border_event`, where one is."""
    decisive: str | None = None
    """A fact without which the matter stays a `border_event`."""
    implied: Mapping[Kind, Mapping[str, Fact]] = field(default_factory=dict)
    """Facts that a kind states by itself."""
    by_nature: Mapping[str, Fact] | None = None
    """Facts that side `natural` states by itself; None: nature cannot break this, and the rule is silent."""
    tells: tuple[str, ...] = ()
    """Facts that only the sentence repeats."""
    says: Mapping[Outcome, Label] = field(default_factory=dict)
    """How a sentence ends, where the common ending would say too little."""
