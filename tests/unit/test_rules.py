"""The table of rules, walked: each one's hits and misses, each limit, and what is said when facts are unknown."""

import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from msgspec.structs import replace

from agreement import trial
from agreement.clauses import CLAUSES
from agreement.incident import Incident, fold
from agreement.judge import judge
from agreement.packs import PACKS
from agreement.rules import steps
from agreement.rules.asks import AtLeast, AtMost, Flag, IfReported, OneOf
from agreement.rules.fixture import EDGES, Fixture
from agreement.rules.rule import Rule
from agreement.rules.table import KINDS_WITHOUT_RULE, NO_RULE, PARTS_WITHOUT_RULE, RULES
from agreement.trial import tried
from agreement.words import WORDS
from schemas.codebook import ARTICLE39, STRENGTH, Kind, Outcome, Side
from schemas.facts import FACTS_BY_KIND, Fact
from schemas.validation import decode
from schemas.verdicts import Finding, Verdict
from tests.builders import payload, reported

BREACH, NEEDS, EVENT, EXEMPT, KEPT, SILENT = Outcome

PACK = PACKS[0]
BY_ID = {rule.id: rule for rule in RULES}
ANY = fold([decode(payload(reported()))])  # type: ignore[list-item]

HOUSE: dict[str, Fact] = {"change": "new", "permanent": True, "distance_m": 18.0, "purpose": "other", "agreed": False}


def incident(kind: Kind, facts: Mapping[str, Fact], side: Side = Side.CN) -> Incident:
    return replace(ANY, kind=kind, facts=facts, side=side)


def verdict(kind: Kind, facts: Mapping[str, Fact], side: Side = Side.CN) -> Verdict:
    return judge(incident(kind, facts, side), PACK)


def finding(rule_id: str, facts: Mapping[str, Fact], kind: Kind | None = None) -> Finding | None:
    answer = verdict(kind or BY_ID[rule_id].kinds[0], facts)
    return next((each for each in answer.findings if each.rule_id == rule_id), None)


# The table as a table


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(RULES)


def test_an_id_begins_with_the_clause_or_the_item_it_stands_for() -> None:
    for rule in RULES:
        clause = f"39.{rule.item}" if rule.clause is None else rule.clause.replace("(", ".").replace(")", "")
        assert rule.id.startswith(f"{clause}.")


def test_every_clause_cited_exists() -> None:
    cited = {clause for rule in RULES for clause in (rule.clause, rule.border_clause) if clause is not None}
    assert cited <= set(CLAUSES)


def test_every_clause_that_was_seen_has_a_rule_or_a_written_reason() -> None:
    cited = {rule.clause for rule in RULES if rule.clause is not None}
    assert cited | set(NO_RULE) == set(CLAUSES)
    assert cited.isdisjoint(NO_RULE)
    assert all(NO_RULE.values())


def test_every_duty_and_term_without_a_rule_has_a_written_reason() -> None:
    assert {clause for clause, _ in PARTS_WITHOUT_RULE} <= set(CLAUSES)
    assert all(part and reason for (_, part), reason in PARTS_WITHOUT_RULE.items())


UNSEEN = {"6", "8", "9", *map(str, (17, 18, 19, 24, 25, *range(31, 38), *range(40, 60)))}
"""Articles of which nobody saw a word."""


def test_what_nobody_saw_is_no_rule() -> None:
    articles = {rule.id.split(".")[0] for rule in RULES}
    assert articles.isdisjoint(UNSEEN)
    assert {clause.split("(")[0] for clause in CLAUSES}.isdisjoint(UNSEEN)


def test_the_item_whose_wording_was_not_seen_accuses_nobody() -> None:
    assert {fixture.outcome for fixture in BY_ID["39.16.arms_counterfeit"].fixtures} == {EVENT, SILENT}
    assert {
        outcome for rule in RULES if rule.clause is None for outcome in [expected(rule, known_facts)[0] for known_facts in partial(rule)]
    } == {
        EVENT,
        KEPT,
    }


def test_every_kind_has_a_rule_or_is_listed_as_not_judged() -> None:
    judged = {kind for rule in RULES for kind in rule.kinds}
    assert judged | KINDS_WITHOUT_RULE == set(Kind)
    assert judged.isdisjoint(KINDS_WITHOUT_RULE)


def test_items_of_article_39_are_those_of_the_codebook() -> None:
    assert {(kind, rule.item) for rule in RULES if rule.item for kind in rule.kinds if kind in ARTICLE39} == set(ARTICLE39.items())


def test_every_limit_asked_for_is_cited_and_every_limit_cited_is_asked_for() -> None:
    for rule in RULES:
        asked = set()
        for name, ask in rule.asks.items():
            if isinstance(ask, AtMost):
                asked.add((name, "<=", ask.limit))
            if isinstance(ask, AtLeast):
                asked |= {(name, ">=", limit) for limit in (ask.limit, ask.graver) if limit is not None}
        cited = {(name, sign, float(limit)) for name, sign, limit in re.findall(r"(\w+) (<=|>=) (\d+)", rule.limit or "")}
        assert cited == asked


def types(kind: Kind) -> dict[str, Any]:
    return get_type_hints(FACTS_BY_KIND[kind], include_extras=False)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_asks_for_facts_its_kinds_have_and_knows_all_their_values(rule: Rule) -> None:
    for kind in rule.kinds:
        types_of_facts = types(kind)
        assert {*rule.asks, *rule.mentions} <= set(types_of_facts)
        for name, ask in rule.asks.items():
            if isinstance(ask, OneOf):
                assert get_origin(types_of_facts[name]) is Literal
                assert {*ask.points} == {*get_args(types_of_facts[name])} - {"unknown"}
            else:
                assert types_of_facts[name] is (bool if isinstance(ask, Flag | IfReported) else float)


def test_every_fact_a_sentence_may_say_has_words_in_both_languages() -> None:
    for rule in RULES:
        for name in (*rule.asks, *rule.mentions):
            words = WORDS[name]
            assert words.asked.vi
            assert words.asked.en
            for kind in rule.kinds:
                if get_origin(types(kind)[name]) is Literal:
                    assert set(get_args(types(kind)[name])) - {"unknown"} <= set(words.values)
                if types(kind)[name] is bool:
                    assert words.yes.vi
                    assert words.no.en
                if types(kind)[name] is float:
                    assert words.unit.vi


# Fixtures: they stand on each rule's page


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_its_fixtures_say(rule: Rule) -> None:
    assert [(one.number, one.fixture, one.outcome, one.missing, one.sentence) for one in tried(rule) if not one.passed] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_the_same_of_its_fixtures_among_all_the_others(rule: Rule) -> None:
    for fixture in rule.fixtures:
        answer = trial.finding(rule, fixture, PACK)
        assert ((answer.outcome, answer.missing) if answer else (SILENT, ())) == (fixture.outcome, fixture.missing)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_hit_and_two_misses(rule: Rule) -> None:
    outcomes = [fixture.outcome for fixture in rule.fixtures]
    assert [outcome for outcome in outcomes if outcome in (BREACH, EVENT)]
    assert len([outcome for outcome in outcomes if outcome in (KEPT, EXEMPT, SILENT, NEEDS)]) >= 2
    assert len([outcome for outcome in outcomes if outcome in (KEPT, EXEMPT, SILENT)]) >= 1
    assert all(finding(rule.id, {}, kind) is None for kind in Kind if kind not in rule.kinds)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_outcome_a_rule_can_come_to_has_a_fixture(rule: Rule) -> None:
    possible = {expected(rule, known_facts)[0] for known_facts in partial(rule)}
    assert possible <= {fixture.outcome for fixture in rule.fixtures}


def limits(rule: Rule) -> Iterator[tuple[str, float]]:
    for name, ask in rule.asks.items():
        if isinstance(ask, AtMost):
            yield name, ask.limit
        if isinstance(ask, AtLeast):
            yield from ((name, limit) for limit in (ask.limit, ask.graver) if limit is not None)


@pytest.mark.parametrize("rule", [rule for rule in RULES if any(limits(rule))], ids=lambda rule: rule.id)
def test_every_number_has_a_fixture_inside_at_and_outside_its_limit_and_one_where_it_is_unknown(rule: Rule) -> None:
    for name, limit in limits(rule):
        at = [one for one in rule.fixtures if one.edge == (name, "at") and one.facts[name] == limit]
        assert at, (name, limit)
        for kind in {one.kind for one in at}:
            four = [one for one in rule.fixtures if one.edge and one.edge[0] == name and one.kind == kind and same(one, at, name)]
            assert {one.edge[1] for one in four if one.edge} == set(EDGES)
            by_edge = {one.edge[1]: one for one in four if one.edge}
            inside, outside = by_edge["inside"].facts[name], by_edge["outside"].facts[name]
            assert abs(float(inside) - limit) == abs(float(outside) - limit) == 1
            assert name not in by_edge["unknown"].facts
            assert by_edge["at"].outcome is by_edge["inside"].outcome
            assert {by_edge["at"].outcome, by_edge["outside"].outcome} == {BREACH, KEPT}
            assert (by_edge["unknown"].outcome, by_edge["unknown"].missing) == (NEEDS, (name,))


def same(one: Fixture, at: list[Fixture], name: str) -> bool:
    """Whether a fixture has the other facts of one of those at the limit."""
    return any({**one.facts, name: None} == {**other.facts, name: None} for other in at if other.kind == one.kind)


# The page


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_is_named_after_its_rule(rule: Rule) -> None:
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("agreement.rules.")]
    pages = [module for module in modules if getattr(module, "RULE", None) is rule]
    assert [page.__name__.rsplit(".", 1)[1] for page in pages] == [rule.id.rsplit(".", 1)[1]]
    assert "Article " in (pages[0].__doc__ or "")


def named(text: str) -> list[str]:
    """The fields of the incident that a step names."""
    return list(dict.fromkeys(re.findall(r"\{([^}]*)\}", text)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_runbook_opens_the_incident_and_names_only_fields_it_has(rule: Rule) -> None:
    fields = set(Incident.__struct_fields__) | {f"facts.{name}" for kind in rule.kinds for name in types(kind)}
    assert len(rule.runbook) >= 4
    assert rule.runbook[0] is steps.OPEN
    for step in rule.runbook:
        for text in step:
            assert set(named(text)) <= fields
        assert set(named(step.en)) <= set(named(step.vi))
    asked = {name for step in rule.runbook for name in re.findall(r"\{facts\.(\w+)\}", step.vi)}
    assert {name for name, ask in rule.asks.items() if not isinstance(ask, IfReported)} <= asked


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_that_can_exempt_names_its_exceptions(rule: Rule) -> None:
    exempts = any(expected(rule, known_facts)[0] is EXEMPT for known_facts in partial(rule))
    assert not exempts or rule.exceptions
    for label in (*rule.exceptions, *rule.runbook, rule.title):
        assert label.vi
        assert label.en
        assert label.vi != label.en


def test_a_clause_an_exception_names_exists() -> None:
    for rule in RULES:
        for label in rule.exceptions:
            assert set(re.findall(r"\d+\(\d\)", label.vi)) <= set(CLAUSES)
            assert re.findall(r"\d+\(\d\)", label.vi) == re.findall(r"\d+\(\d\)", label.en)


# Pairs of rules


def test_the_works_rules_leave_each_other_what_is_theirs() -> None:
    assert [one.rule_id for one in verdict(Kind.WORKS, HOUSE).findings] == ["21.1.new_works"]
    assert [one.rule_id for one in verdict(Kind.WORKS, HOUSE | {"change": "extension"}).findings] == ["21.3.extended_works"]
    assert [one.rule_id for one in verdict(Kind.WORKS, HOUSE | {"change": "upkeep"}).findings] == ["21.3.extended_works"]


def test_a_house_whose_change_is_unknown_needs_it() -> None:
    unknown = {name: value for name, value in HOUSE.items() if name != "change"}
    assert [(one.outcome, one.missing) for one in verdict(Kind.WORKS, unknown).findings] == [(NEEDS, ("change",))] * 2


# Unknown facts, against an independent reading: more values for each number, and no cells.


def rich(rule: Rule, name: str) -> tuple[Fact, ...]:
    """Values of a fact, on and around every limit."""
    ask = rule.asks[name]
    match ask:
        case OneOf():
            return ask.points
        case Flag() | IfReported():
            return (True, False)
        case AtMost(limit):
            return (0.0, limit, limit + 0.001, limit * 4)
        case AtLeast(limit, graver):
            return (0.0, limit - 0.001, limit, *(() if graver is None else (graver - 0.001, graver)))


def partial(rule: Rule) -> Iterator[dict[str, Fact]]:
    """Every choice of known facts."""
    for values in itertools.product(*((None, *rich(rule, name)) for name in rule.asks)):
        yield {name: value for name, value in zip(rule.asks, values, strict=True) if value is not None}


def completed(rule: Rule, known_facts: Mapping[str, Fact]) -> list[dict[str, Fact]]:
    """Every complete set of facts that `known` may turn out to be. Harm nobody reported is none."""
    choices = []
    for name, ask in rule.asks.items():
        if name in known_facts:
            choices.append((known_facts[name],))
        else:
            choices.append((False,) if isinstance(ask, IfReported) else rich(rule, name))  # type: ignore[arg-type]
    return [dict(zip(rule.asks, values, strict=True)) for values in itertools.product(*choices)]


def expected(rule: Rule, known_facts: Mapping[str, Fact]) -> tuple[Outcome, tuple[str, ...]]:
    if rule.decisive is not None and rule.decisive not in known_facts:
        return EVENT, (rule.decisive,)
    worlds = completed(rule, known_facts)
    outcomes = [rule.decide(world) for world in worlds]
    if all(outcome is BREACH for outcome in outcomes):
        return BREACH, ()
    if all(outcome is not BREACH for outcome in outcomes):
        return max(outcomes, key=STRENGTH.__getitem__), ()
    missing = []
    for name in rule.asks:
        groups: dict[tuple[Any, ...], set[bool]] = {}
        for world, outcome in zip(worlds, outcomes, strict=True):
            groups.setdefault(tuple(value for key, value in world.items() if key != name), set()).add(outcome is BREACH)
        if name not in known_facts and any(len(group) == 2 for group in groups.values()):
            missing.append(name)
    return NEEDS, tuple(missing)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_unknown_facts_are_read_exactly_as_every_way_they_could_turn_out(rule: Rule) -> None:
    kind = rule.kinds[0]  # the kind that implies nothing
    assert kind not in rule.implied
    for known_facts in partial(rule):
        outcome, missing = expected(rule, known_facts)
        found = finding(rule.id, known_facts, kind)
        if outcome is SILENT:
            assert (known_facts, found) == (known_facts, None)
        else:
            assert found is not None
            assert (known_facts, found.outcome, found.missing) == (known_facts, outcome, missing)
            assert found.facts == known_facts


def test_hunting_with_guns_is_a_shooting_whose_purpose_is_known() -> None:
    rule = BY_ID["15.7.shooting"]
    for known_facts in partial(rule):
        hunted = finding(rule.id, known_facts, Kind.GUN_HUNTING)
        assert hunted is not None
        assert (hunted.outcome, hunted.missing) == expected(rule, known_facts | {"purpose": "hunting"})
        assert "purpose" not in hunted.facts


# Items of Article 39


@pytest.mark.parametrize(
    ("kind", "facts", "outcome", "item"),
    [
        (Kind.SHOOTING, {"across": True}, BREACH, 3),
        (Kind.SHOOTING, {"across": True, "purpose": "hunting", "distance_m": 5.0}, BREACH, 3),
        (Kind.SHOOTING, {"purpose": "hunting", "distance_m": 5.0}, BREACH, None),
        (Kind.SHOOTING, {}, NEEDS, 3),
        (Kind.SHOOTING, {"across": False, "purpose": "hunting"}, NEEDS, None),
        (Kind.SHOOTING, {"across": False, "purpose": "other"}, KEPT, None),
        (Kind.GUN_HUNTING, {"across": True}, BREACH, 3),
        (Kind.GUN_HUNTING, {"distance_m": 5.0}, BREACH, None),
        (Kind.GUN_HUNTING, {}, NEEDS, None),
        (Kind.MARKER_DAMAGE, {"cause": "deliberate"}, BREACH, 1),
        (Kind.MARKER_DAMAGE, {}, NEEDS, 1),
        (Kind.MARKER_DAMAGE, {"cause": "natural"}, EVENT, None),
        (Kind.RIVER_WORKS, {}, NEEDS, 2),
        (Kind.RIVER_WORKS, {"agreed": True}, EXEMPT, None),
        (Kind.BLASTING, {"distance_m": 5.0, "notice_hours": 0.0}, BREACH, 4),
        (Kind.BLASTING, {"distance_m": 5000.0}, KEPT, None),
        (Kind.CROSS_PRODUCTION, {"crossed": True}, BREACH, 7),
        (Kind.CROSS_PRODUCTION, {}, EVENT, 7),
        (Kind.CROSSING, {"authorised": True}, KEPT, None),
        (Kind.PERMIT, {}, EVENT, None),
        (Kind.WORKS, HOUSE, BREACH, None),
        (Kind.CROSS_WORKS, {}, NEEDS, None),
    ],
)
def test_an_item_of_article_39_is_cited_where_its_own_words_are_met(
    kind: Kind, facts: dict[str, Fact], outcome: Outcome, item: int | None
) -> None:
    assert [(one.outcome, one.article39) for one in verdict(kind, facts).findings] == [(outcome, item)]


@pytest.mark.parametrize(
    ("kind", "facts", "clause"),
    [
        (Kind.MARKER_DAMAGE, {"cause": "natural"}, "5(2)"),
        (Kind.MARKER_DAMAGE, {"cause": "deliberate"}, "5(1)"),
        (Kind.PERMIT, {}, "22"),
        (Kind.CROSS_PRODUCTION, {}, None),
        (Kind.CROSS_PRODUCTION, {"crossed": True}, "14"),
        (Kind.CROSS_PRODUCTION, {"crossed": False}, "14"),
        (Kind.SMUGGLING, {}, None),
        (Kind.CROSSING, {}, None),
        (Kind.CROSSING, {"authorised": True}, None),
    ],
)
def test_a_clause_is_cited_only_where_it_is_at_stake(kind: Kind, facts: dict[str, Fact], clause: str | None) -> None:
    assert [one.clause for one in verdict(kind, facts).findings] == [clause]


def test_smuggling_asks_for_nothing() -> None:
    assert verdict(Kind.SMUGGLING, {}).findings[0].missing == ()
