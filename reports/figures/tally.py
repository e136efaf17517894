"""What every figure on incidents counts, over the states of the incidents that count: the one place where incidents are counted. Pure.

A report counts the states that the record held, its audit the states that the events make.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from agreement.figure_families import FAMILIES, MATTERS, SIDES, STRETCH, Counts
from agreement.figures import NO_UNIT
from schemas.codebook import Kind, Measure, Outcome, Side
from schemas.verdicts import IncidentState, MeasureRow
from sinks.query.states import StateAsOf

Tally = dict[str, Decimal]
"""What each incident adds to one figure, by subject. The figure's value is the sum."""
FamilyName = tuple[str, Counts]
"""The prefix of a family and what its figures add up: two families may share a prefix."""
Tallies = Mapping[FamilyName, dict[str, Tally]]
"""The figures in which something was counted, by family and key."""

BY_UNIT = frozenset({Measure.GOODS, Measure.AREA, Measure.VALUE})
"""Measures that are added up by their unit. A number of persons, vehicles, boats or livestock has no unit and may have parts."""
_ONE = Decimal(1)
_KINDS_OF = frozenset({Outcome.EXEMPT, Outcome.NO_BREACH, Outcome.NEEDS_FACTS})
_MAIN_NUMBER = re.compile(r"[0-9]+")

Counted = Iterator[tuple[str, Counts, str, Decimal]]
"""Prefix, what is added up, key, and how much."""


def tally(incidents: Iterable[StateAsOf]) -> Tallies:
    """Count these incidents in every figure there is."""
    tallies: Tallies = {(family.prefix, family.counts): {} for family in FAMILIES}
    for incident in incidents:
        for prefix, counts, key, n in _counted(incident.state):
            amounts = tallies[prefix, counts].setdefault(key, {})
            amounts[incident.subject] = amounts[incident.subject] + n if incident.subject in amounts else n
    return tallies


def total(amounts: Tally) -> Decimal:
    """The value of a figure."""
    return sum(amounts.values(), Decimal(0))


def side_column(state: IncidentState) -> str:
    """The column in which a breach stands."""
    return state.side if state.side in SIDES else Side.UNDETERMINED.value


def _counted(state: IncidentState) -> Counted:
    yield _case("incident.total")
    yield _case("outcome.", state.outcome)
    kind = str(state.kind)
    if state.outcome is Outcome.BREACH:
        yield from _breach(state, kind)
    elif state.outcome is Outcome.BORDER_EVENT:
        yield from _border_event(state)
    elif state.outcome in _KINDS_OF:
        yield _case(f"{state.outcome}.kind.", kind)
    if state.outcome is Outcome.NEEDS_FACTS:
        yield _case("open.needs_facts")
    if kind in MATTERS:
        yield _case("matter.", kind)
        yield from _measures("matter.", kind, state)
    if kind == Kind.SEA_OBSTRUCTION:
        act = state.act or "unknown"
        yield _case("sea.", act)
        yield from _measures("sea.", act, state)


def _breach(state: IncidentState, kind: str) -> Counted:
    yield _case("breach.total")
    yield _case("breach.", side_column(state))
    yield from (_case("breach.clause.", clause) for clause in state.clauses)
    yield from (_case("breach.article39.", str(item)) for item in state.article39)
    yield _case("breach.kind.", kind)
    yield _case("breach.stretch.", _stretch(state.markers))
    yield _case("breach.province.", state.province or NO_UNIT)
    yield _case("breach.district.", state.district or NO_UNIT)
    yield _case("breach.commune.", state.commune or NO_UNIT)


def _border_event(state: IncidentState) -> Counted:
    item = str(state.article39[0]) if state.article39 else "none"
    yield _case("border_event.total")
    yield _case("article39.", item)
    yield from _measures("article39.", item, state)
    for measure in state.measures:
        for part, n in (measure.of or {}).items() if measure.what not in BY_UNIT else ():
            yield "article39.", Counts.PARTS, f"{item}.{measure.what}.{part}", Decimal(n)


def _case(prefix: str, key: str = "") -> tuple[str, Counts, str, Decimal]:
    return prefix, Counts.CASES, key, _ONE


def _measures(prefix: str, key: str, state: IncidentState) -> Counted:
    for measure in state.measures:
        yield prefix, Counts.MEASURES, f"{key}.{_measure_key(measure)}", Decimal(repr(measure.n))


def _measure_key(measure: MeasureRow) -> str:
    return f"{measure.what}.{measure.unit or 'none'}" if measure.what in BY_UNIT else measure.what


def _stretch(markers: tuple[str, ...]) -> str:
    number = _MAIN_NUMBER.match(markers[0]) if markers else None
    if number is None:
        return NO_UNIT
    first = int(number[0]) // STRETCH * STRETCH
    return f"{first}-{first + STRETCH - 1}"
