"""Judging: from an incident, or one event alone, to a verdict. Pure: no clock, no database, the same answer for ever under one version."""

import functools
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from agreement.incident import Incident
from agreement.packs import Docket, Pack, day_of, in_force
from agreement.rules.rule import NOTHING, Rule
from agreement.scope import LINE, not_applicable, outside
from agreement.sentences import explain
from agreement.three_valued import weigh
from border import markers
from schemas.codebook import STRENGTH, Kind, Outcome, Side
from schemas.events import AnyEvent, Reported
from schemas.facts import Fact, Facts
from schemas.failures import Failure
from schemas.sound import AnyPlace, SoundReport
from schemas.verdicts import Explanation, Finding, Verdict

JUDGE_VERSION = 2
"""Raised whenever the same facts may be judged, or explained, otherwise: stored with every verdict."""

_CITES_ITEM = frozenset({Outcome.BREACH, Outcome.NEEDS_FACTS, Outcome.BORDER_EVENT})


class RuleCrash(Failure):  # named for what happened, as the other outcomes of a record are
    """A rule failed on facts that it should have read: neither a breach nor none. Its cause is the original exception."""

    code = "rule_crash"

    def __init__(self, rule_id: str) -> None:
        self.rule_id = rule_id
        super().__init__(f"rule {rule_id} crashed")


def judge(incident: Incident, pack: Pack) -> Verdict:
    """The verdict on the whole incident under a pack. Incomplete: not applicable. Raises `RuleCrash`."""
    kind, occurred, place, side = incident.kind, incident.occurred, incident.place, incident.side
    if not incident.complete or kind is None or occurred is None or place is None or side is None:
        return _single(not_applicable("scope.event", side=side or Side.UNDETERMINED), pack)
    return _verdict(kind, day_of(occurred.start), place, side=side, facts=incident.facts, pack=pack)


def judge_event(event: AnyEvent | SoundReport, packs: tuple[Pack, ...] | None = None) -> Verdict:
    """The verdict on what one event alone says: a first report is judged as its incident would be. Raises `RuleCrash`.

    `packs`: other ones than those in force.
    """
    if not isinstance(event, (SoundReport, Reported)):
        return _single(not_applicable("scope.event", side=Side.UNDETERMINED), in_force(day_of(event.time), packs))
    said = event.data
    day = day_of(said.occurred.start)
    return _verdict(said.kind, day, said.place, side=said.side, facts=said.facts, pack=in_force(day, packs))


def _verdict(kind: Kind, day: date, place: AnyPlace, *, side: Side, facts: Facts, pack: Pack) -> Verdict:
    at = _marks(place.marker) if place.scheme == "marker" and place.line == LINE else ()
    reason = outside(day, place)
    if reason is not None:
        return _single(not_applicable(reason, side=side, markers=at), pack)
    docket = pack.by_kind[kind]
    natural = side is Side.NATURAL
    outcome, said = _said(docket, natural, *map(facts.get, docket.reads))
    findings = tuple([_finding(one, side, facts, at) for one in said])
    if outcome is None:
        reason = "scope.nature" if natural and docket.rules else "scope.kind"
        findings = (not_applicable(reason, side=side, markers=at), *findings)
    return Verdict(outcome or Outcome.NOT_APPLICABLE, pack.id, JUDGE_VERSION, findings)


def _single(finding: Finding, pack: Pack) -> Verdict:
    return Verdict(finding.outcome, pack.id, JUDGE_VERSION, (finding,))


@functools.lru_cache(maxsize=8192)
def _marks(text: str) -> tuple[str, ...]:
    return tuple(item.canonical for item in markers.parse(text).items)


class _Said(NamedTuple):
    """A finding but for its side, its markers and the facts themselves."""

    rule: Rule
    outcome: Outcome
    clause: str | None
    article39: int | None
    used: tuple[str, ...]
    missing: tuple[str, ...]
    explanation: Explanation
    shadow: bool


class _Answer(NamedTuple):
    """What the rules of a kind say of some facts."""

    outcome: Outcome | None
    """The strongest of those that count; None where none does."""
    said: tuple[_Said, ...]


def _finding(said: _Said, side: Side, facts: Facts, at: tuple[str, ...]) -> Finding:
    rule, outcome, clause, article39, used, missing, explanation, shadow = said
    known = {name: facts[name] for name in used}
    return Finding(rule.id, clause, article39, outcome, side, at, known, missing, rule.limit, explanation, shadow)


@functools.lru_cache(maxsize=8192, typed=True)  # typed: 1 metre is not true
def _said(docket: Docket, natural: bool, /, *values: Fact | None) -> _Answer:
    """What the rules of a kind say of `values`, the facts they read in the order of `Docket.reads`. Silent rules are left out."""
    facts = {name: value for name, value in zip(docket.reads, values, strict=True) if value is not None}
    said = []
    for rule in docket.rules:
        if natural and rule.by_nature is None:
            continue
        try:
            one = _say(rule, docket, natural, facts)
        except Exception as error:  # whatever a rule does wrong is that rule's crash; the caller decides about the event
            raise RuleCrash(rule.id) from error
        if one is not None:
            said.append(one)
    counting = [one.outcome for one in said if not one.shadow]
    return _Answer(max(counting, key=STRENGTH.__getitem__, default=None), tuple(said))


def _say(rule: Rule, docket: Docket, natural: bool, stated: Mapping[str, Fact]) -> _Said | None:
    """What one rule says of the stated facts; None where it has nothing to say."""
    kind = docket.kind
    implied = rule.by_nature or NOTHING if natural else rule.implied.get(kind, NOTHING)
    facts = {**stated, **implied} if implied else stated
    cells = tuple([ask.cell(facts.get(name)) for name, ask in rule.asks.items()])
    outcome, missing = weigh(rule, cells)
    if outcome is Outcome.NOT_APPLICABLE:
        return None
    known = {name: facts[name] for name in rule.tells if name in facts}
    known |= {name: facts[name] for name, cell in zip(rule.asks, cells, strict=True) if cell is not None and name in facts}
    clause = rule.border_clause if outcome is Outcome.BORDER_EVENT else rule.clause
    article39 = rule.item if outcome in _CITES_ITEM and rule.item_when(kind, outcome, known) else None
    used = tuple([name for name in rule.asks if name in known and name not in implied])
    explanation = explain(rule, clause=clause, outcome=outcome, facts=known, missing=missing)
    return _Said(rule, outcome, clause, article39, used, missing, explanation, rule.id in docket.shadow)
