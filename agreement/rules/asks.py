"""What a rule asks for: a fact, and the values of it that the rule can tell apart, one point for each stretch of them."""

import math
from dataclasses import dataclass

from schemas.facts import Fact

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
    """True where it was reported, else false and never unknown. Only `harm` (Article 15(4)) is one: nobody reports harm that was not done."""

    @property
    def points(self) -> tuple[Fact, ...]:
        """Both."""
        return (True, False)

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; never unknown."""
        return 0 if value is True else 1


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed set. Any other value, such as the word "unknown" or one of a kind since corrected, is unknown."""

    points: tuple[str, ...]

    def cell(self, value: Fact | None) -> int | None:
        """The point that stands for `value`; None for unknown."""
        return self.points.index(value) if value in self.points else None


Ask = AtMost | AtLeast | Flag | IfReported | OneOf
