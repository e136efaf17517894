"""From an incident, or one event alone, to a verdict. Pure: no clock, no database, so one version gives the same answer for ever."""

import functools
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from agreement.incident import Incident
from agreement.packs import Pack, RuleIndex, day_of, in_force
from agreement.rules.rule import NOTHING, Rule
from agreement.scope import LINE, not_applicable, outside
from agreement.sentences import explain
from agreement.three_valued import evaluate
from border import markers
from schemas.codebook import STRENGTH, Kind, Outcome, Side
from schemas.events import AnyEvent, Reported
from schemas.facts import Fact, Facts
from schemas.failures import Failure
from schemas.sound import AnyPlace, SoundReport
from schemas.verdicts import Explanation, Finding, Verdict

JUDGE_VERSION = 2
"""Stored with every verdict; raised whenever the same facts may be judged or explained otherwise."""

_CITES_ITEM = frozenset({Outcome.BREACH, Outcome.NEEDS_FACTS, Outcome.BORDER_EVENT})


class RuleCrash(Failure):
    """A rule raised on facts that it should have read, which proves neither a breach nor its absence. Its cause is that exception."""

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
    """The verdict on one event alone: a first report is judged as its incident would be. Raises `RuleCrash`.

    `packs`: used in place of those in force.
    """
    if not isinstance(event, (SoundReport, Reported)):
        return _single(not_applicable("scope.event", side=Side.UNDETERMINED), in_force(day_of(event.time), packs))
    report = event.data
    day = day_of(report.occurred.start)
    return _verdict(report.kind, day, report.place, side=report.side, facts=report.facts, pack=in_force(day, packs))


def _verdict(kind: Kind, day: date, place: AnyPlace, *, side: Side, facts: Facts, pack: Pack) -> Verdict:
    at = _marks(place.marker) if place.scheme == "marker" and place.line == LINE else ()
    reason = outside(day, place)
    if reason is not None:
        return _single(not_applicable(reason, side=side, markers=at), pack)
    index = pack.by_kind[kind]
    natural = side is Side.NATURAL
    outcome, statements = _statements(index, natural, *map(facts.get, index.reads))
    findings = tuple([_finding(statement, side, facts, at) for statement in statements])
    if outcome is None:
        reason = "scope.nature" if natural and index.rules else "scope.kind"
        findings = (not_applicable(reason, side=side, markers=at), *findings)
    return Verdict(outcome or Outcome.NOT_APPLICABLE, pack.id, JUDGE_VERSION, findings)


def _single(finding: Finding, pack: Pack) -> Verdict:
    return Verdict(finding.outcome, pack.id, JUDGE_VERSION, (finding,))


@functools.lru_cache(maxsize=8192)
def _marks(text: str) -> tuple[str, ...]:
    return tuple(item.canonical for item in markers.parse(text).items)


class _Statement(NamedTuple):
    """What a rule finds, before its side, its markers and the values of the facts: the same for many incidents."""

    rule: Rule
    outcome: Outcome
    clause: str | None
    article39: int | None
    used: tuple[str, ...]
    missing: tuple[str, ...]
    explanation: Explanation
    shadow: bool


class _Statements(NamedTuple):
    """What the rules of a kind find, those that have nothing to say left out."""

    outcome: Outcome | None
    """The strongest of those that count; None where none does."""
    statements: tuple[_Statement, ...]


def _finding(statement: _Statement, side: Side, facts: Facts, at: tuple[str, ...]) -> Finding:
    rule, outcome, clause, article39, used, missing, explanation, shadow = statement
    used_facts = {name: facts[name] for name in used}
    return Finding(rule.id, clause, article39, outcome, side, at, used_facts, missing, rule.limit, explanation, shadow)


@functools.lru_cache(maxsize=8192, typed=True)  # typed: 1 metre is not true
def _statements(index: RuleIndex, natural: bool, /, *values: Fact | None) -> _Statements:
    """What the rules find from `values`, which stand in the order of `index.reads`."""
    stated = {name: value for name, value in zip(index.reads, values, strict=True) if value is not None}
    statements = []
    for rule in index.rules:
        if natural and rule.by_nature is None:
            continue
        try:
            statement = _statement(rule, index, natural, stated)
        except Exception as error:  # whatever a rule does wrong is that rule's crash; the caller decides about the event
            raise RuleCrash(rule.id) from error
        if statement is not None:
            statements.append(statement)
    counting = [statement.outcome for statement in statements if not statement.shadow]
    return _Statements(max(counting, key=STRENGTH.__getitem__, default=None), tuple(statements))


def _statement(rule: Rule, index: RuleIndex, natural: bool, stated: Mapping[str, Fact]) -> _Statement | None:
    kind = index.kind
    implied = rule.by_nature or NOTHING if natural else rule.implied.get(kind, NOTHING)
    facts = {**stated, **implied} if implied else stated
    cells = tuple([ask.cell(facts.get(name)) for name, ask in rule.asks.items()])
    outcome, missing = evaluate(rule, cells)
    if outcome is Outcome.NOT_APPLICABLE:
        return None
    used_facts = {name: facts[name] for name in rule.mentions if name in facts}
    used_facts |= {name: facts[name] for name, cell in zip(rule.asks, cells, strict=True) if cell is not None and name in facts}
    clause = rule.border_clause if outcome is Outcome.BORDER_EVENT else rule.clause
    article39 = rule.item if outcome in _CITES_ITEM and rule.item_when(kind, outcome, used_facts) else None
    used = tuple([name for name in rule.asks if name in used_facts and name not in implied])
    explanation = explain(rule, clause=clause, outcome=outcome, facts=used_facts, missing=missing)
    return _Statement(rule, outcome, clause, article39, used, missing, explanation, rule.id in index.shadow)
