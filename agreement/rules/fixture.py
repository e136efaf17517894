"""Fixtures: facts, and what a rule must find in them. They stand in the rule's module and repeat its numbers, so that no limit can drift."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.codebook import Kind, Outcome, Side
from schemas.facts import Fact

At = Literal["line", "other_line", "sea"]
Edge = Literal["inside", "at", "outside", "unknown"]
EDGES: tuple[Edge, ...] = ("inside", "at", "outside", "unknown")

_TODAY = date(2025, 12, 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One case, and what the rule finds in it."""

    outcome: Outcome
    """`not_applicable`: the rule finds nothing."""
    facts: Mapping[str, Fact]
    missing: tuple[str, ...] = ()
    """The facts it asks for."""
    kind: Kind | None = None
    """None: the first kind of the rule."""
    side: Side = Side.CN
    at: At = "line"
    """On the Vietnam–China line, another line, or at sea."""
    occurred: date = _TODAY
    edge: tuple[str, Edge] | None = None
    """The number whose limit the case is about, and on which side of the limit it lies."""


def breach(kind: Kind | None = None, side: Side = Side.CN, **facts: Fact) -> Fixture:
    """A hit: these facts are a breach."""
    return Fixture(outcome=Outcome.BREACH, facts=facts, kind=kind, side=side)


def border_event(*asked: str, kind: Kind | None = None, side: Side = Side.CN, **facts: Fact) -> Fixture:
    """These facts are a matter for the border representatives; the facts `asked` for could change that."""
    return Fixture(outcome=Outcome.BORDER_EVENT, facts=facts, missing=asked, kind=kind, side=side)


def exempt(**facts: Fact) -> Fixture:
    """An exception covers these facts."""
    return Fixture(outcome=Outcome.EXEMPT, facts=facts)


def kept(kind: Kind | None = None, **facts: Fact) -> Fixture:
    """A miss: the limit is kept."""
    return Fixture(outcome=Outcome.NO_BREACH, facts=facts, kind=kind)


def asking(*missing: str, kind: Kind | None = None, **facts: Fact) -> Fixture:
    """These facts decide nothing: the rule asks for `missing`."""
    return Fixture(outcome=Outcome.NEEDS_FACTS, facts=facts, missing=missing, kind=kind)


def silent(
    kind: Kind | None = None, *, side: Side = Side.CN, at: At = "line", occurred: date = _TODAY, facts: Mapping[str, Fact] | None = None
) -> Fixture:
    """The rule finds nothing: another kind, another place, a day before the Agreement, or an act of nature."""
    return Fixture(outcome=Outcome.NOT_APPLICABLE, facts=facts or {}, kind=kind, side=side, at=at, occurred=occurred)


BEFORE = silent(occurred=date(2010, 7, 13))
"""The day before the Agreement entered into force."""
AT_SEA = silent(at="sea")


def zone(
    name: str, facts: Mapping[str, Fact], *, inside: float, at: float, outside: float, kind: Kind | None = None
) -> tuple[Fixture, ...]:
    """A distance within which these facts are a breach, its limit included."""
    outcomes = (Outcome.BREACH, Outcome.BREACH, Outcome.NO_BREACH)
    return _edges(name, facts, (inside, at, outside), outcomes, kind)


def term(
    name: str, facts: Mapping[str, Fact], *, inside: float, at: float, outside: float, kind: Kind | None = None
) -> tuple[Fixture, ...]:
    """A notice that must be no shorter than the limit. `outside`: too short."""
    outcomes = (Outcome.NO_BREACH, Outcome.NO_BREACH, Outcome.BREACH)
    return _edges(name, facts, (inside, at, outside), outcomes, kind)


def _edges(
    name: str, facts: Mapping[str, Fact], values: tuple[float, ...], outcomes: tuple[Outcome, ...], kind: Kind | None
) -> tuple[Fixture, ...]:
    edges = [
        Fixture(outcome=outcome, facts={**facts, name: value}, kind=kind, edge=(name, edge))
        for edge, value, outcome in zip(EDGES[:3], values, outcomes, strict=True)
    ]
    return (*edges, Fixture(outcome=Outcome.NEEDS_FACTS, facts=facts, missing=(name,), kind=kind, edge=(name, "unknown")))
