"""A rule: a predicate over complete facts, the facts it asks for, its sentence, its runbook and its fixtures.

A rule is never called with an unknown fact: `agreement.three_valued` tries it on every completion that could matter. So a rule gives, for each
fact it asks for, the values that matter (`agreement.rules.asks`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from agreement.phrases import Wording
from agreement.rules.asks import Ask
from agreement.rules.fixture import Fixture
from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

Known = Mapping[str, Any]
"""Complete facts: each one a rule asks for, known."""
Decide = Callable[[Known], Outcome]
NOTHING: Mapping[str, Fact] = MappingProxyType({})


def always(kind: Kind, outcome: Outcome, facts: Mapping[str, Fact]) -> bool:  # noqa: ARG001  # the shape of `Rule.item_when`
    """The item's words are met in every finding of the rule."""
    return True


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rule:
    """One statement of the Agreement. Its `id` is for ever: a new meaning is a new id."""

    id: str
    clause: str | None
    """Clause of the Agreement; None where only Article 39 is at stake."""
    kinds: tuple[Kind, ...]
    title: Label
    """The matter it judges."""
    asks: Mapping[str, Ask]
    decide: Decide
    """The outcome of complete facts; `not_applicable` where the rule finds nothing."""
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
    """Facts that follow from a kind."""
    by_nature: Mapping[str, Fact] | None = None
    """Facts that follow from side `natural`; None: nature cannot break the clause, and the rule is not tried."""
    mentions: tuple[str, ...] = ()
    """Facts that the sentence mentions and the outcome does not depend on."""
    scene: Wording | None = None
    """What happened; None: the title."""
    ends: Mapping[Outcome, Wording] = field(default_factory=dict)
    """How the sentence ends, where the common ending would say too little."""
    exceptions: tuple[Label, ...] = ()
    """What the clause lets pass, each with its clause."""
    runbook: tuple[Label, ...] = ()
    """What the duty officer does, step by step. `{names}` are fields of the incident."""
    fixtures: tuple[Fixture, ...] = ()
    """Run by `mocgioi rules test` and by the tests."""
