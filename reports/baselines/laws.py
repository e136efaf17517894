"""Published totals against one another: what cannot hold together is refused, with both places that state it."""

import functools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from agreement.figure_families import FAMILIES
from agreement.periods import Period, Regime
from agreement.published_families import FRACTIONAL, PUBLISHED, published_family
from reports.baselines.line import Line, LineProblem

_DIVIDED = tuple(family for family in (*FAMILIES, *PUBLISHED) if family.whole is not None)
_PARTS = (1, 3, 6)
"""Months of the parts of a longer period."""

Months = tuple[int, int]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Claim:
    """A total somebody stated: a line of the file, or one that is loaded already."""

    unit: str
    period: str
    regime: Regime | None
    figure: str
    value: Decimal
    where: str
    """`dòng 3`, or which document it was loaded from."""
    line: int | None = None
    """None: it is loaded already."""


@functools.lru_cache(maxsize=4096)
def span(period: str) -> Months:
    """First and last report month of a period's id: the same in both regimes. Raises `UnknownPeriod`."""
    parsed = Period.parse(period, Regime.CALENDAR)
    return parsed.first, parsed.last


def contradictions(loaded: Iterable[Claim], lines: Sequence[Line]) -> list[LineProblem]:
    """The lines that contradict each other or a loaded total."""
    claims = [
        *loaded,
        *(Claim(line.unit, line.period, line.regime, line.figure, line.value, f"dòng {line.line}", line.line) for line in lines),
    ]
    # Where one figure has two values, sums would only repeat it.
    return list(_two_values(claims)) or list(dict.fromkeys([*_wholes(claims), *_parts_of_time(claims)]))


def _two_values(claims: Sequence[Claim]) -> Iterator[LineProblem]:
    """One figure with two values; a value for any regime is one for each."""
    earlier: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        same = earlier[claim.unit, span(claim.period), claim.figure]
        alike = [other for other in same if other.regime == claim.regime or None in (other.regime, claim.regime)]
        clash = next((other for other in alike if other.value != claim.value), None)
        if claim.line is not None and clash is not None:
            yield _problem(claim.line, f"{_named(claim)} = {claim.value:f}, nhưng · but {clash.value:f} ở · at {clash.where}")
        same.append(claim)


def _wholes(claims: Sequence[Claim]) -> Iterator[LineProblem]:
    """Compare parts with their whole: the sides' breaches with all breaches, the delegations out and in with all delegations."""
    for figures in _by_regime(claims, lambda claim: (claim.unit, span(claim.period)), lambda claim: claim.figure):
        for family in _DIVIDED:
            whole = figures.get(family.whole or "")
            if whole is None:
                continue
            parts = [claim for figure, claim in figures.items() if figure != family.whole and family.key_of(figure) is not None]
            summed = sum(part.value for part in parts)
            every = bool(family.columns) and {part.figure for part in parts} >= {*family.columns}
            if summed > whole.value or (every and summed != whole.value):
                yield from _does_not_add_up(parts, whole, lambda claim: claim.figure)


def _parts_of_time(claims: Sequence[Claim]) -> Iterator[LineProblem]:
    """Counts of months, quarters and halves against those of a period they lie in. They may be fewer: a date may be known by the year only."""
    counted = [claim for claim in claims if _adds_up_over_time(claim.figure)]
    for periods in _by_regime(counted, lambda claim: (claim.unit, claim.figure), lambda claim: span(claim.period)):
        for (first, last), whole in periods.items():
            for length in _PARTS:
                parts = [
                    part
                    for (start, end), part in periods.items()
                    if first <= start and end <= last and end - start + 1 == length < last - first + 1 and start % length == 0
                ]
                if sum(part.value for part in parts) > whole.value:
                    yield from _does_not_add_up(parts, whole, lambda claim: claim.period)


@functools.lru_cache(maxsize=1024)
def _adds_up_over_time(figure: str) -> bool:
    """Whether it counts breaches, or what is only published. Trade is left out: its months are preliminary when a year is published."""
    apart = published_family(figure)
    return figure.startswith("breach.") if apart is None else apart[0].unit(apart[1]) not in FRACTIONAL


def _by_regime(claims: Sequence[Claim], group: Callable[[Claim], object], key: Callable[[Claim], Key]) -> Iterator[Mapping[Key, Claim]]:
    """In each group and regime, the claim that holds for each key: one of the regime before one for any."""
    for regime in Regime:
        groups: dict[object, dict[Key, Claim]] = defaultdict(dict)
        for claim in sorted(claims, key=lambda claim: claim.regime is not None):
            if claim.regime in (regime, None):
                groups[group(claim)][key(claim)] = claim
        yield from groups.values()


def _does_not_add_up(parts: Sequence[Claim], whole: Claim, name: Callable[[Claim], str]) -> Iterator[LineProblem]:
    """The problem, at the last line of the file that has to do with it; none where all claims are loaded already."""
    if not (lines := [claim.line for claim in (*parts, whole) if claim.line is not None]):
        return
    summed = sum(part.value for part in parts)
    shown = " + ".join(f"{part.value:f} ({name(part)}, {part.where})" for part in parts)
    sign = ">" if summed > whole.value else "≠"
    yield _problem(
        max(lines),
        f"{_named(whole)} không khớp · does not add up: {shown} = {summed:f} {sign} {whole.value:f} ({name(whole)}, {whole.where})",
    )


def _named(claim: Claim) -> str:
    return f"{claim.unit} {claim.period} {claim.figure}"


def _problem(line: int, message: str) -> LineProblem:
    return LineProblem("contradiction", f"dòng {line}, value: {message}", line, "value")
