"""The table of rules, walked: each one's hits and misses, each limit, and what is said when facts are unknown."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from agreement.clauses import CLAUSES
from agreement.incident import Incident, fold
from agreement.judge import judge
from agreement.packs import PACKS
from agreement.rules.rule import AtLeast, AtMost, Flag, IfReported, OneOf, Rule
from agreement.rules.table import KINDS_WITHOUT_RULE, NO_RULE, RULES
from agreement.words import WORDS
from schemas.codebook import ARTICLE39, STRENGTH, Kind, Outcome, Side
from schemas.doorway import decode
from schemas.facts import FACTS_BY_KIND, Fact
from schemas.verdicts import Finding, Verdict
from tests.builders import payload, reported

BREACH, NEEDS, EVENT, EXEMPT, KEPT, SILENT = Outcome

PACK = PACKS[0]
BY_ID = {rule.id: rule for rule in RULES}
ANY = fold([decode(payload(reported()))])  # type: ignore[list-item]

HOUSE: dict[str, Fact] = {"change": "new", "permanent": True, "distance_m": 18.0, "purpose": "other", "agreed": False}
SURVEY: dict[str, Fact] = {"purpose": "aerial_survey", "entered": False, "distance_km": 10.0, "notice_days": 20.0, "consent": False}
FISHING: dict[str, Fact] = {"own_waters": True, "method": "normal", "closed": False, "science": False}
SHOT: dict[str, Fact] = {"across": False, "purpose": "hunting", "distance_m": 500.0}


def incident(kind: Kind, facts: Mapping[str, Fact], side: Side = Side.CN) -> Incident:
    return replace(ANY, kind=kind, facts=facts, side=side)


def verdict(kind: Kind, facts: Mapping[str, Fact], side: Side = Side.CN) -> Verdict:
    return judge(incident(kind, facts, side), PACK)


def finding(rule_id: str, facts: Mapping[str, Fact], kind: Kind | None = None) -> Finding | None:
    said = verdict(kind or BY_ID[rule_id].kinds[0], facts)
    return next((one for one in said.findings if one.rule_id == rule_id), None)


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
        known = types(kind)
        assert {*rule.asks, *rule.tells} <= set(known)
        for name, ask in rule.asks.items():
            if isinstance(ask, OneOf):
                assert get_origin(known[name]) is Literal
                assert {*ask.points} == {*get_args(known[name])} - {"unknown"}
            else:
                assert known[name] is (bool if isinstance(ask, Flag | IfReported) else float)


def test_every_fact_a_sentence_may_say_has_words_in_both_languages() -> None:
    for rule in RULES:
        for name in (*rule.asks, *rule.tells):
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


# Hits and misses

HIT_AND_MISSES: dict[str, tuple[tuple[Mapping[str, Fact], Outcome], ...]] = {
    "5.1.marker_damage": (({"cause": "deliberate"}, BREACH), ({"cause": "natural"}, EVENT), ({"cause": "unknown"}, NEEDS), ({}, NEEDS)),
    "5.2.marker_repair": (
        ({"notice_days": 3.0, "in_place": True}, BREACH),
        ({"notice_days": 10.0, "in_place": False}, BREACH),
        ({"notice_days": 10.0, "in_place": True}, KEPT),
        ({"notice_days": 30.0}, NEEDS),
    ),
    "7.3.clear_strip": (({"agreed": False}, BREACH), ({"agreed": True}, EXEMPT), ({}, NEEDS)),
    "10.fishing": (
        (FISHING | {"own_waters": False}, BREACH),
        (FISHING | {"method": "electric"}, BREACH),
        (FISHING | {"closed": True}, BREACH),
        (FISHING | {"closed": True, "science": True}, EXEMPT),
        (FISHING, KEPT),
        ({"closed": True, "science": True}, NEEDS),
    ),
    "11.1.river_works": (
        ({"changes_course": True, "agreed": False}, BREACH),
        ({"changes_course": True, "agreed": True}, EXEMPT),
        ({"changes_course": False}, KEPT),
        ({"agreed": True}, EXEMPT),
        ({"agreed": False}, NEEDS),
    ),
    "12.1.third_vessel": (
        ({"flag": "third", "agreed": False}, BREACH),
        ({"flag": "third", "agreed": True}, EXEMPT),
        ({"flag": "CN"}, KEPT),
        ({"flag": "VN", "agreed": False}, KEPT),
        ({}, NEEDS),
    ),
    "14.cross_production": (({"crossed": True}, BREACH), ({"crossed": False}, KEPT), ({}, EVENT)),
    "15.3.hazard_site": (({"distance_m": 900.0, "agreed": True}, BREACH), ({"distance_m": 1500.0}, KEPT), ({"agreed": True}, NEEDS)),
    "15.4.blasting": (
        ({"distance_m": 100.0, "notice_hours": 12.0}, BREACH),
        ({"distance_m": 100.0, "notice_hours": 72.0, "harm": True}, BREACH),
        ({"distance_m": 100.0, "harm": True}, BREACH),
        ({"distance_m": 100.0, "notice_hours": 72.0}, KEPT),
        ({"distance_m": 3000.0, "notice_hours": 0.0, "harm": True}, KEPT),
        ({"distance_m": 100.0}, NEEDS),
        ({"notice_hours": 72.0}, KEPT),
    ),
    "15.5.burning": (
        ({"distance_m": 10.0, "land_clearing": True}, BREACH),
        ({"distance_m": 1200.0}, KEPT),
        ({"land_clearing": False}, KEPT),
        ({"distance_m": 10.0}, NEEDS),
    ),
    "15.6.mining": (
        ({"distance_m": 400.0, "agreed": False}, BREACH),
        ({"distance_m": 400.0, "agreed": True}, EXEMPT),
        ({"distance_m": 600.0, "agreed": False}, KEPT),
        ({"agreed": True}, EXEMPT),
    ),
    "15.7.shooting": (
        ({"across": True}, BREACH),
        (SHOT, BREACH),
        (SHOT | {"purpose": "other"}, KEPT),
        (SHOT | {"distance_m": 1500.0}, KEPT),
        ({"purpose": "other"}, NEEDS),
        ({"purpose": "hunting", "distance_m": 500.0}, BREACH),
    ),
    "16.1.cross_works": (
        ({"agreed_local": True, "agreed_committee": False}, BREACH),
        ({"agreed_local": False}, BREACH),
        ({"agreed_local": True, "agreed_committee": True}, EXEMPT),
        ({"agreed_local": True}, NEEDS),
    ),
    "20.flight": (
        (SURVEY | {"notice_days": 3.0}, BREACH),
        (SURVEY | {"entered": True, "notice_days": 40.0}, BREACH),
        (SURVEY | {"entered": True, "consent": True}, BREACH),
        ({"purpose": "other", "entered": True, "consent": False}, BREACH),
        (SURVEY, KEPT),
        (SURVEY | {"distance_km": 26.0, "notice_days": 0.0}, KEPT),
        (SURVEY | {"entered": True, "consent": True, "notice_days": 30.0}, KEPT),
        ({"purpose": "other", "entered": False}, KEPT),
        ({"purpose": "other"}, NEEDS),
    ),
    "21.1.new_works": (
        (HOUSE, BREACH),
        (HOUSE | {"purpose": "patrol_road"}, EXEMPT),
        (HOUSE | {"agreed": True}, EXEMPT),
        (HOUSE | {"permanent": False}, KEPT),
        ({"distance_m": 31.0}, KEPT),
        ({"purpose": "fence"}, EXEMPT),
    ),
    "21.3.extended_works": (
        (HOUSE | {"change": "extension"}, BREACH),
        (HOUSE | {"change": "extension", "purpose": "gate"}, EXEMPT),
        (HOUSE | {"change": "upkeep"}, KEPT),
        (HOUSE | {"change": "extension", "distance_m": 31.0}, KEPT),
        ({"change": "extension", "distance_m": 5.0, "purpose": "other", "agreed": False}, NEEDS),
    ),
    "22.permit": (({}, EVENT),),
    "26.gate_restriction": (({"notified_in_advance": False}, BREACH), ({"notified_in_advance": True}, KEPT), ({}, NEEDS)),
    "39.5.violence": (({}, EVENT),),
    "39.6.crossing": (({"authorised": False}, EVENT), ({"authorised": True}, KEPT), ({"subject": "uav"}, EVENT)),
    "39.8.illegal_residence": (({}, EVENT),),
    "39.9.smuggling": (({"crossed": True}, EVENT), ({"crossed": False}, EVENT), ({}, EVENT)),
    "39.10.property_crime": (({}, EVENT),),
    "39.11.disease": (({"spread_across": True}, EVENT), ({"spread_across": False}, KEPT), ({}, EVENT)),
    "39.12.gambling": (({}, EVENT),),
    "39.13.fire_flood": (({"spread_across": True}, EVENT), ({"spread_across": False}, KEPT), ({}, EVENT)),
    "39.14.trafficking": (({}, EVENT),),
    "39.15.drugs": (({}, EVENT),),
    "39.16.arms_counterfeit": (({}, EVENT),),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_its_hits_and_misses(rule: Rule) -> None:
    hit, *misses = HIT_AND_MISSES[rule.id]
    for facts, outcome in (hit, *misses):
        found = finding(rule.id, facts)
        assert found is not None
        assert (facts, found.outcome) == (facts, outcome)
    assert hit[1] in (BREACH, EVENT)
    if rule.asks:
        assert len([outcome for _, outcome in misses if outcome is not hit[1]]) >= (1 if rule.decisive else 2)
    assert all(finding(rule.id, hit[0], kind) is None for kind in Kind if kind not in rule.kinds)


def test_the_works_rules_leave_each_other_what_is_theirs() -> None:
    assert [one.rule_id for one in verdict(Kind.WORKS, HOUSE).findings] == ["21.1.new_works"]
    assert [one.rule_id for one in verdict(Kind.WORKS, HOUSE | {"change": "extension"}).findings] == ["21.3.extended_works"]
    assert [one.rule_id for one in verdict(Kind.WORKS, HOUSE | {"change": "upkeep"}).findings] == ["21.3.extended_works"]


def test_a_house_whose_change_is_unknown_needs_it() -> None:
    unknown = {name: value for name, value in HOUSE.items() if name != "change"}
    assert [(one.outcome, one.missing) for one in verdict(Kind.WORKS, unknown).findings] == [(NEEDS, ("change",))] * 2


# Limits

WITHIN: tuple[tuple[str, Kind, dict[str, Fact], str, float], ...] = (
    ("15.3.hazard_site", Kind.HAZARD_SITE, {}, "distance_m", 1000),
    ("15.4.blasting", Kind.BLASTING, {"notice_hours": 0.0}, "distance_m", 2000),
    ("15.5.burning", Kind.BURNING, {"land_clearing": True}, "distance_m", 1000),
    ("15.6.mining", Kind.MINING, {"agreed": False}, "distance_m", 500),
    ("15.7.shooting", Kind.SHOOTING, {"across": False, "purpose": "hunting"}, "distance_m", 1000),
    ("15.7.shooting", Kind.GUN_HUNTING, {"across": False}, "distance_m", 1000),
    ("20.flight", Kind.FLIGHT, SURVEY | {"notice_days": 0.0}, "distance_km", 25),
    ("21.1.new_works", Kind.WORKS, HOUSE, "distance_m", 30),
    ("21.3.extended_works", Kind.WORKS, HOUSE | {"change": "extension"}, "distance_m", 30),
)
NOTICE: tuple[tuple[str, Kind, dict[str, Fact], str, float], ...] = (
    ("5.2.marker_repair", Kind.MARKER_REPAIR, {"in_place": True}, "notice_days", 10),
    ("15.4.blasting", Kind.BLASTING, {"distance_m": 100.0}, "notice_hours", 48),
    ("20.flight", Kind.FLIGHT, SURVEY, "notice_days", 15),
    ("20.flight", Kind.FLIGHT, SURVEY | {"entered": True, "consent": True}, "notice_days", 30),
)


@pytest.mark.parametrize(("rule_id", "kind", "facts", "name", "limit"), WITHIN)
def test_a_distance_at_its_limit_is_within_it(rule_id: str, kind: Kind, facts: dict[str, Fact], name: str, limit: float) -> None:
    unknown = {key: value for key, value in facts.items() if key != name}
    said = {value: finding(rule_id, unknown | {name: value}, kind) for value in (0.0, limit - 0.5, limit, limit + 0.001, limit * 3)}
    assert [one.outcome for one in said.values() if one] == [BREACH, BREACH, BREACH, KEPT, KEPT]
    asked = finding(rule_id, unknown, kind)
    assert asked is not None
    assert (asked.outcome, asked.missing) == (NEEDS, (name,))


@pytest.mark.parametrize(("rule_id", "kind", "facts", "name", "limit"), NOTICE)
def test_notice_of_exactly_the_limit_keeps_it(rule_id: str, kind: Kind, facts: dict[str, Fact], name: str, limit: float) -> None:
    unknown = {key: value for key, value in facts.items() if key != name}
    said = {value: finding(rule_id, unknown | {name: value}, kind) for value in (0.0, limit - 0.001, limit, limit + 1)}
    assert [one.outcome for one in said.values() if one] == [BREACH, BREACH, KEPT, KEPT]
    asked = finding(rule_id, unknown, kind)
    assert asked is not None
    assert (asked.outcome, asked.missing) == (NEEDS, (name,))


def test_every_limit_in_the_table_is_tested_at_its_edge() -> None:
    numbers = {(rule.id, name) for rule in RULES for name, ask in rule.asks.items() if isinstance(ask, AtMost | AtLeast)}
    assert numbers == {(rule_id, name) for rule_id, _, _, name, _ in (*WITHIN, *NOTICE)}


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


def completed(rule: Rule, known: Mapping[str, Fact]) -> list[dict[str, Fact]]:
    """Every complete set of facts that `known` may turn out to be. Harm nobody reported is none."""
    choices = []
    for name, ask in rule.asks.items():
        if name in known:
            choices.append((known[name],))
        else:
            choices.append((False,) if isinstance(ask, IfReported) else rich(rule, name))  # type: ignore[arg-type]
    return [dict(zip(rule.asks, values, strict=True)) for values in itertools.product(*choices)]


def expected(rule: Rule, known: Mapping[str, Fact]) -> tuple[Outcome, tuple[str, ...]]:
    if rule.decisive is not None and rule.decisive not in known:
        return EVENT, (rule.decisive,)
    worlds = completed(rule, known)
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
        if name not in known and any(len(group) == 2 for group in groups.values()):
            missing.append(name)
    return NEEDS, tuple(missing)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_unknown_facts_are_read_exactly_as_every_way_they_could_turn_out(rule: Rule) -> None:
    kind = rule.kinds[0]  # the kind that implies nothing
    assert kind not in rule.implied
    for known in partial(rule):
        outcome, missing = expected(rule, known)
        found = finding(rule.id, known, kind)
        if outcome is SILENT:
            assert (known, found) == (known, None)
        else:
            assert found is not None
            assert (known, found.outcome, found.missing) == (known, outcome, missing)
            assert found.facts == known


def test_hunting_with_guns_is_a_shooting_whose_purpose_is_known() -> None:
    rule = BY_ID["15.7.shooting"]
    for known in partial(rule):
        hunted = finding(rule.id, known, Kind.GUN_HUNTING)
        assert hunted is not None
        assert (hunted.outcome, hunted.missing) == expected(rule, known | {"purpose": "hunting"})
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
