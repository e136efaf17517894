"""What every figure on incidents counts, over the states of the incidents that count: the one place where incidents are counted. Pure.

A report counts the states that the record held, its audit the states that the events make.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from agreement.figure_families import FAMILIES, MATTERS, SIDES, STRETCH, Counts
from agreement.figures import NO_UNIT
from schemas.codebook import Kind, Measure, Outcome, Side
from schemas.verdicts import IncidentState
from sinks.query.states import StateAsOf

Tally = dict[str, int | Decimal]
"""What each incident adds to one figure, by subject. The figure's value is the sum."""
Tallies = Mapping[tuple[str, Counts], Mapping[str, Tally]]
"""The figures in which something was counted: by the prefix of their family and what it adds up, and then by key."""

BY_UNIT = frozenset({Measure.GOODS, Measure.AREA, Measure.VALUE})
"""Measures that are added up by their unit. A number of persons, vehicles, boats or livestock has no unit and may have parts."""
_KINDS_OF = frozenset({Outcome.EXEMPT, Outcome.NO_BREACH, Outcome.NEEDS_FACTS})
_MAIN_NUMBER = re.compile(r"[0-9]+")


def tally(incidents: Iterable[StateAsOf]) -> Tallies:
    """Count these incidents in every figure there is."""
    tallies: dict[tuple[str, Counts], dict[str, Tally]] = {(family.prefix, family.counts): {} for family in FAMILIES}
    cases = {prefix: keys for (prefix, counts), keys in tallies.items() if counts is Counts.CASES}
    for subject, _, state, _ in incidents:
        for prefix, key in _cases(state):
            amounts = cases[prefix].setdefault(key, {})
            amounts[subject] = amounts.get(subject, 0) + 1
        if state.measures:
            for prefix, counts, key, n in _amounts(state):
                amounts = tallies[prefix, counts].setdefault(key, {})
                amounts[subject] = amounts.get(subject, 0) + n
    return tallies


def total(amounts: Tally) -> Decimal:
    """The value of a figure."""
    return Decimal(sum(amounts.values()))


def side_column(state: IncidentState) -> str:
    """The column in which a breach stands."""
    return state.side if state.side in SIDES else Side.UNDETERMINED.value


def _cases(state: IncidentState) -> Iterator[tuple[str, str]]:
    """Prefix and key of every figure that counts an incident as a case."""
    kind = str(state.kind)
    yield "incident.total", ""
    yield "outcome.", state.outcome
    if state.outcome is Outcome.BREACH:
        yield "breach.total", ""
        yield "breach.", side_column(state)
        yield from [("breach.clause.", clause) for clause in state.clauses]
        yield from [("breach.article39.", str(item)) for item in state.article39]
        yield "breach.kind.", kind
        yield "breach.stretch.", _stretch(state.markers)
        yield "breach.province.", state.province or NO_UNIT
        yield "breach.district.", state.district or NO_UNIT
        yield "breach.commune.", state.commune or NO_UNIT
    elif state.outcome is Outcome.BORDER_EVENT:
        yield "border_event.total", ""
        yield "article39.", _item(state)
    elif state.outcome in _KINDS_OF:
        yield f"{state.outcome}.kind.", kind
    if state.outcome is Outcome.NEEDS_FACTS:
        yield "open.needs_facts", ""
    if kind in MATTERS:
        yield "matter.", kind
    if kind == Kind.SEA_OBSTRUCTION:
        yield from [("sea.", act) for act in _acts(state)]


def _amounts(state: IncidentState) -> Iterator[tuple[str, Counts, str, int | Decimal]]:
    """What the measures of an incident add to which figures: prefix, what is added up, key, amount."""
    heads = [("matter.", str(state.kind))] if state.kind in MATTERS else []
    if state.kind == Kind.SEA_OBSTRUCTION:
        heads += [("sea.", act) for act in _acts(state)]
    if is_border_event := state.outcome is Outcome.BORDER_EVENT:
        heads.append(("article39.", _item(state)))
    for measure in state.measures:
        unit = f".{measure.unit or 'none'}" if measure.what in BY_UNIT else ""
        n = Decimal(repr(measure.n))
        for prefix, head in heads:
            yield prefix, Counts.MEASURES, f"{head}.{measure.what}{unit}", n
        if is_border_event and not unit:
            for part, n_of_part in (measure.of or {}).items():
                yield "article39.", Counts.PARTS, f"{_item(state)}.{measure.what}.{part}", n_of_part


def _item(state: IncidentState) -> str:
    return str(state.article39[0]) if state.article39 else "none"


def _acts(state: IncidentState) -> tuple[str, ...]:
    return state.acts or ("unknown",)


def _stretch(markers: tuple[str, ...]) -> str:
    number = _MAIN_NUMBER.match(markers[0]) if markers else None
    if number is None:
        return NO_UNIT
    first = int(number[0]) // STRETCH * STRETCH
    return f"{first}-{first + STRETCH - 1}"
